package compliance

import (
	"testing"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestNestedBlocks: of blocks that stand more than once all are looked at, and not the first alone.
func TestNestedBlocks(t *testing.T) {
	type object = map[string]any
	public := func(answers ...any) object {
		list := []any{}
		for _, one := range answers {
			list = append(list, object{"associate_public_ip_address": one})
		}
		return object{"network_interfaces": list}
	}
	kept := func(days ...float64) object {
		list := []any{}
		for _, one := range days {
			list = append(list, object{"lifecycle": []any{object{"delete_after": one}}})
		}
		return object{"rule": list}
	}
	for _, test := range []struct {
		name, check, typ string
		values, unknown  object
		want             Answer
	}{
		{"one address that is private", "no-public-addresses", "aws_launch_template", public("false"), nil, Satisfied},
		{"the first is public", "no-public-addresses", "aws_launch_template", public("true", "false"), nil, NotSatisfied},
		{"the last is public", "no-public-addresses", "aws_launch_template", public("false", "false", "true"), nil, NotSatisfied},
		{"the last is not known", "no-public-addresses", "aws_launch_template", public("false", nil),
			object{"network_interfaces": []any{object{}, object{"associate_public_ip_address": true}}}, NotProvable},
		{"one is public, and another not known", "no-public-addresses", "aws_launch_template", public(nil, "true"),
			object{"network_interfaces": []any{object{"associate_public_ip_address": true}, object{}}}, NotSatisfied},

		{"all rules are short", "backup-plan", "aws_backup_plan", kept(7, 35), nil, NotSatisfied},
		{"the first keeps long", "backup-plan", "aws_backup_plan", kept(365, 7), nil, Satisfied},
		{"the last keeps long", "backup-plan", "aws_backup_plan", kept(7, 14, 36), nil, Satisfied},
		{"one keeps for ever", "backup-plan", "aws_backup_plan", kept(7, 0), nil, Satisfied},
		{"one is short, and how long the other keeps is not known", "backup-plan", "aws_backup_plan",
			object{"rule": []any{object{"lifecycle": []any{object{"delete_after": 7.0}}}, object{"lifecycle": []any{object{}}}}},
			object{"rule": []any{object{}, object{"lifecycle": []any{object{"delete_after": true}}}}}, NotProvable},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv, err := inventory.Read(plan.Read(&tfjson.Plan{
				PlannedValues: &tfjson.StateValues{RootModule: &tfjson.StateModule{Resources: []*tfjson.StateResource{
					{Address: test.typ + ".a", Type: test.typ, Name: "a", Mode: tfjson.ManagedResourceMode, AttributeValues: test.values}}}},
				ResourceChanges: []*tfjson.ResourceChange{{Address: test.typ + ".a", Type: test.typ, Name: "a", Mode: tfjson.ManagedResourceMode,
					Change: &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionCreate}, After: test.values, AfterUnknown: test.unknown}}},
			}), nil)
			if err != nil {
				t.Fatal(err)
			}
			subject := &Subject{Places: []Place{{Inventory: inv}}}
			for _, check := range Checks() {
				if check.ID == test.check {
					if got := check.run(subject); got.Answer != test.want {
						t.Errorf("%s, want %s: %+v", got.Answer, test.want, got.Evidence)
					}
				}
			}
		})
	}
}
