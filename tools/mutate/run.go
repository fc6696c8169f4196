package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// options are those of the command line.
type options struct {
	sample, workers int
	seed            uint64
	floor           float64
	page, only      string
	targets         string
}

// verdict is what became of a mutant.
type verdict struct {
	mutation
	outcome
	reached bool
}

// noticed reports whether tests fail with the mutant, or do not end.
func (v verdict) noticed() bool { return v.outcome != passed }

// run does it all, in the directory of the repository.
func run(ctx context.Context, o options, out io.Writer) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "coderaws-mutate-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	t, err := readTargets(o.targets)
	if err != nil {
		return err
	}
	mutants, finders, err := mutate(ctx, t, root, o.only)
	if err != nil {
		return err
	}
	suites, err := prepare(ctx, t, finders, scratch, o.workers, out)
	if err != nil {
		return err
	}
	drawn := draw(mutants, o.sample, o.seed)
	_, _ = fmt.Fprintf(out, "trying %d of %d mutants\n", len(drawn), len(mutants))
	verdicts, err := try(ctx, drawn, suites, o.workers, out)
	if err != nil {
		return err
	}
	r := score(verdicts, len(mutants), o)
	_, _ = io.WriteString(out, r.text())
	if o.page != "" {
		if err := r.write(o.page); err != nil {
			return err
		}
	}
	return r.hold(o.floor)
}

// mutate finds the mutants of all files, numbered in their order.
func mutate(ctx context.Context, t targets, root, only string) (mutants []mutation, finders []*finder, err error) {
	sources, err := load(ctx, t.packages, func(path string) bool {
		file := relative(root, path)
		return t.mutates(file) && strings.HasPrefix(file, only)
	})
	if err != nil {
		return nil, nil, err
	}
	next := 0
	for _, s := range sources {
		f := find(s, relative(root, s.path), func() int { next++; return next - 1 })
		mutants, finders = append(mutants, f.mutants...), append(finders, f)
	}
	return mutants, finders, nil
}

// prepare compiles the tests, and learns which mutants each reaches.
func prepare(ctx context.Context, t targets, finders []*finder, scratch string, workers int, out io.Writer) ([]*suite, error) {
	replaced, err := overlay(scratch, finders)
	if err != nil {
		return nil, err
	}
	mutated := map[string]bool{}
	for _, f := range finders {
		mutated[f.pkg.Path()] = true
	}
	packages, err := t.suites(ctx, mutated)
	if err != nil {
		return nil, err
	}
	var suites []*suite
	for i, pkg := range packages {
		_, _ = fmt.Fprintf(out, "learning from the tests of %s\n", pkg.ImportPath)
		s, err := compile(ctx, pkg, replaced, filepath.Join(scratch, fmt.Sprintf("%d.test", i)))
		if err != nil {
			return nil, err
		}
		if err := s.learn(ctx, scratch, workers); err != nil {
			return nil, err
		}
		suites = append(suites, s)
	}
	return suites, nil
}

// draw takes some of the mutants, the same for the same seed, in the order of the code.
func draw(mutants []mutation, sample int, seed uint64) []mutation {
	if sample <= 0 || sample >= len(mutants) {
		return mutants
	}
	places := rand.New(rand.NewPCG(seed, 0)).Perm(len(mutants))[:sample]
	slices.Sort(places)
	drawn := make([]mutation, 0, sample)
	for _, place := range places {
		drawn = append(drawn, mutants[place])
	}
	return drawn
}

// try lets one mutant after the other live, several at a time.
func try(ctx context.Context, mutants []mutation, suites []*suite, workers int, out io.Writer) ([]verdict, error) {
	verdicts := make([]verdict, len(mutants))
	var lock sync.Mutex
	err := atOnce(workers, len(mutants), func(i int) (err error) {
		verdicts[i], err = tryOne(ctx, mutants[i], suites)
		if v := verdicts[i]; err == nil && v.outcome != failed {
			lock.Lock()
			defer lock.Unlock()
			_, err = fmt.Fprintln(out, v)
		}
		return err
	})
	return verdicts, err
}

// atOnce does something for each number below n, several at a time, and joins the errors.
func atOnce(workers, n int, do func(i int) error) error {
	errs := make([]error, n)
	queue := make(chan int)
	var all sync.WaitGroup
	for range max(workers, 1) {
		all.Go(func() {
			for i := range queue {
				errs[i] = do(i)
			}
		})
	}
	for i := range n {
		queue <- i
	}
	close(queue)
	all.Wait()
	return errors.Join(errs...)
}

// tryOne asks one suite of tests after the other, until one notices.
func tryOne(ctx context.Context, m mutation, suites []*suite) (verdict, error) {
	v := verdict{mutation: m}
	for _, s := range suites {
		if len(s.reaching(m.id)) == 0 {
			continue
		}
		v.reached = true
		var err error
		if v.outcome, err = s.notices(ctx, m.id); err != nil || v.noticed() {
			return v, err
		}
	}
	return v, nil
}

// String says of a mutant with which no test fails where it is.
func (v verdict) String() string {
	why := "survives"
	switch {
	case v.outcome == endless:
		why = "is noticed, as tests do not end"
	case !v.reached:
		why = "is not reached"
	}
	return fmt.Sprintf("  %s:%d: %s: %s", v.file, v.line, v.what, why)
}
