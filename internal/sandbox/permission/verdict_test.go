package permission_test

import (
	"strings"
	"testing"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/world"
)

// What the policies of a layer say of a request. The statements about other actions keep IAM from refusing an empty document.
const (
	allows  = `{"Effect":"Allow","Action":"ec2:CreateVpc","Resource":"*"}`
	denies  = `{"Effect":"Deny","Action":"ec2:CreateVpc","Resource":"*"}`
	nothing = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
	unknown = `{"Effect":"Allow","Action":"ec2:CreateVpc","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}`
)

func document(statements ...string) []permission.Document {
	text := `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
	return []permission.Document{{Name: "policy.json", Text: text}}
}

// TestLayers: every combination of what a policy of each kind says. The verdict is worked out here from the rule of IAM's documentation
// (policy evaluation logic): any denial denies, whoever says it; then each kind that there is has to allow.
func TestLayers(t *testing.T) {
	says := []string{"", nothing, allows, denies} // "" is no policy of the kind
	kinds := []string{"service control policy", "permissions boundary", "session policy", "identity-based policy"}
	rows := 0
	for i := range 256 {
		said := []string{says[i%4], says[i/4%4], says[i/16%4], says[i/64]}
		want := ""
		for _, answers := range [][2]string{{denies, "with an explicit deny in "}, {nothing, "because no "}} {
			for k, text := range said {
				silent := answers[0] == nothing && k == 3 && text == "" // who has no policy may do nothing
				if want == "" && (text == answers[0] || silent) {
					want = answers[1] + kinds[k]
					if answers[0] == denies {
						want = answers[1] + map[bool]string{true: "an ", false: "a "}[k == 3] + kinds[k]
					} else {
						want += " allows the ec2:CreateVpc action"
					}
				}
			}
		}
		var p permission.Policies
		for k, into := range []*[]permission.Document{&p.Control, &p.Boundary, &p.Session, &p.Identity} {
			if said[k] != "" {
				*into = document(said[k])
			}
		}
		principal, err := permission.NewPrincipal(p)
		if err != nil {
			t.Fatal(err)
		}
		c := call("aws_vpc", world.Create, "", world.Object{})
		got := principal.Refusal(c, permission.Needs(c)[0])
		if got != want {
			t.Errorf("%q: %q, not %q", said, got, want)
		}
		rows++
	}
	t.Logf("%d of 256 combinations of four kinds of policies", rows)
}

// TestVerdicts: statements against requests of a life, by the sections of IAM's documentation on each element.
func TestVerdicts(t *testing.T) {
	const vpc = "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1"
	context := iampolicy.Context{
		"aws:requestedregion": {"us-east-1"}, "aws:requesttag/": nil, "aws:requesttag/team": {"blue"}, "aws:tagkeys": {"team", "cost"},
		"aws:resourcetag/": nil, "aws:resourcetag/team": {"blue"}, "aws:securetransport": {"true"}, "aws:viaawsservice": {"false"},
		"aws:calledvia": nil, "aws:principaltype": {"AssumedRole"}, "aws:username": nil, "ec2:region": {"us-east-1"},
		"aws:currenttime": {"2026-11-30T12:00:00Z"}, "iam:permissionsboundary": nil,
	}
	allow := func(rest string) string { return `{"Effect":"Allow",` + rest + `}` }
	on := func(action, resource string) string {
		return allow(`"Action":"` + action + `","Resource":"` + resource + `"`)
	}
	when := func(condition string) string {
		return allow(`"Action":"*","Resource":"*","Condition":{` + condition + `}`)
	}
	rows := []struct {
		statement string
		want      string // yes, no, or what it hangs on
	}{
		{on("*", "*"), "yes"}, {on("ec2:*", "*"), "yes"}, {on("ec2:Delete*", "*"), "yes"}, {on("EC2:deletevpc", "*"), "yes"},
		{on("ec2:Delete???", "*"), "yes"}, {on("ec2:Delete??", "*"), "no"}, {on("ec2:DeleteVpcs", "*"), "no"}, {on("s3:*", "*"), "no"},
		{on("*:DeleteVpc", "*"), "yes"}, {on("ec2:*Vpc", "*"), "yes"}, {on("ec2:*Subnet", "*"), "no"},
		{on("ec2:DeleteVpc", vpc), "yes"}, {on("ec2:DeleteVpc", "arn:aws:ec2:*:*:vpc/*"), "yes"},
		{on("ec2:DeleteVpc", "arn:aws:ec2:us-west-2:*:vpc/*"), "no"}, {on("ec2:DeleteVpc", "arn:aws:ec2:*:210987654321:vpc/*"), "no"},
		{on("ec2:DeleteVpc", "arn:aws:ec2:*:*:subnet/*"), "no"}, {on("ec2:DeleteVpc", "arn:aws:ec2:*:*:vpc/VPC-1"), "no"},
		{on("ec2:DeleteVpc", "arn:aws:ec2:*:*:vpc/vpc-?"), "yes"}, {on("ec2:DeleteVpc", "arn:*:ec2:*:*:*"), "yes"},
		{on("ec2:DeleteVpc", "arn:aws-us-gov:ec2:*:*:vpc/*"), "no"},
		{on("ec2:DeleteVpc", "arn:aws:ec2:${aws:RequestedRegion}:*:vpc/*"), "yes"},
		{on("ec2:DeleteVpc", "arn:aws:ec2:*:${aws:PrincipalAccount}:vpc/*"), "yes"},
		{on("ec2:DeleteVpc", "arn:aws:ec2:*:*:vpc/${aws:username}"), "no"},
		{allow(`"NotAction":"iam:*","Resource":"*"`), "yes"}, {allow(`"NotAction":"ec2:Delete*","Resource":"*"`), "no"},
		{allow(`"NotAction":["iam:*","ec2:*"],"Resource":"*"`), "no"}, {allow(`"Action":"*","NotResource":"` + vpc + `"`), "no"},
		{allow(`"Action":"*","NotResource":"arn:aws:ec2:*:*:subnet/*"`), "yes"}, {allow(`"Action":["s3:*","ec2:*"],"Resource":"*"`), "yes"},
		{allow(`"Action":"*","Resource":["arn:aws:s3:::b","` + vpc + `"]`), "yes"},
		{when(`"StringEquals":{"aws:RequestedRegion":"us-east-1"}`), "yes"},
		{when(`"StringEquals":{"aws:RequestedRegion":["eu-west-1","us-east-1"]}`), "yes"},
		{when(`"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}`), "no"},
		{when(`"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","us-east-1"]}`), "no"},
		{when(`"StringLike":{"aws:RequestedRegion":"us-*"}`), "yes"}, {when(`"StringEquals":{"aws:RequestedRegion":"us-*"}`), "no"},
		{when(`"StringNotLike":{"aws:RequestedRegion":"us-gov-*"}`), "yes"},
		{when(`"StringEqualsIgnoreCase":{"aws:RequestedRegion":"US-EAST-1"}`), "yes"},
		{when(`"StringEquals":{"aws:requestedregion":"us-east-1"}`), "yes"},
		{when(`"StringEquals":{"aws:RequestTag/team":"blue"}`), "yes"}, {when(`"StringEquals":{"aws:RequestTag/Team":"blue"}`), "yes"},
		{when(`"StringEquals":{"aws:RequestTag/team":"Blue"}`), "no"}, {when(`"StringEquals":{"aws:RequestTag/cost":"1"}`), "no"},
		{when(`"StringEqualsIfExists":{"aws:RequestTag/cost":"1"}`), "yes"}, {when(`"Null":{"aws:RequestTag/team":"false"}`), "yes"},
		{when(`"Null":{"aws:RequestTag/cost":"true"}`), "yes"}, {when(`"Null":{"aws:RequestTag/team":"true"}`), "no"},
		{when(`"StringEquals":{"aws:ResourceTag/team":"blue"}`), "yes"}, {when(`"StringEquals":{"aws:ResourceTag/team":"red"}`), "no"},
		{when(`"StringEquals":{"aws:ResourceTag/team":"${aws:RequestTag/team}"}`), "yes"},
		{when(`"ForAllValues:StringEquals":{"aws:TagKeys":["team","cost","env"]}`), "yes"},
		{when(`"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}`), "no"},
		{when(`"ForAnyValue:StringEquals":{"aws:TagKeys":["cost"]}`), "yes"},
		{when(`"ForAnyValue:StringEquals":{"aws:TagKeys":["env"]}`), "no"},
		{when(`"ForAllValues:StringEquals":{"aws:CalledVia":"cloudformation.amazonaws.com"}`), "yes"},
		{when(`"ForAnyValue:StringEquals":{"aws:CalledVia":"cloudformation.amazonaws.com"}`), "no"},
		{when(`"Bool":{"aws:SecureTransport":"true"}`), "yes"}, {when(`"Bool":{"aws:SecureTransport":true}`), "yes"},
		{when(`"Bool":{"aws:SecureTransport":"false"}`), "no"}, {when(`"Bool":{"aws:ViaAWSService":"false"}`), "yes"},
		{when(`"Bool":{"aws:PrincipalIsAWSService":"false"}`), "yes"},
		{when(`"DateGreaterThan":{"aws:CurrentTime":"2026-11-30T00:00:00Z"}`), "yes"},
		{when(`"DateLessThan":{"aws:CurrentTime":"2026-11-30T00:00:00Z"}`), "no"},
		{when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/terraform"}`), "yes"},
		{when(`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/terraform"}`), "no"},
		{when(`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/other"}`), "no"},
		{when(`"StringEquals":{"aws:PrincipalAccount":"123456789012"}`), "yes"},
		{when(`"StringEquals":{"aws:PrincipalType":"AssumedRole"}`), "yes"}, {when(`"StringEquals":{"aws:PrincipalType":"User"}`), "no"},
		{when(`"Null":{"aws:username":"true"}`), "yes"}, {when(`"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::1:policy/b"}`), "no"},
		{when(`"StringEquals":{"aws:PrincipalOrgID":"o-1"}`), "aws:PrincipalOrgID"},
		{when(`"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}`), "aws:SourceIp"},
		{when(`"StringEquals":{"aws:PrincipalTag/team":"blue"}`), "aws:PrincipalTag/team"},
		{when(`"Bool":{"aws:MultiFactorAuthPresent":"true"}`), "aws:MultiFactorAuthPresent"},
		{when(`"StringEquals":{"aws:SourceVpce":"vpce-1"}`), "aws:SourceVpce"},
		{when(`"StringEquals":{"aws:PrincipalOrgID":"o-1","aws:RequestedRegion":"eu-west-1"}`), "no"},
		{when(`"StringEquals":{"aws:PrincipalOrgID":"o-1"},"Bool":{"aws:SecureTransport":"false"}`), "no"},
		{unknown, "no"},
	}
	for _, row := range rows {
		principal, err := permission.NewPrincipal(permission.Policies{Identity: document(row.statement)})
		if err != nil {
			t.Fatalf("%s: %v", row.statement, err)
		}
		c := call("aws_vpc", world.Delete, "vpc-1", world.Object{})
		refusal := principal.Refusal(c, permission.Need{Action: "ec2:DeleteVpc", Resource: vpc, Context: context})
		got := "yes"
		if refusal != "" {
			got = "no"
		} else if doubts := principal.Undecided(); len(doubts) > 0 {
			_, got, _ = strings.Cut(doubts[0], "hangs on ")
		}
		if got != row.want {
			t.Errorf("%s: %s, not %s", row.statement, got, row.want)
		}
		// The same statement as a denial, beside what allows everything, is the opposite, and what it hangs on is the same.
		denial := strings.Replace(row.statement, `"Effect":"Allow"`, `"Effect":"Deny"`, 1)
		principal, err = permission.NewPrincipal(permission.Policies{Identity: document(on("*", "*"), denial)})
		if err != nil {
			t.Fatal(err)
		}
		denied := principal.Refusal(c, permission.Need{Action: "ec2:DeleteVpc", Resource: vpc, Context: context}) != ""
		if denied != (row.want == "yes") || (len(principal.Undecided()) > 0) != (row.want != "yes" && row.want != "no") {
			t.Errorf("denied by %s: %t, %v", denial, denied, principal.Undecided())
		}
	}
	t.Logf("%d statements, each as a permission and as a denial", len(rows))
}

// TestBadPolicies: what IAM refuses, and what is too large for it.
func TestBadPolicies(t *testing.T) {
	large := `{"Effect":"Allow","Action":["ec2:DescribeVpcs"` + strings.Repeat(`,"ec2:DescribeVpcs"`, 400) + `],"Resource":"*"}`
	middling := `{"Effect":"Allow","Action":["ec2:DescribeVpcs"` + strings.Repeat(`,"ec2:DescribeVpcs"`, 150) + `],"Resource":"*"}`
	for _, test := range []struct {
		name     string
		policies permission.Policies
		refused  string
	}{
		{"one that is as it should be", permission.Policies{Identity: document(allows)}, ""},
		{"no JSON", permission.Policies{Identity: []permission.Document{{Name: "a.json", Text: "{"}}},
			"a.json is no identity-based policy: AWS answers MalformedPolicyDocument: Syntax errors in policy."},
		{"a principal in it", permission.Policies{Boundary: document(`{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}`)},
			"no permissions boundary: AWS answers MalformedPolicyDocument: Policy document should not specify a principal."},
		{"one that is too large", permission.Policies{Identity: document(large)}, "too large for an identity-based policy: it has "},
		{"one that is not, for a role", permission.Policies{Identity: document(middling)}, ""},
		{"and is, for a session", permission.Policies{Session: document(middling)}, "and AWS takes 2048"},
		{"white space does not count", permission.Policies{Identity: document(allows + strings.Repeat(" ", 7000))}, ""},
		{"but in a service control policy", permission.Policies{Control: document(allows + strings.Repeat(" ", 7000))}, "and AWS takes 5120"},
	} {
		_, err := permission.NewPrincipal(test.policies)
		if test.refused == "" && err != nil || test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused)) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestControlAlone: service control policies that only deny come with FullAWSAccess, and those that allow something do not.
func TestControlAlone(t *testing.T) {
	c := call("aws_vpc", world.Create, "", world.Object{})
	need := permission.Needs(c)[0]
	for _, test := range []struct{ control, want string }{
		{`{"Effect":"Deny","Action":"s3:*","Resource":"*"}`, ""},
		{nothing, "because no service control policy allows the ec2:CreateVpc action"},
	} {
		principal, err := permission.NewPrincipal(permission.Policies{Identity: document(allows), Control: document(test.control)})
		if err != nil {
			t.Fatal(err)
		}
		if got := principal.Refusal(c, need); got != test.want {
			t.Errorf("%s: %q, not %q", test.control, got, test.want)
		}
	}
}
