package lifecycle_test

import (
	"testing"

	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestImportIDs is the specification of the ids by which what a killed run has made is imported on AWS. Source: "Import"
// on each resource's page of the AWS provider's documentation.
func TestImportIDs(t *testing.T) {
	type object = map[string]any
	for _, test := range []struct {
		name, typ, id string
		planned       object
		want          string
	}{
		{"a VPC that was made", "aws_vpc", "vpc-1", nil, "vpc-1"},
		{"a VPC of which the answer was lost", "aws_vpc", "", object{"cidr_block": "10.0.0.0/16"}, ""},
		{"a role of which the answer was lost", "aws_iam_role", "", object{"name": "coder"}, "coder"},
		{"a route, whose id cannot be imported", "aws_route", "r-rtb-11080289494",
			object{"route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"}, "rtb-1_0.0.0.0/0"},
		{"a route whose table is not known yet", "aws_route", "r-rtb-11080289494", object{"destination_cidr_block": "0.0.0.0/0"}, ""},
		{"an association of an identity", "aws_eks_pod_identity_association", "a-1", object{"cluster_name": "coder"}, "coder,a-1"},
		{"what cannot be imported", "aws_autoscaling_attachment", "asg-1", nil, ""},
		{"a release", "helm_release", "coder", object{"namespace": "coder", "name": "coder"}, "coder/coder"},
	} {
		lost := lifecycle.Lost{Trace: engine.Trace{Type: test.typ, ID: test.id}, Planned: test.planned}
		if got, err := (&lifecycle.AWS{}).Identify(t.Context(), lost); err != nil || got != test.want {
			t.Errorf("%s: %q, %v; want %q", test.name, got, err, test.want)
		}
	}
}

// TestAdoptedChanges holds that a plan says what it adopts, and whether it changes it besides.
func TestAdoptedChanges(t *testing.T) {
	imported := func(address string, actions ...tfjson.Action) *tfjson.ResourceChange {
		change := &tfjson.Change{Actions: actions, Importing: &tfjson.Importing{ID: address + "-1"}}
		return &tfjson.ResourceChange{Address: address, Mode: tfjson.ManagedResourceMode, Change: change}
	}
	got := lifecycle.Changes(plan.Read(&tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{
		imported("a", tfjson.ActionNoop), imported("b", tfjson.ActionUpdate),
	}}))
	if len(got) != 2 || got[0].Action != "adopt" || got[0].Adopted != "a-1" || got[1].Action != "update" || got[1].Adopted != "b-1" {
		t.Errorf("changes %+v, want a adopted, and b adopted and updated", got)
	}
}
