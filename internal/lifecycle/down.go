package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// Down destroys everything that the deployment made, last things first. named lists the addresses of the data holders that may be
// lost; protection against deletion is lifted for them after confirm has agreed. A region that serves another one's Coder is refused while
// workspaces live there, unless LostWorkspaces is named.
func (r *Runner) Down(ctx context.Context, d *deployment.Deployment, named []string, confirm Confirm) ([]Result, error) {
	leaving := *r
	leaving.leaving = true
	return leaving.down(ctx, d, named, confirm)
}

func (r *Runner) down(ctx context.Context, d *deployment.Deployment, named []string, confirm Confirm) ([]Result, error) {
	leave, err := r.retire(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := r.refuseLeft(d); err != nil {
		return nil, err
	}
	if err := r.adoptable(ctx, d); err != nil {
		return nil, err
	}
	var gone gathered
	// First things first: the platform is adopted by what the cloud says.
	err = r.Each(ctx, d, false, func(w *Work) error {
		if err := w.recover(ctx); err != nil {
			return w.nameLost(ctx, err)
		}
		return w.refuseLost(ctx, true)
	})
	if err != nil {
		return nil, err
	}
	before, err := r.holdersNamed(ctx, d, named)
	if err != nil {
		return nil, err
	}
	if err := leave.refuseInhabited(ctx, named, before); err != nil {
		return nil, err
	}
	confirm = oneAtATime(confirm)
	err = r.ifSideBySide().Each(ctx, d, true, func(w *Work) error {
		has, err := w.Engine.HasState(ctx)
		if err != nil || !has {
			gone.add(Result{Place: w.Place})
			return err
		}
		result, err := w.takeDown(ctx, named, confirm)
		if lost := len(before[w.Place]) - result.Changes.Remove; err == nil && lost > 0 && w.Stack == PlatformStack {
			w.runner.Reporter.Notice(
				fmt.Sprintf("Of the platform of %s, %d of %d releases were not there any more, or their cluster did not answer: they count as gone, "+
					"and volumes of workspaces can be left in EC2.", w.Region, lost, len(before[w.Place])))
		}
		result.Kept, result.Gone = w.kept(), knownIDs(before[w.Place])
		gone.add(result)
		return err
	})
	regions := d.InOrder()
	slices.Reverse(regions)
	results := gone.inOrder(regions)
	if err != nil {
		return results, err
	}
	return results, leave.dismiss(ctx)
}

// holdersNamed refuses to begin with the destruction of a deployment if anything in it holds data and was not named: a platform that is
// gone while its database stays is no use to anybody. It returns what each place has.
func (r *Runner) holdersNamed(
	ctx context.Context, d *deployment.Deployment, named []string,
) (has map[Place][]*tfjson.StateResource, err error) {
	var holders []Loss
	has = map[Place][]*tfjson.StateResource{}
	err = r.Each(ctx, d, true, func(w *Work) error {
		if any, err := w.Engine.HasState(ctx); err != nil || !any {
			return w.nameLost(ctx, err)
		}
		state, err := w.Engine.State(ctx)
		if err == nil {
			has[w.Place] = Managed(state)
			holders = append(holders, Holders(has[w.Place])...)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return has, Unnamed(holders, named)
}

// takeDown destroys a place. A platform whose cloud is gone went with it, and is only forgotten.
func (w *Work) takeDown(ctx context.Context, named []string, confirm Confirm) (Result, error) {
	if w.Stack != PlatformStack {
		return w.Destroy(ctx, named, confirm)
	}
	nothing := Result{Place: w.Place}
	c, err := w.site.find(ctx)
	if err != nil {
		return nothing, err
	}
	if c.platform != nil {
		return w.Destroy(ctx, named, confirm)
	}
	state, err := w.Engine.State(ctx)
	if err != nil {
		return nothing, err
	}
	var addresses []string
	for _, resource := range Managed(state) {
		addresses = append(addresses, resource.Address)
	}
	if len(addresses) == 0 {
		return nothing, nil
	}
	w.runner.Reporter.Notice(
		fmt.Sprintf("The cloud of %s was destroyed before its platform, which went with it: it is taken out of the state.", w.Region))
	return nothing, w.Engine.Forget(ctx, addresses...)
}

// Destroy destroys a place. named lists the addresses of what holds data and may be lost; what was named is protected no more once confirm
// has agreed. The snapshots that databases leave keep their keys.
func (w *Work) Destroy(ctx context.Context, named []string, confirm Confirm) (Result, error) {
	result := Result{Place: w.Place}
	plan, err := w.Plan(ctx, "planning the destruction of", engine.PlanOptions{Destroy: true}, nil)
	if err != nil {
		return result, err
	}
	traces, err := w.Engine.Journal(ctx)
	if err != nil {
		return result, errors.Join(err, plan.Discard())
	}
	resources := Managed(plan.JSON.PriorState)
	snapshots := Snapshots(resources, traces)
	leaveOut(plan, snapshots)
	planned := w.planned(plan)
	err = Unnamed(planned.Losses, named)
	if err == nil && confirm != nil {
		err = confirm(planned)
	}
	if err != nil || !plan.HasChanges {
		return result, errors.Join(err, plan.Discard())
	}
	if len(planned.Losses) > 0 {
		if plan, err = w.Lift(ctx, stillProtected(planned.Losses, resources), snapshots); err != nil {
			return result, err
		}
	}
	result.Changes, result.Snapshots = plan.Changes, snapshots
	return result, w.Apply(ctx, "destroying", plan)
}

// Lift ends the protection of what was named, takes the keys out of the state that snapshots will need, and plans the destruction
// again. Only the named resources and what they depend on are touched, so that nothing is created that an interrupted run had not
// come to.
func (w *Work) Lift(ctx context.Context, losses []Loss, snapshots []Snapshot) (*engine.Plan, error) {
	var overrides map[string]any
	if w.Protects() {
		overrides = w.Unprotected()
		if len(losses) > 0 {
			if err := w.unlock(ctx, losses, overrides); err != nil {
				return nil, err
			}
		}
	}
	if err := w.KeepKeys(ctx, snapshots); err != nil {
		return nil, err
	}
	return w.Plan(ctx, "planning the destruction of", engine.PlanOptions{Destroy: true, NoRefresh: true}, overrides)
}

// protectionSetting is the setting of a stack that keeps AWS from deleting what holds data.
const protectionSetting = "deletion_protection"

// Protects reports whether the stack protects anything from deletion. A release of Helm cannot be protected.
func (w *Work) Protects() bool { return w.region.Declares(w.Stack, protectionSetting) }

// Unprotected is the setting deletion_protection with everything set to false.
func (w *Work) Unprotected() map[string]any {
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
