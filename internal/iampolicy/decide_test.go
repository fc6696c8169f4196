package iampolicy

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	account = "123456789012"
	role    = "arn:aws:iam::" + account + ":role/coder"
)

// parsed is a document that can be read, in the newest version.
func parsed(t *testing.T, statements ...string) *Document {
	t.Helper()
	document, fault := Parse(`{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ",") + `]}`)
	if fault != "" {
		t.Fatal(fault, statements)
	}
	return document
}

// TestGlob: what patterns take, as the language says it and not as a shell does.
func TestGlob(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"", "", true}, {"", "a", false}, {"?", "", false}, {"?", "é", true},
		{"a*", "a/b:c", true}, {"a*c", "abcbc", true}, {"a*c", "abcb", false}, {"*a*b*", "xaxbx", true}, {"*a*b*", "xbxax", false},
		{"a?c", "abc", true}, {"a?c", "ac", false}, {"[ab]", "a", false}, {"[ab]", "[ab]", true}, {`a\*`, `a\b`, true}, {"A", "a", false},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b", true}, {"arn:aws:s3:::b/*", "arn:aws:s3:::b", false},
	} {
		if got := wildcards(test.pattern).matches(test.text); got != test.want {
			t.Errorf("%q takes %q: %t", test.pattern, test.text, got)
		}
	}
	started := time.Now()
	if wildcards(strings.Repeat("*a", 200)).matches(strings.Repeat("a", 5000) + "b") {
		t.Error("it ends with another letter")
	}
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("many wildcards take %s", took)
	}
}

// TestConditions: each operator with its key there, not there, and not known.
func TestConditions(t *testing.T) {
	for _, test := range []struct {
		condition string
		values    []string
		want      Truth
		absent    Truth
	}{
		{`"StringEquals": {"k:k": "a"}`, []string{"a"}, True, False},
		{`"StringEquals": {"k:k": "a"}`, []string{"A"}, False, False},
		{`"StringEquals": {"k:k": "a*"}`, []string{"ab"}, False, False},
		{`"StringEquals": {"k:k": ["a", "b"]}`, []string{"b"}, True, False},
		{`"stringequals": {"K:K": "a"}`, []string{"a"}, True, False},
		{`"StringEqualsIfExists": {"k:k": "a"}`, []string{"b"}, False, True},
		{`"StringNotEquals": {"k:k": ["a", "b"]}`, []string{"b"}, False, True},
		{`"StringNotEquals": {"k:k": ["a", "b"]}`, []string{"c"}, True, True},
		{`"StringEqualsIgnoreCase": {"k:k": "aB"}`, []string{"Ab"}, True, False},
		{`"StringNotEqualsIgnoreCase": {"k:k": "aB"}`, []string{"Ab"}, False, True},
		{`"StringLike": {"k:k": "a?c*"}`, []string{"abcd"}, True, False},
		{`"StringNotLike": {"k:k": "a*"}`, []string{"b"}, True, True},
		{`"ArnLike": {"k:k": "arn:aws:iam::*:role/c*"}`, []string{role}, True, False},
		{`"ArnLike": {"k:k": "arn:*:role/c*"}`, []string{role}, False, False},
		{`"ArnEquals": {"k:k": "arn:aws:iam::123456789012:role/*"}`, []string{role}, True, False},
		{`"ArnNotEquals": {"k:k": "arn:aws:iam::123456789012:role/*"}`, []string{role}, False, True},
		{`"ArnNotLike": {"k:k": "arn:aws:iam::1:role/*"}`, []string{role}, True, True},
		{`"NumericEquals": {"k:k": 10}`, []string{"10.0"}, True, False},
		{`"NumericNotEquals": {"k:k": 10}`, []string{"10"}, False, True},
		{`"NumericLessThan": {"k:k": "10"}`, []string{"9"}, True, False},
		{`"NumericLessThan": {"k:k": "10"}`, []string{"10"}, False, False},
		{`"NumericLessThanEquals": {"k:k": "10"}`, []string{"10"}, True, False},
		{`"NumericGreaterThan": {"k:k": "10"}`, []string{"10"}, False, False},
		{`"NumericGreaterThanEquals": {"k:k": "10"}`, []string{"10"}, True, False},
		{`"NumericEquals": {"k:k": "ten"}`, []string{"10"}, False, False},
		{`"DateLessThan": {"k:k": "2026-11-30T00:00:00Z"}`, []string{"2026-11-29T23:59:59Z"}, True, False},
		{`"DateGreaterThan": {"k:k": "2026-11-30"}`, []string{"1600000000"}, False, False},
		{`"DateEquals": {"k:k": "2026-11-30"}`, []string{"2026-11-30T00:00:00Z"}, True, False},
		{`"DateNotEquals": {"k:k": "2026-11-30"}`, []string{"2026-11-30T00:00:00Z"}, False, True},
		{`"DateLessThanEquals": {"k:k": "2026"}`, []string{"2026-01-01"}, True, False},
		{`"DateGreaterThanEquals": {"k:k": "2026-02"}`, []string{"2026-01-01"}, False, False},
		{`"Bool": {"k:k": true}`, []string{"True"}, True, False},
		{`"Bool": {"k:k": "false"}`, []string{"true"}, False, False},
		{`"BoolIfExists": {"k:k": "false"}`, []string{"true"}, False, True},
		{`"BinaryEquals": {"k:k": "QmlnIQ=="}`, []string{"QmlnIQ=="}, True, False},
		{`"IpAddress": {"k:k": ["10.0.0.0/8", "::1"]}`, []string{"10.1.2.3"}, True, False},
		{`"IpAddress": {"k:k": "10.0.0.1"}`, []string{"10.0.0.2"}, False, False},
		{`"NotIpAddress": {"k:k": "10.0.0.0/8"}`, []string{"10.1.2.3"}, False, True},
		{`"NotIpAddress": {"k:k": "10.0.0.0/8"}`, []string{"192.0.2.1"}, True, True},
		{`"Null": {"k:k": "true"}`, []string{"a"}, False, True},
		{`"Null": {"k:k": false}`, []string{"a"}, True, False},
		{`"ForAllValues:StringEquals": {"k:k": ["a", "b"]}`, []string{"a", "b"}, True, True},
		{`"ForAllValues:StringEquals": {"k:k": ["a", "b"]}`, []string{"a", "c"}, False, True},
		{`"ForAnyValue:StringEquals": {"k:k": ["a", "b"]}`, []string{"c", "b"}, True, False},
		{`"ForAnyValue:StringEquals": {"k:k": ["a", "b"]}`, []string{"c"}, False, False},
		{`"ForAllValues:StringNotEquals": {"k:k": "a"}`, []string{"b", "c"}, True, True},
		{`"ForAllValues:StringNotEquals": {"k:k": "a"}`, []string{"a", "c"}, False, True},
		{`"ForAnyValue:StringNotEquals": {"k:k": "a"}`, []string{"a", "c"}, True, False},
		{`"StringEquals": {"k:k": []}`, []string{"a"}, False, False},
		{`"StringEquals": {"k:k": "a"}, "StringLike": {"k:k": "b"}`, []string{"a"}, False, False},
		{`"StringEquals": {"k:k": "${aws:PrincipalAccount}"}`, []string{account}, True, False},
		{`"StringEquals": {"k:k": "${aws:PrincipalServiceName}"}`, []string{"a"}, False, False},
		{`"StringEquals": {"k:k": "${aws:PrincipalServiceName, 'a'}"}`, []string{"a"}, True, False},
		{`"StringNotEquals": {"k:k": "${aws:PrincipalTag/team}"}`, []string{"a"}, Unknown, True},
		{`"StringEquals": {"k:k": ["a", "${aws:PrincipalTag/team}"]}`, []string{"a"}, True, False},
		{`"StringLike": {"k:k": "a${*}"}`, []string{"ab"}, False, False},
		{`"StringLike": {"k:k": "a${*}"}`, []string{"a*"}, True, False},
		{`"StringEquals": {"k:k": "a${b"}`, []string{"a${b"}, True, False},
		{`"StringSame": {"k:k": "a"}`, []string{"a"}, Unknown, Unknown},
	} {
		document := parsed(t, `{"Effect": "Allow", "Action": "a:b", "Condition": {`+test.condition+`}}`)
		asked := func(context Context) Truth {
			return document.Statements[0].Applies(Request{Action: "a:b", Caller: Caller{ARN: role, Account: account}, Context: context})
		}
		if got := asked(Context{"k:k": test.values}); got != test.want {
			t.Errorf("%s of %s: %d, not %d", test.condition, test.values, got, test.want)
		}
		if got := asked(Context{"k:k": nil}); got != test.absent {
			t.Errorf("%s without it: %d, not %d", test.condition, got, test.absent)
		}
		if got := asked(nil); got != Unknown {
			t.Errorf("%s of nothing known: %d", test.condition, got)
		}
	}
}

// TestNamesBehindASlash: tags of which all are told, and tags of which nothing is known.
func TestNamesBehindASlash(t *testing.T) {
	statement := parsed(t, `{"Effect": "Allow", "Action": "a:b", "Condition": {"StringEquals": {"aws:RequestTag/Team": "blue"}}}`).Statements[0]
	for _, test := range []struct {
		context Context
		want    Truth
	}{
		{nil, Unknown},
		{Context{"aws:requesttag/": nil}, False},
		{Context{"aws:requesttag/": nil, "aws:requesttag/team": {"blue"}}, True},
		{Context{"aws:requesttag/": nil, "aws:requesttag/team": {"red"}}, False},
		{Context{"aws:resourcetag/": nil}, Unknown},
	} {
		if got := statement.Applies(Request{Action: "a:b", Context: test.context}); got != test.want {
			t.Errorf("%v: %d, not %d", test.context, got, test.want)
		}
	}
}

// TestOldVersion: the version of 2008 knows no variables.
func TestOldVersion(t *testing.T) {
	document, _ := Parse(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:PrincipalAccount}"}}`)
	r := Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::" + account, Caller: Caller{Account: account}}
	if got := Decide(r, document).Verdict(); got != NotAllowed {
		t.Error(got)
	}
}

// TestDecide: what statements say together.
func TestDecide(t *testing.T) {
	get := Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Caller: Caller{ARN: role, Account: account}}
	anything := get
	anything.Resource = ""
	anonymous := get
	anonymous.Caller = Caller{}
	service := get
	service.Caller = Caller{Service: "s3.amazonaws.com"}
	allow := func(more string) string { return `{"Effect": "Allow", ` + more + `}` }
	deny := func(more string) string { return `{"Effect": "Deny", ` + more + `}` }
	all := allow(`"Action": "*", "Resource": "*"`)
	unknown := `"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}`
	for _, test := range []struct {
		name       string
		statements []string
		request    Request
		want       Verdict
	}{
		{"nothing", []string{allow(`"Action": "s3:PutObject", "Resource": "*"`)}, get, NotAllowed},
		{"an action without regard to case", []string{allow(`"Action": "S3:getobj*", "Resource": "*"`)}, get, Allowed},
		{"another resource", []string{allow(`"Action": "*", "Resource": "arn:aws:s3:::c/*"`)}, get, NotAllowed},
		{"a resource of another case", []string{allow(`"Action": "*", "Resource": "arn:aws:s3:::B/*"`)}, get, NotAllowed},
		{"every action but one", []string{allow(`"NotAction": "s3:Get*", "Resource": "*"`)}, get, NotAllowed},
		{"every action but another", []string{allow(`"NotAction": "iam:*", "Resource": "*"`)}, get, Allowed},
		{"every resource but this", []string{allow(`"Action": "*", "NotResource": "arn:aws:s3:::b/*"`)}, get, NotAllowed},
		{"every resource but another", []string{allow(`"Action": "*", "NotResource": "arn:aws:s3:::c/*"`)}, get, Allowed},
		{"a policy that names no resource", []string{allow(`"Action": "*"`)}, get, Allowed},
		{"a denial wins", []string{all, deny(`"Action": "s3:*", "Resource": "*"`)}, get, Denied},
		{"a denial of everything else", []string{all, deny(`"NotAction": "s3:*", "Resource": "*"`)}, get, Allowed},
		{"a denial of all resources but others", []string{all, deny(`"Action": "*", "NotResource": "arn:aws:s3:::c"`)}, get, Denied},
		{"a denial of what is not known", []string{all, deny(`"Action": "*", "Resource": "*", ` + unknown)}, get, MayBeDenied},
		{"a permission of what is not known", []string{allow(`"Action": "*", "Resource": "*", ` + unknown)}, get, NotProved},
		{"a denial that is not known, of what nothing allows", []string{deny(`"Action": "*", "Resource": "*", ` + unknown)}, get, NotAllowed},
		{"two permissions, of which one is known", []string{allow(`"Action": "*", "Resource": "*", ` + unknown), all}, get, Allowed},
		{"a resource that is not known, of all", []string{all}, anything, Allowed},
		{"a resource that is not known, of some", []string{allow(`"Action": "*", "Resource": "arn:aws:s3:::b/*"`)}, anything, NotProved},
		{"a denial of some resources", []string{all, deny(`"Action": "*", "Resource": "arn:aws:s3:::b/*"`)}, anything, MayBeDenied},
		{"a variable of the caller", []string{allow(`"Action": "*", "Resource": "arn:aws:s3:::${aws:username}/*"`)}, get, NotProved},
		{"everybody", []string{allow(`"Action": "*", "Principal": "*"`)}, anonymous, Allowed},
		{"everybody of AWS", []string{allow(`"Action": "*", "Principal": {"AWS": "*"}`)}, anonymous, Allowed},
		{"a role", []string{allow(`"Action": "*", "Principal": {"AWS": "` + role + `"}`)}, get, Allowed},
		{"another role", []string{allow(`"Action": "*", "Principal": {"AWS": "` + role + `2"}`)}, get, NotAllowed},
		{"an account, by its id", []string{allow(`"Action": "*", "Principal": {"AWS": "` + account + `"}`)}, get, Allowed},
		{"an account, by its root", []string{allow(`"Action": "*", "Principal": {"AWS": "arn:aws-us-gov:iam::` + account + `:root"}`)},
			get, Allowed},
		{"an account, and nobody", []string{allow(`"Action": "*", "Principal": {"AWS": "` + account + `"}`)}, anonymous, NotAllowed},
		{"somebody by a unique id", []string{allow(`"Action": "*", "Principal": {"AWS": "AROAEXAMPLE123456789"}`)}, get, NotProved},
		{"a service", []string{allow(`"Action": "*", "Principal": {"Service": "s3.amazonaws.com"}`)}, service, Allowed},
		{"another service", []string{allow(`"Action": "*", "Principal": {"Service": "sns.amazonaws.com"}`)}, service, NotAllowed},
		{"a service is no caller of the account", []string{allow(`"Action": "*", "Principal": {"AWS": "` + account + `"}`)}, service, NotAllowed},
		{"a denial of all but a role", []string{all, deny(`"Action": "*", "NotPrincipal": {"AWS": "` + role + `"}`)}, get, Allowed},
		{"a denial of all but another role", []string{all, deny(`"Action": "*", "NotPrincipal": {"AWS": "` + role + `2"}`)}, get, Denied},
		{"callers of the account", []string{allow(`"Action": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "` + account + `"}}`)},
			get, Allowed},
		{"callers of the account, and nobody",
			[]string{allow(`"Action": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "` + account + `"}}`)}, anonymous, NotAllowed},
		{"a denial of all services", []string{all, deny(`"Action": "*", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}`)},
			service, Denied},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := Decide(test.request, parsed(t, test.statements...))
			if got := d.Verdict(); got != test.want {
				t.Errorf("%s, not %s", got, test.want)
			}
			possible := slices.Contains([]Verdict{Allowed, NotProved, MayBeDenied}, test.want)
			if d.Possible() != possible || d.Allow > False && d.AllowedBy == nil || d.Deny > False && d.DeniedBy == nil {
				t.Errorf("%+v", d)
			}
		})
	}
	t.Run("several documents, of which one is not there", func(t *testing.T) {
		d := Decide(get, parsed(t, all), nil, parsed(t, deny(`"Action": "*", `+unknown)))
		if d.Verdict() != MayBeDenied || fmt.Sprint(d.DeniedBy.Unknown(get)) != "[aws:PrincipalOrgID]" {
			t.Errorf("%+v", d)
		}
	})
}

// TestTwoPolicies: what the policies of a caller and of a resource say together, within one account.
func TestTwoPolicies(t *testing.T) {
	const nothing, allows = "", `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	const denies = `{"Effect": "Deny", "Action": "*", "Resource": "*"}`
	const maybe = `{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": false}}}`
	forAccount := `{"Effect": "Allow", "Action": "*", "Principal": {"AWS": "` + account + `"}}`
	forRole := `{"Effect": "Allow", "Action": "*", "Principal": {"AWS": "` + role + `"}}`
	notRole := `{"Effect": "Deny", "Action": "*", "Principal": {"AWS": "` + role + `"}}`
	for _, test := range []struct {
		caller, resource string
		either, both     Verdict
	}{
		{nothing, nothing, NotAllowed, NotAllowed},
		{allows, nothing, Allowed, NotAllowed},
		{allows, forAccount, Allowed, Allowed},
		{allows, forRole, Allowed, Allowed},
		{nothing, forAccount, NotAllowed, NotAllowed},
		{nothing, forRole, Allowed, Allowed},
		{nothing, forAccount + "," + forRole, Allowed, Allowed},
		{nothing, forRole + "," + forAccount, Allowed, Allowed},
		{denies, forRole, Denied, Denied},
		{maybe, forRole, MayBeDenied, MayBeDenied},
		{allows, forAccount + "," + notRole, Denied, Denied},
		{allows, forAccount + "," + maybe, MayBeDenied, MayBeDenied},
	} {
		r := Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Caller: Caller{ARN: role, Account: account}}
		var decisions []Decision
		for _, statements := range []string{test.caller, test.resource} {
			var document *Document
			if statements != "" {
				document = parsed(t, statements)
			}
			decisions = append(decisions, Decide(r, document))
		}
		if got := Either(decisions[0], decisions[1]).Verdict(); got != test.either {
			t.Errorf("%q and %q, either: %s, not %s", test.caller, test.resource, got, test.either)
		}
		if got := Both(decisions[0], decisions[1]).Verdict(); got != test.both {
			t.Errorf("%q and %q, both: %s, not %s", test.caller, test.resource, got, test.both)
		}
	}
}

// TestNames: which ARNs a resource of a policy names, whatever its variables are.
func TestNames(t *testing.T) {
	for pattern, want := range map[string]bool{
		"*": true, "arn:aws:s3:::b*": true, "arn:aws:s3:::c": false, "arn:aws:s3:::${aws:username}": true, "arn:${a}s3:${b}": true,
		"arn:aws:s3:::${": false,
	} {
		if Names(pattern, "arn:aws:s3:::bucket") != want {
			t.Error(pattern)
		}
	}
}

// TestPublic: who is let in by the policy of a resource, without a condition.
func TestPublic(t *testing.T) {
	for principal, want := range map[string]bool{`"*"`: true, `{"AWS": ["` + account + `", "*"]}`: true, `{"AWS": "` + account + `"}`: false} {
		for condition, bare := range map[string]bool{`{}`: true, `{"Bool": {"aws:SecureTransport": true}}`: false} {
			policy := `{"Statement": {"Effect": "Allow", "Action": "*", "Principal": ` + principal + `, "Condition": ` + condition + `}}`
			if !json.Valid([]byte(policy)) || Public(policy) != (want && bare) {
				t.Errorf("%s with %s", principal, condition)
			}
		}
	}
}

// TestDemands: conditions that are false without their key, and name what it must be.
func TestDemands(t *testing.T) {
	for operator, want := range map[string]bool{
		"StringEquals": true, "ForAnyValue:StringLike": true, "ArnLike": true, "StringEqualsIfExists": false, "Null": false,
		"ForAllValues:StringEquals": false, "StringNotEquals": false, "ForAnyValue:StringNotLike": false, "Nonsense": false,
	} {
		if c := (Condition{Operator: operator}); c.Demands() != want {
			t.Error(operator)
		}
	}
	for value, want := range map[string]bool{"*": true, "**": true, "a*": false, "": false} {
		if c := (Condition{Values: []string{"x", value}}); c.Open() != want {
			t.Errorf("%q", value)
		}
	}
}
