package inventory_test

import (
	"testing"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestVolumesOfNodes: a node has all volumes of its launch template.
func TestVolumesOfNodes(t *testing.T) {
	volume := func(size any) map[string]any {
		return map[string]any{"ebs": []any{map[string]any{"volume_size": size}}}
	}
	for _, test := range []struct {
		name     string
		mappings []any
		want     plan.Maybe[int]
	}{
		{"none", nil, plan.Null[int]()},
		{"one", []any{volume(100.0)}, plan.Known(100)},
		{"two, as Bottlerocket has", []any{volume(4.0), volume(100.0)}, plan.Known(104)},
		{"one whose size the image decides", []any{volume(nil), volume(100.0)}, plan.Known(100)},
	} {
		module := &tfjson.StateModule{Resources: []*tfjson.StateResource{
			{Address: "aws_launch_template.nodes", Type: "aws_launch_template", Name: "nodes", Mode: tfjson.ManagedResourceMode,
				AttributeValues: map[string]any{"id": "lt-1", "block_device_mappings": test.mappings}},
			{Address: "aws_eks_node_group.nodes", Type: "aws_eks_node_group", Name: "nodes", Mode: tfjson.ManagedResourceMode,
				AttributeValues: map[string]any{"node_group_name": "nodes", "launch_template": []any{map[string]any{"id": "lt-1"}}}},
		}}
		inv, err := inventory.Read(plan.Read(&tfjson.Plan{PlannedValues: &tfjson.StateValues{RootModule: module}}), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := inv.NodeGroups[0].DiskGiB; got != test.want {
			t.Errorf("%s: a node has %v GiB, want %v", test.name, got, test.want)
		}
	}
}
