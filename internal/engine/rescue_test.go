package engine_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

func TestUnsavedStateIsRescuedAndComesBack(t *testing.T) {
	t.Parallel()
	state := `{"version":4,"serial":1,"lineage":"a","outputs":{"password":"secret"}}`
	s := newFake(t, "apply-unsaved", state, func(o *engine.Options) {
		o.Sink = func(e engine.Event) {
			if strings.Contains(string(e.Raw), "secret") {
				t.Errorf("the state reached a sink: %s", e.Raw)
			}
		}
	})
	_, err := s.Apply(t.Context(), mustPlan(t, s.Stack, engine.PlanOptions{}))
	errored := filepath.Join(s.Dir(), "errored.tfstate")
	wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.state_unsaved", Why: errored, Todo: "free some space"})
	list := diagnostic.From(err)
	if len(list) != 2 || list[1].Code != "engine.disk_full" {
		t.Errorf("findings %v; want the rescue, and once that the disk is full", list)
	}
	if text, err := os.ReadFile(errored); err != nil || string(text) != state {
		t.Fatalf("rescued %q, %v; want the state as it was", text, err)
	}
	wantMode(t, errored, 0o600)

	mustPlan(t, s.Stack, engine.PlanOptions{})
	if text, err := os.ReadFile(filepath.Join(s.Dir(), "terraform.tfstate")); err != nil || string(text) != state {
		t.Errorf("after the next plan the state is %q, %v; want the rescued one", text, err)
	}
	if _, err := os.Stat(errored); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the rescued file is still there: %v", err)
	}
}

func TestApplyLeavesNoReserve(t *testing.T) {
	t.Parallel()
	s := newFake(t, "good", "", nil)
	if _, err := s.Apply(t.Context(), mustPlan(t, s.Stack, engine.PlanOptions{})); err != nil {
		t.Fatal(err)
	}
	want := []string{"cloud.init"}
	if diff := cmp.Diff(want, listing(t, filepath.Join(s.Workdir.Root, "run"))); diff != "" {
		t.Errorf("files of the run that stay (-want +got):\n%s", diff)
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	saved := `{"version":4,"serial":5,"lineage":"a"}`
	for name, test := range map[string]struct {
		current, errored string
		want             string // the state afterwards; "" means that the user has to decide
	}{
		"no state yet":                  {"", saved, saved},
		"a state cut short":             {`{"version":4,"ser`, saved, saved},
		"an older state":                {`{"version":4,"serial":4,"lineage":"a"}`, saved, saved},
		"a newer state":                 {`{"version":4,"serial":6,"lineage":"a"}`, saved, ""},
		"a state of another deployment": {`{"version":4,"serial":1,"lineage":"b"}`, saved, ""},
		"an encrypted state":            {`{"encrypted_data":"x"}`, saved, ""},
		"a rescued file cut short":      {`{"version":4,"serial":4,"lineage":"a"}`, `{"version":4,`, ""},
		"an empty rescued file":         {`{"version":4,"serial":4,"lineage":"a"}`, "", `{"version":4,"serial":4,"lineage":"a"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "good", "", nil)
			writeState(t, s.Stack, test.current)
			errored := filepath.Join(s.Dir(), "errored.tfstate")
			if err := os.WriteFile(errored, []byte(test.errored), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := s.Plan(t.Context(), engine.PlanOptions{})
			want := test.want
			if want == "" {
				wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.state_unsaved", Todo: "terraform state push errored.tfstate"})
				want = test.current
				if text, _ := os.ReadFile(errored); string(text) != test.errored {
					t.Errorf("the rescued file was changed: %q", text)
				}
			} else if err != nil {
				t.Errorf("plan: %v", err)
			}
			if text, _ := os.ReadFile(filepath.Join(s.Dir(), "terraform.tfstate")); string(text) != want {
				t.Errorf("state %q, want %q", text, want)
			}
		})
	}
}

func TestNeededInitIsMadeUpFor(t *testing.T) {
	t.Parallel()
	line := diagnosticLine(t, map[string]any{"severity": "error", "summary": "Required plugins are not installed"})
	s := newFake(t, "plan-needs-second-init", line, nil)
	if err := s.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustPlan(t, s.Stack, engine.PlanOptions{})
	var commands []string
	for _, args := range s.lines(t, "args ") {
		commands = append(commands, strings.Fields(args)[0])
	}
	if diff := cmp.Diff([]string{"init", "plan", "init", "plan", "show"}, commands); diff != "" {
		t.Errorf("processes (-want +got):\n%s", diff)
	}
}
