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

// learn runs each test by itself, without a mutant, and notes which ones it reaches. A test that does not pass is an error.
func (s *suite) learn(ctx context.Context, directory string) error {
	output, err := s.run(ctx, nil, "-test.list", "^(Test|Fuzz|Example)")
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", s.pkg.ImportPath, err, output)
	}
	for _, name := range strings.Fields(string(output)) {
		file := filepath.Join(directory, "reached")
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		begun := time.Now()
		output, err := s.run(ctx, []string{mutant.ReachedVariable + "=" + file}, "-test.short", "-test.run", "^"+name+"$")
		if err != nil {
			return fmt.Errorf("%s fails without a mutant: %s: %w\n%s", name, s.pkg.ImportPath, err, output)
		}
		t := test{name: name, takes: time.Since(begun)}
		if t.reaches, err = numbers(file); err != nil {
			return err
		}
		s.tests = append(s.tests, t)
	}
	slices.SortStableFunc(s.tests, func(a, b test) int { return int(a.takes - b.takes) })
	return nil
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

// quick is how long the tests may take that are asked first. Most mutants are noticed by them, and the slow ones need not run.
const quick = 500 * time.Millisecond

// reaching are the tests that reach a mutant, the quick ones first.
func (s *suite) reaching(id int) []batch {
	var all []batch
	for _, t := range s.tests { // in the order of how long they take
		if !t.reaches[id] {
			continue
		}
		if len(all) == 0 || len(all) == 1 && all[0].takes+t.takes > quick {
			all = append(all, batch{})
		}
		last := &all[len(all)-1]
		last.names, last.takes = append(last.names, regexp.QuoteMeta(t.name)), last.takes+t.takes
	}
	return all
}

// notices reports whether a test fails, or does not end, if a mutant lives.
func (s *suite) notices(ctx context.Context, id int) (bool, error) {
	for _, b := range s.reaching(id) {
		if noticed, err := s.fails(ctx, id, b); err != nil || noticed {
			return noticed, err
		}
	}
	return false, nil
}

// fails reports whether one of some tests fails, or does not end, if a mutant lives.
func (s *suite) fails(ctx context.Context, id int, b batch) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, 5*b.takes+10*time.Second)
	defer cancel()
	_, err := s.run(limited, []string{fmt.Sprintf("%s=%d", mutant.LiveVariable, id)}, "-test.short", "-test.failfast",
		"-test.run", "^("+strings.Join(b.names, "|")+")$")
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && limited.Err() == nil {
		return false, err
	}
	return err != nil, nil
}

// run runs the tests where the go command would: in the directory of their package.
func (s *suite) run(ctx context.Context, environment []string, arguments ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, s.program, arguments...)
	command.Dir = s.pkg.Dir
	command.Env = append(os.Environ(), environment...)
	command.WaitDelay = time.Second
	return command.CombinedOutput()
}
