package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// rewritten is the text of a file with all its mutants in it.
func (f *finder) rewritten() string {
	edits := append([]edit{{
		offset: f.offset(f.tree.Name.End()), text: fmt.Sprintf("; import %s %q", named, "coderaws/tools/mutate/mutant"),
	}}, f.edits...)
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.rank(), b.rank()))
	})
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.Write(f.text[at:e.offset])
		b.WriteString(e.text)
		at = e.offset + e.length
	}
	b.Write(f.text[at:])
	return b.String()
}

// rank orders the edits at one offset: what closes, the inner first; then an operator; then what opens, the outer first.
func (e edit) rank() int {
	const deepest = 1 << 20
	switch {
	case e.opens:
		return deepest + e.depth
	case e.length > 0:
		return 0
	default:
		return -1 - e.depth
	}
}

// overlay writes the mutated files below a directory, and a file that has the go command take them for the real ones.
func overlay(directory string, finders []*finder) (string, error) {
	replace := map[string]string{}
	for i, f := range finders {
		if len(f.mutants) == 0 {
			continue
		}
		path := filepath.Join(directory, fmt.Sprintf("%d-%s", i, filepath.Base(f.path)))
		if err := os.WriteFile(path, []byte(f.rewritten()), 0o644); err != nil {
			return "", err
		}
		replace[f.path] = path
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(directory, "overlay.json")
	return path, os.WriteFile(path, text, 0o644)
}
