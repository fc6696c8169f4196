package plan_test

import (
	"testing"

	"coderaws/internal/plan"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// changed is a document in which something is done to each kind of thing.
func changed() *tfjson.Plan {
	type object = map[string]any
	resource := func(address, deposed string, reason tfjson.ActionReason, action tfjson.Action) *tfjson.ResourceChange {
		return &tfjson.ResourceChange{Address: address, Type: "t", Mode: tfjson.ManagedResourceMode, DeposedKey: deposed, ActionReason: reason,
			Change: &tfjson.Change{
				Actions:      tfjson.Actions{action},
				Before:       object{"id": "a", "size": 1.0, "arn": "x", "list": []any{"a"}},
				After:        object{"id": "a", "size": 2.0, "list": []any{"a"}},
				AfterUnknown: object{"arn": true, "list": []any{false}},
			}}
	}
	read := resource("data.t.read", "", "", tfjson.ActionRead)
	read.Mode = tfjson.DataResourceMode
	return &tfjson.Plan{
		ResourceChanges: []*tfjson.ResourceChange{
			resource("t.changed", "", "", tfjson.ActionUpdate),
			resource("t.failed", "", tfjson.ActionReasonReplaceBecauseTainted, tfjson.ActionUpdate),
			resource("t.changed", "0a1b", "", tfjson.ActionDelete), read, {Address: "t.unsaid", Mode: tfjson.ManagedResourceMode},
		},
		ResourceDrift: []*tfjson.ResourceChange{resource("t.meddled", "", "", tfjson.ActionUpdate), nil, {Address: "t.unsaid"}},
		OutputChanges: map[string]*tfjson.Change{"told": {Actions: tfjson.Actions{tfjson.ActionCreate}, After: object{"a": "b"},
			AfterUnknown: object{"c": true}}},
		PriorState: &tfjson.State{Values: &tfjson.StateValues{
			Outputs: map[string]*tfjson.StateOutput{"was": {Value: "before"}},
			RootModule: &tfjson.StateModule{Resources: []*tfjson.StateResource{
				{Address: "t.failed", Mode: tfjson.ManagedResourceMode, Tainted: true}, {Address: "t.changed", Mode: tfjson.ManagedResourceMode},
			}},
		}},
	}
}

// TestChanges is the specification of what a plan says that it does, and of what it found.
func TestChanges(t *testing.T) {
	p := plan.Read(changed())
	addresses := func(changes []plan.Change) (all []string) {
		for _, c := range changes {
			all = append(all, c.Address)
		}
		return all
	}
	for name, pair := range map[string][2][]string{
		"changes": {{"t.changed", "t.failed"}, addresses(p.Changes())},
		"deposed": {{"t.changed"}, addresses(p.Deposed())},
		"drift":   {{"t.meddled"}, addresses(p.Drift())},
		// What is unknown as a whole is changed, and what is known inside of a list is not.
		"attributes": {{"arn", "size"}, p.Changes()[0].Attributes()},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if p.Changes()[0].Tainted || !p.Changes()[1].Tainted || !p.Prior()[0].Tainted || p.Prior()[1].Tainted {
		t.Errorf("tainted are %+v and %+v", p.Changes(), p.Prior())
	}
}

// TestOutputChange is the specification of what a plan says of outputs before and after.
func TestOutputChange(t *testing.T) {
	p := plan.Read(changed())
	told, changes := p.OutputChange("told")
	if diff := cmp.Diff([]string{"a", "c"}, told.After.Names()); diff != "" || !changes || !told.Actions.Create() {
		t.Errorf("the output is %+v, %t: %s", told, changes, diff)
	}
	if told.After.Attr("a").State() != plan.IsKnown || told.After.Attr("c").State() != plan.IsUnknown {
		t.Errorf("the output holds %s and %s", told.After.Attr("a"), told.After.Attr("c"))
	}
	if _, changes := p.OutputChange("was"); changes {
		t.Error("an output of which the plan says nothing changes")
	}
	if was := p.PriorOutput("was").Text().Else("", ""); was != "before" {
		t.Errorf("the output was %q", was)
	}
	if p.PriorOutput("told").State() != plan.IsNull || plan.Read(nil).PriorOutput("was").State() != plan.IsNull {
		t.Error("an output was there that there was not")
	}
}
