package egress_test

import (
	"strings"
	"testing"

	"coderaws/internal/egress"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// made is a resource as it was made.
func made(typ string, values map[string]any) *tfjson.StateResource {
	return &tfjson.StateResource{Address: typ + ".this", Mode: tfjson.ManagedResourceMode, Type: typ, Name: "this", AttributeValues: values}
}

// network is one subnet of nodes, whose role may read a secret by an endpoint, in front of which something may be put.
func network(policy string, more ...*tfjson.StateResource) *egress.Report {
	const role = "arn:aws:iam::123456789012:role/coder-node"
	root := &tfjson.StateModule{Resources: append([]*tfjson.StateResource{
		made("aws_subnet", map[string]any{"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.0.0/24"}),
		made("aws_eks_cluster", map[string]any{"arn": "arn:aws:eks:us-east-1:123456789012:cluster/c"}),
		made("aws_eks_node_group", map[string]any{"node_role_arn": role, "subnet_ids": []any{"subnet-1"}}),
		made("aws_iam_role", map[string]any{"id": "coder-node", "name": "coder-node", "arn": role}),
		made("aws_iam_role_policy", map[string]any{"role": "coder-node", "policy": `{"Statement": {"Effect": "Allow",
			"Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/db-1"}}`}),
		made("aws_vpc_endpoint", map[string]any{"id": "vpce-1", "vpc_id": "vpc-1", "service_name": "com.amazonaws.us-east-1.secretsmanager",
			"vpc_endpoint_type": "Interface", "private_dns_enabled": true, "subnet_ids": []any{"subnet-1"},
			"security_group_ids": []any{"sg-1"}, "policy": policy}),
		made("aws_vpc_security_group_ingress_rule", map[string]any{"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/24",
			"ip_protocol": "tcp", "from_port": 443.0, "to_port": 443.0}),
	}, more...)}
	return egress.Read(plan.Read(&tfjson.Plan{PlannedValues: &tfjson.StateValues{RootModule: root}}).Planned())
}

// secretWay is the way of the call for the secret.
func secretWay(t *testing.T, r *egress.Report) egress.Way {
	t.Helper()
	for _, way := range r.Ways {
		if strings.HasPrefix(way.Calls, "secretsmanager:") {
			return way
		}
	}
	t.Fatalf("nobody asks for the secret: %+v", r)
	return egress.Way{}
}

// TestEndpointPolicies: what the policy of an endpoint says of one call by a role of the account.
func TestEndpointPolicies(t *testing.T) {
	const ours = `"Condition": {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}`
	const all = `{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", ` + ours + `}`
	for _, test := range []struct{ name, statements, missing, opens string }{
		{"everything, for the account", all, "", ""},
		{"everything, for anybody", `{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}`, "", "* with anybody's credentials"},
		{"everything, for a principal of the account",
			`{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "*", "Resource": "*"}`, "", ""},
		{"for a principal of another account", `{"Effect": "Allow", "Principal": {"AWS": "210987654321"}, "Action": "*", "Resource": "*"}`,
			"does not allow secretsmanager:GetSecretValue", ""},
		{"for all but a role", `{"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:role/coder-node"},
			"Action": "*", "Resource": "*"}`, "does not allow", "with anybody's credentials"},
		{"every action but what reads secrets", `{"Effect": "Allow", "Principal": "*", "NotAction": "secretsmanager:Get*", "Resource": "*", ` +
			ours + `}`, "does not allow", ""},
		{"every action but others", `{"Effect": "Allow", "Principal": "*", "NotAction": "iam:*", "Resource": "*"}`, "",
			"everything but iam:* with anybody's credentials"},
		{"every resource but this one", `{"Effect": "Allow", "Principal": "*", "Action": "*", ` + ours + `,
			"NotResource": "arn:aws:secretsmanager:*:*:secret:coder/*"}`, "does not allow", ""},
		{"a denial", all + `, {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}`,
			"denies secretsmanager:GetSecretValue", ""},
		{"a denial of others", all + `, {"Effect": "Deny", "Principal": {"AWS": "210987654321"}, "Action": "*", "Resource": "*"}`, "", ""},
		{"a denial without TLS", all + `, {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
			"Condition": {"Bool": {"aws:SecureTransport": "false"}}}`, "", ""},
		{"a denial outside of the network", all + `, {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
			"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}}`, "", ""},
		{"a denial outside of an organization", all + `, {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
			"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}`,
			"may deny secretsmanager:GetSecretValue on arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/db-1 to coder-node: " +
				"that depends on aws:PrincipalOrgID, which is known on AWS alone", ""},
		{"callers of an organization", `{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
			"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}`, "that depends on aws:PrincipalOrgID", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := network(`{"Version": "2012-10-17", "Statement": [` + test.statements + `]}`)
			way := secretWay(t, report)
			if (way.Missing == "") != (test.missing == "") || !strings.Contains(way.Missing, test.missing) {
				t.Errorf("the call lacks %q, not %q", way.Missing, test.missing)
			}
			if (way.By == "aws_vpc_endpoint.this") != (test.missing == "") {
				t.Errorf("by %q", way.By)
			}
			var opens []string
			for _, opening := range report.Openings {
				opens = append(opens, opening.Opens)
			}
			if got := strings.Join(opens, "; "); (got == "") != (test.opens == "") || !strings.Contains(got, test.opens) {
				t.Errorf("open is %q, not %q", got, test.opens)
			}
		})
	}
	t.Run("a policy that cannot be read", func(t *testing.T) {
		if r := network("{"); r.Missing() == 0 || len(r.Openings) != 1 {
			t.Errorf("%+v", r)
		}
	})
}
