package lifecycle

import (
	"context"
	"errors"
	"slices"

	"coderaws/internal/engine"
	"coderaws/internal/plan"
)

// unfinished lists the addresses of what an earlier run began to make and AWS then failed to: Terraform calls it tainted and replaces it.
func unfinished(p *plan.Plan) []string {
	var addresses []string
	for _, change := range p.Changes() {
		if change.Tainted {
			addresses = append(addresses, change.Address)
		}
	}
	return addresses
}

// hindered reports whether Terraform cannot replace something unfinished by itself. It makes the new one first wherever anything that hangs
// on it is to be made before it is destroyed, and then the name or the address is still taken; and what is protected cannot be destroyed.
func hindered(p *plan.Plan) bool {
	return slices.ContainsFunc(p.Changes(), func(change plan.Change) bool {
		_, holds := dataHolders[change.Type]
		return change.Tainted && (holds || change.Actions.CreateBeforeDestroy())
	})
}

// Clear destroys what an earlier run has left unfinished, where Terraform would stumble over it, and plans again. What would be lost was
// named before. The plan stays as it is where nothing is to be cleared.
func (w *Work) Clear(ctx context.Context, planned *engine.Plan) (*engine.Plan, error) {
	p := typed(planned)
	if !hindered(p) {
		return planned, nil
	}
	addresses := unfinished(p)
	losses := slices.DeleteFunc(Losses(p), func(l Loss) bool { return !slices.Contains(addresses, l.Address) })
	var overrides map[string]any
	if len(losses) > 0 && w.Protects() {
		overrides = w.Unprotected()
		if err := w.unlock(ctx, losses, overrides); err != nil {
			return nil, errors.Join(err, planned.Discard())
		}
	}
	gone, err := w.Plan(ctx, "planning to clear away what is unfinished of",
		engine.PlanOptions{Destroy: true, NoRefresh: true, Targets: addresses}, overrides)
	if err != nil {
		return nil, err
	}
	for _, change := range Changes(typed(gone)) {
		if !slices.Contains(addresses, change.Address) {
			// Something good hangs on it, which must not go: Terraform's own order is tried.
			return w.planAnew(ctx, gone)
		}
	}
	if err := w.Apply(ctx, "clearing away what is unfinished of", gone); err != nil {
		return nil, err
	}
	return w.planAnew(ctx, gone)
}

func (w *Work) planAnew(ctx context.Context, old *engine.Plan) (*engine.Plan, error) {
	if err := old.Discard(); err != nil {
		return nil, err
	}
	return w.Plan(ctx, "planning", engine.PlanOptions{NoRefresh: true}, nil)
}

// unlock ends the protection of what was named. What is unfinished counts as good meanwhile, or Terraform would replace it where it is only
// to be changed.
func (w *Work) unlock(ctx context.Context, losses []Loss, overrides map[string]any) (err error) {
	var targets []string
	for _, loss := range losses {
		targets = append(targets, loss.Address)
		if !loss.Unfinished {
			continue
		}
		if err := w.Engine.Untaint(ctx, loss.Address); err != nil {
			return err
		}
		// It must not pass for good later, however this ends.
		defer func() { err = errors.Join(err, w.Engine.Taint(context.WithoutCancel(ctx), loss.Address)) }()
	}
	// The state was compared with AWS a moment ago, so this plan need not ask again.
	lifting, err := w.Plan(ctx, "lifting the protection of", engine.PlanOptions{Targets: targets, NoRefresh: true}, overrides)
	if err != nil {
		return err
	}
	if more := Losses(typed(lifting)); len(more) > 0 {
		// The settings were changed since the last run in a way that replaces what holds data: it goes anyway, but by its own plan.
		return errors.Join(Unnamed(more, nil), lifting.Discard())
	}
	if !lifting.HasChanges {
		return lifting.Discard()
	}
	return w.Apply(ctx, "lifting the protection of", lifting)
}
