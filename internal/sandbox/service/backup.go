package service

import (
	"strings"

	"coderaws/internal/sandbox/world"
)

// backupTypes declares AWS Backup. Rules: API model (botocore backup 2018-11-15); texts are unverified except where marked.
func backupTypes() []*Type {
	return []*Type{backupVault(), backupPlan(), backupSelection()}
}

const backup = "Backup"

func backupVault() *Type {
	return &Type{
		Name: "aws_backup_vault", API: backup, Noun: "Backup Vault",
		CreateCall: "CreateBackupVault", UpdateCall: "TagResource", DeleteCall: "DeleteBackupVault",
		Identify: named("name"),
		Unique: []Unique{{Attribute: "name", Taken: func(*Call, string) *world.Error {
			return world.Fail("AlreadyExistsException", "Backup vault with the same name already exists") // moto's record of the real answer
		}}},
		Checks: []Check{
			pattern("InvalidParameterValueException", "name", "backupVaultName", `[a-zA-Z0-9\-\_]{2,50}`),
			func(c *Call) *world.Error {
				if name := c.String("kms_key_arn"); name != "" && c.key(name) == nil && !c.keyElsewhere(name) {
					return world.Fail("InvalidParameterValueException", "Invalid KMS key: %s", name)
				}
				return nil
			},
		},
		Fill: func(c *Call) {
			c.Set("arn", c.ARN("backup", "backup-vault:"+c.ID))
			c.Set("recovery_points", 0.0)
			c.Set("kms_key_arn", c.ARN("kms", "key/"+awsKeyID(c, "backup")))
		},
		// The plan keeps its rule and fails at the next backup.
		InUse:   func(*Call, *world.Resource) *world.Error { return nil },
		Latency: instant("estimate"),
	}
}

// awsKeyID is the id of the key that AWS manages for a service, such as aws/backup.
func awsKeyID(c *Call, service string) string {
	h := c.World.Digest(32, c.Account, c.Region, "aws/"+service)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

func backupPlan() *Type {
	return &Type{
		Name: "aws_backup_plan", API: backup, Noun: "Backup Plan",
		CreateCall: "CreateBackupPlan", UpdateCall: "UpdateBackupPlan", DeleteCall: "DeleteBackupPlan",
		Identify: func(c *Call) string { return c.UUID() },
		References: []Reference{{Path: "rule.target_vault_name", To: []string{"aws_backup_vault"},
			Missing: missing("InvalidParameterValueException", "Backup vault %s does not exist")}},
		Unique: []Unique{{Attribute: "name", Taken: func(*Call, string) *world.Error {
			return world.Fail("AlreadyExistsException", "Backup plan with the same plan document already exists.")
		}}},
		Checks: []Check{
			pattern("InvalidParameterValueException", "name", "backupPlanName", `[a-zA-Z0-9\-\_\.]{1,50}`),
			pattern("InvalidParameterValueException", "rule.rule_name", "ruleName", `[a-zA-Z0-9\-\_\.]{1,50}`),
			backupRules,
		},
		Fill: func(c *Call) {
			c.Set("arn", c.ARN("backup", "backup-plan:"+c.ID))
			c.Force("version", c.World.Digest(48, c.ID, world.NaturalKey(c.Object)))
			for _, at := range []string{"rule.lifecycle", "rule.copy_action.lifecycle"} {
				c.SetIn(at, "opt_in_to_archive_for_supported_resources", false)
			}
		},
		InUse: func(_ *Call, by *world.Resource) *world.Error {
			return world.Fail("InvalidRequestException", "Related backup plan selections must be deleted prior to backup plan deletion")
		},
		Latency: instant("estimate"),
	}
}

// backupRules holds windows, schedules and retention of each rule to what AWS Backup takes.
func backupRules(c *Call) *world.Error {
	for _, rule := range c.Blocks("rule") {
		start, hasStart := rule["start_window"].(float64)
		completion, hasCompletion := rule["completion_window"].(float64)
		schedule, _ := rule["schedule"].(string)
		cold, hasCold := At(rule, "lifecycle.cold_storage_after").(float64)
		after, hasAfter := At(rule, "lifecycle.delete_after").(float64)
		continuous, _ := rule["enable_continuous_backup"].(bool)
		switch {
		case hasStart && start < 60:
			return world.Fail("InvalidParameterValueException", "Invalid start window: %s. The value must be at least 60 minutes.", number(start))
		case hasStart && hasCompletion && completion < start+60:
			return world.Fail("InvalidParameterValueException", "Invalid completion window: %s. The value must be at least 60 minutes greater than the start window.", number(completion))
		case schedule != "" && !scheduleExpression(schedule):
			return world.Fail("InvalidParameterValueException", "Invalid cron expression: %s", schedule)
		case hasCold && cold > 0 && hasAfter && after > 0 && after < cold+90:
			return world.Fail("InvalidParameterValueException", "Lifecycle is invalid: DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays")
		case continuous && (hasCold && cold > 0 || !hasAfter || after < 1 || after > 35):
			return world.Fail("InvalidParameterValueException", "Continuous backup must be kept from 1 to 35 days, and not in cold storage")
		}
	}
	return nil
}

// scheduleExpression reports whether a text is a cron of six fields or a rate, as AWS Backup, EventBridge and others take them.
func scheduleExpression(text string) bool {
	if fields, ok := strings.CutPrefix(text, "cron("); ok && strings.HasSuffix(fields, ")") {
		parts := strings.Fields(strings.TrimSuffix(fields, ")"))
		// One of day-of-month and day-of-week must be left open.
		return len(parts) == 6 && (parts[2] == "?") != (parts[4] == "?")
	}
	if rate, ok := strings.CutPrefix(text, "rate("); ok && strings.HasSuffix(rate, ")") {
		parts := strings.Fields(strings.TrimSuffix(rate, ")"))
		return len(parts) == 2 && strings.Trim(parts[0], "0123456789") == "" && parts[0] != "0" && rateUnit(parts[0], parts[1])
	}
	return false
}

// rateUnit holds a rate to singular for one and plural for more, as AWS does.
func rateUnit(count, unit string) bool {
	singular := strings.TrimSuffix(unit, "s")
	return (singular == "minute" || singular == "hour" || singular == "day") && (count == "1") == (unit == singular)
}

func backupSelection() *Type {
	return &Type{
		Name: "aws_backup_selection", API: backup, Noun: "Backup Selection",
		CreateCall: "CreateBackupSelection", UpdateCall: "CreateBackupSelection", DeleteCall: "DeleteBackupSelection",
		Identify: func(c *Call) string { return c.UUID() },
		References: []Reference{
			{Path: "plan_id", To: []string{"aws_backup_plan"}, Missing: missing("InvalidParameterValueException", "Backup Plan ID %s does not exist")},
			{Path: "iam_role_arn", To: []string{"aws_iam_role"}, By: "arn", Missing: missing("InvalidParameterValueException", "IAM Role %s cannot be assumed by AWS Backup")},
		},
		Checks: []Check{
			pattern("InvalidParameterValueException", "name", "selectionName", `[a-zA-Z0-9\-\_\.]{1,50}`),
			func(c *Call) *world.Error {
				role := c.FindBy("aws_iam_role", "arn", c.String("iam_role_arn"))
				if role != nil && !trusts(role, "backup.amazonaws.com") {
					return world.Fail("InvalidParameterValueException", "IAM Role %s cannot be assumed by AWS Backup", role.String("arn"))
				}
				return nil
			},
		},
		Fill: func(c *Call) { c.Set("not_resources", []any{}) },
		ImportBy: func(c *Call, id string) *world.Resource {
			_, selection, _ := strings.Cut(id, "|")
			return c.Find("aws_backup_selection", selection)
		},
		Latency: instant("estimate"),
	}
}
