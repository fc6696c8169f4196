package capacity_test

import (
	"errors"
	"slices"
	"testing"

	"coderaws/internal/capacity"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestRead: a capacity is read as a whole or not at all, and what is lacking is named.
func TestRead(t *testing.T) {
	known := map[string]any{"max_workspaces": 100.0, "nodes": map[string]any{"workspace": 12.0}}
	for _, test := range []struct {
		name    string
		output  any
		unknown any
		want    int
		none    bool
		lacking []string
	}{
		{name: "a plan without the output", none: true},
		{name: "another stack's output of this name", output: "large", none: true},
		{name: "a capacity", output: known, want: 100},
		{name: "a number that is not known", output: known, unknown: map[string]any{"nodes": map[string]any{"control": true}},
			lacking: []string{"capacity.nodes.control"}},
		{name: "nothing that is known", unknown: true, lacking: []string{"capacity"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			outputs := map[string]*tfjson.StateOutput{capacity.Output: {Value: test.output}}
			document := &tfjson.Plan{PlannedValues: &tfjson.StateValues{Outputs: outputs}}
			if test.unknown != nil {
				document.OutputChanges = map[string]*tfjson.Change{capacity.Output: {AfterUnknown: test.unknown}}
			}
			got, err := capacity.Read(plan.Read(document))
			var lacking *capacity.UnknownError
			switch {
			case test.none:
				if !errors.Is(err, capacity.ErrNone) {
					t.Errorf("%v, %v", got, err)
				}
			case test.lacking != nil:
				if !errors.As(err, &lacking) || !slices.Equal(lacking.Numbers, test.lacking) || got != nil {
					t.Errorf("%v, %v", got, err)
				}
			case err != nil || got.MaxWorkspaces != test.want:
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}
