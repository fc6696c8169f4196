package lifecycle

import (
	"testing"

	"coderaws/internal/plan"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// TestChanges is the specification of what a plan is said to do.
func TestChanges(t *testing.T) {
	type object = map[string]any
	resource := func(address string, change tfjson.Change) *tfjson.ResourceChange {
		return &tfjson.ResourceChange{Address: address, Mode: tfjson.ManagedResourceMode, Change: &change}
	}
	create, update, remove := tfjson.ActionCreate, tfjson.ActionUpdate, tfjson.ActionDelete
	data := resource("data.a.read", tfjson.Change{Actions: tfjson.Actions{tfjson.ActionRead}})
	data.Mode = tfjson.DataResourceMode
	planned := &tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{
		resource("z.updated", tfjson.Change{
			Actions:      tfjson.Actions{update},
			Before:       object{"same": "a", "size": 1.0, "list": []any{"a"}, "unknown": "old", "partly": []any{object{"x": "1"}}},
			After:        object{"same": "a", "size": 2.0, "list": []any{"a", "b"}, "partly": []any{object{"x": "1"}}},
			AfterUnknown: object{"unknown": true, "partly": []any{object{}}},
		}),
		resource("a.made", tfjson.Change{Actions: tfjson.Actions{create}, After: object{"a": 1.0}}),
		resource("a.stays", tfjson.Change{Actions: tfjson.Actions{tfjson.ActionNoop}, Before: object{"a": 1.0}, After: object{"a": 1.0}}),
		resource("b.gone", tfjson.Change{Actions: tfjson.Actions{remove}, Before: object{"a": 1.0}}),
		resource("c.replaced", tfjson.Change{Actions: tfjson.Actions{remove, create}, Before: object{"name": "old"},
			After: object{"name": "new"}}),
		resource("d.replaced_gently", tfjson.Change{Actions: tfjson.Actions{create, remove}, Before: object{"name": "old"},
			After: object{"name": "new"}}),
		resource("e.forgotten", tfjson.Change{Actions: tfjson.Actions{tfjson.ActionForget}, Before: object{"a": 1.0}}),
		data,
		{Address: "g.deposed", Mode: tfjson.ManagedResourceMode, DeposedKey: "a1b2",
			Change: &tfjson.Change{Actions: tfjson.Actions{remove}, Before: object{"a": 1.0}}},
		{Address: "f.without_change", Mode: tfjson.ManagedResourceMode},
	}}
	want := []Change{
		{Address: "a.made", Action: "create"},
		{Address: "b.gone", Action: "delete"},
		{Address: "c.replaced", Action: "replace", Attributes: []string{"name"}},
		{Address: "d.replaced_gently", Action: "replace", Attributes: []string{"name"}},
		{Address: "e.forgotten", Action: "forget"},
		{Address: "g.deposed", Action: "delete"},
		{Address: "z.updated", Action: "update", Attributes: []string{"list", "size", "unknown"}},
	}
	if diff := cmp.Diff(want, Changes(plan.Read(planned))); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if got := Changes(plan.Read(nil)); got == nil || len(got) > 0 {
		t.Errorf("an empty plan has the changes %#v, want an empty list, which is [] in JSON", got)
	}
}
