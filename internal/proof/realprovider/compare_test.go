package realprovider

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// shelf is a small type with every kind of value in which plans can differ.
var shelf = &Schema{Resources: map[string]*Block{"aws_shelf": {
	Attributes: []Attribute{
		{Name: "id", Type: tftypes.String},
		{Name: "width", Type: tftypes.Number},
		{Name: "books", Type: tftypes.Set{ElementType: tftypes.String}},
		{Name: "tags", Type: tftypes.Map{ElementType: tftypes.String}},
	},
	Blocks: []NestedBlock{{Name: "board", Nesting: NestingList, Block: &Block{
		Attributes: []Attribute{{Name: "wood", Type: tftypes.String}},
	}}},
}}}

// planOf is a plan that creates aws_shelf.a with the given values and marks of the unknown, in JSON.
func planOf(t *testing.T, after, unknown string) *tfjson.Plan {
	t.Helper()
	change := &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionCreate}}
	for text, into := range map[string]*any{after: &change.After, unknown: &change.AfterUnknown} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	return &tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{
		{Address: "aws_shelf.a", Mode: tfjson.ManagedResourceMode, Type: "aws_shelf", Change: change},
	}}
}

func TestCompare(t *testing.T) {
	const (
		after   = `{"width": 80, "books": ["a", "b"], "tags": {"room": "hall"}, "board": [{"wood": "oak"}, {"wood": null}]}`
		unknown = `{"id": true, "books": [false, false], "tags": {}, "board": [{}, {}]}`
	)
	for _, test := range []struct {
		name           string
		after, unknown string
		figures        Figures
		want           []string
	}{
		{"the same", after, unknown, Figures{Addresses: 1, Equal: 6, Set: 5, Later: 1}, nil},
		{"a set in another order", `{"width": 80, "books": ["b", "a"], "tags": {"room": "hall"}, "board": [{"wood": "oak"}, {"wood": null}]}`,
			unknown,
			Figures{Addresses: 1, Equal: 6, Set: 5, Later: 1}, nil},
		{"an attribute that the other schema lacks", `{"width": 80, "books": ["a", "b"], "tags": {"room": "hall"}}`, `{"id": true}`,
			Figures{Addresses: 1, Equal: 4, Set: 4, Later: 1}, nil},
		{"an attribute that only the other schema has", `{"colour": "red", "width": 80, "books": ["a", "b"], "tags": {"room": "hall"}}`,
			`{"id": true}`,
			Figures{Addresses: 1, Equal: 4, Set: 4, Later: 1}, nil},
		{"another value", `{"width": 90, "books": ["a", "c"], "tags": {"room": "hall"}, "board": [{"wood": "oak"}, {"wood": "elm"}]}`, unknown,
			Figures{Addresses: 1, Equal: 3, Set: 3, Later: 1},
			[]string{`board.wood: null, "elm"`, `books: "b", "c"`, `width: 80, 90`}},
		{"an element that is missing", `{"width": 80, "books": ["a"], "tags": {"floor": "1"}, "board": []}`, unknown,
			Figures{Addresses: 1, Equal: 1, Set: 1, Later: 1},
			[]string{
				`board: []interface {}{map[string]interface {}{"wood":"oak"}, map[string]interface {}{"wood":interface {}(nil)}}, []interface {}{}`,
				`books: []interface {}{"a", "b"}, []interface {}{"a"}`, `tags.floor: no such element, "1"`, `tags.room: "hall", no such element`,
			}},
		{"known too early", `{"id": "1", "width": 80, "books": ["a", "b"], "tags": {"room": "hall"}, "board": [{"wood": "oak"}, {"wood": null}]}`,
			`{}`,
			Figures{Addresses: 1, Equal: 6, Set: 5}, []string{`id: known after apply, "1"`}},
		{"known too late", `{"books": ["a", "b"], "tags": {"room": "hall"}, "board": [{"wood": "oak"}, {}]}`,
			`{"id": true, "width": true, "board": [{}, {"wood": true}]}`,
			Figures{Addresses: 1, Equal: 4, Set: 4, Later: 1}, []string{`board.wood: null, known after apply`, `width: 80, known after apply`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			figures, differences := shelf.Compare(planOf(t, after, unknown), planOf(t, test.after, test.unknown))
			if diff := cmp.Diff(test.figures, figures); diff != "" {
				t.Errorf("figures (-want +got):\n%s", diff)
			}
			var got []string
			for _, d := range differences {
				got = append(got, fmt.Sprintf("%s: %s, %s", d.Path, d.Real, d.Other))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompareAddresses(t *testing.T) {
	plan := planOf(t, `{"width": 80}`, `{}`)
	plan.ResourceChanges = append(plan.ResourceChanges, &tfjson.ResourceChange{
		Address: "aws_shelf.b", Mode: tfjson.ManagedResourceMode, Type: "aws_shelf",
		Change: &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionNoop}},
	}, &tfjson.ResourceChange{
		Address: "terraform_data.c", Mode: tfjson.ManagedResourceMode, Type: "terraform_data",
		Change: &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionCreate}},
	})
	other := planOf(t, `{"width": 80}`, `{}`)
	other.ResourceChanges = append(other.ResourceChanges, &tfjson.ResourceChange{
		Address: "terraform_data.c", Mode: tfjson.ManagedResourceMode, Type: "terraform_data",
		Change: &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionDelete, tfjson.ActionCreate}},
	})
	figures, differences := shelf.Compare(plan, other)
	if figures.Addresses != 1 {
		t.Errorf("%d addresses, want the one that both plans have", figures.Addresses)
	}
	want := []Difference{
		{Address: "aws_shelf.b", Type: "aws_shelf", Real: "no-op", Other: "nothing at this address"},
		{Address: "terraform_data.c", Type: "terraform_data", Real: "create", Other: "delete and create"},
	}
	if diff := cmp.Diff(want, differences); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}

func TestWaysAreToldApart(t *testing.T) {
	for _, w := range ways {
		planned := make([]string, len(samples))
		for i, sample := range samples {
			planned[i] = w.rewrite(sample)
		}
		if got := wayOf(planned); got != w.name {
			t.Errorf("%s is taken for %q", w.name, got)
		}
	}
	if got := wayOf(samples); got != "" {
		t.Errorf("texts that stay as they are are taken for %q", got)
	}
	if got := wayOf([]string{"9db6f074", "", ""}); got != "" {
		t.Errorf("texts in no known way are taken for %q", got)
	}
}
