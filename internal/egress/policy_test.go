package egress_test

import (
	"slices"
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
	endpoint := made("aws_vpc_endpoint", map[string]any{"id": "vpce-1", "vpc_id": "vpc-1",
		"service_name": "com.amazonaws.us-east-1.secretsmanager", "vpc_endpoint_type": "Interface", "private_dns_enabled": true,
		"subnet_ids": []any{"subnet-1", "subnet-2"}, "security_group_ids": []any{"sg-1"}, "policy": policy})
	return endless(append([]*tfjson.StateResource{endpoint}, more...)...)
}

// endless is the same network without the endpoint.
func endless(more ...*tfjson.StateResource) *egress.Report {
	const role = "arn:aws:iam::123456789012:role/coder-node"
	root := &tfjson.StateModule{Resources: append([]*tfjson.StateResource{
		made("aws_subnet", map[string]any{"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.0.0/24"}),
		made("aws_eks_cluster", map[string]any{"arn": "arn:aws:eks:us-east-1:123456789012:cluster/c"}),
		made("aws_eks_node_group", map[string]any{"node_role_arn": role, "subnet_ids": []any{"subnet-1"}}),
		made("aws_iam_role", map[string]any{"id": "coder-node", "name": "coder-node", "arn": role}),
		made("aws_iam_role_policy", map[string]any{"role": "coder-node", "policy": `{"Statement": {"Effect": "Allow",
			"Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/db-1"}}`}),
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

// TestResourcePolicies: what the policies of a role, of a secret and of its key say of the call that an endpoint lets through.
func TestResourcePolicies(t *testing.T) {
	const endpoint = `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "*", "Resource": "*"}}`
	const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/db-1"
	const key = "arn:aws:kms:us-east-1:123456789012:key/k"
	const byAccount = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}`
	policy := func(statements string) string { return `{"Version": "2012-10-17", "Statement": [` + statements + `]}` }
	role := func(statements string) *tfjson.StateResource {
		return made("aws_iam_role_policy", map[string]any{"role": "coder-node", "policy": policy(statements)})
	}
	decrypts := role(`{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "` + key + `",
		"Condition": {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}}`)
	guarded := func(typ, argument, named, statements string) *tfjson.StateResource {
		return made(typ, map[string]any{argument: named, "policy": policy(statements)})
	}
	ofSecret := func(statements string) *tfjson.StateResource {
		return guarded("aws_secretsmanager_secret_policy", "secret_arn", secret, statements)
	}
	ofKey := func(statements string) *tfjson.StateResource { return guarded("aws_kms_key", "arn", key, statements) }
	for _, test := range []struct {
		name    string
		more    []*tfjson.StateResource
		missing string
	}{
		{"a denial in a policy of the role", []*tfjson.StateResource{role(`{"Effect": "Deny", "Action": "secretsmanager:*", "Resource": "*"}`)},
			"a policy of the role coder-node denies secretsmanager:GetSecretValue on " + secret},
		{"a denial of another secret", []*tfjson.StateResource{role(`{"Effect": "Deny", "Action": "secretsmanager:*", "Resource": "*2"}`)}, ""},
		{"a denial in an attached policy", []*tfjson.StateResource{
			guarded("aws_iam_policy", "arn", "arn:p", `{"Effect": "Deny", "NotAction": "ec2:*", "Resource": "*"}`),
			made("aws_iam_role_policy_attachment", map[string]any{"role": "coder-node", "policy_arn": "arn:p"})},
			"a policy of the role coder-node denies"},
		{"a denial by what is not known", []*tfjson.StateResource{role(`{"Effect": "Deny", "Action": "*", "Resource": "*",
			"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "x"}}}`)}, "depends on aws:PrincipalTag/team"},
		{"a denial of all but the network, by the secret", []*tfjson.StateResource{ofSecret(`{"Effect": "Deny", "Principal": "*", "Action": "*",
			"Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`)}, ""},
		{"a denial of all but another network, by the secret", []*tfjson.StateResource{ofSecret(`{"Effect": "Deny", "Principal": "*",
			"Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-2"}}}`)},
			"the policy of aws_secretsmanager_secret_policy.this denies secretsmanager:GetSecretValue"},
		{"a denial of another role, by the secret", []*tfjson.StateResource{ofSecret(`{"Effect": "Deny", "Action": "*", "Resource": "*",
			"Principal": {"AWS": "arn:aws:iam::123456789012:role/other"}}`)}, ""},
		{"a key that leaves it to the account", []*tfjson.StateResource{decrypts, ofKey(byAccount)}, ""},
		{"a key that names the role", []*tfjson.StateResource{decrypts, ofKey(`{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
			"Principal": {"AWS": "arn:aws:iam::123456789012:role/coder-node"}}`)}, ""},
		{"a key that names others", []*tfjson.StateResource{decrypts, ofKey(`{"Effect": "Allow", "Action": "kms:*", "Resource": "*",
			"Principal": {"AWS": "arn:aws:iam::123456789012:role/other"}}`)}, "the policy of aws_kms_key.this lets neither coder-node use the key"},
		{"a key for another service", []*tfjson.StateResource{decrypts, ofKey(`{"Effect": "Allow", "Action": "kms:*", "Resource": "*",
			"Principal": "*", "Condition": {"StringLike": {"kms:ViaService": "ec2.*"}}}`)}, "lets neither coder-node"},
		{"a key that denies the role", []*tfjson.StateResource{decrypts, ofKey(byAccount + `, {"Effect": "Deny", "Action": "kms:Decrypt",
			"Resource": "*", "Principal": {"AWS": "arn:aws:iam::123456789012:role/coder-node"}}`)},
			"the policy of aws_kms_key.this denies kms:Decrypt"},
		{"a key whose policy beside it names others", []*tfjson.StateResource{decrypts, ofKey(byAccount),
			guarded("aws_kms_key_policy", "key_id", key, `{"Effect": "Allow", "Action": "kms:*", "Resource": "*",
				"Principal": {"AWS": "arn:aws:iam::123456789012:role/other"}}`)}, "the policy of aws_kms_key_policy.this lets neither"},
	} {
		t.Run(test.name, func(t *testing.T) {
			more := append([]*tfjson.StateResource{made("aws_secretsmanager_secret", map[string]any{"arn": secret, "id": secret})}, test.more...)
			report := network(endpoint, more...)
			var missing []string
			keyed := false
			for _, way := range report.Ways {
				keyed = keyed || strings.HasPrefix(way.Calls, "kms:Decrypt (kms, by secretsmanager)")
				if way.Missing != "" && strings.Contains(way.Missing, "polic") {
					missing = append(missing, way.Missing)
				}
				if way.Missing != "" && (way.By != "" || way.Symptom == "" || way.Todo == "") {
					t.Errorf("%+v", way)
				}
			}
			got := strings.Join(missing, "; ")
			if (got == "") != (test.missing == "") || !strings.Contains(got, test.missing) {
				t.Errorf("it lacks %q, not %q", got, test.missing)
			}
			if want := slices.Contains(test.more, decrypts); keyed != want {
				t.Errorf("the key is looked at: %t", keyed)
			}
		})
	}
}
