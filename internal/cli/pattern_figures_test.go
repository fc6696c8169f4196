package cli

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"coderaws"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the figures of the patterns anew, and fail")

// TestPatternFigures holds the figures that the program carries to plans of the patterns.
func TestPatternFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("it plans every pattern")
	}
	if _, err := engine.Find(t.Context(), engine.Lookup{Environ: os.Environ()}); err != nil {
		t.Skipf("the figures of the patterns are not checked: %v", err)
	}
	var found struct {
		Patterns []PatternSummary `json:"patterns"`
	}
	runJSON(t, &found, "patterns", "--plan", "-o", "json")
	got := map[string]PatternFigure{}
	for _, line := range found.Patterns {
		got[line.Name] = *line.Figures
		if n := line.Figures.Unpriced; n > 0 {
			t.Errorf("%s has %d resources of a type that is neither priced nor known as free (coderaws cost %s names them)", line.Name, n, line.Name)
		}
	}
	want, err := builtInFigures()
	if err != nil {
		t.Fatal(err)
	}
	diff := cmp.Diff(want, got)
	if diff == "" {
		return
	}
	t.Errorf("the figures of the patterns are others now (go test ./internal/cli -run PatternFigures -update writes them):\n%s", diff)
	if *update {
		text, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("../facts/pattern-figures.json", append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEveryPatternHasFigures does so without a plan.
func TestEveryPatternHasFigures(t *testing.T) {
	var found struct {
		Patterns []PatternSummary `json:"patterns"`
	}
	runJSON(t, &found, "patterns", "-o", "json")
	for _, line := range found.Patterns {
		if line.Figures == nil || line.Figures.Workspaces == 0 || line.Figures.Office == "" {
			t.Errorf("%s has no figures (go test ./internal/cli -run PatternFigures -update)", line.Name)
		}
	}
}

// runJSON runs a command and reads what it prints.
func runJSON(t *testing.T, into any, args ...string) {
	t.Helper()
	files := map[string]*os.File{}
	for _, name := range []string{"in", "out", "err"} {
		file, err := os.Create(filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		files[name] = file
	}
	code := Run(context.Background(), Process{
		Args: args, Environ: append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir(), "CODERAWS_OFFLINE=1"), Stdin: files["in"], Stdout: files["out"],
		Stderr: files["err"], Now: time.Now, Source: coderaws.Source,
		Signals: func() (<-chan os.Signal, func()) { return nil, func() {} },
	})
	if code != diagnostic.ExitDone {
		said, _ := os.ReadFile(files["err"].Name())
		t.Fatalf("coderaws %v ended with %d: %s", args, code, said)
	}
	text, err := os.ReadFile(files["out"].Name())
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
