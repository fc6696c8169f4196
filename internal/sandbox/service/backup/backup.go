// Package backup declares AWS Backup: vaults, plans and selections. Beside the model it imports cron, iampolicy and kms; the catalog
// imports it.
//
// Rules: API model (botocore backup 2018-11-15); texts are unverified except where marked.
package backup

import (
	"strings"

	"coderaws/internal/cron"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{vault(), plan(), selection()}
}

const api = "Backup"

func vault() *model.Type {
	return &model.Type{
		Name: "aws_backup_vault", API: api, Noun: "Backup Vault",
		CreateCall: "CreateBackupVault", UpdateCall: "TagResource", DeleteCall: "DeleteBackupVault",
		Identify: model.IDFrom("name"),
		Unique: []model.Unique{{Attribute: "name", Taken: func(*model.Call, string) *world.Error {
			return world.Fail("AlreadyExistsException", "Backup vault with the same name already exists") // moto's record of the real answer
		}}},
		Checks: []model.Check{
			model.Pattern("InvalidParameterValueException", "name", "backupVaultName", `[a-zA-Z0-9\-\_]{2,50}`),
			func(c *model.Call) *world.Error {
				if name := c.String("kms_key_arn"); name != "" && kms.FindKey(c, name) == nil && !kms.KeyElsewhere(c, name) {
					return world.Fail("InvalidParameterValueException", "Invalid KMS key: %s", name)
				}
				return nil
			},
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("backup", "backup-vault:"+c.ID))
			c.Set("recovery_points", 0.0)
			c.Set("kms_key_arn", c.ARN("kms", "key/"+kms.ManagedKeyID(c, "backup")))
		},
		// The plan keeps its rule and fails at the next backup.
		InUse:   func(*model.Call, *world.Resource) *world.Error { return nil },
		Latency: model.Instant("estimate"),
	}
}

func plan() *model.Type {
	return &model.Type{
		Name: "aws_backup_plan", API: api, Noun: "Backup Plan",
		CreateCall: "CreateBackupPlan", UpdateCall: "UpdateBackupPlan", DeleteCall: "DeleteBackupPlan",
		Identify: func(c *model.Call) string { return c.UUID() },
		References: []model.Reference{{Path: "rule.target_vault_name", To: []string{"aws_backup_vault"},
			Missing: model.Missing("InvalidParameterValueException", "Backup vault %s does not exist")}},
		Unique: []model.Unique{{Attribute: "name", Taken: func(*model.Call, string) *world.Error {
			return world.Fail("AlreadyExistsException", "Backup plan with the same plan document already exists.")
		}}},
		Checks: []model.Check{
			model.Pattern("InvalidParameterValueException", "name", "backupPlanName", `[a-zA-Z0-9\-\_\.]{1,50}`),
			model.Pattern("InvalidParameterValueException", "rule.rule_name", "ruleName", `[a-zA-Z0-9\-\_\.]{1,50}`),
			planRules,
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("backup", "backup-plan:"+c.ID))
			c.Force("version", c.World.Digest(48, c.ID, world.NaturalKey(c.Object)))
			for _, at := range []string{"rule.lifecycle", "rule.copy_action.lifecycle"} {
				c.SetIn(at, "opt_in_to_archive_for_supported_resources", false)
			}
		},
		InUse: func(_ *model.Call, by *world.Resource) *world.Error {
			return world.Fail("InvalidRequestException", "Related backup plan selections must be deleted prior to backup plan deletion")
		},
		Latency: model.Instant("estimate"),
	}
}

// planRules holds windows, schedules and retention of each rule to what AWS Backup takes.
func planRules(c *model.Call) *world.Error {
	for _, rule := range c.Blocks("rule") {
		start, hasStart := rule["start_window"].(float64)
		completion, hasCompletion := rule["completion_window"].(float64)
		schedule, _ := rule["schedule"].(string)
		cold, hasCold := model.At(rule, "lifecycle.cold_storage_after").(float64)
		after, hasAfter := model.At(rule, "lifecycle.delete_after").(float64)
		continuous, _ := rule["enable_continuous_backup"].(bool)
		switch {
		case hasStart && start < 60:
			return world.Fail("InvalidParameterValueException", "Invalid start window: %s. The value must be at least 60 minutes.",
				model.FormatNumber(start))
		case hasStart && hasCompletion && completion < start+60:
			return world.Fail("InvalidParameterValueException",
				"Invalid completion window: %s. The value must be at least 60 minutes greater than the start window.", model.FormatNumber(completion))
		case schedule != "" && !cron.Recurs(schedule):
			return world.Fail("InvalidParameterValueException", "Invalid cron expression: %s", schedule)
		case hasCold && cold > 0 && hasAfter && after > 0 && after < cold+90:
			return world.Fail("InvalidParameterValueException",
				"Lifecycle is invalid: DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays")
		case continuous && (hasCold && cold > 0 || !hasAfter || after < 1 || after > 35):
			return world.Fail("InvalidParameterValueException", "Continuous backup must be kept from 1 to 35 days, and not in cold storage")
		}
	}
	return nil
}

func selection() *model.Type {
	return &model.Type{
		Name: "aws_backup_selection", API: api, Noun: "Backup Selection",
		CreateCall: "CreateBackupSelection", UpdateCall: "CreateBackupSelection", DeleteCall: "DeleteBackupSelection",
		Identify: func(c *model.Call) string { return c.UUID() },
		References: []model.Reference{
			{Path: "plan_id", To: []string{"aws_backup_plan"},
				Missing: model.Missing("InvalidParameterValueException", "Backup Plan ID %s does not exist")},
			{Path: "iam_role_arn", To: []string{"aws_iam_role"}, By: "arn",
				Missing: model.Missing("InvalidParameterValueException", "IAM Role %s cannot be assumed by AWS Backup")},
		},
		Checks: []model.Check{
			model.Pattern("InvalidParameterValueException", "name", "selectionName", `[a-zA-Z0-9\-\_\.]{1,50}`),
			func(c *model.Call) *world.Error {
				role := c.FindBy("aws_iam_role", "arn", c.String("iam_role_arn"))
				if role != nil && !principal.Trusts(role, "backup.amazonaws.com") {
					return world.Fail("InvalidParameterValueException", "IAM Role %s cannot be assumed by AWS Backup", role.String("arn"))
				}
				return nil
			},
		},
		Fill: func(c *model.Call) { c.Set("not_resources", []any{}) },
		ImportBy: func(c *model.Call, id string) *world.Resource {
			_, selection, _ := strings.Cut(id, "|")
			return c.Find("aws_backup_selection", selection)
		},
		Latency: model.Instant("estimate"),
	}
}
