package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// TestPrincipals is who may be named in a policy: each service looks principals of the account up, and says in words of its own that one
// does not exist.
func TestPrincipals(t *testing.T) {
	const account = "123456789012"
	statement := func(principal, action string, more object) string {
		return sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{merged(object{"Effect": "Allow",
			"Principal": object{"AWS": principal}, "Action": action}, more)}})
	}
	trusting := func(principal string) setting {
		return creates("aws_iam_role", object{"name": "coder", "assume_role_policy": statement(principal, "sts:AssumeRole", nil)})
	}
	inIAM := func(typ string, name string) func(*testing.T, *sandboxtest.Driver) {
		return func(t *testing.T, d *sandboxtest.Driver) {
			config := object{"name": name}
			if typ == "aws_iam_role" {
				config["assume_role_policy"] = trust("ec2.amazonaws.com")
			}
			d.MustCreate(t, typ, config)
		}
	}
	after := func(first func(*testing.T, *sandboxtest.Driver), then setting) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			first(t, d)
			return then(t, d)
		}
	}
	const nobody = "arn:aws:iam::" + account + ":role/nobody"
	anywhere := object{"Resource": "*"}
	check(t, []rule{
		{name: "a trust policy for a role that does not exist", given: trusting(nobody),
			refused: `MalformedPolicyDocument: Invalid principal in policy: "AWS":"` + nobody + `"`},
		{name: "a trust policy for a user that does not exist", given: trusting("arn:aws:iam::" + account + ":user/nobody"),
			refused: `MalformedPolicyDocument: Invalid principal in policy: "AWS":`},
		{name: "a trust policy for a session of a role that does not exist", refused: "MalformedPolicyDocument",
			given: trusting("arn:aws:sts::" + account + ":assumed-role/nobody/session")},
		{name: "a trust policy for a role", given: after(inIAM("aws_iam_role", "nobody"), trusting(nobody))},
		{name: "a trust policy for a user",
			given: after(inIAM("aws_iam_user", "robot"), trusting("arn:aws:iam::"+account+":user/robot"))},
		{name: "a trust policy for the account", given: trusting("arn:aws:iam::" + account + ":root")},
		{name: "a trust policy for a role of another account, which is not known", given: trusting("arn:aws:iam::210987654321:role/nobody")},
		{name: "a trust policy for a role of a service",
			given: trusting("arn:aws:iam::" + account + ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling")},
		{name: "a trust policy for a role that the account is known to have",
			given: after(func(_ *testing.T, d *sandboxtest.Driver) { d.World.TakeName("aws_iam_role", "aws-global", "nobody") },
				trusting(nobody))},
		{name: "a trust policy for who runs Terraform", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			caller, err := d.Data("aws_caller_identity", object{})
			if err != nil {
				t.Fatal(err)
			}
			return trusting(caller["arn"].(string))(t, d)
		}},

		{name: "a key for nobody", given: creates("aws_kms_key", object{"policy": statement(nobody, "kms:*", anywhere)}),
			refused: "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals."},
		{name: "a key for a role", given: after(inIAM("aws_iam_role", "nobody"),
			creates("aws_kms_key", object{"policy": statement(nobody, "kms:*", anywhere)}))},
		{name: "a topic for nobody", given: creates("aws_sns_topic", object{"name": "t", "policy": statement(nobody, "sns:Publish", anywhere)}),
			refused: "InvalidParameter: Invalid parameter: Policy Error: PrincipalNotFound"},
		{name: "a queue for nobody", refused: "InvalidAttributeValue: Invalid value for the parameter Policy.",
			given: creates("aws_sqs_queue", object{"name": "q", "policy": statement(nobody, "sqs:SendMessage", anywhere)})},
		{name: "a secret for nobody", refused: "MalformedPolicyDocumentException: This resource policy contains an unsupported principal.",
			given: creates("aws_secretsmanager_secret",
				object{"name": "s", "policy": statement(nobody, "secretsmanager:GetSecretValue", anywhere)})},
		{name: "a bucket for nobody", refused: "MalformedPolicy: Invalid principal in policy",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				bucket := d.MustCreate(t, "aws_s3_bucket", object{"bucket": "coder-4711"})
				return "aws_s3_bucket_policy", object{"bucket": bucket["id"],
					"policy": statement(nobody, "s3:GetObject", object{"Resource": "arn:aws:s3:::coder-4711/*"})}
			}},
		{name: "a repository for nobody", refused: "failed to satisfy constraint: 'Principal not found'",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				repository := d.MustCreate(t, "aws_ecr_repository", object{"name": "coder"})
				return "aws_ecr_repository_policy", object{"repository": repository["name"], "policy": statement(nobody, "ecr:BatchGetImage", nil)}
			}},
	})
}
