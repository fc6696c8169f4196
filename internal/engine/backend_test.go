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

// elsewhere is a backend whose place is a file outside of the deployment: what matters to the engine is that it is a backend.
func elsewhere(file string) *engine.Backend {
	return &engine.Backend{Type: "local", Settings: map[string]any{"path": file}, Place: file}
}

// kept is a stack whose state is moved when it has to be, and what was asked.
type kept struct {
	*engine.Stack
	asked []string
}

// keep binds stack cloud of a workdir to a backend. A refusal answers every question.
func keep(t *testing.T, w *engine.Workdir, binary engine.Binary, backend *engine.Backend, refusal error) *kept {
	t.Helper()
	k := &kept{}
	k.Stack = bind(t, w, func(o *engine.Options) {
		o.Binary, o.Backend = binary, backend
		o.Move = func(from, to string) error {
			k.asked = append(k.asked, filepath.Base(from)+" to "+filepath.Base(to))
			return refusal
		}
	})
	return k
}

func (k *kept) apply(t *testing.T) {
	t.Helper()
	if _, err := k.Apply(t.Context(), mustPlan(t, k.Stack, engine.PlanOptions{})); err != nil {
		t.Fatal(err)
	}
}

// hasState demands whether there is a state.
func (k *kept) hasState(t *testing.T, want bool) {
	t.Helper()
	if got, err := k.HasState(t.Context()); err != nil || got != want {
		t.Errorf("there is a state: %v, %v; want %v", got, err, want)
	}
}

func exists(t *testing.T, file string) bool {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil && info.Size() > 0
}

// leftovers lists the files below a workdir that hold a state.
func leftovers(t *testing.T, w *engine.Workdir) []string {
	t.Helper()
	var found []string
	for _, name := range listing(t, w.Root) {
		// The engine records its backend, not a state, in .terraform.
		if strings.Contains(name, "tfstate") && !strings.Contains(name, "/.terraform/") {
			found = append(found, name)
		}
	}
	return found
}

func TestRealBackend(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		w, place := mustOpen(t, t.TempDir(), source(nil)), filepath.Join(t.TempDir(), "a.tfstate")
		s := keep(t, w, binary, elsewhere(place), nil)
		s.hasState(t, false)
		s.apply(t)
		s.hasState(t, true)
		if !exists(t, place) {
			t.Error("the state is not where the backend says")
		}
		if found := leftovers(t, w); found != nil {
			t.Errorf("states are left in the deployment: %v", found)
		}
		if outputs, err := s.Outputs(t.Context()); err != nil || len(outputs) != 1 {
			t.Errorf("outputs: %v, %v; want one", outputs, err)
		}
		if state, err := s.State(t.Context()); err != nil || state.Values == nil {
			t.Errorf("state: %+v, %v; want values", state, err)
		}
		if s.asked != nil {
			t.Errorf("it asked about %v, and nothing had to move", s.asked)
		}
		if s.StatePlace() != place {
			t.Errorf("the place is %q, want %q", s.StatePlace(), place)
		}
		// Somebody else's directory finds the same.
		colleague := keep(t, mustOpen(t, t.TempDir(), source(nil)), binary, elsewhere(place), nil)
		for _, test := range []struct {
			who  *kept
			want bool
		}{{s, false}, {colleague, true}} {
			if joins, err := test.who.Joins(t.Context()); err != nil || joins != test.want {
				t.Errorf("it joins a deployment: %v, %v; want %v", joins, err, test.want)
			}
		}
		if plan := mustPlan(t, colleague.Stack, engine.PlanOptions{}); plan.HasChanges {
			t.Errorf("from another directory the plan has changes: %+v", plan.Changes)
		}
	})
}

func TestRealStateMoves(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		w, dir := mustOpen(t, t.TempDir(), source(nil)), t.TempDir()
		first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
		local := bind(t, w, func(o *engine.Options) { o.Binary = binary })
		if _, err := local.Apply(t.Context(), mustPlan(t, local, engine.PlanOptions{})); err != nil {
			t.Fatal(err)
		}

		// Whoever only reads finds the state where it lies.
		reader := bind(t, w, func(o *engine.Options) { o.Binary, o.Backend = binary, elsewhere(first) })
		if plan := mustPlan(t, reader, engine.PlanOptions{}); plan.HasChanges || reader.StatePlace() != "" {
			t.Errorf("a reader plans %+v with the state in %q; want no changes, and the state in the deployment", plan.Changes, reader.StatePlace())
		}

		// A no leaves everything as it is.
		no := errors.New("no")
		if _, err := keep(t, w, binary, elsewhere(first), no).Plan(t.Context(), engine.PlanOptions{}); !errors.Is(err, no) ||
			!w.HasState("cloud") || exists(t, first) {
			t.Fatalf("after a no: %v, state in the deployment %v, in the backend %v", err, w.HasState("cloud"), exists(t, first))
		}

		for _, step := range []struct{ from, to string }{{"terraform.tfstate", first}, {first, second}} {
			s := keep(t, w, binary, elsewhere(step.to), nil)
			if plan := mustPlan(t, s.Stack, engine.PlanOptions{}); plan.HasChanges {
				t.Errorf("after the move to %s the plan has changes: %+v", step.to, plan.Changes)
			}
			if diff := cmp.Diff([]string{filepath.Base(step.from) + " to " + filepath.Base(step.to)}, s.asked); diff != "" {
				t.Errorf("questions (-want +got):\n%s", diff)
			}
			if found := leftovers(t, w); found != nil || !exists(t, step.to) {
				t.Errorf("left in the deployment: %v; in %s: %v", found, step.to, exists(t, step.to))
			}
			s.hasState(t, true)
		}

		// A reader whose settings say otherwise is not given an empty deployment.
		reader = bind(t, w, func(o *engine.Options) { o.Binary, o.Backend = binary, elsewhere(first) })
		_, err := reader.Plan(t.Context(), engine.PlanOptions{})
		wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.backend_changed", Summary: "is in " + second,
			Todo: "run `coderaws up`, which moves the state"})
	})
}

func TestRealTwoStates(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		place := filepath.Join(t.TempDir(), "a.tfstate")
		keep(t, mustOpen(t, t.TempDir(), source(nil)), binary, elsewhere(place), nil).apply(t)
		before, err := os.ReadFile(place)
		if err != nil {
			t.Fatal(err)
		}
		w := mustOpen(t, t.TempDir(), source(nil))
		local := bind(t, w, func(o *engine.Options) { o.Binary = binary })
		if _, err := local.Apply(t.Context(), mustPlan(t, local, engine.PlanOptions{})); err != nil {
			t.Fatal(err)
		}
		_, err = keep(t, w, binary, elsewhere(place), nil).Plan(t.Context(), engine.PlanOptions{})
		wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.two_states", Summary: "there are two states of stack cloud",
			Todo: "give this one another name"})
		if diagnostic.Exit(err) != diagnostic.ExitRefused {
			t.Errorf("exit status %d, want %d", diagnostic.Exit(err), diagnostic.ExitRefused)
		}
		if after, _ := os.ReadFile(place); string(after) != string(before) {
			t.Error("the other deployment's state was overwritten")
		}
		if len(leftovers(t, w)) == 0 {
			t.Error("this deployment's state is lost")
		}
	})
}

// TestRealStateWaits: a state that a run could not save is brought to its place by the next one, unless something else is there.
func TestRealStateWaits(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		w, place := mustOpen(t, t.TempDir(), source(nil)), filepath.Join(t.TempDir(), "a.tfstate")
		s := keep(t, w, binary, elsewhere(place), nil)
		s.apply(t)
		old, err := os.ReadFile(place)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Apply(t.Context(), mustPlan(t, s.Stack, engine.PlanOptions{Vars: map[string]any{"subnets": 3}})); err != nil {
			t.Fatal(err)
		}
		current, err := os.ReadFile(place)
		if err != nil {
			t.Fatal(err)
		}
		errored := filepath.Join(s.Dir(), "errored.tfstate")
		put := func(kept, waiting []byte) {
			if err := errors.Join(os.WriteFile(place, kept, 0o600), os.WriteFile(errored, waiting, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		for name, kept := range map[string][]byte{"newer than what is kept": old, "what is kept": current} {
			put(kept, current)
			if plan := mustPlan(t, s.Stack, engine.PlanOptions{Vars: map[string]any{"subnets": 3}}); plan.HasChanges {
				t.Errorf("%s: the plan has changes: %+v", name, plan.Changes)
			}
			if exists(t, errored) {
				t.Errorf("%s: the file still waits", name)
			}
		}
		put(current, old)
		_, err = s.Plan(t.Context(), engine.PlanOptions{})
		wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.two_states", Why: "could not be saved by a run",
			Todo: "state push -force errored.tfstate"})
		if !exists(t, errored) {
			t.Error("the state that could not be saved is lost")
		}
		if s.asked != nil {
			t.Errorf("it asked about %v", s.asked)
		}
	})
}

// TestRealStateGone: a state that vanished is not taken for a deployment that has nothing; after everything was destroyed it may go.
func TestRealStateGone(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		w, place := mustOpen(t, t.TempDir(), source(nil)), filepath.Join(t.TempDir(), "a.tfstate")
		s := keep(t, w, binary, elsewhere(place), nil)
		s.apply(t)
		text, err := os.ReadFile(place)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(place); err != nil {
			t.Fatal(err)
		}
		want := diagnostic.Diagnostic{Code: "engine.state_missing", Summary: "the state of stack cloud is gone from " + place,
			Todo: "bring it back"}
		_, err = s.HasState(t.Context())
		wantFinding(t, err, want)
		_, err = s.Plan(t.Context(), engine.PlanOptions{})
		wantFinding(t, err, want)

		if err := os.WriteFile(place, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Apply(t.Context(), mustPlan(t, s.Stack, engine.PlanOptions{Destroy: true})); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(place); err != nil {
			t.Fatal(err)
		}
		s.hasState(t, false)
		if plan := mustPlan(t, s.Stack, engine.PlanOptions{}); plan.Changes.Add != 2 {
			t.Errorf("a new beginning plans %+v, want 2 to add", plan.Changes)
		}
	})
}

// TestRealStateNeverSaved: a first apply that was killed before it has saved a state has lost none; what it made is in the journal.
func TestRealStateNeverSaved(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		root := t.TempDir()
		w, place := mustOpen(t, root, source(nil)), filepath.Join(t.TempDir(), "a.tfstate")
		s := keep(t, w, binary, elsewhere(place), nil)
		mustPlan(t, s.Stack, engine.PlanOptions{})
		mark := filepath.Join(w.Root, "run", "cloud.applied")
		if err := os.WriteFile(mark, []byte("a first apply has begun\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.hasState(t, false)
		s.apply(t)
		if err := os.Remove(place); err != nil {
			t.Fatal(err)
		}
		_, err := s.HasState(t.Context())
		wantFinding(t, err, diagnostic.Diagnostic{Code: "engine.state_missing"})
	})
}

// TestRealBackendFile: settings come from the user's own file, and a complaint names its line.
func TestRealBackendFile(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		dir := t.TempDir()
		file := filepath.Join(dir, "backend.local.tfbackend")
		backend := &engine.Backend{Type: "local", File: file, Overrides: map[string]string{"path": filepath.Join(dir, "cloud")}, Place: "x"}
		w := mustOpen(t, t.TempDir(), source(nil))
		write := func(text string) {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write("# mine\npathh = \"x\"\n")
		_, err := keep(t, w, binary, backend, nil).Plan(t.Context(), engine.PlanOptions{})
		wantFinding(t, err, diagnostic.Diagnostic{Summary: "Unsupported argument",
			Where: &diagnostic.Range{File: file, Line: 2, Text: `pathh = "x"`}})

		write("path = \"" + filepath.Join(dir, "{stack}") + "\"\n")
		s := keep(t, w, binary, backend, nil)
		s.apply(t)
		if !exists(t, filepath.Join(dir, "cloud")) {
			t.Errorf("the state is not where the file says, but for {stack}: %v", listing(t, dir))
		}
		if s.asked != nil {
			t.Errorf("after the correction it asked about %v", s.asked)
		}
	})
}
