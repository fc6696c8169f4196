package service_test

import (
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// policyFor is a policy that lets a principal do an action.
func policyFor(principal any, action string) string {
	return sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": []any{
		object{"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}}})
}

func TestSecret(t *testing.T) {
	secret := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_secretsmanager_secret", merged(object{"name": "coder/license"}, change))
	}
	after := func(window float64) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config := object{"name": "coder/license", "recovery_window_in_days": window}
			expect(t, d.Delete("aws_secretsmanager_secret", d.MustCreate(t, "aws_secretsmanager_secret", config)), "")
			return "aws_secretsmanager_secret", config
		}
	}
	inside := func(typeName string, config object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			made := d.MustCreate(t, "aws_secretsmanager_secret", object{"name": "coder/license"})
			argument := "secret_id"
			if typeName == "aws_secretsmanager_secret_policy" {
				argument = "secret_arn"
			}
			return typeName, merged(config, object{argument: made["arn"]})
		}
	}
	check(t, []rule{
		{name: "a secret", given: secret(nil)},
		{name: "a name of 512 characters", given: secret(object{"name": text(512)})},
		{name: "a name of 513 characters", given: secret(object{"name": text(513)}), refused: "ValidationException: 1 validation error detected"},
		{name: "a name with a space", given: secret(object{"name": "coder license"}),
			refused: "ValidationException: Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"},
		{name: "a recovery window of 7 days", given: secret(object{"recovery_window_in_days": 7})},
		{name: "a recovery window of 6 days", given: secret(object{"recovery_window_in_days": 6}),
			refused: "InvalidParameterException: The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."},
		{name: "a recovery window of 31 days", given: secret(object{"recovery_window_in_days": 31}), refused: "InvalidParameterException"},
		{name: "a name that is scheduled for deletion", given: after(7),
			refused: "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion."},
		{name: "a name that was deleted at once", given: after(0)},
		{name: "a key that does not exist", given: secret(object{"kms_key_id": "alias/none"}), refused: "InvalidRequestException"},
		{name: "AWS's own key", given: secret(object{"kms_key_id": "alias/aws/secretsmanager"})},
		{name: "a policy that is no policy", given: secret(object{"policy": "{]"}),
			refused: "MalformedPolicyDocumentException: This resource policy contains a syntax error."},
		{name: "a second secret of one name",
			refused: "ResourceExistsException: The operation failed because the secret coder/license already exists.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := secret(nil)(t, d)
				d.MustCreate(t, typeName, config)
				return typeName, config
			}},

		{name: "a value", given: inside("aws_secretsmanager_secret_version", object{"secret_string": "value"})},
		{name: "a value of 65537 bytes", given: inside("aws_secretsmanager_secret_version", object{"secret_string": text(65537)}),
			refused: "ValidationException"},
		{name: "a value for no secret",
			given:   creates("aws_secretsmanager_secret_version", object{"secret_id": "none", "secret_string": "value"}),
			refused: "ResourceNotFoundException: Secrets Manager can't find the specified secret."},
		{name: "a policy", given: inside("aws_secretsmanager_secret_policy", object{"policy": policyFor("*", "secretsmanager:GetSecretValue")})},
		{name: "a policy for everybody, while that is blocked", refused: "PublicPolicyException",
			given: inside("aws_secretsmanager_secret_policy", object{"policy": policyFor("*", "secretsmanager:GetSecretValue"),
				"block_public_policy": true})},
		{name: "a rotation without a function",
			given:   inside("aws_secretsmanager_secret_rotation", object{"rotation_rules": []object{{"automatically_after_days": 30}}}),
			refused: "InvalidRequestException: No Lambda rotation function ARN is associated with this secret."},
		{name: "a rotation by a function that may not be invoked", given: inside("aws_secretsmanager_secret_rotation",
			object{"rotation_lambda_arn": "arn:aws:lambda:us-east-1:123456789012:function:rotate"}),
			refused: "AccessDeniedException: Secrets Manager cannot invoke the specified Lambda function."},
	})
}

func TestSecretLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	secret := d.MustCreate(t, "aws_secretsmanager_secret", object{"name": "coder/license"})
	if arn := secret["arn"].(string); !strings.HasPrefix(arn, "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-") {
		t.Errorf("ARN %s", arn)
	}
	first := d.MustCreate(t, "aws_secretsmanager_secret_version", object{"secret_id": secret["id"], "secret_string": "one"})
	d.MustCreate(t, "aws_secretsmanager_secret_version", object{"secret_id": secret["id"], "secret_string": "two"})
	for stage, want := range map[string]string{"AWSCURRENT": "two", "AWSPREVIOUS": "one"} {
		got, err := d.Data("aws_secretsmanager_secret_version", object{"secret_id": "coder/license", "version_stage": stage})
		expect(t, err, "")
		if got["secret_string"] != want {
			t.Errorf("%s is %v, want %s", stage, got["secret_string"], want)
		}
	}
	_, err := d.Data("aws_secretsmanager_secret_version", object{"secret_id": "coder/license", "version_stage": "NONE"})
	expect(t, err, "can't find the specified secret value for staging label: NONE")
	_, err = d.Data("aws_secretsmanager_secret", object{"name": "none"})
	expect(t, err, "ResourceNotFoundException: Secrets Manager can't find the specified secret.")

	policy := d.MustCreate(t, "aws_secretsmanager_secret_policy",
		object{"secret_arn": secret["arn"], "policy": policyFor(object{"AWS": "123456789012"}, "secretsmanager:GetSecretValue")})
	found, err := d.Data("aws_secretsmanager_secret", object{"arn": secret["arn"]})
	expect(t, err, "")
	if found["policy"] != policy["policy"] {
		t.Errorf("policy %v", found["policy"])
	}
	noFallbacks(t, d)

	expect(t, d.Delete("aws_secretsmanager_secret", secret), "")
	if gone, err := d.Read("aws_secretsmanager_secret_version", first); gone != nil || err != nil {
		t.Errorf("a value goes with its secret; the sandbox has %v, %v", gone, err)
	}
	for _, r := range d.World.List(nil) {
		if !r.Kept {
			t.Errorf("left: %s %s", r.Type, r.ID)
		}
	}
}

// TestMasterSecret reads the password that RDS keeps.
func TestMasterSecret(t *testing.T) {
	d := sandboxtest.New(t, "")
	cluster := d.MustCreate(t, "aws_rds_cluster", aurora(nil))
	arn := cluster["master_user_secret"].([]any)[0].(object)["secret_arn"]
	got, err := d.Data("aws_secretsmanager_secret_version", object{"secret_id": arn})
	expect(t, err, "")
	if value, _ := got["secret_string"].(string); !strings.HasPrefix(value, `{"username":"coder","password":"`) {
		t.Errorf("value %s", value)
	}
}
