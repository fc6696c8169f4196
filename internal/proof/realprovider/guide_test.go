package realprovider_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/guide"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"
)

// guided are the patterns whose guides are followed.
var guided = []string{"sr-simple", "sr-ha"}

// guideFigures are of a guide that was followed to its end, and taken over by Terraform.
type guideFigures struct {
	// Imported are the resources that Terraform took over, Remembered those of which it writes down what AWS has nowhere, and Anew those
	// that it makes again with no effect on AWS.
	Imported   int `json:"imported"`
	Remembered int `json:"remembered"`
	Anew       int `json:"anew"`
}

// TestGuides is the proof that a guide makes what Terraform would: the real AWS CLI follows it, a second time without making anything, and
// the real provider finds nothing to change but what Terraform alone remembers. What was made is deleted by the guide's own script.
func TestGuides(t *testing.T) {
	t.Parallel()
	p := prepare(t)
	python := findCLI(t)
	patterns, err := deployment.Patterns(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range patterns {
		if !slices.Contains(guided, pattern.Name) {
			continue
		}
		t.Run(pattern.Name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), lifeLimit)
			defer cancel()
			g, holders := p.guideOf(t, pattern)
			emulated := p.start(t)
			h := take(t, python, g, emulated)
			before := emulated.inventory(t)

			if _, log, code, _ := h.run(ctx, t, "guide.sh", "--delegated"); code != 0 {
				t.Fatalf("guide.sh ended with %d:\n%s", code, log)
			}
			emulated.checkMade(t, before)
			made := emulated.inventory(t)
			_, log, code, calls := h.run(ctx, t, "guide.sh", "--delegated")
			if changing := changes(calls); code != 0 || len(changing) > 0 {
				t.Errorf("a second run ended with %d and sent %v:\n%s", code, changing, log)
			}
			imports, log, code, _ := h.run(ctx, t, "guide.sh", "imports")
			if code != 0 {
				t.Fatalf("guide.sh imports ended with %d:\n%s", code, log)
			}
			hold(t, pattern.Name, p.takeOver(t, pattern, g.Takeover(), imports, emulated),
				func(f *fidelity) map[string]guideFigures { return f.Guides })

			if _, log, code, _ = h.run(ctx, t, "teardown.sh"); code != 3 {
				t.Fatalf("teardown.sh ended with %d though data was not named:\n%s", code, log)
			}
			emulated.checkSame(t, made)
			var named []string
			for _, holder := range holders {
				if !strings.Contains(log, holder) {
					t.Errorf("teardown.sh does not say that %s holds data:\n%s", holder, log)
				}
				named = append(named, "--delete-data", holder)
			}
			if _, log, code, _ = h.run(ctx, t, "teardown.sh", named...); code != 0 {
				t.Fatalf("teardown.sh ended with %d:\n%s", code, log)
			}
			emulated.checkNothingLeft(t, before)
		})
	}
}

// guideOf writes the guide of a pattern, and gives the addresses of what holds data.
func (p *proof) guideOf(t *testing.T, pattern deployment.Pattern) (*guide.Guide, []string) {
	t.Helper()
	embedded := rehearsal.New(pattern.Name, time.Now)
	previews, err := embedded.Preview(t.Context(), p.runner(p.engines[0], embedded), deploy(t, pattern), true)
	if err != nil {
		t.Fatal(err)
	}
	one := previews[0]
	o := guide.Options{Name: pattern.Name, Region: one.Region, Holds: map[string]string{}}
	var holders []string
	for _, holder := range lifecycle.Holders(managed(one.Made.Document.PlannedValues.RootModule)) {
		o.Holds[holder.Address] = holder.Holds
		holders = append(holders, holder.Address)
	}
	g, err := guide.New(one.Made, o)
	if err != nil {
		t.Fatal(err)
	}
	return g, holders
}

// takeOver plans with the imports that a guide has written, and fails if the real provider would change anything that AWS holds.
func (p *proof) takeOver(t *testing.T, pattern deployment.Pattern, over guide.Takeover, imports string, emulated *emulator) guideFigures {
	t.Helper()
	r := p.runner(p.engines[0], emulated)
	dir := t.TempDir()
	if err := os.CopyFS(dir, source); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "stacks", "cloud", "imports.tf"), []byte(imports), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Source = os.DirFS(dir)
	var figures guideFigures
	for _, change := range lifecycle.Changes(plan.Read(planOf(t, r, deploy(t, pattern)))) {
		if change.Adopted != "" {
			figures.Imported++
		}
		switch {
		case change.Action == "adopt":
		case change.Action == "create" && slices.Contains(over.Anew, change.Address):
			figures.Anew++
		case change.Action == "update" && within(change.Attributes, over.Remembered[change.Address]):
			figures.Remembered++
		default:
			t.Errorf("Terraform would %s %s: %v", change.Action, change.Address, change.Attributes)
		}
	}
	if figures.Imported != len(over.Imported) {
		t.Errorf("Terraform takes over %d resources, and not %d", figures.Imported, len(over.Imported))
	}
	return figures
}

// within says whether all texts of one list are in another.
func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(one string) bool { return !slices.Contains(all, one) })
}
