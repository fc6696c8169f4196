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
			got := driftedAttributes(plan.Read(&tfjson.Plan{ResourceDrift: drift}).Drift()[0], nil)
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("drifted (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOwnParts holds that what the deployment's own resources have made in another is no drift, and all else is.
func TestOwnParts(t *testing.T) {
	type object = map[string]any
	type list = []any
	own := []*tfjson.StateResource{
		{Type: "aws_iam_role_policy", AttributeValues: object{"role": "coder", "name": "logs", "policy": `{"Version":"1","Statement":[]}`}},
		{Type: "aws_iam_role_policy_attachment", AttributeValues: object{"role": "coder", "policy_arn": "arn:cni"}},
		{Type: "aws_vpc_security_group_ingress_rule", AttributeValues: object{"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/16",
			"from_port": 443.0, "to_port": 443.0, "ip_protocol": "tcp", "description": "a"}},
		{Type: "aws_vpc_security_group_ingress_rule", AttributeValues: object{"security_group_id": "sg-1",
			"referenced_security_group_id": "sg-1", "from_port": 443.0, "to_port": 443.0, "ip_protocol": "tcp", "description": "a"}},
		{Type: "aws_vpc_security_group_ingress_rule", AttributeValues: object{"security_group_id": "sg-2", "cidr_ipv4": "10.9.0.0/16",
			"from_port": 22.0, "to_port": 22.0, "ip_protocol": "tcp", "description": "a"}},
		{Type: "aws_rds_cluster_instance", AttributeValues: object{"cluster_identifier": "db", "identifier": "db-1"}},
	}
	rule := func(ports float64, self bool, ranges ...any) list {
		return list{object{
			"cidr_blocks": list(ranges), "from_port": ports, "to_port": ports, "protocol": "tcp", "description": "a", "self": self,
		}}
	}
	for _, test := range []struct {
		name, typ, attribute, id string
		before, after            any
		own                      bool
	}{
		{"a policy of our own", "aws_iam_role", "inline_policy", "coder", list{},
			list{object{"name": "logs", "policy": `{"Statement": [], "Version": "1"}`}}, true},
		{"a policy that somebody has added", "aws_iam_role", "inline_policy", "coder", list{},
			list{object{"name": "more", "policy": `{}`}}, false},
		{"our own policy, changed", "aws_iam_role", "inline_policy", "coder", list{},
			list{object{"name": "logs", "policy": `{"Statement":[1]}`}}, false},
		{"the policy of another role", "aws_iam_role", "inline_policy", "other", list{},
			list{object{"name": "logs", "policy": `{"Version":"1","Statement":[]}`}}, false},
		{"an attachment of our own", "aws_iam_role", "managed_policy_arns", "coder", list{}, list{"arn:cni"}, true},
		{"an attachment that somebody has added to ours", "aws_iam_role", "managed_policy_arns", "coder", list{},
			list{"arn:admin", "arn:cni"}, false},
		{"two rules of our own, read as one", "aws_security_group", "ingress", "sg-1", list{}, rule(443, true, "10.0.0.0/16"), true},
		{"one of ours with a source that somebody has added", "aws_security_group", "ingress", "sg-1", list{},
			rule(443, true, "10.0.0.0/16", "0.0.0.0/0"), false},
		{"a port that somebody has opened", "aws_security_group", "ingress", "sg-1", list{}, rule(22, false, "10.0.0.0/16"), false},
		{"a rule of another group of ours", "aws_security_group", "ingress", "sg-1", list{}, rule(22, false, "10.9.0.0/16"), false},
		{"an instance of our own", "aws_rds_cluster", "cluster_members", "db", list{}, list{"db-1"}, true},
		{"what AWS alone changes", "aws_acm_certificate", "status", "arn", "PENDING_VALIDATION", "ISSUED", true},
		{"a list that is nobody's but the resource's own", "aws_rds_cluster", "vpc_security_group_ids", "db", list{}, list{"db-1"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			drift := []*tfjson.ResourceChange{{Type: test.typ, Change: &tfjson.Change{
				Before: object{"id": test.id, test.attribute: test.before}, After: object{"id": test.id, test.attribute: test.after},
			}}}
			got := driftedAttributes(plan.Read(&tfjson.Plan{ResourceDrift: drift}).Drift()[0], own)
			if is := len(got) == 0; is != test.own {
				t.Errorf("drifted: %v", got)
			}
		})
	}
}
