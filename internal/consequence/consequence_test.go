package consequence_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"coderaws/internal/consequence"
	"coderaws/internal/plan"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
)

type object = map[string]any

// change is a change of one resource; nil before or after means that it is not there.
func change(address, typ string, before, after object) *tfjson.ResourceChange {
	c := &tfjson.Change{Actions: tfjson.Actions{tfjson.ActionUpdate}}
	switch {
	case before == nil:
		c.Actions = tfjson.Actions{tfjson.ActionCreate}
	case after == nil:
		c.Actions = tfjson.Actions{tfjson.ActionDelete}
	}
	if before != nil {
		c.Before = before
	}
	if after != nil {
		c.After = after
	}
	return &tfjson.ResourceChange{Address: address, Mode: tfjson.ManagedResourceMode, Type: typ, Change: c}
}

// replaced is the same resource, made anew.
func replaced(c *tfjson.ResourceChange) *tfjson.ResourceChange {
	c.Change.Actions = tfjson.Actions{tfjson.ActionCreate, tfjson.ActionDelete}
	return c
}

func group(kind, prefix string, more object) object {
	values := object{"labels": object{"coderaws/node": kind}, "node_group_name_prefix": prefix, "version": "1.35"}
	for name, value := range more {
		values[name] = value
	}
	return values
}

// TestConsequences is the specification of what a change means for people: a plan, and the beginning of each sentence.
func TestConsequences(t *testing.T) {
	const groupType = "aws_eks_node_group"
	newer := object{"version": "1.36"}
	tests := []struct {
		name    string
		changes []*tfjson.ResourceChange
		want    []string
	}{
		{"nothing changes", nil, nil},
		{"a first deployment interrupts nobody", []*tfjson.ResourceChange{change("a", "aws_eks_cluster", nil, object{"version": "1.36"})}, nil},
		{"alarms, logs and rights are nobody's concern", []*tfjson.ResourceChange{
			change("a", "aws_cloudwatch_metric_alarm", object{"threshold": 1.0}, object{"threshold": 2.0}),
			change("b", "aws_iam_role_policy", object{"policy": "x"}, nil),
		}, nil},
		{"what nobody knows is said to be unknown", []*tfjson.ResourceChange{change("a", "aws_sqs_queue", object{"x": 1.0}, object{"x": 2.0})},
			[]string{"unknown people: it is not known what a change of aws_sqs_queue does"}},

		{"Kubernetes is upgraded", []*tfjson.ResourceChange{change("a", "aws_eks_cluster", object{"version": "1.35"}, newer)},
			[]string{"noticed administrators: Kubernetes goes from 1.35 to 1.36 in about ten minutes"}},
		{"the API is reached from elsewhere", []*tfjson.ResourceChange{
			change("a", "aws_eks_cluster", object{"version": "1.35", "vpc_config": 1.0}, object{"version": "1.35", "vpc_config": 2.0})},
			[]string{"noticed administrators: it changes from where the Kubernetes API is reached"}},
		{"the cluster is replaced", []*tfjson.ResourceChange{replaced(change("a", "aws_eks_cluster", object{"name": "a"}, object{"name": "b"}))},
			[]string{"interrupts everybody: the Kubernetes cluster goes: Coder is away and all workspaces stop"}},

		{"nodes of coderd are upgraded", []*tfjson.ResourceChange{
			change("a", groupType, group("control", "control-", nil), group("control", "control-", newer))},
			[]string{"interrupts everybody: the nodes of coderd are replaced, one after the other"}},
		{"nodes of provisioners get another instance type", []*tfjson.ResourceChange{
			replaced(change("a", groupType, group("provisioner", "provisioner-", nil), group("provisioner", "provisioner-", nil)))},
			[]string{"interrupts who starts or stops a workspace: the nodes of provisioners are replaced, all at once, after"}},
		{"three groups of workspaces are upgraded: one sentence", []*tfjson.ResourceChange{
			change("a", groupType, group("workspace", "workspace-us-east-1a-", nil), group("workspace", "workspace-us-east-1a-", newer)),
			change("b", groupType, group("workspace", "workspace-us-east-1b-", nil), group("workspace", "workspace-us-east-1b-", newer)),
			change("c", groupType, group("workspace", "workspace-us-east-1c-", nil), group("workspace", "workspace-us-east-1c-", newer))},
			[]string{"interrupts people in workspaces: nodes with workspaces go, one after the other"}},
		{"the bounds of a group change", []*tfjson.ResourceChange{
			change("a", groupType, group("workspace", "w-", object{"scaling_config": 1.0}),
				group("workspace", "w-", object{"scaling_config": 2.0}))}, nil},
		{"spot goes, and its zone has another group", []*tfjson.ResourceChange{
			change("a", groupType, group("workspace", "workspace-spot-us-east-1a-", nil), nil),
			change("b", groupType, group("workspace", "workspace-us-east-1a-", nil), group("workspace", "workspace-us-east-1a-", nil))},
			[]string{"interrupts people in workspaces: nodes with workspaces go, all at once, with nothing in their place"}},
		{"a zone goes, and homes in it strand", []*tfjson.ResourceChange{
			change("a", groupType, group("workspace", "workspace-us-east-1a-", nil), group("workspace", "workspace-us-east-1a-", newer)),
			change("b", groupType, group("workspace", "workspace-us-east-1b-", nil), nil)},
			[]string{"interrupts people in workspaces: nodes with workspaces go, one after",
				"interrupts people in workspaces: nodes with workspaces go, all",
				"interrupts people whose homes are in us-east-1b: no node starts there any more"}},

		{"a minor version of PostgreSQL", []*tfjson.ResourceChange{
			change("a", "aws_rds_cluster", object{"engine_version": "17.6"}, object{"engine_version": "17.7", "apply_immediately": true})},
			[]string{"interrupts everybody: PostgreSQL goes from 17.6 to 17.7: Coder waits for its database for about a minute"}},
		{"a minor version of PostgreSQL that waits", []*tfjson.ResourceChange{
			change("a", "aws_rds_cluster", object{"engine_version": "17.6"},
				object{"engine_version": "17.7", "preferred_maintenance_window": "sun:05:00-sun:05:30"})},
			[]string{"interrupts everybody: PostgreSQL goes from 17.6 to 17.7 in the next maintenance window of the database, " +
				"sun:05:00-sun:05:30 in UTC"}},
		{"a major version of PostgreSQL", []*tfjson.ResourceChange{
			change("a", "aws_rds_cluster", object{"engine_version": "16"}, object{"engine_version": "17"})},
			[]string{"interrupts everybody: PostgreSQL goes from 16 to 17: Coder is away for 10 to 30 minutes"}},
		{"more capacity for the database", []*tfjson.ResourceChange{
			change("a", "aws_rds_cluster", object{"engine_version": "17", "x": 1.0}, object{"engine_version": "17", "x": 2.0})}, nil},
		{"an instance of the database goes", []*tfjson.ResourceChange{change("a", "aws_rds_cluster_instance", object{"id": "x"}, nil)},
			[]string{"interrupts everybody: an instance of the database goes"}},

		{"the load balancer is replaced", []*tfjson.ResourceChange{
			replaced(change("a", "aws_lb", object{"internal": false}, object{"internal": true}))},
			[]string{"interrupts everybody: the way to Coder through the load balancer is made anew"}},
		{"a range may no longer come", []*tfjson.ResourceChange{
			change("a", "aws_vpc_security_group_ingress_rule", object{"cidr_ipv4": "203.0.113.0/24"}, nil)},
			[]string{"interrupts who comes from 203.0.113.0/24: they no longer get in"}},
		{"a NAT gateway and its address go", []*tfjson.ResourceChange{
			change("a", "aws_eip", object{"public_ip": "198.51.100.7"}, nil), change("b", "aws_nat_gateway", object{"id": "x"}, nil)},
			[]string{"interrupts people in workspaces: connections to the internet",
				"noticed who lists addresses of nodes: the internet no longer sees 198.51.100.7"}},
		{"an endpoint goes", []*tfjson.ResourceChange{
			change("a", "aws_vpc_endpoint", object{"service_name": "com.amazonaws.us-east-1.ecr.api"}, nil)},
			[]string{"interrupts everybody: the endpoint of com.amazonaws.us-east-1.ecr.api goes"}},
		{"an endpoint has another policy", []*tfjson.ResourceChange{
			change("a", "aws_vpc_endpoint", object{"policy": "a"}, object{"policy": "b"})}, nil},
		{"a connection to shared endpoints goes, and a name there", []*tfjson.ResourceChange{
			change("a", "aws_ec2_transit_gateway_vpc_attachment", object{"transit_gateway_id": "tgw-1"}, nil),
			change("b", "aws_route53_resolver_rule_association", object{"resolver_rule_id": "rslvr-rr-1"}, nil)},
			[]string{"interrupts everybody: a connection to other networks goes", "interrupts everybody: a name in DNS goes"}},
		{"an attachment takes in another zone", []*tfjson.ResourceChange{
			change("a", "aws_ec2_transit_gateway_vpc_attachment", object{"subnet_ids": "a"}, object{"subnet_ids": "b"})}, nil},
		{"a subnet is replaced", []*tfjson.ResourceChange{replaced(change("a", "aws_subnet", object{"cidr": "a"}, object{"cidr": "b"}))},
			[]string{"interrupts everybody: a part of the network"}},
		{"an administrator goes", []*tfjson.ResourceChange{change("a", "aws_eks_access_entry", object{"principal_arn": "arn:x"}, nil)},
			[]string{"noticed administrators: arn:x may no longer administer the cluster"}},
		{"what an account is watched by goes", []*tfjson.ResourceChange{
			change("a", "aws_cloudtrail", object{"name": "a"}, nil), change("b", "aws_securityhub_account", object{"id": "1"}, nil),
			change("c", "aws_guardduty_detector_feature", object{"name": "a"}, nil)},
			[]string{"noticed administrators: no trail keeps who did what, unless something else",
				"noticed administrators: Security Hub no longer checks the account"}},
		{"a trail has another key", []*tfjson.ResourceChange{
			change("a", "aws_cloudtrail", object{"kms_key_id": "a"}, object{"kms_key_id": "b"})}, nil},

		{"another Coder", []*tfjson.ResourceChange{
			change("a", "helm_release", object{"chart": "coder", "version": "2.34.0"}, object{"chart": "coder", "version": "2.35.1"})},
			[]string{"interrupts everybody: Coder goes from 2.34.0 to 2.35.1"}},
		{"other settings of coderd", []*tfjson.ResourceChange{
			change("a", "helm_release", object{"chart": "coder", "version": "2.35.1"}, object{"chart": "coder", "version": "2.35.1"})},
			[]string{"interrupts everybody: coderd starts anew with its settings"}},
		{"the autoscaler's chart", []*tfjson.ResourceChange{
			change("a", "helm_release", object{"chart": "cluster-autoscaler", "version": "1"},
				object{"chart": "cluster-autoscaler", "version": "2"})}, nil},
		{"another image of the first owner's job", []*tfjson.ResourceChange{
			change("a", "helm_release", object{"chart": "../../charts/entrance", "values": 1.0},
				object{"chart": "../../charts/entrance", "values": 2.0})}, nil},
		{"the way in is uninstalled", []*tfjson.ResourceChange{change("a", "helm_release", object{"chart": "../../charts/entrance"}, nil)},
			[]string{"interrupts everybody: the load balancer no longer finds Coder"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := consequence.Of(plan.Read(&tfjson.Plan{ResourceChanges: test.changes}))
			var said []string
			for i, c := range got {
				line := string(c.Effect) + " " + c.Who + ": " + c.Text
				if i < len(test.want) && strings.HasPrefix(line, test.want[i]) {
					line = test.want[i]
				}
				said = append(said, line)
				if len(c.Addresses) == 0 {
					t.Errorf("%s: of no resource", line)
				}
			}
			if diff := cmp.Diff(test.want, said); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTypesOfTheStacks: of nothing that the modules and stacks make is it unknown what its changes mean.
func TestTypesOfTheStacks(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../../modules/*/*.tf", "../../stacks/*/*.tf"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	types := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`(?m)^resource "(\w+)"`).FindAllSubmatch(text, -1) {
			types[string(match[1])] = true
		}
	}
	if len(types) < 40 {
		t.Fatalf("only %d types were found", len(types))
	}
	for name := range types {
		if name == "helm_release" {
			continue // goes by the chart
		}
		p := plan.Read(&tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{change("a", name, object{"x": 1.0}, object{"x": 2.0})}})
		for _, c := range consequence.Of(p) {
			if c.Effect == consequence.Unknown {
				t.Errorf("%s: %s", name, c.Text)
			}
		}
	}
}
