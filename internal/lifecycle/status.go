package lifecycle

import (
	"context"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"

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
	// Delegations are the name servers of the public zones that were made.
	Delegations []Delegation
	// Drift lists what was changed or deleted behind Terraform's back; nil if that was not asked.
	Drift []Drift

	// versions are those that run, by the settings that name them; see Running.
	versions map[string]string
}

// Status tells what there is. With drift it also asks the target.
func (r *Runner) Status(ctx context.Context, d *deployment.Deployment, drift bool) ([]State, error) {
	for _, f := range left(d, r.Target.Name()) {
		warning := *f
		warning.Severity = diagnostic.Warning // who looks is shown the rest
		r.warn(&warning)
	}
	var states []State
	err := r.Each(ctx, d, false, func(w *Work) error {
		state := State{Place: w.Place, ByModule: map[string]int{}}
		if has, err := w.Engine.HasState(ctx); err != nil || !has {
			states = append(states, state)
			return w.nameLost(ctx, err)
		}
		state.Kept = w.kept()
		current, err := w.Engine.State(ctx)
		if err != nil {
			return err
		}
		managed := Managed(current)
		state.Delegations, state.versions = delegations(managed), versionsIn(managed)
		for _, resource := range managed {
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
