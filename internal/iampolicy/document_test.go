package iampolicy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestParse: one or several of everything, as AWS takes it.
func TestParse(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []Statement
	}{
		"one statement without its brackets": {`{"Statement": {"Sid": "a", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`,
			[]Statement{{SID: "a", Effect: "Allow", Actions: []string{"s3:*"}, Resources: []string{"*"}}}},
		"two, with lists": {`{"Version": "2012-10-17", "Id": "x", "Statement": [
				{"Effect": "Allow", "NotAction": ["a:B", "c:D"], "NotResource": ["r"]}, {"Effect": "Deny"}]}`,
			[]Statement{{Effect: "Allow", NotActions: []string{"a:B", "c:D"}, NotResources: []string{"r"}}, {Effect: "Deny"}}},
		"everybody, by the short form": {`{"Statement": {"Effect": "Allow", "Principal": "*"}}`,
			[]Statement{{Effect: "Allow", Principals: Principals{"*": {"*"}}}}},
		"kinds of principals": {`{"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": ["1", "2"], "Service": "s"}}}`,
			[]Statement{{Effect: "Deny", NotPrincipals: Principals{"AWS": {"1", "2"}, "Service": {"s"}}}}},
		"conditions, sorted, with numbers as they are written": {
			`{"Statement": {"Effect": "Deny", "Condition": {"Null": {"b:k": false}, "Bool": {"z:k": ["true"], "a:k": 123456789012}}}}`,
			[]Statement{{Effect: "Deny", Conditions: []Condition{
				{"Bool", "a:k", []string{"123456789012"}}, {"Bool", "z:k", []string{"true"}}, {"Null", "b:k", []string{"false"}}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			document, fault := Parse(test.text)
			if diff := cmp.Diff(test.want, document.Statements, cmpopts.IgnoreUnexported(Statement{})); fault != "" || diff != "" {
				t.Errorf("%s\n%s", fault, diff)
			}
		})
	}
}

// TestFault: what AWS says of documents, by what they are attached to.
func TestFault(t *testing.T) {
	statement := func(more string) string {
		return `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", ` + more + `}]}`
	}
	for _, test := range []struct {
		kind       Kind
		text, want string
	}{
		{Identity, statement(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"`), ""},
		{Identity, statement(`"NotAction": "iam:*", "NotResource": "arn:aws:s3:::b/*"`), ""},
		{Trust, statement(`"Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}`), ""},
		{Resource, statement(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Principal": "*"`), ""},
		{Resource, `{"Statement": {"Effect": "Allow", "Action": "*", "Principal": "*"}}`, ""},
		{Identity, "", faultSyntax}, {Trust, "", faultJSON}, {Resource, "null", faultJSON}, {Resource, "[]", faultJSON},
		{Resource, statement(`"Action": "*", "Principal": "*"`) + "{}", faultJSON},
		{Identity, `{"Statement": {"Effect": 1}}`, faultVersion},
		{Identity, `{"Version": "2008-10-17", "Statement": {"Effect": "Allow"}}`, faultVersion},
		{Resource, `{"Version": "2020-01-01", "Statement": {"Effect": "Allow"}}`, faultSyntax},
		{Resource, `{"Version": 2012, "Statement": {"Effect": "Allow"}}`, faultSyntax},
		{Resource, `{"Statment": {}}`, faultSyntax}, {Resource, `{"Statement": []}`, faultSyntax}, {Resource, `{}`, faultSyntax},
		{Identity, statement(`"Actions": "s3:*"`), faultSyntax},
		{Identity, statement(`"Action": ["s3:*", 1]`), faultSyntax},
		{Identity, statement(`"Action": "s3:*", "NotAction": "s3:*"`), faultSyntax},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "NotResource": "*"`), faultSyntax},
		{Identity, `{"Version": "2012-10-17", "Statement": {"Effect": "allow", "Action": "s3:*", "Resource": "*"}}`, faultSyntax},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Condition": []`), faultSyntax},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Condition": {"Bool": "true"}`), faultSyntax},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"a:b": {}}}`), faultSyntax},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Condition": {"Boolean": {"a:b": "true"}}`), faultSyntax},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Condition": {"NullIfExists": {"a:b": "true"}}`), faultSyntax},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Condition": {"ForAnyValue:StringNotLikeIfExists": {"a:b": "c"}}`), ""},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"ab": "true"}}`), faultVendor},
		{Identity, statement(`"Action": [], "Resource": "*"`), faultActions},
		{Identity, statement(`"Action": "GetObject", "Resource": "*"`), faultVendor},
		{Identity, statement(`"Action": "s3:*"`), faultResources},
		{Identity, statement(`"Action": "s3:*", "Resource": "bucket"`), `Resource bucket must be in ARN format or "*".`},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Principal": "*"`), faultPrincipal},
		{Identity, statement(`"Sid": "a b", "Action": "s3:*", "Resource": "*"`), faultSIDPattern},
		{Resource, statement(`"Sid": "a b", "Action": "s3:*", "Resource": "*", "Principal": "*"`), ""},
		{Resource, `{"Statement": [{"Sid": "a", "Effect": "Allow", "Action": "*", "Principal": "*"},
			{"Sid": "a", "Effect": "Deny", "Action": "*", "Principal": "*"}]}`, faultSID},
		{Trust, statement(`"Action": "s3:*", "Principal": "*"`), faultSTS},
		{Trust, statement(`"Action": "sts:AssumeRole", "Principal": "*", "Resource": "*"`), faultProhibited},
		{Trust, statement(`"Action": "sts:AssumeRole"`), faultNobody},
		{Trust, statement(`"Action": "sts:AssumeRole", "Principal": "x"`), faultSyntax},
		{Trust, statement(`"Action": "sts:AssumeRole", "Principal": {"AWS": "somebody"}`), `Invalid principal in policy: "AWS":"somebody"`},
		{Trust, statement(`"Action": "sts:AssumeRole", "Principal": {"Service": "ec2"}`), `Invalid principal in policy: "SERVICE":"ec2"`},
	} {
		if got := Fault(test.kind, test.text); got != test.want {
			t.Errorf("kind %d, %s: %q, not %q", test.kind, test.text, got, test.want)
		}
	}
}

// TestSize: IAM counts what is not white space.
func TestSize(t *testing.T) {
	if got := Size("{ \"a\":\t1,\r\n \"b\": 2 }"); got != 13 {
		t.Error(got)
	}
}

// FuzzParse: whatever the text, reading ends, nothing is read of what has a fault, and a decision is as strict as its denials.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:${aws:x}:*", "Condition": {"ForAllValues:Bool": {"a:b": [true, 1]}}}}`,
		`{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotAction": "a:*b?c", "Principal": {"AWS": "*"}, "NotResource": ["${*}"]}]}`,
		`{"Statement": [{"Effect": "Allow", "Condition": {"IpAddress": {"a:b": "1.2.3.4/33"}, "DateLessThan": {"a:b": "2026"}}}]}`,
		`{`, `null`, `{"Statement": null}`, strings.Repeat(`[`, 100),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		document, fault := Parse(text)
		if fault != "" && len(document.Statements) > 0 {
			t.Error("statements of what cannot be read")
		}
		if fault != "" && Fault(Identity, text) == "" {
			t.Error("a fault of every kind that is none of one")
		}
		request := Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: Context{"a:b": {"1"}}}
		d := Decide(request, document)
		if d.Deny == True && d.Verdict() != Denied || d.Allow == False && d.Possible() {
			t.Errorf("%+v", d)
		}
		for i := range document.Statements {
			document.Statements[i].Unknown(request)
		}
	})
}
