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
	"coderaws/internal/nearest"
)

// named is the id of what was named by hand to be adopted at an address of this place; "" for none.
func (w *Work) named(address string) string {
	if id := w.runner.Adopt[w.Region+":"+address]; id != "" {
		return id
	}
	return w.runner.Adopt[address]
}

// adoptable refuses to begin unless each thing that was named to be adopted belongs at an address that exactly one
// place would make: else it would be passed over in silence, and made anew.
func (r *Runner) adoptable(ctx context.Context, d *deployment.Deployment) error {
	if len(r.Adopt) == 0 {
		return nil
	}
	made, known := map[string][]string{}, map[string]bool{}
	err := r.Each(ctx, d, false, func(w *Work) error {
		planner, done, err := w.planner()
		if err != nil {
			return err
		}
		plan, err := planner.Plan(ctx, "planning", engine.PlanOptions{}, nil)
		if err = errors.Join(err, done()); err != nil {
			return err
		}
		for _, change := range typed(plan).Changes() {
			for _, name := range []string{change.Address, w.Region + ":" + change.Address} {
				if change.Actions.Create() {
					made[name] = append(made[name], w.Region)
				} else {
					known[name] = true
				}
			}
		}
		return errors.Join(w.Imagine(typed(plan)), plan.Discard())
	})
	if err != nil {
		return err
	}
	var list diagnostic.List
	for _, address := range slices.Sorted(maps.Keys(r.Adopt)) {
		if len(made[address]) != 1 {
			list = append(list, notMade(address, r.Adopt[address], made, known[address]))
		}
	}
	if len(list) == 0 {
		return nil
	}
	return diagnostic.WithExit(diagnostic.ExitInvalid, list)
}

// notMade says why nothing can be adopted at an address, of which made has the regions that would make something there.
func notMade(address, id string, made map[string][]string, known bool) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("nothing can be adopted at %s", address)
	d.Code, d.Address = "adopt.not_made", address
	switch regions := made[address]; {
	case len(regions) > 1:
		d.Why = "it is made in " + strings.Join(regions, " and in ")
		d.Todo = fmt.Sprintf("say in which: --adopt '%s:%s=%s'", regions[0], address, id)
	case known:
		d.Why = "the state has a resource there already"
		d.Todo = "leave this --adopt out; `coderaws status --drift` tells whether what the state has there still exists"
	default:
		d.Why = "the deployment has no resource there"
		d.Todo = "correct the address; `coderaws plan` lists those of what would be made"
		if near := alike(address, slices.Collect(maps.Keys(made))); len(near) > 0 {
			d.Why += "; those that are most like it are " + strings.Join(near, ", ")
		}
	}
	return d
}

// alike are the addresses that are most like one that does not exist, three at most: those of data for data, with a region for one with.
func alike(address string, all []string) []string {
	all = slices.DeleteFunc(all, func(other string) bool { return strings.Contains(other, ":") != strings.Contains(address, ":") })
	slices.Sort(all)
	return nearest.Names(address, all, 3)
}

// misnamed says which of the things that were named by hand do not exist, or cannot be imported, and what Terraform
// says of it.
func (w *Work) misnamed(err error, addresses []string) error {
	var list diagnostic.List
	for _, address := range addresses {
		id := w.named(address)
		if id == "" {
			continue
		}
		d := diagnostic.Errorf("%s cannot be adopted as %s", address, id)
		d.Code, d.Address = "adopt.refused", address
		for _, said := range diagnostic.From(err) {
			if said.Severity == diagnostic.Error && len(engine.NotAdopted(said, map[string]string{address: id})) > 0 {
				d.Why = strings.TrimSpace(said.Summary + ": " + said.Why)
				break
			}
		}
		d.Todo = "correct the id: it is the one that `terraform import` takes, which the section Import of the page of this type of resource " +
			"says in the documentation of its provider; leave --adopt out to have it made"
		list = append(list, d)
	}
	return diagnostic.WithExit(diagnostic.ExitFailed, list)
}
