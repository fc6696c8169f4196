package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// evidence is what stands in the last cell of a table between backquotes.
var evidence = regexp.MustCompile("`([^`]+)`")

// TestEvidence holds the table of what was attacked to what there is: each test that it names exists.
func TestEvidence(t *testing.T) {
	const file = "reference/reliability.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "\n## What else was attacked\n")
	if !found {
		t.Fatalf("%s has no table of what was attacked", file)
	}
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != 3 || !strings.HasPrefix(line, "| ") || cells[0] == "| attack or accident" {
			continue
		}
		rows++
		named := evidence.FindAllStringSubmatch(cells[2], -1)
		if len(named) == 0 {
			t.Errorf("%s: nothing shows %q", file, strings.TrimPrefix(cells[0], "| "))
		}
		for _, name := range named {
			if !shows(t, name[1], string(makefile)) {
				t.Errorf("%s: there is no %s", file, name[1])
			}
		}
	}
	if rows < 20 {
		t.Errorf("%s has %d lines of what was attacked", file, rows)
	}
}

// shows tells whether there is such a test: a package with a test of Go, a script of the command line, a test of Terraform, a target of
// make.
func shows(t *testing.T, name, makefile string) bool {
	t.Helper()
	if target, is := strings.CutPrefix(name, "make "); is {
		return strings.Contains(makefile, "\n"+target+":")
	}
	dir, test, isGo := strings.Cut(name, " ")
	if !isGo {
		places := []string{name}
		if strings.HasSuffix(name, ".txtar") {
			places = []string{filepath.Join("cmd/coderaws/testdata/script", name), filepath.Join("cmd/coderaws/testdata/script/long", name)}
		}
		return slices.ContainsFunc(places, func(place string) bool {
			_, err := os.Stat(filepath.Join("..", place))
			return err == nil
		})
	}
	files, err := filepath.Glob(filepath.Join("..", dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), "\nfunc "+test+"(t *testing.T) {") {
			return true
		}
	}
	return false
}
