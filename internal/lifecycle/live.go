package lifecycle

import (
	"context"

	"coderaws/internal/engine"
	"coderaws/internal/progress"
)

// disturbed reports whether faults were ordered. Then everything is done one after the other, as a user would do it.
func (s *site) disturbed() bool { return s.runner.Target.(*Embedded).disturbance != nil }

// together does one thing, and beside it another that hidden's place does out of sight; nil is nothing.
func (s *site) together(shown func() error, place *work, hidden func() error) error {
	switch {
	case hidden == nil:
		return shown()
	case s.disturbed():
		if err := hidden(); err != nil {
			return err
		}
		return shown()
	}
	place.silent.Store(true)
	defer place.silent.Store(false)
	return beside(shown, hidden)
}

// liveUp makes the places of a site in their order. While one is made, the one before it is looked at again: nothing that the later
// one does is a part of it.
func (s *site) liveUp(ctx context.Context, lives map[Place]*Life) error {
	var before *work
	var look func() error
	for i, w := range s.places {
		life := &Life{Region: w.Region, Stack: w.Stack}
		lives[w.Place] = life
		if i > 0 {
			s.early.Wait()
		}
		lookAgain := func() error { return w.lookAgain(ctx, life) }
		up := func() error {
			if err := w.liveUp(ctx); err != nil || i < len(s.places)-1 {
				return err
			}
			return lookAgain()
		}
		if err := s.together(up, before, look); err != nil {
			return err
		}
		before, look = w, lookAgain
	}
	// To destroy it, the later places need to know what the first one said.
	lives[s.places[0].Place].cloud = s.known()
	return nil
}

// liveDown destroys the places of a site, the last one first. While one is destroyed, the protection of the one below is lifted.
func (s *site) liveDown(ctx context.Context, lives map[Place]*Life) error {
	s.tell(lives[s.places[0].Place].cloud)
	for i := len(s.places) - 1; i >= 0; i-- {
		var below *work
		var lift func() error
		if i > 0 && !s.disturbed() {
			below = s.places[i-1]
			lift = func() error { return below.liftUnseen(ctx, lives[below.Place]) }
		}
		w := s.places[i]
		if err := s.together(func() error { return w.liveDown(ctx, lives[w.Place]) }, below, lift); err != nil {
			return err
		}
	}
	return nil
}

// liveUp makes a place. Nobody has to look at a plan before it is carried out, unless faults are aimed by it: that saves a process, and
// Terraform reading its own plan.
func (w *work) liveUp(ctx context.Context) error {
	if w.site.disturbed() {
		return w.insist("up", func(bool) error { return w.plannedUp(ctx) })
	}
	if err := w.stack.Init(ctx); err != nil {
		return err
	}
	return w.applyUnseen(ctx, "applying", engine.PlanOptions{}, nil)
}

// lookAgain plans a second time, and notes what there is.
func (w *work) lookAgain(ctx context.Context, life *Life) error {
	again, err := w.plan(ctx, "planning again", engine.PlanOptions{}, nil)
	if err != nil {
		return err
	}
	life.Differences = Changes(again.JSON)
	// The plan holds the state that it started from, with the dependencies that Terraform found: one process less than asking for it.
	resources := managed(again.JSON.PriorState)
	target := w.runner.Target.(*Embedded)
	target.remember(w.Place, resources)
	if w.Stack == PlatformStack {
		life.Releases = target.releases(w.Region)
	}
	life.Resources, life.ByModule, life.holders = len(resources), map[string]int{}, Holders(resources)
	for _, resource := range resources {
		life.ByModule[progress.Module(resource.Address)]++
	}
	life.time(resources, newCatalog())
	return again.Discard()
}

// liveDown destroys what liveUp made. The embedded AWS is this process's own, so nothing can have changed since, and all data in it
// counts as named.
func (w *work) liveDown(ctx context.Context, life *Life) error {
	return w.insist("down", func(again bool) error {
		if again {
			return w.downAgain(ctx, life.holders)
		}
		return w.downOnce(ctx, life)
	})
}

func (w *work) downOnce(ctx context.Context, life *Life) error {
	if !w.site.disturbed() {
		return w.downUnseen(ctx, life)
	}
	var plan *engine.Plan
	var err error
	if len(life.holders) > 0 && w.protects() {
		plan, err = w.lift(ctx, life.holders)
	} else {
		plan, err = w.plan(ctx, "planning the destruction of", engine.PlanOptions{Destroy: true, NoRefresh: true}, nil)
	}
	if err != nil {
		return err
	}
	return w.apply(ctx, "destroying", plan)
}

// downUnseen is downOnce where nobody has to look at the plans, because nothing was ordered to fail: without writing and reading them, a
// rehearsal takes some seconds less.
func (w *work) downUnseen(ctx context.Context, life *Life) error {
	if err := w.liftUnseen(ctx, life); err != nil {
		return err
	}
	var overrides map[string]any
	if life.lifted {
		overrides = w.unprotected()
	}
	return w.applyUnseen(ctx, "destroying", engine.PlanOptions{Destroy: true, NoRefresh: true}, overrides)
}

// liftUnseen ends the protection of what holds data, if that was not done before.
func (w *work) liftUnseen(ctx context.Context, life *Life) error {
	if len(life.holders) == 0 || life.lifted || !w.protects() {
		return nil
	}
	var targets []string
	for _, holder := range life.holders {
		targets = append(targets, holder.Address)
	}
	err := w.applyUnseen(ctx, "lifting the protection of", engine.PlanOptions{Targets: targets, NoRefresh: true}, w.unprotected())
	life.lifted = err == nil
	return err
}
