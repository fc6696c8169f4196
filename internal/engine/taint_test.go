package engine_test

import (
	"testing"

	"coderaws/internal/engine"
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
