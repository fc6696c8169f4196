package house

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "draw the picture of imports anew, and fail")

// The picture of imports stands between these lines.
const (
	pictureFile  = "CONTRIBUTING.md"
	pictureBegin = "<!-- imports: drawn from the code by internal/proof/house; make golden draws it anew -->\n```\n"
	pictureEnd   = "```\n<!-- end of imports -->\n"
)

// pictured is how much of a directory's name the picture shows: the embedded AWS, the proof and what belongs to one package are one room
// each.
func pictured(dir string) string {
	name := strings.TrimPrefix(dir, "internal/")
	if first, _, below := strings.Cut(name, "/"); below && dir != name {
		return first
	}
	return name
}

// TestPictureOfImports holds the picture in CONTRIBUTING.md to what the program's packages import, tests and tools left out.
func TestPictureOfImports(t *testing.T) {
	file := filepath.Join(root, pictureFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(text), pictureBegin)
	shown, after, ended := strings.Cut(rest, pictureEnd)
	if !begun || !ended {
		t.Fatalf("%s has no place for the picture: the lines\n%s and\n%s", pictureFile, pictureBegin, pictureEnd)
	}
	drawn := draw(importsOf(sources(t)))
	if drawn == shown {
		return
	}
	t.Errorf("the picture in %s is not that of the code (make golden draws it anew):\n%s", pictureFile, drawn)
	if *update {
		if err := os.WriteFile(file, []byte(before+pictureBegin+drawn+pictureEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// importsOf says which rooms each room of the program imports.
func importsOf(all []*source) map[string][]string {
	found := map[string][]string{}
	for _, s := range all {
		from := pictured(s.dir())
		if s.test() || from == "." || from == "proof" || from == "docgen" || strings.HasPrefix(from, "tools") {
			continue
		}
		if found[from] == nil {
			found[from] = []string{}
		}
		for _, spec := range s.ast.Imports {
			dir, ours := directory(strings.Trim(spec.Path.Value, `"`))
			if to := pictured(dir); ours && to != "." && to != from && !slices.Contains(found[from], to) {
				found[from] = append(found[from], to)
			}
		}
	}
	return found
}

// draw writes a line for each room, those who import before those who are imported, with what it imports and no other room of its line
// imports for it.
func draw(imports map[string][]string) string {
	reach := map[string]map[string]bool{}
	var follow func(from string) map[string]bool
	follow = func(from string) map[string]bool {
		if known := reach[from]; known != nil {
			return known
		}
		reach[from] = map[string]bool{}
		for _, to := range imports[from] {
			reach[from][to] = true
			for further := range follow(to) {
				reach[from][further] = true
			}
		}
		return reach[from]
	}
	var rooms []string
	for room := range imports {
		follow(room)
		rooms = append(rooms, room)
	}
	slices.SortFunc(rooms, func(a, b string) int {
		if n := len(reach[b]) - len(reach[a]); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	var b strings.Builder
	for _, room := range rooms {
		direct := slices.Clone(imports[room])
		direct = slices.DeleteFunc(direct, func(to string) bool {
			return slices.ContainsFunc(imports[room], func(other string) bool { return other != to && reach[other][to] })
		})
		slices.Sort(direct)
		if len(direct) == 0 {
			direct = []string{"nothing of ours"}
		}
		fmt.Fprintf(&b, "%-14s -> %s\n", room, strings.Join(direct, ", "))
	}
	return b.String()
}

func TestDraw(t *testing.T) {
	got := draw(map[string][]string{"cli": {"engine", "verbs", "words"}, "verbs": {"engine"}, "engine": {"words"}, "words": {}})
	want := "cli            -> verbs\nverbs          -> engine\nengine         -> words\nwords          -> nothing of ours\n"
	if got != want {
		t.Errorf("drawn:\n%s\nwant:\n%s", got, want)
	}
}
