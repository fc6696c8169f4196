package house

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// longest is how many columns a line of Go has at most; a tab counts as one.
const longest = 140

// longLines are the directories, with all below them, whose lines were not all shortened yet, and how many longer ones they may
// have, rounded up to tens. These figures only become smaller: shorten lines that you touch, and lower the figure.
var longLines = map[string]int{
	"cmd/coderaws":         9,
	"internal/account":     1,
	"internal/boot":        1,
	"internal/capacity":    22,
	"internal/cli":         127,
	"internal/coder":       1,
	"internal/coderd":      71,
	"internal/cost":        186,
	"internal/deployment":  12,
	"internal/diagram":     5,
	"internal/engine":      4,
	"internal/environment": 9,
	"internal/facts":       36,
	"internal/hclfile":     2,
	"internal/inventory":   19,
	"internal/lifecycle":   40,
	"internal/plan":        12,
	"internal/preflight":   47,
	"internal/pricing":     86,
	"internal/progress":    3,
	"internal/proof":       35,
	"internal/rehearsal":   98,
	"internal/sandbox":     1582,
	"internal/spot":        1,
	"internal/statebucket": 8,
	"internal/svg":         3,
	"internal/verify":      57,
	"internal/versions":    1,
	"tools":                1,
}

// TestLinesAreShort: a line is seen whole on the screen of who reviews it. Break it after a comma or an operator.
func TestLinesAreShort(t *testing.T) {
	left := map[string]int{}
	for _, s := range sources(t) {
		for i, line := range strings.Split(s.text, "\n") {
			if utf8.RuneCountInString(line) <= longest {
				continue
			}
			if dir := allowanceOf(s.dir()); dir != "" {
				left[dir]++
				continue
			}
			report(t, "a line has 140 columns at most", []finding{{s.path, i + 1, "it has more columns"}})
		}
	}
	for dir, allowed := range longLines {
		switch {
		case left[dir] > allowed:
			t.Errorf("%s has %d lines of more than %d columns, and had %d: break yours", dir, left[dir], longest, allowed)
		case left[dir] == 0 && exists(dir):
			t.Errorf("%s has no line of more than %d columns any more: take it out of longLines", dir, longest)
		}
	}
}

func exists(dir string) bool {
	_, err := os.Stat(filepath.Join(root, filepath.FromSlash(dir)))
	return err == nil
}

// allowanceOf is the nearest directory of longLines that holds dir, "" if none does.
func allowanceOf(dir string) string {
	for {
		if _, ok := longLines[dir]; ok {
			return dir
		}
		cut := strings.LastIndex(dir, "/")
		if cut < 0 {
			return ""
		}
		dir = dir[:cut]
	}
}
