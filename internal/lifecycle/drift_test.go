package lifecycle

import (
	"testing"

	"coderaws/internal/plan"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	tfjson "github.com/hashicorp/terraform-json"
)

func TestDriftedAttributes(t *testing.T) {
	for _, test := range []struct {
		name          string
		before, after map[string]any
		want          []string
	}{
		{"a changed text", map[string]any{"description": "a"}, map[string]any{"description": "b"}, []string{"description"}},
		{"a text that was taken away", map[string]any{"description": "a"}, map[string]any{"description": ""}, []string{"description"}},
		{"a tag that somebody has set", map[string]any{"tags": nil}, map[string]any{"tags": map[string]any{"a": "b"}}, []string{"tags"}},
		{"no tags, read back as an empty map", map[string]any{"tags": nil}, map[string]any{"tags": map[string]any{}}, nil},
		{"no list, read back as an empty one", map[string]any{"subnets": nil}, map[string]any{"subnets": []any{}}, nil},
		{"no text, read back as an empty one", map[string]any{"description": nil}, map[string]any{"description": ""}, nil},
		{"a switch that was thrown", map[string]any{"enabled": false}, map[string]any{"enabled": true}, []string{"enabled"}},
		{"a number that became zero", map[string]any{"size": 1.0}, map[string]any{"size": 0.0}, []string{"size"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			drift := []*tfjson.ResourceChange{{Change: &tfjson.Change{Before: test.before, After: test.after}}}
			got := driftedAttributes(plan.Read(&tfjson.Plan{ResourceDrift: drift}).Drift()[0])
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("drifted (-want +got):\n%s", diff)
			}
		})
	}
}
