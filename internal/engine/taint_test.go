package engine_test

import (
	"encoding/json"
	"errors"
	"testing"

	"coderaws/internal/engine"

	"github.com/google/go-cmp/cmp"
)

// TestRealTaint marks a resource as not finished, which replaces it, and takes that back.
func TestRealTaint(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		s := newStack(t, source(nil), func(o *engine.Options) { o.Binary = binary })
		if _, err := s.Apply(t.Context(), mustPlan(t, s, engine.PlanOptions{})); err != nil {
			t.Fatal(err)
		}
		const address = "module.network.terraform_data.subnet[0]"
		for _, step := range []struct {
			name     string
			mark     func() error
			replaces bool
		}{
			{"tainted", func() error { return s.Taint(t.Context(), address) }, true},
			{"untainted", func() error { return s.Untaint(t.Context(), address) }, false},
		} {
			if err := step.mark(); err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			if plan := mustPlan(t, s, engine.PlanOptions{}); plan.HasChanges != step.replaces {
				t.Errorf("%s: a plan has changes: %t, want %t", step.name, plan.HasChanges, step.replaces)
			}
		}
		if err := s.Taint(t.Context(), "module.network.terraform_data.subnet[9]"); err == nil {
			t.Error("a resource that does not exist was tainted")
		}
	})
}

// TestRealForget takes a resource out of the state: the next plan knows nothing of it, and makes another one.
func TestRealForget(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		s := newStack(t, source(nil), func(o *engine.Options) { o.Binary = binary })
		applied, err := s.Apply(t.Context(), mustPlan(t, s, engine.PlanOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		outputs, err := s.Outputs(t.Context())
		if err != nil || len(outputs) == 0 || len(applied.Outputs) != len(outputs) {
			t.Errorf("an apply announced %d outputs, and the state holds %d, %v", len(applied.Outputs), len(outputs), err)
		}
		for name, output := range outputs {
			var announced, kept any
			if err := errors.Join(json.Unmarshal(applied.Outputs[name].Value, &announced), json.Unmarshal(output.Value, &kept)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(kept, announced); diff != "" {
				t.Errorf("%s (-in the state +announced by the apply):\n%s", name, diff)
			}
		}
		if err := s.Forget(t.Context(), "module.network.terraform_data.subnet[0]"); err != nil {
			t.Fatal(err)
		}
		if plan := mustPlan(t, s, engine.PlanOptions{}); plan.Changes.Add != 1 || plan.Changes.Remove != 0 {
			t.Errorf("a plan has the changes %+v, want one to add", plan.Changes)
		}
	})
}
