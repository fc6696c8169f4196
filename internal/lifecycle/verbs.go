package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// Planned is the plan of one place.
type Planned struct {
	Place
	Plan   *engine.Plan
	Losses []Loss
}

// Plan plans every place of a deployment and changes nothing.
func (r *Runner) Plan(ctx context.Context, d *deployment.Deployment) ([]Planned, error) {
	var plans []Planned
	err := r.each(d, false, func(w *work) error {
		plan, err := w.plan(ctx, "planning", engine.PlanOptions{}, nil)
		if err != nil {
			return err
		}
		plans = append(plans, Planned{w.Place, plan, Losses(plan.JSON)})
		return plan.Discard()
	})
	return plans, err
}

// Confirm is asked before a plan is applied. An error stops the run before anything is changed at that place.
type Confirm func(Planned) error

// Result is what a run left at one place.
type Result struct {
	Place
	Changes engine.ChangeSummary
	Outputs map[string]engine.Output
	// Kept is where the state is kept, such as s3://bucket/key; "" for a file in the deployment's directory.
	Kept string
}

// Up makes what the deployment describes: it plans each place, asks, and applies exactly what was shown. named lists the addresses of
// data holders that may be lost.
func (r *Runner) Up(ctx context.Context, d *deployment.Deployment, named []string, confirm Confirm) ([]Result, error) {
	var results []Result
	err := r.each(d, false, func(w *work) error {
		if w.stack.StatePlace() != "" {
			// If the state has to move there is a question, which has no place amidst the progress.
			joins, err := w.stack.Joins(ctx)
			if err != nil {
				return err
			}
			if joins {
				r.Reporter.Notice(fmt.Sprintf("This directory was not used with the state in %s before: it goes on with the deployment that is recorded there.", w.kept()))
			}
		}
		plan, err := w.plan(ctx, "planning", engine.PlanOptions{}, nil)
		if err != nil {
			return err
		}
		if err := w.carryOut(ctx, "applying", plan, named, confirm); err != nil {
			return err
		}
		outputs, err := w.stack.Outputs(ctx)
		results = append(results, Result{w.Place, plan.Changes, outputs, w.kept()})
		return err
	})
	return results, err
}

// carryOut passes a plan through the gate and the question, and applies it.
func (w *work) carryOut(ctx context.Context, verb string, plan *engine.Plan, named []string, confirm Confirm) error {
	planned := Planned{w.Place, plan, Losses(plan.JSON)}
	err := Unnamed(planned.Losses, named)
	if err == nil && confirm != nil {
		err = confirm(planned)
	}
	if err != nil || !plan.HasChanges {
		return errors.Join(err, plan.Discard())
	}
	cleared, err := w.clear(ctx, plan)
	if err != nil {
		return err
	}
	return w.apply(ctx, verb, cleared)
}

// Down destroys everything that the deployment made, last things first. named lists the addresses of the data holders that may be
// lost; protection against deletion is lifted for them after confirm has agreed.
func (r *Runner) Down(ctx context.Context, d *deployment.Deployment, named []string, confirm Confirm) ([]Result, error) {
	var results []Result
	err := r.each(d, true, func(w *work) error {
		has, err := w.stack.HasState(ctx)
		if err != nil || !has {
			results = append(results, Result{Place: w.Place})
			return err
		}
		changes, err := w.destroy(ctx, named, confirm)
		results = append(results, Result{Place: w.Place, Changes: changes, Kept: w.kept()})
		return err
	})
	return results, err
}

func (w *work) destroy(ctx context.Context, named []string, confirm Confirm) (engine.ChangeSummary, error) {
	plan, err := w.plan(ctx, "planning the destruction of", engine.PlanOptions{Destroy: true}, nil)
	if err != nil {
		return engine.ChangeSummary{}, err
	}
	planned := Planned{w.Place, plan, Losses(plan.JSON)}
	err = Unnamed(planned.Losses, named)
	if err == nil && confirm != nil {
		err = confirm(planned)
	}
	if err != nil || !plan.HasChanges {
		return engine.ChangeSummary{}, errors.Join(err, plan.Discard())
	}
	if len(planned.Losses) > 0 {
		if plan, err = w.lift(ctx, planned.Losses); err != nil {
			return engine.ChangeSummary{}, err
		}
	}
	return plan.Changes, w.apply(ctx, "destroying", plan)
}

// lift ends the protection of what was named, and plans the destruction again. Only the named resources and what they depend on are
// touched, so that nothing is created that an interrupted run had not come to.
func (w *work) lift(ctx context.Context, losses []Loss) (*engine.Plan, error) {
	overrides := w.unprotected()
	if err := w.unlock(ctx, losses, overrides); err != nil {
		return nil, err
	}
	return w.plan(ctx, "planning the destruction of", engine.PlanOptions{Destroy: true, NoRefresh: true}, overrides)
}

// unprotected is the setting deletion_protection with everything set to false.
func (w *work) unprotected() map[string]any {
	value := w.region.Value("deletion_protection")
	off := map[string]any{}
	if value != cty.NilVal && !value.IsNull() && value.Type().IsObjectType() {
		for name, typ := range value.Type().AttributeTypes() {
			if typ == cty.Bool {
				off[name] = false
			}
		}
	}
	if len(off) == 0 {
		return nil
	}
	return map[string]any{"deletion_protection": off}
}

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
	err := r.each(d, false, func(w *work) error {
		state := State{Place: w.Place, ByModule: map[string]int{}}
		if has, err := w.stack.HasState(ctx); err != nil || !has {
			states = append(states, state)
			return err
		}
		state.Kept = w.kept()
		current, err := w.stack.State(ctx)
		if err != nil {
			return err
		}
		for _, resource := range managed(current) {
			state.Resources++
			state.ByModule[moduleOf(resource.Address)]++
		}
		if state.Outputs, err = w.stack.Outputs(ctx); err != nil {
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

func (w *work) drift(ctx context.Context) ([]Drift, error) {
	plan, err := w.plan(ctx, "comparing", engine.PlanOptions{RefreshOnly: true}, nil)
	if err != nil {
		return nil, err
	}
	found := []Drift{}
	for _, change := range plan.JSON.ResourceDrift {
		if change.Change == nil || change.Change.Actions.NoOp() {
			continue
		}
		drift := Drift{change.Address, change.Change.Actions.Delete(), driftedAttributes(change.Change)}
		if drift.Deleted || len(drift.Attributes) > 0 {
			found = append(found, drift)
		}
	}
	return found, plan.Discard()
}

// driftedAttributes are the changed ones without those that were nothing and are nothing: the AWS provider keeps an attribute that was not
// given as null when it makes a resource, and reads it back as an empty text, list or map (seen with tags, version 5.100.0).
func driftedAttributes(change *tfjson.Change) []string {
	before, _ := change.Before.(map[string]any)
	after, _ := change.After.(map[string]any)
	return slices.DeleteFunc(changedAttributes(change), func(name string) bool { return isNothing(before[name]) && isNothing(after[name]) })
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

// managed lists the resource instances of a state, without data sources.
func managed(state *tfjson.State) []*tfjson.StateResource {
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

// Exists tells whether dir holds a sandbox.
func Exists(dir string) (bool, error) {
	_, err := os.Stat(WorldFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, diagnostic.From(err)
	}
	return true, nil
}
