// Command bench holds the built program to its bounds on time and memory: it runs `coderaws` as a user does, each time as a
// new process in a new directory, and prints a table of what is allowed and what was measured. It exits with 1 if a
// bound is broken, and with 2 if it could not measure:
//
//	go run ./tools/bench            prints
//	go run ./tools/bench -write     writes docs/reference/performance.md too, with the machine it ran on
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	binary := flag.String("binary", "bin/coderaws", "the program to measure")
	pattern := flag.String("pattern", "sr-ha", "the pattern to plan and to rehearse")
	runs := flag.Int("runs", 5, "runs of each command; the median counts")
	write := flag.Bool("write", false, "write "+document)
	engines := flag.String("engines", "", "the engines to measure with, separated by commas, as CODERAWS_TERRAFORM "+
		"takes them; empty: the one that the program finds")
	note := flag.String("note", "", "what a reader has to know about the circumstances, for the document")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	within, err := run(ctx, *binary, *pattern, strings.Split(*engines, ","), *runs, *write, *note)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if !within {
		fmt.Fprintln(os.Stderr, "bench: a bound is broken; the table says which")
		os.Exit(1)
	}
}

// document is what -write writes, in the repository.
const document = "docs/reference/performance.md"

func run(ctx context.Context, binary, pattern string, engines []string, runs int, write bool, note string) (within bool, err error) {
	if runs < 1 {
		return false, fmt.Errorf("-runs is 1 or more, not %d", runs)
	}
	binary, err = filepath.Abs(binary)
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(binary); err != nil {
		return false, fmt.Errorf("%w; `make build` builds it", err)
	}
	scratch, err := os.MkdirTemp("", "coderaws-bench-")
	if err != nil {
		return false, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()

	here, err := describe()
	if err != nil {
		return false, err
	}
	var results []result
	for n, name := range engines {
		program := program{path: binary, engine: name}
		versions, err := program.versions(ctx)
		if err != nil {
			return false, err
		}
		here.program = versions.Coderaws + " with the schema of " + versions.ProviderSchema
		for _, b := range bounds(pattern) {
			if !b.engine && n > 0 {
				continue
			}
			if b.engine {
				b.name += " with " + versions.Engine + " " + versions.EngineVersion
			}
			fmt.Fprintf(os.Stderr, "measuring: %s\n", b.name)
			r, err := b.measure(ctx, program, filepath.Join(scratch, strconv.Itoa(n)), runs)
			if err != nil {
				return false, err
			}
			results = append(results, r)
		}
	}
	fmt.Print(here.text(), "\n", table(results), "\n")
	if write {
		if err := os.WriteFile(filepath.FromSlash(document), []byte(page(here, results, runs, time.Now(), note)), 0o644); err != nil {
			return false, err
		}
		fmt.Fprintln(os.Stderr, "bench: wrote", document)
	}
	for _, r := range results {
		if !r.within() {
			return false, nil
		}
	}
	return true, nil
}
