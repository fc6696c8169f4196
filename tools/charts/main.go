// Command charts packs the Helm charts of Coder: those that tests render, and the one that the patterns pin. They are part of Coder's
// source, whose licence keeps them out of this repository, so they are taken from its Go module: through the Go proxy, held to a
// checksum, and packed as Coder's release does it:
//
//	go run ./tools/charts -directory bin/charts [VERSION...]
//
// It writes coder-<version>.tgz and coder-provisioner-<version>.tgz for each version, the same bytes each time; for all versions of
// tools/codersource/coder.sum if none is named.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"coderaws/tools/codersource"
)

func main() {
	directory := flag.String("directory", filepath.Join("bin", "charts"), "where the packed charts go")
	program := flag.String("go", "go", "the go command that fetches Coder's module")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := pack(ctx, *program, *directory, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "charts:", err)
		os.Exit(1)
	}
}

// pack fetches and packs one version after another, and names each file that it has written.
func pack(ctx context.Context, program, directory string, versions []string) error {
	pins, err := codersource.Select(versions)
	if err != nil {
		return err
	}
	for _, pin := range pins {
		source, err := pin.Fetch(ctx, program, os.Environ())
		if err != nil {
			return fmt.Errorf("%w, or copy the packed charts of another machine to %s", err, directory)
		}
		written, err := packSource(source.Directory, source.Version, source.Released, directory)
		if err != nil {
			return err
		}
		for _, file := range written {
			fmt.Println(file)
		}
	}
	return nil
}
