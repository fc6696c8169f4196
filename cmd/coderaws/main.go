// Command coderaws deploys and runs Coder on AWS, and rehearses every deployment on an AWS embedded in the program.
package main

import (
	"context"
	"crypto/rand"
	"os"
	"os/signal"
	"syscall"
	"time"

	"coderaws"
	_ "coderaws/internal/boot" // it makes room before all else starts
	"coderaws/internal/cli"
	"coderaws/internal/diagnostic"
)

func main() { os.Exit(int(run(time.Now))) }

// run runs the program by a clock.
func run(now func() time.Time) diagnostic.ExitCode {
	executable, err := os.Executable()
	if err != nil {
		executable = "" // nothing is looked for beside the program then
	}
	return cli.Run(context.Background(), cli.Process{
		Args: os.Args[1:], Environ: os.Environ(), Executable: executable,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Signals: signals, Now: now, Random: rand.Reader, Source: coderaws.Source,
	})
}

// signals starts to catch interrupts; until then, and after stop, they end the process as usual.
func signals() (caught <-chan os.Signal, stop func()) {
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	return c, func() { signal.Stop(c) }
}
