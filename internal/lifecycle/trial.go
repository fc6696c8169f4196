package lifecycle

import (
	"context"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/sandbox/world"
)

// NewRehearsalIn makes the target of a rehearsal in an account: an embedded AWS in memory which has the account's id and is empty.
func NewRehearsalIn(account, seed string, now func() time.Time) *Embedded {
	return &Embedded{World: world.New(world.Options{Account: account, Seed: seed, Now: now})}
}

// Try makes the clouds that a deployment describes and stops there: what is wanted to know of an account is in their plans and in the
// target's world. seen is called with the plan of each place before it is carried out; its error ends the trial.
func (r *Runner) Try(ctx context.Context, d *deployment.Deployment, seen func(Planned) error) error {
	clouds := *r
	clouds.Stacks = []string{CloudStack}
	return clouds.each(ctx, d, false, func(w *work) error {
		plan, err := w.plan(ctx, "planning", engine.PlanOptions{}, nil)
		if err != nil {
			return err
		}
		if err := seen(Planned{Place: w.Place, Plan: plan}); err != nil {
			return err
		}
		return w.apply(ctx, "counting what is needed by", plan)
	})
}
