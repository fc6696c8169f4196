package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// keyPolicyFor lets the account administer a key, and a service use it.
func keyPolicyFor(services ...string) string {
	statements := []any{object{"Effect": "Allow", "Principal": object{"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*",
		"Resource": "*"}}
	for _, service := range services {
		statements = append(statements, object{"Effect": "Allow", "Principal": object{"Service": service},
			"Action": []any{"kms:Encrypt*", "kms:Decrypt*"}, "Resource": "*"})
	}
	return sandboxtest.JSON(object{"Version": "2012-10-17", "Statement": statements})
}

func TestKMS(t *testing.T) {
	key := func(config object) setting { return creating("aws_kms_key", config) }
	alias := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			made := d.MustCreate(t, "aws_kms_key", object{})
			return "aws_kms_alias", merged(object{"name": "alias/coder", "target_key_id": made["key_id"]}, change)
		}
	}
	check(t, []rule{
		{name: "a key", given: key(object{"enable_key_rotation": true, "policy": keyPolicyFor("logs.us-east-1.amazonaws.com")})},
		{name: "a week until deletion", given: key(object{"deletion_window_in_days": 7})},
		{name: "less than a week", given: key(object{"deletion_window_in_days": 6}),
			refused: "ValidationException: 1 validation error detected: Value '6' at 'pendingWindowInDays' failed to satisfy constraint: Member " +
				"must have value greater than or equal to 7"},
		{name: "more than thirty days", given: key(object{"deletion_window_in_days": 31}),
			refused: "Member must have value less than or equal to 30"},
		{name: "rotation more often than every ninety days", given: key(object{"enable_key_rotation": true, "rotation_period_in_days": 30}),
			refused: "Value '30' at 'rotationPeriodInDays'"},
		{name: "rotation of a key pair", given: key(object{"enable_key_rotation": true, "customer_master_key_spec": "RSA_2048"}),
			refused: "UnsupportedOperationException"},
		{name: "a key pair that signs", given: key(object{"customer_master_key_spec": "ECC_NIST_P256", "key_usage": "SIGN_VERIFY"})},
		{name: "a symmetric key that signs", given: key(object{"key_usage": "SIGN_VERIFY"}),
			refused: "ValidationException: KeyUsage SIGN_VERIFY is not compatible with KeySpec SYMMETRIC_DEFAULT"},
		{name: "a policy that is no JSON", given: key(object{"policy": "{"}), refused: "MalformedPolicyDocumentException"},
		{name: "a policy that locks everybody out",
			given: key(
				object{
					"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"kms:*","Resource":"*"}]}`}),
			refused: "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future."},
		{name: "a policy that locks everybody out on purpose", given: key(object{"bypass_policy_lockout_safety_check": true,
			"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"kms:*","Resource":"*"}]}`})},
		{name: "an alias", given: alias(nil)},
		{name: "an alias without its prefix", given: alias(object{"name": "coder"}),
			refused: `ValidationException: Alias must start with the prefix "alias/"`},
		{name: "an alias that AWS keeps for itself", given: alias(object{"name": "alias/aws/coder"}), refused: "NotAuthorizedException"},
		{name: "an alias with a space", given: alias(object{"name": "alias/my coder"}),
			refused: "ValidationException: 1 validation error detected"},
		{name: "an alias of no key", given: alias(object{"target_key_id": "none"}),
			refused: "NotFoundException: Key 'arn:aws:kms:us-east-1:123456789012:key/none' does not exist"},
		{name: "an alias twice",
			refused: "AlreadyExistsException: An alias with the name arn:aws:kms:us-east-1:123456789012:alias/coder already exists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := alias(nil)(t, d)
				d.MustCreate(t, typ, config)
				return typ, config
			}},
		{name: "a grant of an unknown right",
			given: creating("aws_kms_grant", object{"key_id": "none", "grantee_principal": "arn:aws:iam::123456789012:role/r",
				"operations": []any{"Delete"}}),
			refused: "Member must satisfy enum value set"},
		{name: "a grant on no key",
			given: creating("aws_kms_grant", object{"key_id": "none", "grantee_principal": "arn:aws:iam::123456789012:role/r",
				"operations": []any{"Decrypt"}}),
			refused: "NotFoundException: Key 'arn:aws:kms:us-east-1:123456789012:key/none' does not exist"},
	})
}

// AWS schedules the deletion of a key whatever it encrypts; what needs the key afterwards fails.
func TestKMSKeyDeletion(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	key := d.MustCreate(t, "aws_kms_key", object{"policy": keyPolicyFor("logs.us-east-1.amazonaws.com")})
	alias := d.MustCreate(t, "aws_kms_alias", object{"name": "alias/coder", "target_key_id": key["arn"]})
	if alias["target_key_arn"] != key["arn"] {
		t.Errorf("target_key_arn = %v, want %v", alias["target_key_arn"], key["arn"])
	}
	d.MustCreate(t, "aws_cloudwatch_log_group", object{"name": "encrypted", "kms_key_id": key["arn"]})
	expect(t, d.Delete("aws_kms_key", key), "")
	_, err := d.Create("aws_cloudwatch_log_group", object{"name": "another", "kms_key_id": key["arn"]})
	expect(t, err,
		"AccessDeniedException: The specified KMS key does not exist or is not allowed to be used with Arn "+
			"'arn:aws:logs:us-east-1:123456789012:log-group:another'")
}

func TestKMSLeavesNothingOpen(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	key := d.MustCreate(t, "aws_kms_key", object{"multi_region": true})
	d.MustCreate(t, "aws_kms_alias", object{"name_prefix": "alias/coder-", "target_key_id": key["key_id"]})
	d.MustCreate(t, "aws_kms_alias", object{"name": "alias/coder", "target_key_id": key["key_id"]})
	d.MustCreate(t, "aws_kms_grant", object{"key_id": key["key_id"], "grantee_principal": "arn:aws:iam::123456789012:role/r",
		"operations": []any{"Decrypt"}})
	for _, name := range []any{key["arn"], "alias/coder", "alias/aws/ebs"} {
		if _, err := d.Data("aws_kms_key", object{"key_id": name}); err != nil {
			t.Errorf("data.aws_kms_key of %v: %v", name, err)
		}
	}
	_, err := d.Data("aws_kms_key", object{"key_id": "none"})
	expect(t, err, "NotFoundException: Key 'arn:aws:kms:us-east-1:123456789012:key/none' does not exist")
	alias, err := d.Data("aws_kms_alias", object{"name": "alias/coder"})
	expect(t, err, "")
	if alias["target_key_id"] != key["key_id"] {
		t.Errorf("target_key_id = %v, want %v", alias["target_key_id"], key["key_id"])
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}
