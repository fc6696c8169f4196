package lifecycle

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestClaims is the specification of who adopts what several addresses are alike: each thing goes to one address at most.
func TestClaims(t *testing.T) {
	const association = "aws_route_table_association"
	like := func(address, id string, attributes int) claim {
		return claim{address, association, id, false, attributes}
	}
	certain := func(address, id string) claim { return claim{address, association, id, true, 1} }
	type adopted = map[string]string
	for _, test := range []struct {
		name   string
		claims []claim
		want   adopted
	}{
		{"nobody", nil, adopted{}},
		{"one of each", []claim{like("a", "1", 2), like("b", "2", 2)}, adopted{"a": "1", "b": "2"}},
		{"two alike, while something else is sure: they wait for the next plan", []claim{like("a", "1", 1), like("b", "1", 1), like("c", "2", 1)},
			adopted{"c": "2"}},
		{"two alike, of which a run has named one", []claim{like("a", "1", 3), certain("b", "1")}, adopted{"b": "1"}},
		{"two alike, and no plan can tell more: who is known best", []claim{like("a", "1", 1), like("b", "1", 2)}, adopted{"b": "1"}},
		{"two that are the same in all", []claim{like("b", "1", 2), like("a", "1", 2)}, adopted{"a": "1"}},
		{"the same id of other types", []claim{like("a", "1", 1), {"b", "aws_route", "1", false, 1}}, adopted{"a": "1", "b": "1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, settleClaims(test.claims)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
