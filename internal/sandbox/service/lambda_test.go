package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// functionIn makes a role that a service may assume, and returns a valid function.
func functionIn(t *testing.T, d *sandboxtest.Driver, service string, change object) object {
	t.Helper()
	role := d.MustCreate(t, "aws_iam_role", object{"name": "function", "assume_role_policy": sandboxtest.JSON(object{
		"Version":   "2012-10-17",
		"Statement": []any{object{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": object{"Service": service}}}})})
	return merged(object{"function_name": "rotate", "role": role["arn"], "runtime": "python3.13", "handler": "rotate.handler",
		"filename": "rotate.zip"}, change)
}

func TestFunction(t *testing.T) {
	function := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			return "aws_lambda_function", functionIn(t, d, "lambda.amazonaws.com", change)
		}
	}
	permission := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			d.MustCreate(t, "aws_lambda_function", functionIn(t, d, "lambda.amazonaws.com", nil))
			return "aws_lambda_permission",
				merged(object{"function_name": "rotate", "action": "lambda:InvokeFunction", "principal": "secretsmanager.amazonaws.com",
					"statement_id": "secrets"}, change)
		}
	}
	check(t, []rule{
		{name: "a function", given: function(nil)},
		{name: "a name of 65 characters", given: function(object{"function_name": text(65)}), refused: "ValidationException"},
		{name: "a name with a space", given: function(object{"function_name": "a b"}), refused: "at 'functionName'"},
		{name: "a runtime that has ended", given: function(object{"runtime": "python2.7"}),
			refused: "InvalidParameterValueException: Value python2.7 at 'runtime'"},
		{name: "127 MB", given: function(object{"memory_size": 127}), refused: "Member must have value greater than or equal to 128"},
		{name: "901 seconds", given: function(object{"timeout": 901}), refused: "Member must have value less than or equal to 900"},
		{name: "an architecture that Lambda does not have", given: function(object{"architectures": []string{"riscv"}}),
			refused: "ValidationException"},
		{name: "no code", given: function(object{"filename": nil}), refused: "one of `filename,image_uri,s3_bucket` must be specified"},
		{name: "code in a bucket that does not exist", given: function(object{"filename": nil, "s3_bucket": "none", "s3_key": "a"}),
			refused: "S3 Error Code: NoSuchBucket"},
		{name: "a role that Lambda may not assume",
			refused: "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return "aws_lambda_function", functionIn(t, d, "ec2.amazonaws.com", nil)
			}},
		{name: "a second function of one name", refused: "ResourceConflictException: Function already exist: rotate",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := function(nil)(t, d)
				d.MustCreate(t, typeName, config)
				return typeName, config
			}},
		{name: "a permission", given: permission(nil)},
		{name: "a permission of no function", given: permission(object{"function_name": "none"}),
			refused: "ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:none"},
		{name: "a permission for another service's action", given: permission(object{"action": "s3:GetObject"}), refused: "at 'action'"},
		{name: "a second permission of one statement", refused: "ResourceConflictException: The statement id (secrets) provided already exists.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := permission(nil)(t, d)
				d.MustCreate(t, typeName, config)
				return typeName, config
			}},
		{name: "a rotation by a function that may be invoked", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			typeName, config := permission(nil)(t, d)
			d.MustCreate(t, typeName, config)
			noFallbacks(t, d)
			secret := d.MustCreate(t, "aws_secretsmanager_secret", object{"name": "coder"})
			return "aws_secretsmanager_secret_rotation",
				object{"secret_id": secret["id"], "rotation_lambda_arn": "arn:aws:lambda:us-east-1:123456789012:function:rotate",
					"rotation_rules": []object{{"automatically_after_days": 30}}}
		}},
	})
}

func TestTable(t *testing.T) {
	table := func(change object) func(*testing.T, *sandboxtest.Driver) (string, object) {
		return creates("aws_dynamodb_table",
			merged(object{"name": "locks", "hash_key": "LockID", "billing_mode": "PAY_PER_REQUEST",
				"attribute": []object{{"name": "LockID", "type": "S"}}}, change))
	}
	check(t, []rule{
		{name: "a table", given: table(nil)},
		{name: "a name of 2 characters", given: table(object{"name": "ab"}), refused: "ValidationException: Invalid table/index name."},
		{name: "a key that is not defined", given: table(object{"hash_key": "Other"}),
			refused: "all indexes must match a defined attribute. Unmatched indexes: [Other]"},
		{name: "an attribute that no key uses",
			given:   table(object{"attribute": []object{{"name": "LockID", "type": "S"}, {"name": "Other", "type": "S"}}}),
			refused: "all attributes must be indexed. Unused attributes: [Other]"},
		{name: "an attribute of an unknown type", given: table(object{"attribute": []object{{"name": "LockID", "type": "X"}}}),
			refused: "ValidationException"},
		{name: "capacity where none is paid for", given: table(object{"read_capacity": 5, "write_capacity": 5}),
			refused: "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
		{name: "no capacity where it is paid for", given: table(object{"billing_mode": "PROVISIONED"}),
			refused: "read_capacity and write_capacity must be at least 1"},
		{name: "a second table of one name", refused: "ResourceInUseException: Table already exists: locks",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typeName, config := table(nil)(t, d)
				d.MustCreate(t, typeName, config)
				noFallbacks(t, d)
				return typeName, config
			}},
	})
	d := sandboxtest.New(t, "")
	typeName, config := table(object{"deletion_protection_enabled": true})(t, d)
	expect(t, d.Delete(typeName, d.MustCreate(t, typeName, config)),
		"ValidationException: Resource cannot be deleted as it is currently protected against deletion.")
}
