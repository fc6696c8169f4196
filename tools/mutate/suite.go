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

// reaching are the names of the tests that reach a mutant, and how long they take together.
func (s *suite) reaching(id int) (names []string, takes time.Duration) {
	for _, t := range s.tests {
		if t.reaches[id] {
			names, takes = append(names, regexp.QuoteMeta(t.name)), takes+t.takes
		}
	}
	return names, takes
}

// notices reports whether a test fails, or does not end, if a mutant lives.
func (s *suite) notices(ctx context.Context, id int) (bool, error) {
	names, takes := s.reaching(id)
	if len(names) == 0 {
		return false, nil
	}
	limited, cancel := context.WithTimeout(ctx, 5*takes+10*time.Second)
	defer cancel()
	_, err := s.run(limited, []string{fmt.Sprintf("%s=%d", mutant.LiveVariable, id)}, "-test.short", "-test.failfast",
		"-test.run", "^("+strings.Join(names, "|")+")$")
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
