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
	// Basis says of which cloud a platform was planned; "" for the cloud itself.
	Basis Basis
}

// planned is what a plan of this place comes to.
func (w *work) planned(plan *engine.Plan) Planned {
	p := Planned{Place: w.Place, Plan: plan, Losses: Losses(plan.JSON)}
	if w.Stack == PlatformStack {
		p.Basis = w.site.known().basis
	}
	return p
}

// Plan plans every place of a deployment and changes nothing. The platform of a cloud that does not exist yet is planned with what the plan
// of the cloud knows.
func (r *Runner) Plan(ctx context.Context, d *deployment.Deployment) ([]Planned, error) {
	var plans []Planned
	err := r.each(ctx, d, false, func(w *work) error {
		planner, done, err := w.planner()
		if err != nil {
			return err
		}
		plan, err := planner.plan(ctx, "planning", engine.PlanOptions{}, nil)
		if err = errors.Join(err, done()); err != nil {
			return err
		}
		plans = append(plans, w.planned(plan))
		return errors.Join(w.imagine(plan.JSON), plan.Discard())
	})
	return plans, err
}

// planner is what plans a place: the place itself, or, where it is the platform of a cloud that AWS has nothing of yet, the embedded AWS, which
// has the providers that such a plan needs and asks nobody. done gives back what it holds.
func (w *work) planner() (planner *work, done func() error, err error) {
	_, embedded := w.runner.Target.(*Embedded)
	if embedded || w.Stack != PlatformStack || w.site.known().basis != Imagined {
		return w, func() error { return nil }, nil
	}
	aside := *w.runner
	aside.Target = &rehearsedTarget{NewRehearsal(w.site.dir, aside.Now)}
	s, err := aside.openSite(w.site.dir, w.region)
	if err != nil {
		return nil, nil, err
	}
	s.tell(w.site.known())
	return s.place(PlatformStack), func() error { return errors.Join(s.close(), aside.Target.Close()) }, nil
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
	err := r.each(ctx, d, false, func(w *work) error {
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
		if w.Stack == CloudStack {
			w.site.tell(cloud{outputs[platformOutput].Value, Existing})
		}
		return err
	})
	return results, err
}

// carryOut passes a plan through the gate and the question, and applies it.
func (w *work) carryOut(ctx context.Context, verb string, plan *engine.Plan, named []string, confirm Confirm) error {
	planned := w.planned(plan)
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
	counts, err := r.holdersNamed(ctx, d, named)
	if err != nil {
		return nil, err
	}
	err = r.each(ctx, d, true, func(w *work) error {
		has, err := w.stack.HasState(ctx)
		if err != nil || !has {
			results = append(results, Result{Place: w.Place})
			return err
		}
		changes, err := w.takeDown(ctx, named, confirm)
		if lost := counts[w.Place] - changes.Remove; err == nil && lost > 0 && w.Stack == PlatformStack {
			r.Reporter.Notice(fmt.Sprintf("Of the platform of %s, %d of %d releases were not there any more, or their cluster did not answer: they count as gone, "+
				"and volumes of workspaces can be left in EC2.", w.Region, lost, counts[w.Place]))
		}
		results = append(results, Result{Place: w.Place, Changes: changes, Kept: w.kept()})
		return err
	})
	return results, err
}

// holdersNamed refuses to begin with the destruction of a deployment if anything in it holds data and was not named: a platform that is gone
// while its database stays is no use to anybody. It returns how many resources each place has.
func (r *Runner) holdersNamed(ctx context.Context, d *deployment.Deployment, named []string) (counts map[Place]int, err error) {
	var holders []Loss
	counts = map[Place]int{}
	err = r.each(ctx, d, true, func(w *work) error {
		if has, err := w.stack.HasState(ctx); err != nil || !has {
			return err
		}
		state, err := w.stack.State(ctx)
		if err == nil {
			resources := managed(state)
			counts[w.Place], holders = len(resources), append(holders, Holders(resources)...)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return counts, Unnamed(holders, named)
}

// takeDown destroys a place. A platform whose cloud is gone went with it, and is only forgotten.
func (w *work) takeDown(ctx context.Context, named []string, confirm Confirm) (engine.ChangeSummary, error) {
	if w.Stack != PlatformStack {
		return w.destroy(ctx, named, confirm)
	}
	c, err := w.site.find(ctx)
	if err != nil {
		return engine.ChangeSummary{}, err
	}
	if c.platform != nil {
		return w.destroy(ctx, named, confirm)
	}
	state, err := w.stack.State(ctx)
	if err != nil {
		return engine.ChangeSummary{}, err
	}
	var addresses []string
	for _, resource := range managed(state) {
		addresses = append(addresses, resource.Address)
	}
	if len(addresses) == 0 {
		return engine.ChangeSummary{}, nil
	}
	w.runner.Reporter.Notice(fmt.Sprintf("The cloud of %s was destroyed before its platform, which went with it: it is taken out of the state.", w.Region))
	return engine.ChangeSummary{}, w.stack.Forget(ctx, addresses...)
}

func (w *work) destroy(ctx context.Context, named []string, confirm Confirm) (engine.ChangeSummary, error) {
	plan, err := w.plan(ctx, "planning the destruction of", engine.PlanOptions{Destroy: true}, nil)
	if err != nil {
		return engine.ChangeSummary{}, err
	}
	planned := w.planned(plan)
	err = Unnamed(planned.Losses, named)
	if err == nil && confirm != nil {
		err = confirm(planned)
	}
	if err != nil || !plan.HasChanges {
		return engine.ChangeSummary{}, errors.Join(err, plan.Discard())
	}
	if len(planned.Losses) > 0 && w.protects() {
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

// protectionSetting is the setting of a stack that keeps AWS from deleting what holds data.
const protectionSetting = "deletion_protection"

// protects reports whether the stack protects anything from deletion. A release of Helm cannot be protected.
func (w *work) protects() bool { return w.region.Declares(w.Stack, protectionSetting) }

// unprotected is the setting deletion_protection with everything set to false.
func (w *work) unprotected() map[string]any {
	value := w.region.Value(protectionSetting)
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
	return map[string]any{protectionSetting: off}
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
	err := r.each(ctx, d, false, func(w *work) error {
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
