package rehearsal

import (
	"context"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
)

// Try makes the clouds that a deployment describes and stops there: what is wanted to know of an account is in their plans and in the
// target's world. seen is called with the plan of each place before it is carried out; its error ends the trial.
func (e *Embedded) Try(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, seen func(lifecycle.Planned) error) error {
	clouds := e.on(r)
	clouds.Stacks = []string{lifecycle.CloudStack}
	return clouds.Each(ctx, d, false, func(w *lifecycle.Work) error {
		plan, err := w.Plan(ctx, "planning", engine.PlanOptions{}, nil)
		if err != nil {
			return err
		}
		if err := seen(lifecycle.Planned{Place: w.Place, Plan: plan}); err != nil {
			return err
		}
		return w.Apply(ctx, "counting what is needed by", plan)
	})
}
