package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"

	tfjson "github.com/hashicorp/terraform-json"
)

// Lost is what a killed run has worked on and no state knows.
type Lost struct {
	engine.Trace
	Region string
	// Planned are the attributes that are known of it before it is made.
	Planned map[string]any
	// Known are the ids of what a state knows of its type.
	Known []string
}

// Stray is what exists and no state knows.
type Stray struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// planAdopting plans, and takes into the state what killed runs have made without the state being saved after it. What
// is planned to be made, and has been begun before, is looked for where it would be; what that refers to may have to be
// adopted first, so it is planned until nothing more is found.
func (w *Work) planAdopting(ctx context.Context, options engine.PlanOptions) (*engine.Plan, error) {
	traces, err := w.traces(ctx)
	if err != nil {
		return nil, err
	}
	options.Adopt = map[string]string{}
	refused := map[string]bool{}
	for {
		plan, err := w.Plan(ctx, "planning", options, nil)
		if err != nil {
			// What cannot be imported is made, as if nobody had begun it. What was named by hand is an error.
			bad := engine.NotAdopted(err, options.Adopt)
			if slices.ContainsFunc(bad, func(address string) bool { return w.named(address) != "" }) {
				return nil, w.misnamed(err, bad)
			}
			if len(bad) == 0 {
				return nil, err
			}
			for _, address := range bad {
				refused[address] = true
				delete(options.Adopt, address)
			}
			continue
		}
		more, err := w.identify(ctx, plan, traces, options.Adopt, refused)
		if err != nil {
			return nil, errors.Join(err, plan.Discard())
		}
		if len(more) == 0 {
			return plan, nil
		}
		maps.Copy(options.Adopt, more)
		if err := plan.Discard(); err != nil {
			return nil, err
		}
	}
}

// traces are those of the journal that are to be adopted. Who leaves does not want back what was set aside: it stays
// when all else goes.
func (w *Work) traces(ctx context.Context) ([]engine.Trace, error) {
	traces, err := w.Engine.Journal(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.tellDamage(ctx); err != nil {
		return nil, err
	}
	if w.runner.leaving {
		traces = slices.DeleteFunc(traces, func(t engine.Trace) bool { return t.IsSetAside })
	}
	return traces, nil
}

// tellDamage warns of a journal that cannot be read as a whole.
func (w *Work) tellDamage(ctx context.Context) error {
	damage, err := w.Engine.Damage(ctx)
	if err != nil || damage == "" {
		return err
	}
	d := diagnostic.Warningf("the journal of a run of %s that was killed is damaged", w.Place)
	d.Code, d.Why = "adopt.journal_damaged", damage+"; what it cannot tell is not adopted"
	d.Where = &diagnostic.Range{File: w.Engine.JournalFile()}
	d.Todo = "look with `coderaws status` for what no state knows, and name it with `coderaws up --adopt ADDRESS=ID`; an apply that comes to " +
		"its end removes the journal"
	w.runner.warn(d)
	return nil
}

// identify finds the ids of what a plan would make and that exists, by address.
func (w *Work) identify(
	ctx context.Context, planned *engine.Plan, traces []engine.Trace, adopted map[string]string, refused map[string]bool,
) (map[string]string, error) {
	if len(traces) == 0 && len(w.runner.Adopt) == 0 {
		return nil, nil
	}
	begun := map[string]engine.Trace{}
	for _, trace := range traces {
		begun[trace.Address] = trace
	}
	known := knownIDs(Managed(planned.JSON.PriorState))
	for address, id := range adopted {
		typ := begun[address].Type
		known[typ] = append(known[typ], id)
	}
	named, claims := map[string]string{}, []claim{}
	for _, change := range typed(planned).Changes() {
		if !change.Actions.Create() || refused[change.Address] {
			continue
		}
		if id := w.named(change.Address); id != "" {
			named[change.Address] = id
			continue
		}
		trace, ok := begun[change.Address]
		if !ok {
			continue
		}
		lost := Lost{trace, w.Region, change.After.Object(), known[change.Type]}
		id, err := w.runner.Target.Identify(ctx, lost)
		if err != nil {
			return nil, err
		}
		if id != "" {
			claims = append(claims, claim{change.Address, change.Type, id, lost.ID == id, len(lost.Planned)})
		}
	}
	found := settleClaims(claims)
	maps.Copy(found, named)
	return found, nil
}

// claim is what an address would adopt.
type claim struct {
	Address, Type, ID string
	// IsCertain says that a run has said this of itself. Otherwise the thing is like what is planned, of which so many Attributes are known.
	IsCertain  bool
	Attributes int
}

// settleClaims gives each thing to one address at most. While what others refer to is still to be adopted, so little is known of these that
// one thing is like several of them: they wait for the next plan. Where no plan can tell more, the address has it of which most is known.
func settleClaims(claims []claim) map[string]string {
	rivals := map[[2]string][]claim{}
	for _, c := range claims {
		thing := [2]string{c.Type, c.ID}
		rivals[thing] = append(rivals[thing], c)
	}
	clear, best := map[string]string{}, map[string]string{}
	for _, thing := range rivals {
		first := slices.MinFunc(thing, func(a, b claim) int {
			switch {
			case a.IsCertain && !b.IsCertain:
				return -1
			case b.IsCertain && !a.IsCertain:
				return 1
			}
			return cmp.Or(cmp.Compare(b.Attributes, a.Attributes), cmp.Compare(a.Address, b.Address))
		})
		best[first.Address] = first.ID
		if len(thing) == 1 || first.IsCertain {
			clear[first.Address] = first.ID
		}
	}
	if len(clear) > 0 {
		return clear
	}
	return best
}

// knownIDs are the ids of resources by their types.
func knownIDs(resources []*tfjson.StateResource) map[string][]string {
	known := map[string][]string{}
	for _, resource := range resources {
		names := []string{"id", "arn"}
		if called(resource.AttributeValues) == "" {
			names = []string{"arn", "name"} // some 250 types of the AWS provider have no id
		}
		for _, name := range names {
			if id, _ := resource.AttributeValues[name].(string); id != "" {
				known[resource.Type] = append(known[resource.Type], id)
			}
		}
	}
	return known
}

// recover takes into the state what killed runs have made, before everything is destroyed: what no state knows would
// stay. It makes nothing.
func (w *Work) recover(ctx context.Context) error {
	traces, err := w.traces(ctx)
	if err != nil || len(traces) == 0 && len(w.runner.Adopt) == 0 {
		return err
	}
	if w.Stack == PlatformStack {
		c, err := w.site.find(ctx)
		if err != nil || c.platform == nil {
			return err // it went with its cloud
		}
	}
	plan, err := w.planAdopting(ctx, engine.PlanOptions{})
	if err != nil {
		return err
	}
	adopt, targets := map[string]string{}, []string{}
	for _, change := range Changes(typed(plan)) {
		if change.Adopted != "" {
			adopt[change.Address], targets = change.Adopted, append(targets, change.Address)
		}
	}
	if err := plan.Discard(); err != nil || len(targets) == 0 {
		return err
	}
	options := engine.PlanOptions{Adopt: adopt, Targets: targets, NoRefresh: true}
	plan, err = w.Plan(ctx, "planning to adopt what a killed run has made of", options, nil)
	if err != nil {
		return err
	}
	for _, change := range Changes(typed(plan)) {
		if change.Action != "adopt" && change.Action != "update" {
			d := diagnostic.Errorf("what a killed run has made of %s cannot be adopted by itself", w.Place)
			d.Code, d.Address = "adopt.entangled", change.Address
			d.Why = "for that, Terraform would " + change.Action + " this first"
			d.Todo = "run `coderaws up`, which makes the rest, and then `coderaws down`"
			return errors.Join(d, plan.Discard())
		}
	}
	w.runner.Reporter.Notice(fmt.Sprintf("Of %s, %d resources that a killed run has made are taken into the state.", w.Place, len(targets)))
	return w.Apply(ctx, "adopting what a killed run has made of", plan)
}

// Unknown finds what exists where the deployment is and is of no state. gone are the ids, by type, of what was destroyed a moment ago.
// Where the target cannot tell there is nothing, and a warning says so.
func (r *Runner) Unknown(ctx context.Context, d *deployment.Deployment, gone map[string][]string) (*Unknown, error) {
	known, unknown := map[string][]string{}, &Unknown{map[string][]Stray{}, map[string]bool{}}
	err := r.Each(ctx, d, false, func(w *Work) error {
		state, err := w.Engine.State(ctx)
		if err != nil {
			return w.nameLost(ctx, err)
		}
		learnIDs(known, state)
		traces, err := w.Engine.Journal(ctx)
		unknown.journaled[w.Region] = unknown.journaled[w.Region] || len(traces) > 0
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range d.Regions {
		found, err := r.strays(ctx, &d.Regions[i], known, gone)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			unknown.ByRegion[d.Regions[i].Name] = found
		}
	}
	return unknown, nil
}

// learnIDs adds the ids of what a state has to those that are known.
func learnIDs(known map[string][]string, state *tfjson.State) {
	for typ, ids := range knownIDs(Managed(state)) {
		known[typ] = append(known[typ], ids...)
	}
}

// allOf yields all ids, whatever their types.
func allOf(ids map[string][]string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, list := range ids {
			for _, id := range list {
				if !yield(id) {
					return
				}
			}
		}
	}
}
