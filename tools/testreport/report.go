package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// event is a line of `go test -json`; see `go doc test2json`.
type event struct {
	Action, Package, Test, Output string
}

// name is a test of a package, or the package itself.
type name struct{ Package, Test string }

// skip is a test that was skipped.
type skip struct {
	name
	reason string
}

// report follows the tests of all packages, which may run at the same time.
type report struct {
	out io.Writer
	// said is what a test, or a package beside its tests, has printed so far.
	said    map[name][]string
	skipped []skip
}

func newReport(out io.Writer) *report { return &report{out: out, said: map[name][]string{}} }

// read takes one line. What is no event, such as a message of the go command, is shown as it is.
func (r *report) read(line string) {
	var e event
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		r.show(line)
		return
	}
	of := name{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		r.show(e.Output)
	case "output":
		// The lines of the test binary that tell which test is running, rather than what it prints.
		if !strings.HasPrefix(e.Output, "=== ") {
			r.said[of] = append(r.said[of], e.Output)
		}
	case "fail":
		if e.Test == "" {
			r.unended(e.Package)
		}
		r.show(r.said[of]...)
		delete(r.said, of)
	case "skip":
		if e.Test != "" {
			r.skipped = append(r.skipped, skip{of, reason(r.said[of])})
		} else {
			r.verdict(of)
		}
		delete(r.said, of)
	case "pass":
		if e.Test == "" {
			r.verdict(of)
		}
		delete(r.said, of)
	}
}

// unended shows what those tests of a package have said that were running when it died, of a signal or at its time limit.
func (r *report) unended(pkg string) {
	var running []name
	for of := range r.said {
		if of.Package == pkg && of.Test != "" {
			running = append(running, of)
		}
	}
	slices.SortFunc(running, func(a, b name) int { return strings.Compare(a.Test, b.Test) })
	for _, of := range running {
		r.show(fmt.Sprintf("*** did not end: %s\n", of))
		r.show(r.said[of]...)
		delete(r.said, of)
	}
}

// verdict shows the line of a package in which no test failed.
func (r *report) verdict(of name) {
	for _, line := range r.said[of] {
		if strings.HasPrefix(line, "ok  \t") || strings.HasPrefix(line, "?   \t") {
			r.show(line)
		}
	}
}

func (r *report) show(lines ...string) {
	for _, line := range lines {
		_, _ = io.WriteString(r.out, line) // nobody is told where nobody listens
	}
}

// summary lists what was skipped.
func (r *report) summary() {
	if len(r.skipped) == 0 {
		r.show("\nNo test was skipped.\n")
		return
	}
	count := fmt.Sprintf("%d tests were", len(r.skipped))
	if len(r.skipped) == 1 {
		count = "1 test was"
	}
	r.show(fmt.Sprintf("\n*** %s skipped:\n", count))
	for _, s := range r.skipped {
		r.show(fmt.Sprintf("  %s\n      %s\n", s.name, s.reason))
	}
}

// String names a test by its package in this module and its own name.
func (n name) String() string { return strings.TrimPrefix(n.Package, "coderaws/") + " " + n.Test }

// place is where a test says something: file and line.
var place = regexp.MustCompile(`^\s*[^\s:]+\.go:\d+: `)

// marker is what the reasons begin with, which need not be said twice.
var marker = regexp.MustCompile(`^(\*\*\* )?SKIPPED: `)

// reason is the last thing that a test said before it was skipped.
func reason(said []string) string {
	for i := len(said) - 1; i >= 0; i-- {
		if at := place.FindString(said[i]); at != "" {
			rest := strings.Join(strings.Fields(said[i][len(at):]), " ")
			for _, more := range said[i+1:] {
				if !strings.Contains(more, "--- SKIP") {
					rest += " " + strings.Join(strings.Fields(more), " ")
				}
			}
			return marker.ReplaceAllString(rest, "")
		}
	}
	return "it does not say why"
}
