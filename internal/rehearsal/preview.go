package rehearsal

import (
	"context"
	"errors"

	"coderaws/internal/configuration"
	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"

	tfjson "github.com/hashicorp/terraform-json"
)

// Preview is what a place of a deployment would be.
type Preview struct {
	lifecycle.Place
	// Plan is the plan that makes everything.
	Plan *tfjson.Plan
	// Made is the same plan with the values that everything has after it was made on the embedded AWS, so that every reference is
	// known; nil unless asked for.
	Made *tfjson.Plan
	// Written is the configuration as it is written.
	Written *configuration.Module
}

// Preview plans a deployment from nothing, and with made also makes it, for which the target must be fresh. d.Dir is where the working
// directories go.
func (e *Embedded) Preview(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, made bool) ([]Preview, error) {
	var previews []Preview
	err := e.on(r).Each(ctx, d, false, func(w *lifecycle.Work) error {
		plan, err := w.Plan(ctx, "planning", engine.PlanOptions{}, nil)
		if err != nil {
			return err
		}
		preview := Preview{Place: w.Place, Plan: plan.JSON}
		if preview.Written, err = configuration.Load(w.Engine.Dir(), w.Workdir.Root); err != nil {
			return err
		}
		if !made {
			previews = append(previews, preview)
			return errors.Join(w.Imagine(plan.JSON), plan.Discard())
		}
		if err := w.Apply(ctx, "making on the embedded AWS", plan); err != nil {
			return err
		}
		state, err := w.Engine.State(ctx)
		if err != nil {
			return err
		}
		known := *plan.JSON
		known.PlannedValues, known.PriorState = state.Values, state
		preview.Made = &known
		previews = append(previews, preview)
		return nil
	})
	return previews, afresh(err)
}
