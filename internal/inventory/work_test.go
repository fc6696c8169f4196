package inventory

import (
	"testing"

	"coderaws/internal/plan"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

// TestWork is the specification of what comes before what where things are replaced and deleted. The plan has a subnet b that refers to a
// VPC a; the state recorded that too.
func TestWork(t *testing.T) {
	create, update, remove := tfjson.ActionCreate, tfjson.ActionUpdate, tfjson.ActionDelete
	for _, test := range []struct {
		name    string
		a, b    tfjson.Actions
		written bool
		want    map[string][]string
	}{
		{"what refers is made later", tfjson.Actions{create}, tfjson.Actions{create}, true,
			map[string][]string{"aws_vpc.a": nil, "aws_subnet.b": {"aws_vpc.a"}}},
		{"what stays is not waited for", tfjson.Actions{tfjson.ActionNoop}, tfjson.Actions{create}, true,
			map[string][]string{"aws_subnet.b": nil}},
		{"an update waits as a creation does", tfjson.Actions{update}, tfjson.Actions{update}, true,
			map[string][]string{"aws_vpc.a": nil, "aws_subnet.b": {"aws_vpc.a"}}},
		{"what refers is deleted first", tfjson.Actions{remove}, tfjson.Actions{remove}, false,
			map[string][]string{"aws_vpc.a": {"aws_subnet.b"}, "aws_subnet.b": nil}},
		{"a replacement deletes, then creates", tfjson.Actions{remove, create}, tfjson.Actions{remove, create}, true,
			map[string][]string{
				"aws_vpc.a": {"aws_vpc.a (destroy)"}, "aws_vpc.a (destroy)": {"aws_subnet.b (destroy)"},
				"aws_subnet.b": {"aws_vpc.a", "aws_subnet.b (destroy)"}, "aws_subnet.b (destroy)": nil,
			}},
		{"a gentle one creates, lets the others change over, then deletes", tfjson.Actions{create, remove}, tfjson.Actions{update}, true,
			map[string][]string{
				"aws_vpc.a": nil, "aws_subnet.b": {"aws_vpc.a"}, "aws_vpc.a (destroy)": {"aws_subnet.b", "aws_vpc.a"},
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			document := &tfjson.Plan{
				ResourceChanges: []*tfjson.ResourceChange{
					{Address: "aws_vpc.a", Type: "aws_vpc", Mode: tfjson.ManagedResourceMode, Change: &tfjson.Change{Actions: test.a}},
					{Address: "aws_subnet.b", Type: "aws_subnet", Mode: tfjson.ManagedResourceMode, Change: &tfjson.Change{Actions: test.b}},
					{Address: "data.aws_region.c", Type: "aws_region", Mode: tfjson.DataResourceMode,
						Change: &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionRead}}},
				},
				PriorState: &tfjson.State{Values: &tfjson.StateValues{RootModule: &tfjson.StateModule{Resources: []*tfjson.StateResource{
					{Address: "aws_vpc.a", Type: "aws_vpc", Mode: tfjson.ManagedResourceMode},
					{Address: "aws_subnet.b", Type: "aws_subnet", Mode: tfjson.ManagedResourceMode, DependsOn: []string{"aws_vpc.a"}},
				}}}},
			}
			if test.written {
				document.Config = &tfjson.Config{RootModule: &tfjson.ConfigModule{Resources: []*tfjson.ConfigResource{
					{Address: "aws_vpc.a", Mode: tfjson.ManagedResourceMode, Type: "aws_vpc", Name: "a"},
					{Address: "aws_subnet.b", Mode: tfjson.ManagedResourceMode, Type: "aws_subnet", Name: "b", Expressions: map[string]*tfjson.Expression{
						"vpc_id": {ExpressionData: &tfjson.ExpressionData{References: []string{"aws_vpc.a.id", "aws_vpc.a"}}},
					}},
				}}}
			}
			work, _ := Plan(plan.Read(document), nil)
			got := map[string][]string{}
			for _, w := range work {
				got[w.ID] = w.After
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("what comes after what (-want +got):\n%s", diff)
			}
		})
	}
}
