package main

import (
	"fmt"
	"slices"
	"strings"
)

// readExpected reads the tests that may be skipped: a line for each, with its package in this module, its name, and why it may be. A
// name stands for its subtests too. Lines that begin with # are comments.
func readExpected(text string) ([]name, error) {
	var expected []name
	for i, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) < 3 {
			return nil, fmt.Errorf("line %d: write a package, a test, and why it may be skipped", i+1)
		}
		expected = append(expected, name{"coderaws/" + fields[0], fields[1]})
	}
	return expected, nil
}

// covers reports whether a test is one of the expected ones, or a subtest of one.
func covers(expected []name, test name) bool {
	return slices.ContainsFunc(expected, func(e name) bool {
		return e.Package == test.Package && (e.Test == test.Test || strings.HasPrefix(test.Test, e.Test+"/"))
	})
}

// unexpected is the error of the skipped tests that nobody expects.
func (r *report) unexpected(expected []name, file string) error {
	var lines []string
	for _, s := range r.skipped {
		if !covers(expected, s.name) {
			lines = append(lines, "  "+s.String())
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return fmt.Errorf("skipped, and not in %s:\n%s\nGive each what it takes, or write into the file why it may be skipped",
		file, strings.Join(lines, "\n"))
}
