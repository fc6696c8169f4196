package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service/iam"
)

// TestAddPolicy is a policy that was there before anybody's Terraform: found by its ARN, and good as a permissions boundary, also where its
// account is not the world's.
func TestAddPolicy(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:iam::111122223333:policy/landing-zone/boundary"
	for _, test := range []struct{ name, arn, document, refused string }{
		{name: "of which nothing more is known", arn: arn},
		{name: "with what it says", arn: arn, document: policyWith(nil)},
		{name: "one of another kind", arn: "arn:aws:iam::111122223333:role/boundary", refused: "is not the ARN of a policy"},
		{name: "a name alone", arn: "boundary", refused: "is not the ARN of a policy"},
		{name: "what is no policy", arn: arn, document: "{}", refused: "is no policy: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := sandboxtest.New(t, "")
			expect(t, iam.AddPolicy(d.World, test.arn, test.document), test.refused)
			if test.refused != "" {
				return
			}
			expect(t, iam.AddPolicy(d.World, test.arn, policyWith(object{"Action": "s3:PutObject"})), "")
			there, err := d.Data("aws_iam_policy", object{"arn": test.arn})
			if err != nil || there["name"] != "boundary" || there["path"] != "/landing-zone/" ||
				there["policy"] != policyWith(object{"Action": "s3:PutObject"}) {
				t.Errorf("found %v, %v", there, err)
			}
			d.MustCreate(t, "aws_iam_role",
				object{"name": "r", "assume_role_policy": trust("ec2.amazonaws.com"), "permissions_boundary": test.arn})
			if invented := d.Server.Fallbacks(); len(invented) > 0 {
				t.Errorf("made up: %v", invented)
			}
		})
	}
}
