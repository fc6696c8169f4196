package lifecycle

import (
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestUnfinished is the specification of what is cleared away before it is made again, and of what must be named for that.
func TestUnfinished(t *testing.T) {
	createFirst, destroyFirst := tfjson.Actions{tfjson.ActionCreate, tfjson.ActionDelete},
		tfjson.Actions{tfjson.ActionDelete, tfjson.ActionCreate}
	const tainted = tfjson.ActionReasonReplaceBecauseTainted
	for _, test := range []struct {
		name     string
		typeName string
		reason   tfjson.ActionReason
		actions  tfjson.Actions
		hindered bool
		// refused is a part of why the gate refuses; empty means that it does not.
		refused string
	}{
		{"a failed gateway that is destroyed first", "aws_nat_gateway", tainted, destroyFirst, false, ""},
		{"a failed gateway whose successor would be made first", "aws_nat_gateway", tainted, createFirst, true, ""},
		{"a failed cluster, on which nothing stands yet", "aws_eks_cluster", tainted, createFirst, true, ""},
		{"a good cluster that a setting replaces", "aws_eks_cluster", tfjson.ActionReasonReplaceBecauseCannotUpdate, createFirst, false,
			"nothing that holds data"},
		{"a failed database, which may be protected", "aws_rds_cluster", tainted, destroyFirst, true,
			"AWS failed while it was made, so that it is most likely empty"},
		{"a good database that a setting replaces", "aws_rds_cluster", tfjson.ActionReasonReplaceBecauseCannotUpdate, destroyFirst, false,
			"nothing that holds data"},
		{"a good gateway that a setting replaces, its successor first", "aws_nat_gateway", tfjson.ActionReasonReplaceBecauseCannotUpdate,
			createFirst, false, ""},
	} {
		address := test.typeName + ".this"
		planned := plan.Read(&tfjson.Plan{
			ResourceChanges: []*tfjson.ResourceChange{{
				Address: address, Type: test.typeName, Mode: tfjson.ManagedResourceMode, ActionReason: test.reason,
				Change: &tfjson.Change{Actions: test.actions},
			}},
			PriorState: &tfjson.State{Values: &tfjson.StateValues{RootModule: &tfjson.StateModule{Resources: []*tfjson.StateResource{
				{Address: address, Type: test.typeName, Mode: tfjson.ManagedResourceMode, Tainted: test.reason == tainted},
			}}}},
		})
		if got := hindered(planned); got != test.hindered {
			t.Errorf("%s: hindered is %t, want %t", test.name, got, test.hindered)
		}
		err := Unnamed(Losses(planned), nil)
		if (err == nil) != (test.refused == "") {
			t.Errorf("%s: the gate says %v", test.name, err)
		}
		for _, d := range diagnostic.From(err) {
			if !strings.HasPrefix(d.Why, test.refused) {
				t.Errorf("%s is refused because %s, want %s", test.name, d.Why, test.refused)
			}
		}
	}
}
