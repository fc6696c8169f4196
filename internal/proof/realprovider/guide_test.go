package realprovider_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/guide"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"
)

// guided are the patterns whose guides are followed, and how: "killed" is killed after each call that changes something, and goes on.
var guided = map[string]string{"sr-simple": "through", "sr-ha": "killed"}

// guideLimit bounds one guide, most of which are the calls of the CLI.
const guideLimit = 35 * time.Minute

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
	for name, how := range guided {
		pattern := patternNamed(t, name)
		t.Run(pattern.Name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), guideLimit)
			defer cancel()
			g, holders := p.guideOf(t, pattern)
			emulated := p.start(t)
			h := take(t, python, g, emulated)
			before := emulated.inventory(t)

			if how == "killed" {
				h.persist(ctx, t)
			} else if _, log, code, _ := h.run(ctx, t, "guide.sh", "--delegated"); code != 0 {
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
			figures := p.takeOver(ctx, t, pattern, g.Takeover(), imports, emulated)
			hold(t, pattern.Name, figures, func(f *fidelity) map[string]guideFigures { return f.Guides })
			emulated.checkSame(t, made)

			if _, log, code, _ = h.run(ctx, t, "teardown.sh"); code != 3 {
				t.Fatalf("teardown.sh ended with %d though data was not named:\n%s", code, log)
			}
			emulated.checkSame(t, made)
			for _, holder := range holders {
				if !strings.Contains(log, holder) {
					t.Errorf("teardown.sh does not say that %s holds data:\n%s", holder, log)
				}
			}
			h.tearDown(ctx, t, holders)
			emulated.checkNothingLeft(t, before)
		})
	}
}

// givenUp are the calls that change something after which a guide is given up: amidst the network, the cluster and database, and the nodes.
var givenUp = []int{15, 70, 110}

// TestGuidesGivenUp kills a guide on its way, and lets its teardown.sh delete what there is by then.
func TestGuidesGivenUp(t *testing.T) {
	t.Parallel()
	p := prepare(t)
	python := findCLI(t)
	ctx, cancel := context.WithTimeout(t.Context(), guideLimit)
	defer cancel()
	g, holders := p.guideOf(t, patternNamed(t, "sr-simple"))
	emulated := p.start(t)
	h := take(t, python, g, emulated)
	before := emulated.inventory(t)
	for _, at := range givenUp {
		if said, code := h.killed(ctx, t, strconv.Itoa(at)); code != -1 {
			t.Fatalf("guide.sh ended with %d, and was not killed after call %d:\n%s", code, at, said)
		}
		h.tearDown(ctx, t, holders)
		emulated.checkNothingLeft(t, before)
		h.forget(t)
	}
}

func patternNamed(t *testing.T, name string) deployment.Pattern {
	t.Helper()
	patterns, err := deployment.Patterns(source)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(patterns, func(p deployment.Pattern) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("there is no pattern %s", name)
	}
	return patterns[i]
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

// takeOver applies the stack with the imports that a guide has written. It fails if the real provider would change anything that AWS
// holds, or if it has anything left to change once it has taken over.
func (p *proof) takeOver(ctx context.Context, t *testing.T, pattern deployment.Pattern, over guide.Takeover, imports string,
	emulated *emulator) guideFigures {
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
	d := deploy(t, pattern)
	var figures guideFigures
	if _, err := r.Up(ctx, d, nil, func(planned lifecycle.Planned) error {
		figures = judge(t, lifecycle.Changes(plan.Read(planned.Plan.JSON)), over)
		if t.Failed() {
			return errors.New("a plan that changes what AWS holds is not applied")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, change := range lifecycle.Changes(plan.Read(planOf(t, r, d))) {
		if forgotten[fmt.Sprintf("%s: %v", change.Address, change.Attributes)] == "" {
			t.Errorf("after it took over, Terraform would %s %s: %v", change.Action, change.Address, change.Attributes)
		}
	}
	return figures
}

// judge counts what a plan does that takes over, and fails for each change that the guide does not foresee.
func judge(t *testing.T, changes []lifecycle.Change, over guide.Takeover) guideFigures {
	t.Helper()
	var figures guideFigures
	for _, change := range changes {
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
