// Command mutate changes the code in small ways, one at a time, and looks whether a test fails: a change that no test notices, a mutant
// that survives, is a rule that nothing holds. It prints those that survive, and fails if too many do.
//
//	go run ./tools/mutate [-sample 400] [-seed 1] [-floor 85] [-o docs/reference/mutation.md] [-only internal/cost]
//
// All mutants are compiled at once, each behind a number that the environment asks for, so that a run compiles each test once; and
// a mutant is tried with the tests alone that reach it. The file targets says what is mutated.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
)

func main() {
	var o options
	flag.IntVar(&o.sample, "sample", 400, "how many mutants are tried; 0 for all")
	flag.Uint64Var(&o.seed, "seed", 1, "which ones: the same seed draws the same from the same code")
	flag.Float64Var(&o.floor, "floor", 85, "the percentage of mutants that tests have to notice")
	flag.StringVar(&o.page, "o", "", "a page into which the score is written")
	flag.StringVar(&o.only, "only", "", "mutate only files whose path begins so")
	flag.StringVar(&o.targets, "targets", "tools/mutate/targets", "the file that says what is mutated")
	flag.IntVar(&o.workers, "workers", runtime.NumCPU(), "how many mutants are tried at a time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}
