package compliance

import (
	"testing"

	"coderaws/internal/iampolicy"
)

// TestStatements: what a statement of a policy is taken for, where another one that looks like it says something else.
func TestStatements(t *testing.T) {
	const namespace = "aws:RequestTag/kubernetes-namespace"
	oneAccount := func(s statement) bool { return s.conditions(namespace) }
	for _, test := range []struct {
		name, condition string
		holds           func(statement) bool
		want            bool
	}{
		{"a namespace that is named", `{"StringEquals": {"` + namespace + `": "coder"}}`, oneAccount, true},
		{"a namespace by a pattern", `{"StringLike": {"` + namespace + `": "cod?r"}}`, oneAccount, false},
		{"a namespace, if there is one", `{"StringEqualsIfExists": {"` + namespace + `": "coder"}}`, oneAccount, false},
		{"a namespace among none", `{"ForAllValues:StringEquals": {"` + namespace + `": "coder"}}`, oneAccount, false},
		{"a subject that is named", `{"StringEquals": {"oidc:sub": "system:serviceaccount:coder:coder"}}`, statement.subject, true},
		{"some subject", `{"Null": {"oidc:sub": "false"}}`, statement.subject, false},
		{"callers of an account", `{"StringEquals": {"kms:CallerAccount": "123456789012"}}`, statement.narrowed, true},
		{"callers by a service, whoever they are", `{"StringEquals": {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}}`,
			statement.narrowed, false},
		{"callers of any account", `{"StringLike": {"aws:PrincipalAccount": ["123456789012", "*"]}}`, statement.narrowed, false},
		{"callers among none", `{"ForAllValues:StringEquals": {"aws:PrincipalAccount": "123456789012"}}`, statement.narrowed, false},
		{"requests without TLS", `{"Bool": {"aws:SecureTransport": "false"}}`, statement.insecure, true},
		{"some requests without TLS", `{"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalAccount": "1"}}`,
			statement.insecure, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			document, fault := iampolicy.Parse(`{"Statement": {"Effect": "Allow", "Condition": ` + test.condition + `}}`)
			if fault != "" {
				t.Fatal(fault)
			}
			if got := test.holds(statement{document.Statements[0]}); got != test.want {
				t.Errorf("it is taken for that: %t", got)
			}
		})
	}
}

// TestRegistryHost: which hosts are registries of Amazon ECR.
func TestRegistryHost(t *testing.T) {
	for host, want := range map[string]bool{
		"123456789012.dkr.ecr.us-east-1.amazonaws.com":          true,
		"123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com": true,
		"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn":      true,
		"x.dkr.ecr.example.com":                                 false,
		"123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.com": false,
		"public.ecr.aws": false,
	} {
		if got := registryHost.MatchString(host); got != want {
			t.Errorf("%s: %t", host, got)
		}
	}
}
