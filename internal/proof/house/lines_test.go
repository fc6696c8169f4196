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
	"cmd/coderaws":         10,
	"internal/account":     10,
	"internal/boot":        10,
	"internal/capacity":    30,
	"internal/cli":         130,
	"internal/coder":       10,
	"internal/coderd":      80,
	"internal/cost":        180,
	"internal/deployment":  20,
	"internal/diagram":     10,
	"internal/engine":      10,
	"internal/environment": 10,
	"internal/facts":       40,
	"internal/hclfile":     10,
	"internal/inventory":   20,
	"internal/lifecycle":   30,
	"internal/plan":        20,
	"internal/preflight":   50,
	"internal/pricing":     90,
	"internal/progress":    10,
	"internal/proof":       40,
	"internal/rehearsal":   100,
	"internal/sandbox":     1580,
	"internal/spot":        10,
	"internal/statebucket": 10,
	"internal/svg":         10,
	"internal/verify":      60,
	"internal/versions":    10,
	"tools":                10,
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
