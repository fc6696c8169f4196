package rehearsal

import (
	"context"
	"errors"
	"sync"

	"coderaws/internal/deployment"
	"coderaws/internal/egress"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/progress"
)

// disturbed reports whether faults were ordered. Then everything is done one after the other, as a user would do it.
func (e *Embedded) disturbed() bool { return e.disturbance != nil }

// together does one thing, and beside it another that hidden's place does out of sight; nil is nothing.
func (e *Embedded) together(shown func() error, place *lifecycle.Work, hidden func() error) error {
	switch {
	case hidden == nil:
		return shown()
	case e.disturbed():
		if err := hidden(); err != nil {
			return err
		}
		return shown()
	}
	defer place.Silence()()
	return beside(shown, hidden)
}

// beside does one thing while another is shown, and waits for both. The error of what is shown comes first.
func beside(shown, hidden func() error) error {
	done := make(chan error, 1)
	go func() { done <- hidden() }()
	err := shown()
	return errors.Join(err, <-done)
}

// pass is a runner that takes regions side by side, as long as nothing is to go wrong: what strikes whom hangs on the order.
func (e *Embedded) pass(r *lifecycle.Runner) *lifecycle.Runner {
	if e.disturbed() {
		return r
	}
	return r.AtOnce()
}

// liveAll makes all places of a deployment. Their lives are in the order of regions, as far as they came.
func (e *Embedded) liveAll(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) (lives, error) {
	var noting sync.Mutex
	of := map[string]*lives{}
	err := e.pass(r).Sites(ctx, d, false, func(s *lifecycle.Site) error {
		own := &lives{}
		noting.Lock()
		of[s.Name()] = own
		noting.Unlock()
		return e.liveUp(ctx, s, own)
	})
	all := lives{}
	for _, region := range d.InOrder() {
		if own := of[region.Name]; own != nil {
			all = append(all, *own...)
		}
	}
	return all, err
}

// liveUp makes the places of a site in their order. While one is made, the one before it is looked at again: nothing that the later
// one does is a part of it.
func (e *Embedded) liveUp(ctx context.Context, s *lifecycle.Site, lives *lives) error {
	var before *lifecycle.Work
	var look func() error
	places := s.Places()
	for i, w := range places {
		life := &Life{Region: w.Region, Stack: w.Stack, spoke: s.IsSpoke()}
		*lives = append(*lives, life)
		if i > 0 {
			s.Wait()
		}
		lookAgain := func() error { return e.lookAgain(ctx, w, life) }
		up := func() error {
			if err := e.makePlace(ctx, w); err != nil || i < len(places)-1 {
				return err
			}
			return lookAgain()
		}
		if err := e.together(up, before, look); err != nil {
			return err
		}
		before, look = w, lookAgain
	}
	// To destroy it, the later places need to know what the first one said.
	lives.of(places[0].Place).cloud = s.Cloud()
	return nil
}

// liveDown destroys the places of a site, the last one first. While one is destroyed, the protection of the one below is lifted.
func (e *Embedded) liveDown(ctx context.Context, s *lifecycle.Site, lives lives) error {
	places := s.Places()
	s.Tell(lives.of(places[0].Place).cloud)
	for i := len(places) - 1; i >= 0; i-- {
		var below *lifecycle.Work
		var lift func() error
		if i > 0 && !e.disturbed() {
			below = places[i-1]
			lift = func() error { return liftUnseen(ctx, below, lives.of(below.Place)) }
		}
		w := places[i]
		if err := e.together(func() error { return e.destroyPlace(ctx, w, lives.of(w.Place)) }, below, lift); err != nil {
			return err
		}
	}
	return nil
}

// makePlace makes a place. Nobody has to look at a plan before it is carried out, unless faults are aimed by it: that saves a process, and
// Terraform reading its own plan.
func (e *Embedded) makePlace(ctx context.Context, w *lifecycle.Work) error {
	if e.disturbed() {
		return e.insist(w, "up", func(bool) error { return plannedUp(ctx, w) })
	}
	if err := w.Engine.Init(ctx); err != nil {
		return err
	}
	return w.ApplyUnseen(ctx, "applying", engine.PlanOptions{}, nil)
}

// lookAgain plans a second time, and notes what there is.
func (e *Embedded) lookAgain(ctx context.Context, w *lifecycle.Work, life *Life) error {
	again, err := w.Plan(ctx, "planning again", engine.PlanOptions{}, nil)
	if err != nil {
		return err
	}
	found := plan.Read(again.JSON)
	if err := w.LookAtCharts(ctx, found); err != nil {
		return errors.Join(err, again.Discard())
	}
	life.Differences = lifecycle.Changes(found)
	if egress.Wanted(found) {
		life.private = append(found.Prior(), e.shared()...)
	}
	// The plan holds the state that it started from, with the dependencies that Terraform found: one process less than asking for it.
	resources := lifecycle.Managed(again.JSON.PriorState)
	e.remember(w.Place, resources)
	if w.Stack == lifecycle.PlatformStack {
		life.Releases = e.releases(w.Region)
	}
	life.Resources, life.ByModule = len(resources), map[string]int{}
	life.holders, life.snapshots = lifecycle.Holders(resources), lifecycle.Snapshots(resources, nil)
	for _, resource := range resources {
		life.ByModule[progress.Module(resource.Address)]++
	}
	life.time(resources, newCatalog())
	return again.Discard()
}

// destroyPlace destroys what makePlace made. The embedded AWS is this process's own, so nothing can have changed since, and all data in it
// counts as named.
func (e *Embedded) destroyPlace(ctx context.Context, w *lifecycle.Work, life *Life) error {
	return e.insist(w, "down", func(again bool) error {
		if again {
			return downAgain(ctx, w, life.holders)
		}
		return e.downOnce(ctx, w, life)
	})
}

func (e *Embedded) downOnce(ctx context.Context, w *lifecycle.Work, life *Life) error {
	if !e.disturbed() {
		return downUnseen(ctx, w, life)
	}
	var plan *engine.Plan
	var err error
	if len(life.holders) > 0 {
		plan, err = w.Lift(ctx, life.holders, life.snapshots)
	} else {
		plan, err = w.Plan(ctx, "planning the destruction of", engine.PlanOptions{Destroy: true, NoRefresh: true}, nil)
	}
	if err != nil {
		return err
	}
	return w.Apply(ctx, "destroying", plan)
}

// downUnseen is downOnce where nobody has to look at the plans, because nothing was ordered to fail: without writing and reading them, a
// rehearsal takes some seconds less.
func downUnseen(ctx context.Context, w *lifecycle.Work, life *Life) error {
	if err := liftUnseen(ctx, w, life); err != nil {
		return err
	}
	var overrides map[string]any
	if life.lifted && w.Protects() {
		overrides = w.Unprotected()
	}
	return w.ApplyUnseen(ctx, "destroying", engine.PlanOptions{Destroy: true, NoRefresh: true}, overrides)
}

// liftUnseen ends the protection of what holds data and takes the keys of snapshots out of the state, if that was not done before.
func liftUnseen(ctx context.Context, w *lifecycle.Work, life *Life) error {
	if len(life.holders) == 0 || life.lifted {
		return nil
	}
	if w.Protects() {
		var targets []string
		for _, holder := range life.holders {
			targets = append(targets, holder.Address)
		}
		options := engine.PlanOptions{Targets: targets, NoRefresh: true}
		if err := w.ApplyUnseen(ctx, "lifting the protection of", options, w.Unprotected()); err != nil {
			return err
		}
	}
	err := w.KeepKeys(ctx, life.snapshots)
	life.lifted = err == nil
	return err
}
