package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// straysNamed is how many of them a finding names.
const straysNamed = 20

// Unknown is what exists and no state knows.
type Unknown struct {
	// ByRegion lists it by region. What no region has is in each.
	ByRegion map[string][]Stray
	// journaled are the regions of which a journal tells what a killed run has made.
	journaled map[string]bool
}

// Warnings warn of it.
func (u *Unknown) Warnings() diagnostic.List {
	var list diagnostic.List
	for _, region := range slices.Sorted(maps.Keys(u.ByRegion)) {
		d := diagnostic.Warningf("%s", existing(u.ByRegion[region], region))
		d.Code, d.Why = "adopt.unknown", names(u.ByRegion[region])
		d.Todo = "restore the state, if one was lost; name with `coderaws up --adopt ADDRESS=ID` what belongs to the deployment; delete by hand " +
			"only what nothing that you want to keep needs, such as the key of a snapshot"
		if u.journaled[region] {
			d.Todo = "run `coderaws up`, which adopts what an earlier run has made and left, and name with --adopt ADDRESS=ID what it does not find"
		}
		list = append(list, d)
	}
	return list
}

// Left is the error of a down after which any of it exists; nil where there is nothing.
func (u *Unknown) Left() error {
	list := u.Warnings()
	for _, d := range list {
		d.Severity, d.Code, d.Summary = diagnostic.Error, "down.left", "not everything is gone: "+d.Summary
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

// existing says how much there is that no state knows.
func existing(strays []Stray, region string) string {
	if len(strays) == 1 {
		return fmt.Sprintf("a resource exists in %s that no state knows", region)
	}
	return fmt.Sprintf("%d resources exist in %s that no state knows", len(strays), region)
}

// names lists what no state knows, or the beginning of it.
func names(strays []Stray) string {
	var list []string
	for _, stray := range strays[:min(len(strays), straysNamed)] {
		list = append(list, stray.Type+" "+stray.ID)
	}
	if more := len(strays) - len(list); more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, ", ")
}

// planAll plans a place for what changes or shows it, unless things exist there that neither a state nor a journal knows, which it would
// make a second time.
func (w *Work) planAll(ctx context.Context, planner *Work) (*engine.Plan, error) {
	plan, err := planner.planAdopting(ctx, engine.PlanOptions{})
	if err != nil {
		return nil, w.nameLost(ctx, err)
	}
	err = w.refuseLost(ctx, len(Managed(plan.JSON.PriorState)) == 0)
	if err == nil {
		err = w.LookAtCharts(ctx, typed(plan))
	}
	if err != nil {
		return nil, errors.Join(err, plan.Discard())
	}
	return plan, nil
}

// refuseLost refuses to take a cloud without a state for one of which nothing exists, and a journal that is damaged for one that tells all.
// What a journal knows is adopted, and who names things by hand has decided. isEmpty says that no state has anything of this place.
func (w *Work) refuseLost(ctx context.Context, isEmpty bool) error {
	if w.Stack != CloudStack || len(w.runner.Adopt) > 0 {
		return nil
	}
	traces, err := w.Engine.Journal(ctx)
	if err != nil {
		return err
	}
	damage, err := w.Engine.Damage(ctx)
	if err != nil || damage == "" && (len(traces) > 0 || !isEmpty) {
		return err
	}
	if damage == "" {
		if has, err := w.Engine.HasState(ctx); err != nil || has {
			return w.nameLost(ctx, err)
		}
	}
	strays, err := w.strays(ctx, traces)
	if err != nil || len(strays) == 0 {
		return err
	}
	d := diagnostic.Errorf("%s", existing(strays, w.Region))
	d.Code, d.Why = "adopt.state_lost", fmt.Sprintf(
		"stack %s has no state, so that they would be made a second time, and stay when all is destroyed: %s", w.Stack, names(strays))
	if damage != "" {
		d.Code, d.Where = "adopt.journal_damaged", &diagnostic.Range{File: w.Engine.JournalFile()}
		d.Why = fmt.Sprintf("the journal of a run that was killed is damaged, so that it cannot tell all that the run made; %s: %s",
			damage, names(strays))
	}
	d.Todo = "restore the state, or the journal, from a backup or a former version; without one, name with " +
		"`coderaws up --adopt ADDRESS=ID` what exists, or delete it by hand"
	return d
}

// nameLost adds to an error that says that a state is lost what exists and no state knows.
func (w *Work) nameLost(ctx context.Context, err error) error {
	if !engine.IsStateLost(err) {
		return err
	}
	strays, other := w.strays(ctx, nil)
	if other != nil || len(strays) == 0 {
		return err
	}
	for _, d := range diagnostic.From(err) {
		if d.Severity == diagnostic.Error {
			d.Why += "; " + existing(strays, w.Region) + ": " + names(strays)
			break
		}
	}
	return err
}

// strays are those of the region: what the states of the deployment that can be read do not know, and a journal does not tell.
func (w *Work) strays(ctx context.Context, traces []engine.Trace) ([]Stray, error) {
	w.site.Wait()
	known := map[string][]string{}
	for _, trace := range traces {
		known[trace.Type] = append(known[trace.Type], trace.ID)
	}
	for _, place := range w.site.places {
		state, err := place.Engine.State(ctx)
		if err != nil && !engine.IsStateLost(err) {
			return nil, err
		}
		learnIDs(known, state)
	}
	for _, region := range w.site.others {
		if err := w.site.learnFrom(ctx, region, known); err != nil {
			return nil, err
		}
	}
	return w.runner.strays(ctx, w.region, known, nil)
}

// learnFrom adds what the states of another region know: roles, zones and the like are in no region, and so in each.
func (s *Site) learnFrom(ctx context.Context, region *deployment.Region, known map[string][]string) (err error) {
	other, err := s.runner.openSite(s.dir, region)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.close()) }()
	for _, place := range other.places {
		has, err := place.Engine.HasState(ctx)
		if err != nil {
			return err
		}
		if !has {
			continue
		}
		if err := place.Engine.Init(ctx); err != nil {
			return err
		}
		state, err := place.Engine.State(ctx)
		if err != nil {
			return err
		}
		learnIDs(known, state)
	}
	return nil
}

// strays asks the target, and warns where it cannot tell.
func (r *Runner) strays(ctx context.Context, region *deployment.Region, known, gone map[string][]string) ([]Stray, error) {
	found, err := r.Target.Strays(ctx, region, known, gone)
	list := diagnostic.From(err)
	if err == nil || list.HasErrors() {
		return found, err
	}
	for _, d := range list {
		r.warn(d)
	}
	return nil, nil
}
