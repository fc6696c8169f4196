package inventory

import (
	"encoding/json"
	"strings"
	"testing"

	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// planOf is a plan that makes one resource, of which it does not know what unknown marks.
func planOf(typ string, values, unknown map[string]any) *plan.Plan {
	address := typ + ".x"
	return plan.Read(&tfjson.Plan{
		PlannedValues: &tfjson.StateValues{RootModule: &tfjson.StateModule{Resources: []*tfjson.StateResource{{
			Address: address, Mode: tfjson.ManagedResourceMode, Type: typ, AttributeValues: values,
		}}}},
		ResourceChanges: []*tfjson.ResourceChange{{
			Address: address, Mode: tfjson.ManagedResourceMode, Type: typ,
			Change: &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionCreate}, After: values, AfterUnknown: unknown},
		}},
	})
}

// TestUnknown: what is not known is not taken for AWS's default, nor for nothing; what is not there is AWS's default.
func TestUnknown(t *testing.T) {
	type object = map[string]any
	for _, test := range []struct {
		name, typ string
		values    object
		unknown   object
		// want is a part of the inventory as JSON.
		want string
	}{
		{"a group of EKS's defaults", "aws_eks_node_group",
			object{"scaling_config": []any{object{"min_size": 1.0, "max_size": 2.0, "desired_size": 1.0}}}, nil,
			`"instance_types":["t3.medium"],"capacity_type":"ON_DEMAND","min":1,"desired":1,"max":2,"subnets":[],"zones":[]}`},
		{"a group of which nothing is known", "aws_eks_node_group", object{"scaling_config": []any{object{}}},
			object{"scaling_config": []any{object{"min_size": true, "max_size": true, "desired_size": true}}, "instance_types": true,
				"capacity_type": true, "disk_size": true},
			`"instance_types":null,"capacity_type":"","min":null,"desired":null,"max":null,"subnets":[],"zones":[],"disk_gib":null}`},
		{"a group with somebody else's template", "aws_eks_node_group",
			object{"scaling_config": []any{object{"min_size": 1.0, "max_size": 1.0, "desired_size": 1.0}},
				"launch_template": []any{object{"id": "lt-1"}}}, nil,
			`"instance_types":null,"capacity_type":"ON_DEMAND","min":1,"desired":1,"max":1,"subnets":[],"zones":[],"disk_gib":null}`},
		{"an Auto Scaling group begins with the least", "aws_autoscaling_group", object{"min_size": 3.0, "max_size": 5.0}, nil,
			`"min":3,"desired":3,"max":5`},
		{"unless somebody says so who is not known yet", "aws_autoscaling_group", object{"min_size": 3.0, "max_size": 5.0},
			object{"desired_capacity": true},
			`"min":3,"desired":null,"max":5`},
		{"an endpoint", "aws_vpc_endpoint", nil, nil, `"kind":"Gateway"`},
		{"an endpoint of a kind that is not known", "aws_vpc_endpoint", nil, object{"vpc_endpoint_type": true}, `"kind":""`},
		{"a load balancer", "aws_lb", nil, nil, `"kind":"application","internal":false`},
		{"a load balancer of which nothing is known", "aws_lb", nil, object{"load_balancer_type": true, "internal": true},
			`"kind":"","internal":null`},
		{"a log group", "aws_cloudwatch_log_group", nil, nil, `"retention_days":0`},
		{"a log group that is kept for nobody knows how long", "aws_cloudwatch_log_group", nil, object{"retention_in_days": true},
			`"retention_days":null`},
		{"a database", "aws_rds_cluster", nil, nil, `"encrypted":false,"backup_days":1`},
		{"a database of which nothing is known", "aws_rds_cluster", object{"serverlessv2_scaling_configuration": []any{object{}}},
			object{"serverlessv2_scaling_configuration": []any{object{"min_capacity": true, "max_capacity": true}}, "storage_encrypted": true,
				"backup_retention_period": true},
			`"min_acu":null,"max_acu":null,"subnets":[],"instances":[],"encrypted":null,"backup_days":null`},
		{"a member of a database that is not known", "aws_rds_cluster_instance", object{"instance_class": "db.r6g.large"},
			object{"cluster_identifier": true},
			`"loose_database_instances":[{"address":"aws_rds_cluster_instance.x"`},
		{"a control plane", "aws_eks_cluster", object{"vpc_config": []any{object{}}}, nil, `"public_endpoint":true`},
		{"a control plane of which nobody knows who reaches it", "aws_eks_cluster", object{"vpc_config": []any{object{}}},
			object{"vpc_config": []any{object{"endpoint_public_access": true}}},
			`"public_endpoint":null`},
		{"a gateway that may be private", "aws_nat_gateway", nil, object{"connectivity_type": true}, `"private":null`},
	} {
		t.Run(test.name, func(t *testing.T) {
			inv := read(t, planOf(test.typ, test.values, test.unknown), nil)
			text, err := json.Marshal(inv)
			if err != nil || !strings.Contains(string(text), test.want) {
				t.Errorf("%s, %v\nlacks %s", text, err, test.want)
			}
		})
	}
}

// TestNegative: no engine plans fewer than no nodes.
func TestNegative(t *testing.T) {
	_, err := Read(planOf("aws_autoscaling_group", map[string]any{"min_size": -1.0, "max_size": 5.0}, nil), nil)
	if err == nil || !strings.Contains(err.Error(), "the plan has -1 for min_size") {
		t.Errorf("%v", err)
	}
	if _, err := Read(planOf("aws_cloudwatch_log_group", map[string]any{"retention_in_days": -30.0}, nil), nil); err == nil {
		t.Error("logs that are kept for less than no days")
	}
}

// TestSecretNames: a name that is a secret is not shown.
func TestSecretNames(t *testing.T) {
	p := planOf("aws_kms_key", map[string]any{"description": "the key of project x", "tags": map[string]any{"Name": "project-x"}}, nil)
	p.Document.ResourceChanges[0].Change.AfterSensitive = map[string]any{"description": true, "tags": map[string]any{"Name": true}}
	if key := read(t, plan.Read(p.Document), nil).Keys[0]; key.Name != "" || key.Description != "" {
		t.Errorf("%q, %q", key.Name, key.Description)
	}
}
