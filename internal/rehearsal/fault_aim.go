package rehearsal

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/sandbox/world"

	tfjson "github.com/hashicorp/terraform-json"
)

// faulty is what a target knows of the faults that were ordered.
type faulty struct {
	faults []*Fault
	// aimed are the places that a run has come to.
	aimed map[lifecycle.Place]bool
	// calm is what an undisturbed run made; nil where none was tried.
	calm *calm
	// made are the resources of a rehearsal by place, as Terraform knows them.
	made        map[lifecycle.Place][]*tfjson.StateResource
	disturbance *Disturbance
}

// Disturb makes faults happen as they are ordered; see FaultForm.
func (e *Embedded) Disturb(orders, regions []string) (unlikely diagnostic.List, err error) {
	if len(orders) == 0 {
		return nil, nil
	}
	known, err := types()
	if err != nil {
		return nil, err
	}
	faults, err := ParseFaults(orders, known, regions)
	if err != nil {
		return nil, err
	}
	for _, fault := range faults {
		if fault.Warning != nil {
			unlikely = append(unlikely, fault.Warning)
		}
	}
	e.Order(faults)
	return unlikely, nil
}

// Order makes faults happen on the embedded AWS from now on.
func (e *Embedded) Order(faults []*Fault) {
	var errors []*world.Fault
	var shortages []*world.Shortage
	for _, f := range faults {
		if f.shortage != nil {
			shortages = append(shortages, f.shortage)
		} else {
			errors = append(errors, f.fault)
		}
	}
	e.faults, e.aimed, e.made = faults, map[lifecycle.Place]bool{}, map[lifecycle.Place][]*tfjson.StateResource{}
	if len(faults) > 0 {
		e.world.Disturb(world.NewFaults(errors, shortages))
	}
}

// Faults says what became of all faults so far, in the order in which they were ordered.
func (e *Embedded) Faults() []lifecycle.FaultRecord {
	records := make([]lifecycle.FaultRecord, len(e.faults))
	strikes := e.world.Strikes()
	for i, f := range e.faults {
		records[i].Fault = f.Text
		for _, s := range strikes {
			if s.Fault == f.Text {
				records[i].Strikes++
				if s.Survived {
					records[i].Survived++
				}
			}
		}
	}
	return records
}

// Before says to the faults that are meant for one address what its resource looks like. Terraform tells a provider no addresses, so that
// the resource is recognized by its id if it exists, and else by what the plan knows of its arguments.
func (e *Embedded) Before(place lifecycle.Place, planned *engine.Plan, notice func(string)) error {
	if len(e.faults) == 0 {
		return nil
	}
	e.world.BeginRun()
	e.aimed[place] = true
	p := plan.Read(planned.JSON)
	var list diagnostic.List
	for _, f := range e.faults {
		if f.fault == nil || f.fault.Address == "" || f.stack() != place.Stack {
			continue
		}
		if change, found := changeAt(p, f.fault.Address); found {
			f.found = true
			e.aimAt(place, f.fault, change, p, notice)
		} else if !f.found && e.aimedAt(place.Stack) == f.regions {
			list = append(list, noAddress(f, p))
		}
	}
	if len(list) > 0 {
		return diagnostic.WithExit(diagnostic.ExitInvalid, list)
	}
	return nil
}

// aimedAt counts the regions in which a run has come to a stack.
func (f *faulty) aimedAt(stack string) (n int) {
	for place := range f.aimed {
		if place.Stack == stack {
			n++
		}
	}
	return n
}

// stack is the one in which the resource is that a fault is meant for, by the type in its address.
func (f *Fault) stack() string {
	if strings.Contains(f.fault.Address, lifecycle.ReleaseType+".") {
		return lifecycle.PlatformStack
	}
	return lifecycle.CloudStack
}

func (e *Embedded) aimAt(place lifecycle.Place, fault *world.Fault, change plan.Change, p *plan.Plan, notice func(string)) {
	values := change.After.Object()
	if values == nil {
		values = change.Before.Object()
	}
	if same := alike(p, change, values); len(same) > 1 {
		if e.calm == nil {
			notice(fmt.Sprintf("%d resources look like %s until they are made: the fault strikes the first of them that Terraform comes to.",
				len(same), fault.Address))
		}
		values = e.calm.tellApart(place, fault.Address, same, values)
	}
	fault.Aim(change.Before.Attr("id").Text().Else("", ""), values)
}

func changeAt(p *plan.Plan, address string) (change plan.Change, found bool) {
	for _, change := range p.Changes() {
		if change.Address == address {
			return change, true
		}
	}
	return plan.Change{}, false
}

// alike lists the resources to be made of which the plan knows nothing that tells them from one, which is among them.
func alike(p *plan.Plan, one plan.Change, values map[string]any) []string {
	var same []string
	if !one.Actions.Create() {
		return nil
	}
	for _, other := range p.Changes() {
		after := other.After.Object()
		if other.Type == one.Type && after != nil && other.Actions.Create() && world.Agrees(values, after) {
			same = append(same, other.Address)
		}
	}
	return same
}

// tellApart adds to what a plan knows of one resource the attributes in which it differs from those alike, as an undisturbed run made them.
func (c *calm) tellApart(place lifecycle.Place, address string, same []string, values map[string]any) map[string]any {
	own := c.values(place, address)
	told := maps.Clone(values)
	for name, value := range own {
		for _, other := range same {
			if !reflect.DeepEqual(c.values(place, other)[name], value) {
				told[name] = value
			}
		}
	}
	return told
}

func noAddress(f *Fault, p *plan.Plan) *diagnostic.Diagnostic {
	var same, all []string
	for _, change := range p.Changes() {
		all = append(all, change.Address)
		if plan.Block(change.Address) == f.fault.Address {
			same = append(same, change.Address)
		}
	}
	slices.Sort(same)
	d := diagnostic.Errorf("there is no %s, which the fault %q names", f.fault.Address, f.Text)
	d.Code, d.Why = "usage.fault", "the plan has no resource of this address"
	d.Todo = "name a resource of the plan" + meant(f.fault.Address, all)
	if len(same) > 0 {
		d.Why = fmt.Sprintf("it stands for %d resources: %s", len(same), strings.Join(same, ", "))
		d.Todo = "name one of them, in quotation marks for the shell"
	}
	return d
}

// ordered picks the findings of an error that were ordered, and reports whether there are others.
func ordered(err error) (found diagnostic.List, others bool) {
	for _, d := range diagnostic.From(err) {
		switch {
		case d.Severity != diagnostic.Error:
		case strings.Contains(d.Why, world.FaultMark):
			found = append(found, d)
		default:
			others = true
		}
	}
	return found, others
}

// Explain words what to do after a run that failed by order.
func (*Embedded) Explain(err error) error {
	found, _ := ordered(err)
	for _, d := range found {
		d.Todo = "run the command again without --fault: it goes on from here, and what was made is kept"
	}
	return err
}
