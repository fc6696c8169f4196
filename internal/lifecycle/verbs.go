package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
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
func (w *Work) planned(plan *engine.Plan) Planned {
	p := Planned{Place: w.Place, Plan: plan, Losses: Losses(typed(plan))}
	if w.Stack == PlatformStack {
		p.Basis = w.site.Cloud().basis
	}
	return p
}

// Plan plans every place of a deployment and changes nothing. The platform of a cloud that does not exist yet is planned with what the plan
// of the cloud knows.
func (r *Runner) Plan(ctx context.Context, d *deployment.Deployment) ([]Planned, error) {
	if err := errors.Join(r.refuseLeft(d), r.refuseHeld(d)); err != nil {
		return nil, err
	}
	var plans []Planned
	err := r.Each(ctx, d, false, func(w *Work) error {
		planner, done, err := w.planner()
		if err != nil {
			return err
		}
		plan, err := w.planAll(ctx, planner)
		if err = errors.Join(err, done()); err != nil {
			return err
		}
		if err := w.hold(typed(plan)); err != nil {
			return errors.Join(err, plan.Discard())
		}
		plans = append(plans, w.planned(plan))
		return errors.Join(w.Imagine(typed(plan)), plan.Discard())
	})
	return plans, err
}

// planner is what plans a place: the place itself, or, where it is the platform of a cloud that does not exist yet, the same place on the
// target that stands in for this one. done gives back what it holds.
func (w *Work) planner() (planner *Work, done func() error, err error) {
	same := func() (*Work, func() error, error) { return w, func() error { return nil }, nil }
	if w.Stack != PlatformStack || w.site.Cloud().basis != Imagined {
		return same()
	}
	target := w.runner.Target.StandIn(w.site.dir)
	if target == nil {
		return same()
	}
	aside := *w.runner
	aside.Target = target
	s, err := aside.openSite(w.site.dir, w.region)
	if err != nil {
		return nil, nil, errors.Join(err, target.Close())
	}
	s.Tell(w.site.Cloud())
	return s.place(PlatformStack), func() error { return errors.Join(s.close(), target.Close()) }, nil
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
	// Snapshots are those that the databases left that were destroyed.
	Snapshots []Snapshot
	// Gone are the ids, by type, of what a down has found there.
	Gone map[string][]string
}

// Up makes what the deployment describes: it plans each place, asks, and applies exactly what was shown. named lists the addresses of
// data holders that may be lost.
func (r *Runner) Up(ctx context.Context, d *deployment.Deployment, named []string, confirm Confirm) ([]Result, error) {
	if err := errors.Join(r.refuseLeft(d), r.refuseHeld(d)); err != nil {
		return nil, err
	}
	if err := r.adoptable(ctx, d); err != nil {
		return nil, err
	}
	var made gathered
	confirm = oneAtATime(confirm)
	err := r.ifSideBySide().Each(ctx, d, false, func(w *Work) error {
		if w.Engine.StatePlace() != "" {
			// If the state has to move there is a question, which has no place amidst the progress.
			joins, err := w.Engine.Joins(ctx)
			if err != nil {
				return err
			}
			if joins {
				w.runner.Reporter.Notice(
					fmt.Sprintf("This directory was not used with the state in %s before: it goes on with the deployment that is recorded there.",
						w.kept()))
			}
		}
		plan, err := w.planAll(ctx, w)
		if err != nil {
			return err
		}
		if err := w.hold(typed(plan)); err != nil {
			return errors.Join(err, plan.Discard())
		}
		if !plan.HasChanges && w.Engine.IsForeign() {
			w.runner.Reporter.Notice(fmt.Sprintf("Nothing is to be changed in %s, so that its state stays as another engine has written it: "+
				"the next run needs --change-engine, too.", w.Place))
		}
		if err := w.carryOut(ctx, "applying", plan, named, confirm); err != nil {
			return err
		}
		outputs, err := w.Engine.Outputs(ctx)
		made.add(Result{Place: w.Place, Changes: plan.Changes, Outputs: outputs, Kept: w.kept()})
		if w.Stack == CloudStack {
			w.site.Tell(Cloud{outputs[platformOutput].Value, outputs[addressesOutput].Value, Existing})
		}
		return err
	})
	return made.inOrder(d.InOrder()), err
}

// gathered are results of places that may be worked on at the same time.
type gathered struct {
	mu      sync.Mutex
	results []Result
}

func (g *gathered) add(result Result) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.results = append(g.results, result)
}

// inOrder are the results in the order of regions, and within each as they came.
func (g *gathered) inOrder(regions []*deployment.Region) []Result {
	at := map[string]int{}
	for i, region := range regions {
		at[region.Name] = i
	}
	slices.SortStableFunc(g.results, func(a, b Result) int { return cmp.Compare(at[a.Region], at[b.Region]) })
	return g.results
}

// oneAtATime shows plans one after the other.
func oneAtATime(confirm Confirm) Confirm {
	if confirm == nil {
		return nil
	}
	var asking sync.Mutex
	return func(p Planned) error {
		asking.Lock()
		defer asking.Unlock()
		return confirm(p)
	}
}

// carryOut passes a plan through the gate and the question, and applies it.
func (w *Work) carryOut(ctx context.Context, verb string, plan *engine.Plan, named []string, confirm Confirm) error {
	planned := w.planned(plan)
	err := Unnamed(planned.Losses, named)
	if err == nil && confirm != nil {
		err = confirm(planned)
	}
	if err != nil || !plan.HasChanges {
		return errors.Join(err, plan.Discard())
	}
	cleared, err := w.Clear(ctx, plan)
	if err != nil {
		return err
	}
	return w.Apply(ctx, verb, cleared)
}
