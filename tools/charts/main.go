// Command charts packs the Helm charts of Coder that tests render. They are part of Coder's source, whose licence keeps them
// out of this repository, so they are taken from its Go module: through the Go proxy, held to a checksum, and packed as Coder's
// release does it:
//
//	go run ./tools/charts -directory bin/charts
//
// It writes coder-<version>.tgz and coder-provisioner-<version>.tgz for each pinned version, the same bytes each time.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

// pins are the versions of Coder's module, with the checksum that go.sum would have. Newer ones require a module that the Go
// proxy has not.
var pins = []pin{
	{version: "2.27.0", sum: "h1:61+0RUpmlNYsdOpgQLiUt8LSR5axNUFKqe3TasIxTLA="},
	{version: "2.24.4", sum: "h1:aeddSYjtFg//gW8Pzey9+FTSX4wYpjiT9qOODIfOON4="},
}

func main() {
	directory := flag.String("directory", filepath.Join("bin", "charts"), "where the packed charts go")
	program := flag.String("go", "go", "the go command that fetches Coder's module")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	for _, p := range pins {
		written, err := p.pack(ctx, *program, os.Environ(), *directory)
		if err != nil {
			fmt.Fprintln(os.Stderr, "charts:", err)
			os.Exit(1)
		}
		for _, file := range written {
			fmt.Println(file)
		}
	}
}
