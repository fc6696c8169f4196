package plan

import (
	"reflect"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// Change is what a plan does to one resource, or to an output.
type Change struct {
	Address, Type string
	Actions       tfjson.Actions
	// Tainted says that a resource is replaced because it failed while it was made.
	Tainted bool
	// Imports is the id of what exists and is taken into the state; "" where nothing is.
	Imports string
	// Before and After are its attributes before and after; null where it does not exist. Of an output they are its value.
	Before, After Value
}

// changeOf reads a change. written are the arguments that the configuration writes; nil where that is not at hand.
func changeOf(c *tfjson.ResourceChange, written map[string]*tfjson.Expression) Change {
	change := valuesOf(c.Change, written)
	change.Address, change.Type = c.Address, c.Type
	change.Tainted = c.ActionReason == tfjson.ActionReasonReplaceBecauseTainted
	if c.Change.Importing != nil {
		change.Imports = c.Change.Importing.ID
	}
	return change
}

func valuesOf(c *tfjson.Change, written map[string]*tfjson.Expression) Change {
	return Change{
		Actions: c.Actions,
		Before:  Value{known: c.Before, sensitive: c.BeforeSensitive},
		After:   Value{c.After, c.AfterUnknown, c.AfterSensitive, written},
	}
}

// Changes are what is done to resources, data sources and deposed objects left out; resources that stay as they are are among them.
func (p *Plan) Changes() []Change { return p.changes }

// Deposed are what is done to objects whose successors were made already, and which an earlier run could not destroy. They have the address
// of their successor.
func (p *Plan) Deposed() []Change { return p.deposed }

// Drift are the changes that the plan found since the last run, which nobody planned.
func (p *Plan) Drift() []Change {
	var all []Change
	for _, c := range p.Document.ResourceDrift {
		if c != nil && c.Change != nil {
			all = append(all, changeOf(c, nil))
		}
	}
	return all
}

// OutputChange is what the plan does to an output of the root module; false if it says nothing of it.
func (p *Plan) OutputChange(name string) (Change, bool) {
	c := p.Document.OutputChanges[name]
	if c == nil {
		return Change{}, false
	}
	return valuesOf(c, nil), true
}

// PriorOutput is an output of the root module as it is; null if there is none.
func (p *Plan) PriorOutput(name string) Value {
	if state := p.Document.PriorState; state != nil && state.Values != nil {
		return outputOf(state.Values.Outputs[name], nil)
	}
	return Value{}
}

// Attributes lists the top-level attributes that an update or a replacement changes, in order. What is not known yet counts as changed
// where nothing is known of it; what is unknown inside of a value does not.
func (c Change) Attributes() []string {
	before, after := c.Before.Object(), c.After.Object()
	if before == nil || after == nil {
		return nil
	}
	var names []string
	for name, was := range before {
		// A plan marks what is unknown inside a value by the value's own shape, and what is known wholly by false or nothing.
		if !reflect.DeepEqual(was, after[name]) || field(c.After.unknown, name) == true {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
