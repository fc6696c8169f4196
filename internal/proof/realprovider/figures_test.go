package realprovider_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"coderaws/internal/proof/realprovider"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the figures into testdata/fidelity.json and docs/reference/fidelity.md")

const (
	figuresFile = "testdata/fidelity.json"
	document    = "../../../docs/reference/fidelity.md"
	howToWrite  = "make test-provider UPDATE=1 writes them; read the difference before you commit it"
)

// fidelity is the content of testdata/fidelity.json: what was found when the proof was last written down.
type fidelity struct {
	Plans map[string]planFigures `json:"plans"`
	Lives map[string]lifeFigures `json:"lives"`
	// Guides are by pattern.
	Guides map[string]guideFigures `json:"guides"`
}

// planFigures compare the two plans of one configuration.
type planFigures struct {
	realprovider.Figures
	Exceptions []exceptionFigures `json:"exceptions"`
}

// exceptionFigures say how often an exception was needed.
type exceptionFigures struct {
	Type   string `json:"type"`
	Path   string `json:"path"`
	Places int    `json:"places"`
	Reason string `json:"reason"`
}

// lifeFigures are of a life that went well: nothing to change after it was made, nothing left after it was destroyed.
type lifeFigures struct {
	Made int `json:"made_and_destroyed"`
	// Forgotten are the changes that a second plan shows since the emulator does not tell what it was given.
	Forgotten int `json:"forgotten,omitempty"`
}

func readFidelity(t *testing.T) fidelity {
	t.Helper()
	var known fidelity
	text, err := os.ReadFile(figuresFile)
	if err == nil {
		err = json.Unmarshal(text, &known)
	}
	if err != nil {
		t.Fatal(err)
	}
	if known.Guides == nil {
		known.Guides = map[string]guideFigures{}
	}
	return known
}

// writing keeps tests that run at the same time from writing over each other's figures.
var writing sync.Mutex

// hold compares what was found with what is written down, or writes it down.
func hold[T any](t *testing.T, name string, found T, in func(*fidelity) map[string]T) {
	t.Helper()
	writing.Lock()
	defer writing.Unlock()
	known := readFidelity(t)
	if !*update {
		if diff := cmp.Diff(in(&known)[name], found); diff != "" {
			t.Errorf("the figures of %s are not those that are written down (-written +found); %s:\n%s", name, howToWrite, diff)
		}
		return
	}
	in(&known)[name] = found
	text, err := json.MarshalIndent(known, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(figuresFile, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	writeDocument(t, known)
}

// TestDocumentShowsTheFigures holds for everybody, also without the real provider.
func TestDocumentShowsTheFigures(t *testing.T) {
	known := readFidelity(t)
	if *update {
		writeDocument(t, known)
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), known.markdown()) {
		t.Errorf("%s does not show the figures of %s; %s. It should have:\n%s", document, figuresFile, howToWrite, known.markdown())
	}
}

// The marks in the document between which the figures stand.
const (
	begin = "<!-- figures -->\n"
	end   = "<!-- end of figures -->\n"
)

func writeDocument(t *testing.T, known fidelity) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has not the marks %s and %s", document, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	if err := os.WriteFile(document, []byte(before+known.markdown()+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// markdown is the part of the document with the figures.
func (f fidelity) markdown() string {
	var b strings.Builder
	b.WriteString(begin + "\n| configuration | addresses | known values equal | of them not null | known after apply in " +
		"both | exceptions |\n|---|---|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(f.Plans)) {
		p := f.Plans[name]
		fmt.Fprintf(&b, "| %s | %s | %s of %s | %s | %s | %d |\n", name, thousands(p.Addresses), thousands(p.Equal), thousands(p.Equal),
			thousands(p.Set), thousands(p.Later), len(p.Exceptions))
	}
	b.WriteString("\n| life against the emulator | resources made and destroyed | changes in a second plan | left in " +
		"the end |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(f.Lives)) {
		fmt.Fprintf(&b, "| %s | %s | %d | 0 |\n", name, thousands(f.Lives[name].Made), f.Lives[name].Forgotten)
	}
	b.WriteString(f.guides())
	b.WriteString("\nWhat a second plan changes there, and would not on AWS:\n\n")
	for _, change := range slices.Sorted(maps.Keys(forgotten)) {
		fmt.Fprintf(&b, "- `%s`: %s.\n", change, forgotten[change])
	}
	b.WriteString("\nPatterns that the emulator cannot make:\n\n")
	for _, pattern := range slices.Sorted(maps.Keys(lifeless)) {
		fmt.Fprintf(&b, "- %s: %s.\n", pattern, lifeless[pattern])
	}
	b.WriteString("\n| exception | in | places | reason |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(f.Plans)) {
		for _, e := range f.Plans[name].Exceptions {
			fmt.Fprintf(&b, "| `%s` `%s` | %s | %d | %s |\n", e.Type, e.Path, name, e.Places, e.Reason)
		}
	}
	return b.String() + "\n" + end
}

// guides is the table of guides that were followed; nothing where none was.
func (f fidelity) guides() string {
	if len(f.Guides) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| guide followed with the AWS CLI | taken over by Terraform | of them with what Terraform alone remembers | made again, with no effect " +
		"| destroyed or replaced | left after teardown.sh |\n|---|---|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(f.Guides)) {
		g := f.Guides[name]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | 0 | 0 |\n", name, g.Imported, g.Remembered, g.Anew)
	}
	return b.String()
}

// thousands writes a number with commas.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
