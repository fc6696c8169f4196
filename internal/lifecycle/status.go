package lifecycle

import (
	"context"
	"slices"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// State says what exists at one place, as Terraform remembers it.
type State struct {
	Place
	// Resources counts the resource instances; zero if nothing was ever made or all is gone.
	Resources int
	ByModule  map[string]int
	Outputs   map[string]engine.Output
	// Kept is where the state is kept, as in Result.
	Kept string
	// Drift lists what was changed or deleted behind Terraform's back; nil if that was not asked.
	Drift []Drift
}

// Drift is one difference between what Terraform remembers and what there is.
type Drift struct {
	Address string `json:"address"`
	// Deleted means that the resource is gone; otherwise it was changed.
	Deleted bool `json:"deleted"`
	// Attributes are the top-level attributes that differ.
	Attributes []string `json:"attributes,omitempty"`
}

// Status tells what there is. With drift it also asks the target.
func (r *Runner) Status(ctx context.Context, d *deployment.Deployment, drift bool) ([]State, error) {
	var states []State
	err := r.Each(ctx, d, false, func(w *Work) error {
		state := State{Place: w.Place, ByModule: map[string]int{}}
		if has, err := w.Engine.HasState(ctx); err != nil || !has {
			states = append(states, state)
			return err
		}
		state.Kept = w.kept()
		current, err := w.Engine.State(ctx)
		if err != nil {
			return err
		}
		for _, resource := range Managed(current) {
			state.Resources++
			state.ByModule[moduleOf(resource.Address)]++
		}
		if state.Outputs, err = w.Engine.Outputs(ctx); err != nil {
			return err
		}
		if drift && state.Resources > 0 {
			if state.Drift, err = w.drift(ctx); err != nil {
				return err
			}
		}
		states = append(states, state)
		return nil
	})
	return states, err
}

func (w *Work) drift(ctx context.Context) ([]Drift, error) {
	compared, err := w.Plan(ctx, "comparing", engine.PlanOptions{RefreshOnly: true}, nil)
	if err != nil {
		return nil, err
	}
	found := []Drift{}
	for _, change := range typed(compared).Drift() {
		if change.Actions.NoOp() {
			continue
		}
		drift := Drift{change.Address, change.Actions.Delete(), driftedAttributes(change)}
		if drift.Deleted || len(drift.Attributes) > 0 {
			found = append(found, drift)
		}
	}
	return found, compared.Discard()
}

// driftedAttributes are the changed ones without those that were nothing and are nothing: the AWS provider keeps an attribute that was not
// given as null when it makes a resource, and reads it back as an empty text, list or map (seen with tags, version 5.100.0).
func driftedAttributes(change plan.Change) []string {
	before, after := change.Before.Object(), change.After.Object()
	return slices.DeleteFunc(change.Attributes(), func(name string) bool { return isNothing(before[name]) && isNothing(after[name]) })
}

// isNothing tells whether a value is null or empty.
func isNothing(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// Managed lists the resource instances of a state, without data sources.
func Managed(state *tfjson.State) []*tfjson.StateResource {
	if state == nil || state.Values == nil || state.Values.RootModule == nil {
		return nil
	}
	var all []*tfjson.StateResource
	var walk func(*tfjson.StateModule)
	walk = func(module *tfjson.StateModule) {
		for _, resource := range module.Resources {
			if resource.Mode == tfjson.ManagedResourceMode {
				all = append(all, resource)
			}
		}
		for _, child := range module.ChildModules {
			walk(child)
		}
	}
	walk(state.Values.RootModule)
	return all
}
