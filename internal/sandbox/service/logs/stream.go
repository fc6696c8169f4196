package logs

import (
	"strconv"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func logStream() *model.Type {
	return &model.Type{
		Name: "aws_cloudwatch_log_stream", API: api, Noun: "CloudWatch Logs Log Stream",
		CreateCall: "CreateLogStream", UpdateCall: "CreateLogStream", DeleteCall: "DeleteLogStream",
		Identify:   func(c *model.Call) string { return c.String("log_group_name") + ":" + c.String("name") },
		References: []model.Reference{{Path: "log_group_name", To: []string{"aws_cloudwatch_log_group"}, Missing: logGroupMissing, Inside: true}},
		Unique: []model.Unique{{Attribute: "name", Within: "log_group_name", Taken: func(*model.Call, string) *world.Error {
			return world.Fail("ResourceAlreadyExistsException", "The specified log stream already exists")
		}}},
		Checks: []model.Check{
			model.Length("InvalidParameterException", "name", "logStreamName", 1, 512),
			model.Pattern("InvalidParameterException", "name", "logStreamName", `[^:*]*`),
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("logs", "log-group:"+c.String("log_group_name")+":log-stream:"+c.String("name")))
		},
		Latency: model.Instant("estimate"),
	}
}

func logMetricFilter() *model.Type {
	return &model.Type{
		Name: "aws_cloudwatch_log_metric_filter", API: api, Noun: "CloudWatch Logs Metric Filter",
		CreateCall: "PutMetricFilter", UpdateCall: "PutMetricFilter", DeleteCall: "DeleteMetricFilter",
		Identify:   model.IDFrom("name"),
		References: []model.Reference{{Path: "log_group_name", To: []string{"aws_cloudwatch_log_group"}, Missing: logGroupMissing, Inside: true}},
		Checks: []model.Check{
			model.Length("InvalidParameterException", "name", "filterName", 1, 512),
			model.Pattern("InvalidParameterException", "name", "filterName", `[^:*]*`),
			model.Length("InvalidParameterException", "pattern", "filterPattern", 0, 1024),
			func(c *model.Call) *world.Error {
				dimensions, _ := c.At("metric_transformation.dimensions").(world.Object)
				if len(dimensions) > 3 {
					return world.Fail("InvalidParameterException", "Dimensions cannot have more than 3 entries.") // text unverified
				}
				if len(dimensions) > 0 && c.String("metric_transformation.default_value") != "" {
					return world.Fail("InvalidParameterException",
						"Invalid metric transformation: dimensions and default value are mutually exclusive properties.")
				}
				return nil
			},
			atMost(100, "aws_cloudwatch_log_metric_filter", "log_group_name"),
		},
		Fill: func(c *model.Call) { c.Set("apply_on_transformed_logs", false) },
		ImportBy: func(c *model.Call, id string) *world.Resource {
			_, name, _ := strings.Cut(id, ":")
			return c.Find("aws_cloudwatch_log_metric_filter", name)
		},
		Latency: model.Instant("estimate"),
	}
}

func logResourcePolicy() *model.Type {
	return &model.Type{
		Name: "aws_cloudwatch_log_resource_policy", API: api, Noun: "CloudWatch Logs Resource Policy",
		CreateCall: "PutResourcePolicy", UpdateCall: "PutResourcePolicy", DeleteCall: "DeleteResourcePolicy",
		Identify: func(c *model.Call) string {
			if name := c.String("policy_name"); name != "" {
				return name
			}
			return c.String("resource_arn")
		},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			text := c.String("policy_document")
			switch {
			case text == "":
				return nil
			case iampolicy.Fault(iampolicy.Resource, text) != "":
				// text unverified
				return world.Fail("InvalidParameterException", "Policy Document is invalid: %s", iampolicy.Fault(iampolicy.Resource, text))
			case len(text) > 5120:
				return model.Unsatisfied("InvalidParameterException", text[:20]+"...", "policyDocument",
					"Member must have length less than or equal to 5120")
			}
			return nil
		}, atMost(10, "aws_cloudwatch_log_resource_policy", "region")},
		Fill: func(c *model.Call) {
			c.Set("policy_scope", map[bool]string{true: "RESOURCE", false: "ACCOUNT"}[c.String("resource_arn") != ""])
			c.Set("revision_id", strconv.Itoa(c.Generation+1))
		},
		Latency: model.Instant("estimate"),
	}
}

// atMost refuses to create more resources of a type than a limit that cannot be raised (AWS documentation), counted by the value of an
// argument.
func atMost(limit int, typ, within string) model.Check {
	return func(c *model.Call) *world.Error {
		count := 0
		for _, other := range c.All(typ) {
			if other.Attributes[within] == c.Object[within] {
				count++
			}
		}
		if c.Creating() && count >= limit {
			return world.Fail("LimitExceededException", "Resource limit exceeded.")
		}
		return nil
	}
}

// DataSources declares what Terraform asks CloudWatch Logs.
func DataSources() []*model.DataSource {
	return []*model.DataSource{{Name: "aws_cloudwatch_log_group", API: api, Noun: "CloudWatch Logs Log Group", Call: "DescribeLogGroups",
		Read: func(c *model.Call) *world.Error {
			group := c.Find("aws_cloudwatch_log_group", c.String("name"))
			if group == nil {
				return &world.Error{Message: "reading CloudWatch Logs Log Group (" + c.String("name") + "): couldn't find resource"}
			}
			for _, attribute := range []string{"arn", "deletion_protection_enabled", "kms_key_id", "log_group_class", "retention_in_days", "tags"} {
				c.Force(attribute, group.Attributes[attribute])
			}
			c.Force("id", group.ID)
			c.Force("creation_time", float64(c.World.Now().UnixMilli()))
			return nil
		}}}
}
