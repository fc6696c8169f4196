package permission_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/world"
)

// call is one of Terraform's in us-east-1.
func call(typeName string, action world.Action, id string, object world.Object) *model.Call {
	c := &model.Call{
		World: world.New(world.Options{Now: func() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }}),
		Type:  &model.Type{Name: typeName}, Action: action, Account: world.DefaultAccount, Region: "us-east-1", ProviderRegion: "us-east-1",
		ID: id, Object: object,
	}
	if action != world.Create {
		c.Prior = object
	}
	return c
}

// TestNeeds: what the calls of the provider take, on what, and how much of that is known beforehand.
func TestNeeds(t *testing.T) {
	tags := world.Object{"coderaws:deployment": "coder"}
	for _, test := range []struct {
		name string
		call *model.Call
		want []string
	}{
		{"a VPC that is made with tags: AWS chooses its id", call("aws_vpc", world.Create, "", world.Object{"tags_all": tags}), []string{
			"ec2:CreateVpc arn:aws:ec2:us-east-1:123456789012:vpc/* foreseen arn:aws:ec2:us-east-1:123456789012:vpc/*",
			"ec2:CreateTags arn:aws:ec2:us-east-1:123456789012:vpc/* foreseen arn:aws:ec2:us-east-1:123456789012:vpc/*"}},
		{"a subnet that is deleted", call("aws_subnet", world.Delete, "subnet-1", world.Object{}), []string{
			"ec2:DeleteSubnet arn:aws:ec2:us-east-1:123456789012:subnet/subnet-1 foreseen arn:aws:ec2:us-east-1:123456789012:subnet/*"}},
		{"a subnet is made in a VPC", call("aws_subnet", world.Create, "", world.Object{"vpc_id": "vpc-1"}), []string{
			"ec2:CreateSubnet arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1 foreseen arn:aws:ec2:us-east-1:123456789012:vpc/*"}},
		{"a role has a path", call("aws_iam_role", world.Create, "", world.Object{"name": "coderd", "path": "/coder/"}), []string{
			"iam:CreateRole arn:aws:iam::123456789012:role/coder/coderd foreseen arn:aws:iam::123456789012:role/coder/coderd"}},
		{"a cluster is given a role, and makes that of EKS", call("aws_eks_cluster", world.Create, "", world.Object{"name": "coder",
			"role_arn": "arn:aws:iam::123456789012:role/coder-cluster"}), []string{
			"iam:PassRole arn:aws:iam::123456789012:role/coder-cluster foreseen arn:aws:iam::123456789012:role/coder-cluster",
			"iam:CreateServiceLinkedRole arn:aws:iam::123456789012:role/aws-service-role/eks.amazonaws.com/*"}},
		{"a secret has six characters behind its name", call("aws_secretsmanager_secret", world.Read, "x", world.Object{"name": "coder/license",
			"arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf"}), []string{
			"secretsmanager:DescribeSecret arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf foreseen " +
				"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license*"}},
		{"a log group ends with :*, but for tags", call("aws_cloudwatch_log_group", world.Create, "", world.Object{"name": "/coder",
			"tags_all": tags}), []string{
			"logs:CreateLogGroup arn:aws:logs:us-east-1:123456789012:log-group:/coder:* foreseen",
			"logs:TagResource arn:aws:logs:us-east-1:123456789012:log-group:/coder foreseen"}},
		{"S3 calls some operations otherwise", call("aws_s3_bucket", world.Read, "b", world.Object{"bucket": "b"}), []string{
			"s3:GetEncryptionConfiguration arn:aws:s3:::b foreseen arn:aws:s3:::b", "s3:ListBucket arn:aws:s3:::b foreseen arn:aws:s3:::b"}},
		{"alarms are listed without a name", call("aws_cloudwatch_metric_alarm", world.Read, "a", world.Object{"alarm_name": "a"}), []string{
			"cloudwatch:DescribeAlarms arn:aws:cloudwatch:us-east-1:123456789012:alarm:*"}},
		{"a key of a database is used on behalf of who asks", call("aws_rds_cluster", world.Create, "", world.Object{
			"cluster_identifier": "coder", "kms_key_id": "arn:aws:kms:us-east-1:123456789012:key/1"}), []string{
			"rds:CreateDBCluster arn:aws:rds:us-east-1:123456789012:cluster:coder foreseen arn:aws:rds:us-east-1:123456789012:cluster:coder",
			"kms:CreateGrant arn:aws:kms:us-east-1:123456789012:key/1 foreseen arn:aws:kms:us-east-1:123456789012:key/*"}},
		{"a load balancer for connections", call("aws_lb", world.Create, "", world.Object{"name": "coder", "load_balancer_type": "network"}),
			[]string{"elasticloadbalancing:CreateLoadBalancer arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/coder/*"}},
		{"one for requests", call("aws_lb", world.Create, "", world.Object{"name": "coder"}),
			[]string{"elasticloadbalancing:CreateLoadBalancer arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/coder/*"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, n := range permission.Needs(test.call) {
				got = append(got, fmt.Sprintf("%s %s foreseen %s", n.Action, n.Resource, n.Foreseen))
			}
			for _, want := range test.want {
				if !slices.ContainsFunc(got, func(one string) bool { return strings.HasPrefix(one, want) }) {
					t.Errorf("no %s in\n%s", want, strings.Join(got, "\n"))
				}
			}
		})
	}
	t.Run("a VPC that is made without tags is not tagged", func(t *testing.T) {
		for _, n := range permission.Needs(call("aws_vpc", world.Create, "", world.Object{})) {
			if n.Action == "ec2:CreateTags" {
				t.Errorf("%+v", n)
			}
		}
	})
	t.Run("what changes something comes first", func(t *testing.T) {
		if first := permission.Needs(call("aws_vpc", world.Create, "", world.Object{}))[0].Action; first != "ec2:CreateVpc" {
			t.Error(first)
		}
	})
}

// TestCallsFit: no part of an ARN is left open, and each type that the stacks use was recorded.
func TestCallsFit(t *testing.T) {
	calls := facts.ProviderCalls()
	if len(calls.Calls) < 80 || len(calls.Actions) < 200 {
		t.Fatalf("%d types, %d actions", len(calls.Calls), len(calls.Actions))
	}
	for name, operations := range calls.Calls {
		for operation := range operations {
			c := call(name, world.Action(operation), "", world.Object{"tags_all": world.Object{"a": "b"}})
			for _, n := range permission.Needs(c) {
				if strings.Contains(n.Resource+n.Foreseen, "${") || n.Resource == "" || n.Foreseen == "" {
					t.Errorf("%s %s: %s on %q, foreseen %q", name, operation, n.Action, n.Resource, n.Foreseen)
				}
			}
		}
	}
}
