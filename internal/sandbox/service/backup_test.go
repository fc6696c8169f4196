package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestBackup(t *testing.T) {
	plan := func(change, lifecycle object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			d.MustCreate(t, "aws_backup_vault", object{"name": "database"})
			daily := merged(object{"rule_name": "daily", "target_vault_name": "database", "schedule": "cron(0 5 ? * * *)"}, change)
			if lifecycle != nil {
				daily["lifecycle"] = []any{lifecycle}
			}
			return "aws_backup_plan", object{"name": "database", "rule": []any{daily}}
		}
	}
	selection := func(service string, change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			made := d.MustCreate(t, "aws_backup_plan", second(plan(nil, nil)(t, d)))
			role := roleFor(t, d, "backup", service)
			return "aws_backup_selection",
				merged(object{"name": "database", "plan_id": made["id"], "iam_role_arn": role["arn"], "resources": []any{"*"}}, change)
		}
	}
	check(t, []rule{
		{name: "a vault", given: creating("aws_backup_vault", object{"name": "database"})},
		{name: "a vault of one letter", given: creating("aws_backup_vault", object{"name": "d"}), refused: "InvalidParameterValueException"},
		{name: "a vault twice", given: repeating("aws_backup_vault", object{"name": "database"}, nil),
			refused: "AlreadyExistsException: Backup vault with the same name already exists"},
		{name: "a key that does not exist",
			given:   creating("aws_backup_vault", object{"name": "database", "kms_key_arn": "arn:aws:kms:us-east-1:123456789012:key/none"}),
			refused: "InvalidParameterValueException: Invalid KMS key"},
		{name: "a plan", given: plan(object{"start_window": 60, "completion_window": 480}, object{"delete_after": 90})},
		{name: "a plan for no vault", given: plan(object{"target_vault_name": "none"}, nil),
			refused: "InvalidParameterValueException: Backup vault none does not exist"},
		{name: "a start window below an hour", given: plan(object{"start_window": 30}, nil),
			refused: "InvalidParameterValueException: Invalid start window: 30."},
		{name: "a completion before the start", given: plan(object{"start_window": 120, "completion_window": 120}, nil),
			refused: "InvalidParameterValueException: Invalid completion window: 120."},
		{name: "a cron of Unix", given: plan(object{"schedule": "cron(0 5 * * *)"}, nil),
			refused: "InvalidParameterValueException: Invalid cron expression"},
		{name: "cold storage for less than ninety days", given: plan(nil, object{"cold_storage_after": 30, "delete_after": 100}),
			refused: "DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays"},
		{name: "continuous backup for a year", given: plan(object{"enable_continuous_backup": true}, object{"delete_after": 365}),
			refused: "InvalidParameterValueException"},
		{name: "continuous backup for 35 days", given: plan(object{"enable_continuous_backup": true}, object{"delete_after": 35})},
		{name: "continuous backup for 36 days", given: plan(object{"enable_continuous_backup": true}, object{"delete_after": 36}),
			refused: "Continuous backup must be kept from 1 to 35 days"},
		{name: "continuous backup for ever", given: plan(object{"enable_continuous_backup": true}, nil),
			refused: "Continuous backup must be kept"},
		{name: "continuous backup in cold storage", refused: "DeleteAfterDays cannot be less than 90 days",
			given: plan(object{"enable_continuous_backup": true}, object{"cold_storage_after": 1, "delete_after": 35})},
		{name: "cold storage for ninety days", given: plan(nil, object{"cold_storage_after": 30, "delete_after": 120})},
		{name: "cold storage for ever", given: plan(nil, object{"cold_storage_after": 30})},
		{name: "a selection", given: selection("backup.amazonaws.com", nil)},
		{name: "a selection of no plan", given: selection("backup.amazonaws.com", object{"plan_id": "none"}),
			refused: "InvalidParameterValueException: Backup Plan ID none does not exist"},
		{name: "a role that does not trust AWS Backup", given: selection("ec2.amazonaws.com", nil),
			refused: "InvalidParameterValueException: IAM Role arn:aws:iam::123456789012:role/backup cannot be assumed by AWS Backup"},
	})
}

// second is the configuration out of what a setting returns.
func second(_ string, config object) object { return config }

func TestBackupDeletion(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	d.MustCreate(t, "aws_backup_vault", object{"name": "database"})
	plan := d.MustCreate(t, "aws_backup_plan",
		object{"name": "database", "rule": []any{object{"rule_name": "daily", "target_vault_name": "database"}}})
	selection := d.MustCreate(t, "aws_backup_selection", object{"name": "database", "plan_id": plan["id"], "resources": []any{"*"},
		"iam_role_arn": roleFor(t, d, "backup", "backup.amazonaws.com")["arn"]})
	expect(t, d.Delete("aws_backup_plan", plan),
		"InvalidRequestException: Related backup plan selections must be deleted prior to backup plan deletion")
	expect(t, d.Delete("aws_backup_selection", selection), "")
	expect(t, d.Delete("aws_backup_plan", plan), "")
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}
