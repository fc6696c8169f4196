package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"coderaws/tools/mutate/mutant"
)

// suite is the compiled tests of one package, in which all mutants are.
type suite struct {
	pkg     listed
	program string
	tests   []test
}

// test is one test function, with the mutants that it reaches and how long it takes.
type test struct {
	name    string
	reaches map[int]bool
	takes   time.Duration
}

// compile builds the tests of a package.
func compile(ctx context.Context, pkg listed, overlay, program string) (*suite, error) {
	command := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", program, pkg.ImportPath)
	if output, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the tests of %s do not compile with the mutants in them: %w\n%s", pkg.ImportPath, err, output)
	}
	return &suite{pkg: pkg, program: program}, nil
}

// learn runs each test by itself, several at a time, without a mutant, and notes which ones it reaches. A test that does not pass is an
// error.
func (s *suite) learn(ctx context.Context, directory string, workers int) error {
	output, err := s.run(ctx, nil, "-test.list", "^(Test|Fuzz|Example)")
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", s.pkg.ImportPath, err, output)
	}
	names := strings.Fields(string(output))
	s.tests = make([]test, len(names))
	errs := atOnce(workers, len(names), func(i int) (err error) {
		s.tests[i], err = s.reach(ctx, names[i], filepath.Join(directory, fmt.Sprintf("reached-%d", i)))
		return err
	})
	slices.SortStableFunc(s.tests, func(a, b test) int { return int(a.takes - b.takes) })
	return errs
}

// reach runs one test, which notes in a file what it reaches.
func (s *suite) reach(ctx context.Context, name, file string) (test, error) {
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return test{}, err // of another suite
	}
	begun := time.Now()
	output, err := s.run(ctx, []string{mutant.ReachedVariable + "=" + file}, "-test.short", "-test.run", "^"+regexp.QuoteMeta(name)+"$")
	if err != nil {
		return test{}, fmt.Errorf("%s fails without a mutant: %s: %w\n%s", name, s.pkg.ImportPath, err, output)
	}
	t := test{name: name, takes: time.Since(begun)}
	t.reaches, err = numbers(file)
	return t, err
}

// numbers reads a file with a number on each line; there are none if it is not there.
func numbers(file string) (map[int]bool, error) {
	all := map[int]bool{}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return all, nil
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); err == nil && lines.Scan(); {
		var n int
		if n, err = strconv.Atoi(lines.Text()); err == nil {
			all[n] = true
		}
	}
	return all, err
}

// batch are tests that are run together.
type batch struct {
	names []string
	takes time.Duration
}

// Most mutants are noticed by tests that are quick, and the slow ones need not run: quick is how long the first of them may take together,
// and slower how many times longer those may that are asked next.
const (
	quick  = 500 * time.Millisecond
	slower = 4
)

// reaching are the tests that reach a mutant, the quick ones first.
func (s *suite) reaching(id int) []batch {
	var all []batch
	limit := time.Duration(0)
	for _, t := range s.tests { // in the order of how long they take
		if !t.reaches[id] {
			continue
		}
		if len(all) == 0 || all[len(all)-1].takes+t.takes > limit {
			all, limit = append(all, batch{}), max(quick, slower*limit)
		}
		last := &all[len(all)-1]
		last.names, last.takes = append(last.names, regexp.QuoteMeta(t.name)), last.takes+t.takes
	}
	return all
}

// outcome is what tests say of a mutant that lives.
type outcome int

// The outcomes: all tests pass, one fails, or they do not end.
const (
	passed outcome = iota
	failed
	endless
)

// notices asks the tests that reach a mutant.
func (s *suite) notices(ctx context.Context, id int) (outcome, error) {
	for _, b := range s.reaching(id) {
		if o, err := s.try(ctx, id, b); err != nil || o != passed {
			return o, err
		}
	}
	return passed, nil
}

// try runs some tests while a mutant lives. They have ten times what they took by themselves, and half a minute: on a machine that is busy
// with other things they are not to be taken for endless.
func (s *suite) try(ctx context.Context, id int, b batch) (outcome, error) {
	limited, cancel := context.WithTimeout(ctx, 10*b.takes+30*time.Second)
	defer cancel()
	_, err := s.run(limited, []string{fmt.Sprintf("%s=%d", mutant.LiveVariable, id)}, "-test.short", "-test.failfast",
		"-test.run", "^("+strings.Join(b.names, "|")+")$")
	if ctx.Err() != nil {
		return passed, ctx.Err()
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return passed, nil
	case limited.Err() != nil:
		return endless, nil
	case errors.As(err, &exit):
		return failed, nil
	}
	return passed, err
}

// run runs the tests where the go command would: in the directory of their package.
func (s *suite) run(ctx context.Context, environment []string, arguments ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, s.program, arguments...)
	command.Dir = s.pkg.Dir
	command.Env = append(os.Environ(), environment...)
	command.WaitDelay = time.Second
	return command.CombinedOutput()
}
