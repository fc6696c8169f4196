package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"

	"github.com/google/go-cmp/cmp"
)

// The texts are those of provider 5.100.0, to the character.
func TestPolicyDocument(t *testing.T) {
	statement := func(change object) object {
		return merged(object{"actions": []any{"s3:GetObject", "s3:ListBucket"}, "resources": []any{"*"}}, change)
	}
	source := sandboxtest.JSON(object{"Version": "2008-10-17", "Id": "source", "Statement": []any{
		object{"Sid": "a", "Effect": "Allow", "Principal": object{"AWS": []any{"1", "2"}}, "Action": []any{"x:y"}, "Resource": "*",
			"Condition": object{"Bool": object{"aws:SecureTransport": false}}}}})
	for _, c := range []struct {
		name   string
		config object
		want   string
	}{
		{"lists from Z to A, one element without a list", object{"statement": []any{statement(nil)}},
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"*"}]}`},
		{"nothing", object{}, `{"Version":"2012-10-17"}`},
		{"variables in resources and values, not in keys",
			object{"statement": []any{statement(object{"resources": []any{"arn:aws:s3:::b/&{aws:username}"}, "condition": []any{
				object{"test": "StringLike", "variable": "aws:PrincipalTag/&{a}", "values": []any{"b", "&{aws:c}"}}}})}},
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"arn:aws:s3:::b/${aws:username}","Condition":{"StringLike":{"aws:PrincipalTag/\u0026{a}":["b","${aws:c}"]}}}]}`},
		{"everyone", object{"statement": []any{statement(object{"principals": []any{object{"type": "*", "identifiers": []any{"*"}}}})}},
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"*","Principal":"*"}]}`},
		{"every AWS principal",
			object{
				"statement": []any{statement(object{"sid": "Public", "effect": "Deny",
					"principals": []any{object{"type": "AWS", "identifiers": []any{"*"}}}})}},
			`{"Version":"2012-10-17","Statement":[{"Sid":"Public","Effect":"Deny","Action":["s3:ListBucket","s3:GetObject"],"Resource":"*","Principal":{"AWS":"*"}}]}`},
		{"principals of two kinds", object{"statement": []any{statement(object{"principals": []any{
			object{"type": "Service", "identifiers": []any{"a.amazonaws.com", "b.amazonaws.com"}},
			object{"type": "AWS", "identifiers": []any{"123456789012"}}}})}},
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"*","Principal":{"AWS":"123456789012","Service":["b.amazonaws.com","a.amazonaws.com"]}}]}`},
		{"a source, whose lists of one stay lists",
			object{"source_policy_documents": []any{source}, "statement": []any{statement(object{"sid": "b"})}},
			`{"Version":"2012-10-17","Id":"source","Statement":[{"Sid":"a","Effect":"Allow","Action":["x:y"],"Resource":"*","Principal":{"AWS":["2","1"]},"Condition":{"Bool":{"aws:SecureTransport":"false"}}},{"Sid":"b","Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"*"}]}`},
		{"a statement in the place of the source's", object{"source_policy_documents": []any{source}, "policy_id": "own",
			"statement": []any{statement(object{"sid": "a"})}},
			`{"Version":"2012-10-17","Id":"own","Statement":[{"Sid":"a","Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"*"}]}`},
		{"an override in the place of the statement",
			object{"override_policy_documents": []any{source}, "statement": []any{statement(object{"sid": "a"})}},
			`{"Version":"2012-10-17","Id":"source","Statement":[{"Sid":"a","Effect":"Allow","Action":["x:y"],"Resource":"*","Principal":{"AWS":["2","1"]},"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			read, err := sandboxtest.New(t, "").Data("aws_iam_policy_document", c.config)
			expect(t, err, "")
			if diff := cmp.Diff(c.want, read["minified_json"]); diff != "" {
				t.Errorf("minified_json differs from the provider's:\n%s", diff)
			}
		})
	}
}

func TestPolicyDocumentFaults(t *testing.T) {
	statement := object{"sid": "a", "actions": []any{"*"}, "resources": []any{"*"}}
	document := `{"Statement":[{"Sid":"a","Effect":"Allow"}]}`
	for _, c := range []struct {
		name    string
		config  object
		refused string
	}{
		{"a statement id twice", object{"statement": []any{statement, statement}},
			"writing IAM Policy Document: duplicate Sid (a). Remove the Sid or ensure the Sid is unique."},
		{"a statement id in two sources", object{"source_policy_documents": []any{document, document}},
			"writing IAM Policy Document: merging source document 1: duplicate Sid (a) in source_policy_documents (statement 0). Remove the Sid " +
				"or ensure Sids are unique."},
		{"a statement of a source without a list", object{"source_policy_documents": []any{`{"Statement":{"Effect":"Allow"}}`}},
			"writing IAM Policy Document: merging source document 0: json: cannot unmarshal object into Go struct field IAMPolicyDoc.Statement of " +
				"type []*iam.IAMPolicyStatement"},
		{"a variable in a document of the old version",
			object{"version": "2008-10-17", "statement": []any{object{"actions": []any{"*"}, "resources": []any{"arn:aws:s3:::&{a}"}}}},
			"reading resources: found &{ sequence in (arn:aws:s3:::&{a}), which is not supported in document version 2008-10-17"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := sandboxtest.New(t, "").Data("aws_iam_policy_document", c.config)
			expect(t, err, c.refused)
		})
	}
}
