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

// signals starts to catch interrupts; until then, and after stop, they end the process as usual. A terminal that is
// closed is one of them: the hangup that comes of it is an interrupt, unless whoever started the program had it ignored
// (nohup), and what is written there from then on is lost instead of ending the program, for which Go demands that
// SIGPIPE be caught (package os/signal, "SIGPIPE").
func signals() (caught <-chan os.Signal, stop func()) {
	c, lost := make(chan os.Signal, 2), make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(c, syscall.SIGHUP)
	}
	signal.Notify(lost, syscall.SIGPIPE)
	return c, func() {
		signal.Stop(c)
		signal.Stop(lost)
	}
}
