// Command coderoptions takes the environment variables that Coder's programs read from Coder's own source, of each version in
// tools/codersource/coder.sum, and writes them where the rehearsal looks them up:
//
//	go run ./tools/coderoptions -o internal/facts/coder-options.json
//
// The source is read and not run, since not every version of it can be built: see package codersource. What it gives for a version
// that can be was compared with what that version's program says of itself.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"coderaws/internal/atomicfile"
	"coderaws/tools/codersource"
)

func main() {
	file := flag.String("o", "internal/facts/coder-options.json", "where the options are written")
	program := flag.String("go", "go", "the go command that fetches Coder's module")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *program, *file); err != nil {
		fmt.Fprintln(os.Stderr, "coderoptions:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program, file string) error {
	var releases []release
	for _, pin := range codersource.Pins() {
		source, err := pin.Fetch(ctx, program, os.Environ())
		if err != nil {
			return err
		}
		found, err := extract(source.Directory)
		if err != nil {
			return fmt.Errorf("source of Coder %s: %w", source.Version, err)
		}
		found.version = source.Version
		releases = append([]release{found}, releases...)
	}
	text, err := table(releases)
	if err != nil {
		return err
	}
	return atomicfile.Write(file, text, 0o644)
}
