package permissions

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"coderaws/internal/iampolicy"
)

func arn(rest string) string { return "arn:aws:" + rest }

// life is a small one: a VPC, two roles of which one is passed, and a key that stays.
func life() []Request {
	vpc, wide := arn("ec2:us-east-1:123456789012:vpc/vpc-1"), arn("ec2:us-east-1:123456789012:vpc/*")
	role := arn("iam::123456789012:role/coder-cluster")
	return []Request{
		{Operation: "configure", Action: "sts:GetCallerIdentity", Resource: "*", Foreseen: "*"},
		{Operation: "read", Action: "ec2:DescribeVpcs", Resource: "*", Foreseen: "*"},
		{Operation: "create", Action: "ec2:CreateVpc", Resource: wide, Foreseen: wide},
		{Operation: "create", Action: "iam:CreateRole", Resource: role, Foreseen: role},
		{Operation: "create", Action: "iam:PassRole", Resource: role, Foreseen: role,
			Context: iampolicy.Context{"iam:passedtoservice": {"eks.amazonaws.com"}}},
		{Operation: "update", Action: "ec2:ModifyVpcAttribute", Resource: vpc, Foreseen: wide},
		{Operation: "delete", Action: "ec2:DeleteVpc", Resource: vpc, Foreseen: wide},
		{Operation: "delete", Action: "iam:DeleteRole", Resource: role, Foreseen: role},
	}
}

// TestStages: what each stage takes of a life.
func TestStages(t *testing.T) {
	for _, test := range []struct {
		stage Stage
		want  string
	}{
		{Plan, "ec2:DescribeVpcs sts:GetCallerIdentity"},
		{Up, "ec2:CreateVpc ec2:DescribeVpcs ec2:ModifyVpcAttribute iam:CreateRole iam:PassRole sts:GetCallerIdentity"},
		{Down, "ec2:DeleteVpc ec2:DescribeVpcs iam:DeleteRole sts:GetCallerIdentity"},
		{All, "ec2:CreateVpc ec2:DeleteVpc ec2:DescribeVpcs ec2:ModifyVpcAttribute iam:CreateRole iam:DeleteRole iam:PassRole " +
			"sts:GetCallerIdentity"},
	} {
		requests := Of(test.stage, life())
		policies := Least("coder", requests)
		if got := strings.Join(Actions(policies...), " "); got != test.want {
			t.Errorf("%s: %s, not %s", test.stage, got, test.want)
		}
		if proof := Prove(policies, requests); !proof.Holds() || proof.Actions != len(strings.Fields(test.want)) {
			t.Errorf("%s: %+v", test.stage, proof)
		}
	}
}

// TestStatements: what stands in a policy for a life.
func TestStatements(t *testing.T) {
	var got []string
	for _, s := range Least("coder", life())[0].Statements {
		got = append(got, fmt.Sprintf("%s: %s on %s %v", s.SID, strings.Join(s.Actions, ","), strings.Join(s.Resources, ","), s.Condition))
	}
	want := []string{
		"Ec2Anything: ec2:DescribeVpcs on * map[]",
		"Ec2Vpc: ec2:CreateVpc,ec2:DeleteVpc,ec2:ModifyVpcAttribute on arn:aws:ec2:us-east-1:123456789012:vpc/* map[]",
		"IamRole: iam:CreateRole,iam:DeleteRole on arn:aws:iam::123456789012:role/coder-cluster map[]",
		"IamRole2: iam:PassRole on arn:aws:iam::123456789012:role/coder-cluster map[StringEquals:map[iam:PassedToService:eks.amazonaws.com]]",
		"StsAnything: sts:GetCallerIdentity on * map[]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestProofNotices: a policy that lacks something, and one that has something to spare.
func TestProofNotices(t *testing.T) {
	policies := Least("coder", Of(Plan, life()))
	if proof := Prove(policies, Of(Up, life())); len(proof.Refused) != 4 || proof.Holds() {
		t.Errorf("%+v", proof)
	}
	if proof := Prove(Least("coder", life()), Of(Plan, life())); len(proof.Spare) != 6 || proof.Holds() {
		t.Errorf("%+v", proof)
	}
}

// TestSummary: how much of each service, and where it stands.
func TestSummary(t *testing.T) {
	want := []Service{{"ec2", 4, 1, "1"}, {"iam", 3, 0, "1"}, {"sts", 1, 1, "1"}}
	if got := Summary(Least("coder", life())); !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	twice := append(Least("coder", life()), Least("coder", life())...)
	if got := Summary(twice); got[0] != (Service{"ec2", 4, 1, "1, 2"}) {
		t.Errorf("%v", got)
	}
}

// TestCollapse: many of one kind are named by the deployment's name, and what another covers is left out.
func TestCollapse(t *testing.T) {
	roles := func(names ...string) []string {
		for i := range names {
			names[i] = arn("iam::1:role/" + names[i])
		}
		return names
	}
	for _, test := range []struct{ given, want []string }{
		{roles("coder-a", "coder-b"), roles("coder-a", "coder-b")},
		{roles("coder-a", "coder-b", "coder-c", "coder-d", "coder-e", "other"), roles("coder-*", "other")},
		{roles("coder-a", "coder-*"), roles("coder-*")},
		{roles("decoder"), roles("decoder")},
	} {
		if got := collapse("coder", test.given); !slices.Equal(got, test.want) {
			t.Errorf("%v: %v, not %v", test.given, got, test.want)
		}
	}
}

// TestSize: each policy is one that IAM takes, however much is asked for.
func TestSize(t *testing.T) {
	var requests []Request
	for i := range 300 {
		resource := arn(fmt.Sprintf("iam::123456789012:role/role-of-some-length-%03d", i))
		requests = append(requests, Request{Operation: "create", Action: "iam:CreateRole", Resource: resource, Foreseen: resource},
			Request{Operation: "read", Action: fmt.Sprintf("ec2:DescribeSomethingWithALongName%03d", i), Resource: "*", Foreseen: "*"})
	}
	policies := append(Least("coder", requests), State(arn("s3:::state")))
	if len(policies) < 5 {
		t.Errorf("%d policies", len(policies))
	}
	for _, policy := range policies {
		if fault := iampolicy.Fault(iampolicy.Identity, policy.JSON()); fault != "" || iampolicy.Size(policy.JSON()) > 6144 {
			t.Errorf("%s, %d characters: %s", fault, iampolicy.Size(policy.JSON()), policy.JSON())
		}
	}
	if proof := Prove(policies[:len(policies)-1], requests); !proof.Holds() {
		t.Errorf("%+v", proof)
	}
}
