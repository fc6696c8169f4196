package lifecycle

import (
	"encoding/json"
	"strings"
	"testing"

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
	plan := &tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{
		resource("z.updated", tfjson.Change{
			Actions:      tfjson.Actions{update},
			Before:       object{"same": "a", "size": 1.0, "list": []any{"a"}, "unknown": "old", "partly": []any{object{"x": "1"}}},
			After:        object{"same": "a", "size": 2.0, "list": []any{"a", "b"}, "partly": []any{object{"x": "1"}}},
			AfterUnknown: object{"unknown": true, "partly": []any{object{}}},
		}),
		resource("a.made", tfjson.Change{Actions: tfjson.Actions{create}, After: object{"a": 1.0}}),
		resource("a.stays", tfjson.Change{Actions: tfjson.Actions{tfjson.ActionNoop}, Before: object{"a": 1.0}, After: object{"a": 1.0}}),
		resource("b.gone", tfjson.Change{Actions: tfjson.Actions{remove}, Before: object{"a": 1.0}}),
		resource("c.replaced", tfjson.Change{Actions: tfjson.Actions{remove, create}, Before: object{"name": "old"}, After: object{"name": "new"}}),
		resource("d.replaced_gently", tfjson.Change{Actions: tfjson.Actions{create, remove}, Before: object{"name": "old"}, After: object{"name": "new"}}),
		resource("e.forgotten", tfjson.Change{Actions: tfjson.Actions{tfjson.ActionForget}, Before: object{"a": 1.0}}),
		data,
		{Address: "f.without_change", Mode: tfjson.ManagedResourceMode},
	}}
	want := []Change{
		{Address: "a.made", Action: "create"},
		{Address: "b.gone", Action: "delete"},
		{Address: "c.replaced", Action: "replace", Attributes: []string{"name"}},
		{Address: "d.replaced_gently", Action: "replace", Attributes: []string{"name"}},
		{Address: "e.forgotten", Action: "forget"},
		{Address: "z.updated", Action: "update", Attributes: []string{"list", "size", "unknown"}},
	}
	if diff := cmp.Diff(want, Changes(plan)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if got := Changes(&tfjson.Plan{}); got == nil || len(got) > 0 {
		t.Errorf("an empty plan has the changes %#v, want an empty list, which is [] in JSON", got)
	}
}

func TestGood(t *testing.T) {
	for _, test := range []struct {
		name   string
		report Report
		want   bool
	}{
		{"nothing to change, nothing left", Report{Places: []Life{{}, {}}}, true},
		{"a second plan of any place has changes", Report{Places: []Life{{}, {Differences: []Change{{Address: "a.b"}}}}}, false},
		{"something is left", Report{Left: []Remainder{{ID: "vpc-1"}}}, false},
		{"something is kept on purpose", Report{Kept: []Remainder{{ID: "final"}}}, true},
		{"types are not modelled, quotas to raise", Report{Unmodelled: []string{"aws_sqs_queue"}, Quotas: []QuotaNeed{{Code: "L-1"}}}, true},
	} {
		if got := test.report.Good(); got != test.want {
			t.Errorf("%s: good is %t, want %t", test.name, got, test.want)
		}
	}
}

// TestReportNames holds the names of the report's JSON form, which scripts rely on.
func TestReportNames(t *testing.T) {
	text, err := json.Marshal(Report{Places: []Life{{
		Differences: []Change{{Attributes: []string{"a"}}}, Critical: []CriticalStep{{}}, Releases: []Release{{Unrendered: "a", Reasons: []string{"b"}}},
	}}, Ready: []Ready{{Critical: []StackStep{{}}}}, Left: []Remainder{{}}, Quotas: []QuotaNeed{{}}, Scaling: []Scaling{{}}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"version":0,"name":"","engine":"","places":[{"region":"","stack":"","resources":0,"resources_by_module":null,` +
		`"second_plan":[{"address":"","action":"","attributes":["a"]}],` +
		`"up":{"typical_seconds":0,"shortest_seconds":0,"longest_seconds":0},"down":{"typical_seconds":0,"shortest_seconds":0,"longest_seconds":0},` +
		`"critical_path":[{"address":"","start_seconds":0,"seconds":0}],` +
		`"releases":[{"namespace":"","name":"","chart":"","version":"","not_rendered":"a","objects":0,"pods_placed":0,"pods_waiting":0,"pods_stuck":0,"waiting_for":["b"]}]}],` +
		`"ready":[{"region":"","typical_seconds":0,"shortest_seconds":0,"longest_seconds":0,` +
		`"critical_path":[{"stack":"","address":"","start_seconds":0,"seconds":0}]}],` +
		`"left":[{"type":"","id":"","region":""}],"kept":null,` +
		`"quotas_above_default":[{"code":"","service":"","name":"","region":"","default":0,"needed":0}],` +
		`"not_modelled":null,"made_up_values":null,` +
		`"scaling":[{"region":"","schedule":"","days":"","clock":"","timezone":"","min_before":0,"min_after":0,"nodes_starting":0,` +
		`"ready":{"typical_seconds":0,"shortest_seconds":0,"longest_seconds":0}}],"seconds":0}`
	if diff := cmp.Diff(strings.ReplaceAll(want, ",", ",\n"), strings.ReplaceAll(string(text), ",", ",\n")); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}
