package rehearsal

import (
	"context"
	"errors"

	"coderaws/internal/configuration"
	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
)

// Preview is what a place of a deployment would be.
type Preview struct {
	lifecycle.Place
	// Plan is the plan that makes everything.
	Plan *plan.Plan
	// Made is the same plan with the values that everything has after it was made on the embedded AWS, so that every reference is
	// known; nil unless asked for.
	Made *plan.Plan
	// Written is the configuration as it is written.
	Written *configuration.Module
}

// Preview plans a deployment from nothing, and with made also makes it, for which the target must be fresh. d.Dir is where the working
// directories go.
func (e *Embedded) Preview(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, made bool) ([]Preview, error) {
	var previews []Preview
	err := e.on(r).Each(ctx, d, false, func(w *lifecycle.Work) error {
		planned, err := w.Plan(ctx, "planning", engine.PlanOptions{}, nil)
		if err != nil {
			return err
		}
		preview := Preview{Place: w.Place, Plan: plan.Read(planned.JSON)}
		if preview.Written, err = configuration.Load(w.Engine.Dir(), w.Workdir.Root); err != nil {
			return err
		}
		if !made {
			previews = append(previews, preview)
			return errors.Join(w.Imagine(preview.Plan), planned.Discard())
		}
		if err := w.Apply(ctx, "making on the embedded AWS", planned); err != nil {
			return err
		}
		state, err := w.Engine.State(ctx)
		if err != nil {
			return err
		}
		preview.Made = preview.Plan.Made(state)
		previews = append(previews, preview)
		return nil
	})
	return previews, afresh(err)
}
