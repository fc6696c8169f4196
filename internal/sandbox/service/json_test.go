package service_test

import (
	"errors"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// A document that says the same in other words is no change.
func TestDocumentsInOtherWords(t *testing.T) {
	const compact = `{"Statement":[{"Action":"s3:*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}`
	const versionFirst = `{"Version":"2012-10-17","Statement":[{"Action":"s3:*","Effect":"Allow","Resource":"*"}]}`
	const spaced = `{ "Version": "2012-10-17",
		"Statement": [ { "Effect": "Allow", "Action": "s3:*", "Resource": "*" } ] }`
	for _, c := range []struct {
		typ, attribute string
		config         object
		want           string
	}{
		{"aws_iam_policy", "policy", object{"name": "p"}, compact},
		{"aws_iam_role_policy", "policy", object{"name": "p", "role": "coder"}, versionFirst},
		{"aws_cloudwatch_dashboard", "dashboard_body", object{"dashboard_name": "d"}, compact},
	} {
		t.Run(c.typ, func(t *testing.T) {
			t.Parallel()
			d := sandboxtest.New(t, "")
			roleFor(t, d, "coder", "ec2.amazonaws.com")
			state := d.MustCreate(t, c.typ, merged(c.config, object{c.attribute: spaced}))
			if state[c.attribute] != c.want {
				t.Errorf("%s = %s, want %s", c.attribute, state[c.attribute], c.want)
			}
			again, err := d.Plan(c.typ, state, merged(c.config, object{c.attribute: compact}))
			if err != nil || again[c.attribute] != state[c.attribute] {
				t.Errorf("a document in other words is a change: %v %v", again[c.attribute], err)
			}
		})
	}
}

func TestTagsOfTheProvider(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	planned, err := d.Plan("aws_iam_policy", nil, object{"name": "p", "policy": policyWith(nil)})
	expect(t, err, "")
	if !isUnknown(planned["tags_all"]) {
		t.Errorf("tags_all = %v, want unknown as the provider leaves it without any tags", planned["tags_all"])
	}
	state := d.MustCreate(t, "aws_iam_policy", object{"name": "p", "policy": policyWith(nil)})
	var replace *sandboxtest.ReplaceError
	if again, err := d.Plan("aws_iam_policy", state, object{"name": "p", "policy": policyWith(nil)}); errors.As(err, &replace) ||
		isUnknown(again["tags_all"]) {
		t.Errorf("no tags are a change: %v %v", again["tags_all"], err)
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}
