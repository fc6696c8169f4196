package main

import (
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// result counts what became of the mutants.
type result struct {
	options
	// all is how many mutants there are, of which some were drawn.
	all    int
	total  count
	byRoom map[string]*count
}

// count is of the mutants of one package, or of all.
type count struct{ tried, noticed, unreached int }

func (c *count) add(v verdict) {
	c.tried++
	switch {
	case v.noticed():
		c.noticed++
	case !v.reached:
		c.unreached++
	}
}

// percent is how many of those that were tried are noticed.
func (c count) percent() float64 {
	if c.tried == 0 {
		return 100
	}
	return 100 * float64(c.noticed) / float64(c.tried)
}

func score(verdicts []verdict, all int, o options) result {
	r := result{options: o, all: all, byRoom: map[string]*count{}}
	for _, v := range verdicts {
		r.total.add(v)
		room := room(v.file)
		if r.byRoom[room] == nil {
			r.byRoom[room] = &count{}
		}
		r.byRoom[room].add(v)
	}
	return r
}

// room is the package of a file, with all services of the embedded AWS as one.
func room(file string) string {
	if before, _, found := strings.Cut(file, "/service/"); found {
		return before + "/service/..."
	}
	return path.Dir(file)
}

// text is a table, in Markdown.
func (r result) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| package | mutants tried | noticed | survive | not reached by a test | score |\n|---|---:|---:|---:|---:|---:|\n")
	row := func(name string, c count) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %.1f %% |\n", name, c.tried, c.noticed, c.tried-c.noticed-c.unreached,
			c.unreached, c.percent())
	}
	for _, name := range slices.Sorted(maps.Keys(r.byRoom)) {
		row("`"+name+"`", *r.byRoom[name])
	}
	row("all", r.total)
	fmt.Fprintf(&b, "\n%d of %d mutants were tried, drawn with the seed %d.\n", r.total.tried, r.all, r.seed)
	return b.String()
}

// What stands between these in a page is the tool's.
const begin, end = "<!-- mutate begin -->\n", "<!-- mutate end -->\n"

// write puts the table into a page.
func (r result) write(page string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, opened := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		return fmt.Errorf("%s has no lines %q and %q", page, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return os.WriteFile(page, []byte(before+begin+r.text()+end+after), 0o644)
}

// hold is an error if too few are noticed.
func (r result) hold(floor float64) error {
	if r.total.percent() < floor {
		return fmt.Errorf("tests notice %.1f %% of the mutants, and have to notice %.1f %%: give each that survives, "+
			"above, a test that fails with it",
			r.total.percent(), floor)
	}
	return nil
}
