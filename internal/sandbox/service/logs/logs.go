// Package logs declares Amazon CloudWatch Logs: groups, streams, filters and policies. Beside the model it imports iampolicy and kms;
// the catalog imports it.
//
// Rules: API model (botocore logs 2014-03-28) and public logs of real accounts.
package logs

import (
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{logGroup(), logStream(), logMetricFilter(), logResourcePolicy()}
}

const api = "CloudWatch Logs"

var logGroupMissing = model.Missing("ResourceNotFoundException", "The specified log group does not exist.%.0s")

func logGroup() *model.Type {
	return &model.Type{
		Name: "aws_cloudwatch_log_group", API: api, Noun: "CloudWatch Logs Log Group",
		CreateCall: "CreateLogGroup", UpdateCall: "PutRetentionPolicy", DeleteCall: "DeleteLogGroup",
		Identify: func(c *model.Call) string { return c.Name("name", "name_prefix") },
		Unique: []model.Unique{{Attribute: "name", Taken: func(*model.Call, string) *world.Error {
			return world.Fail("ResourceAlreadyExistsException", "The specified log group already exists")
		}}},
		Checks: []model.Check{
			model.Length("InvalidParameterException", "name", "logGroupName", 1, 512),
			model.Pattern("InvalidParameterException", "name", "logGroupName", `[\.\-_/#A-Za-z0-9]+`),
			model.OneOf("InvalidParameterException", "log_group_class", "logGroupClass", "STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
			logRetention, logKey,
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("logs", "log-group:"+c.ID))
			c.Set("name_prefix", "")
			c.Set("log_group_class", "STANDARD")
			c.Set("deletion_protection_enabled", false)
		},
		BeforeDelete: []model.Check{func(c *model.Call) *world.Error {
			if c.Bool("deletion_protection_enabled") {
				return world.Fail("ValidationException", "The specified log group has deletion protection enabled.") // text unverified
			}
			return nil
		}},
		Latency: model.Instant("logs of real deployments"),
	}
}

// logRetentions are the days that CloudWatch Logs keeps events; 0 is for ever.
var logRetentions = map[float64]bool{
	0: true, 1: true, 3: true, 5: true, 7: true, 14: true, 30: true, 60: true, 90: true, 120: true, 150: true, 180: true, 365: true, 400: true,
	545: true, 731: true, 1096: true, 1827: true, 2192: true, 2557: true, 2922: true, 3288: true, 3653: true,
}

func logRetention(c *model.Call) *world.Error {
	if days, ok := c.Number("retention_in_days"); ok && !logRetentions[days] {
		return model.Unsatisfied("InvalidParameterException", model.FormatNumber(days), "retentionInDays",
			"Member must satisfy enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, "+
				"3288, 3653]")
	}
	return nil
}

// logKey refuses a key that CloudWatch Logs of the region may not encrypt with: the most common failure of encrypted log groups.
func logKey(c *model.Call) *world.Error {
	name := c.String("kms_key_id")
	if name == "" || !c.Changed("kms_key_id") || kms.KeyElsewhere(c, name) {
		return nil
	}
	key := kms.FindKey(c, name)
	service := "logs." + c.Region + "." + facts.DNSSuffix(c.Region)
	if key == nil || !strings.HasPrefix(name, "arn:") || !principal.Admits(kms.Policy(c, key), service, "kms:Encrypt") {
		return world.Fail("AccessDeniedException", "The specified KMS key does not exist or is not allowed to be used with Arn '%s'",
			c.ARN("logs", "log-group:"+c.String("name")))
	}
	return nil
}
