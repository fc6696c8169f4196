// Package eventbridge declares Amazon EventBridge: rules and targets. Beside the model it imports cron; the catalog imports it.
//
// Rules: API model (botocore events 2015-10-07) and LocalStack's record of real answers.
package eventbridge

import (
	"encoding/json"
	"strings"

	"coderaws/internal/cron"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{eventRule(), eventTarget()}
}

const api = "EventBridge"

// busOf is the event bus of a rule or target; AWS's default is called default.
func busOf(attributes world.Object) string {
	if bus, _ := attributes["event_bus_name"].(string); bus != "" {
		return bus
	}
	return "default"
}

// onBus prefixes a name with its bus, except on the default one, as the provider's ids and ARNs do.
func onBus(c *model.Call, name string) string {
	if bus := busOf(c.Object); bus != "default" {
		return bus + "/" + name
	}
	return name
}

func eventRule() *model.Type {
	return &model.Type{
		Name: "aws_cloudwatch_event_rule", API: api, Noun: "EventBridge Rule",
		CreateCall: "PutRule", UpdateCall: "PutRule", DeleteCall: "DeleteRule",
		Identify: func(c *model.Call) string { return onBus(c, c.Name("name", "name_prefix")) },
		References: []model.Reference{{Path: "role_arn", To: []string{"aws_iam_role"}, By: "arn", Missing: model.Missing("ValidationException",
			"Provided role '%s' cannot be assumed by principal 'events.amazonaws.com'."), Weak: true}},
		Checks: []model.Check{
			model.Length("ValidationException", "name", "name", 1, 64),
			model.Pattern("ValidationException", "name", "name", `[\.\-_A-Za-z0-9]+`),
			model.Length("ValidationException", "description", "description", 0, 512),
			model.Length("ValidationException", "schedule_expression", "scheduleExpression", 0, 256),
			eventTrigger,
			model.OneOf("ValidationException", "state", "state", "ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-244521F2", Service: "events", Name: "Rules", Default: 300},
			Per:   func(_ *model.Call, attributes world.Object) string { return busOf(attributes) },
			Exceeded: func() *world.Error {
				return world.Fail("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("events", "rule/"+c.ID))
			c.Set("name_prefix", "")
		},
		BeforeDelete: []model.Check{func(c *model.Call) *world.Error {
			for _, target := range c.All("aws_cloudwatch_event_target") {
				if target.String("rule") == c.String("name") && busOf(target.Attributes) == busOf(c.Object) && !c.Bool("force_destroy") {
					return world.Fail("ValidationException", "Rule can't be deleted since it has targets.")
				}
			}
			return nil
		}},
		Latency: model.Instant("estimate"),
	}
}

// eventTrigger wants a pattern or a schedule, and holds both to their forms.
func eventTrigger(c *model.Call) *world.Error {
	events, schedule := c.String("event_pattern"), c.String("schedule_expression")
	switch {
	case events == "" && schedule == "":
		return world.Fail("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.")
	case len(events) > 4096:
		return model.Unsatisfied("ValidationException", events[:20]+"...", "eventPattern", "Member must have length less than or equal to 4096")
	case events != "" && !eventPattern(events):
		return world.Fail("InvalidEventPatternException", "Event pattern is not valid. Reason: Filter is not an object")
	case schedule != "" && !cron.Recurs(schedule):
		return world.Fail("ValidationException", "Parameter ScheduleExpression is not valid.")
	case schedule != "" && busOf(c.Object) != "default":
		return world.Fail("ValidationException", "ScheduleExpression is supported only on the default event bus.")
	}
	return nil
}

// eventPattern reports whether a text is a JSON object whose leaves are lists, as event patterns are.
func eventPattern(text string) bool {
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil || len(object) == 0 {
		return false
	}
	return leavesAreLists(object)
}

func leavesAreLists(object map[string]any) bool {
	for name, value := range object {
		switch v := value.(type) {
		case []any:
			if len(v) == 0 {
				return false
			}
		case map[string]any:
			if !leavesAreLists(v) {
				return false
			}
		default:
			return strings.HasPrefix(name, "$")
		}
	}
	return true
}

func eventTarget() *model.Type {
	return &model.Type{
		Name: "aws_cloudwatch_event_target", API: api, Noun: "EventBridge Target",
		CreateCall: "PutTargets", UpdateCall: "PutTargets", DeleteCall: "RemoveTargets",
		Identify: func(c *model.Call) string {
			if model.IsUnset(c.Object["target_id"]) {
				c.Object["target_id"] = "terraform-" + model.UniqueSuffix(c)
			}
			return onBus(c, c.String("rule")) + "-" + c.String("target_id")
		},
		Checks: []model.Check{
			model.Length("ValidationException", "target_id", "targets.id", 1, 64),
			model.Pattern("ValidationException", "target_id", "targets.id", `[\.\-_A-Za-z0-9]+`),
			model.Length("ValidationException", "input", "targets.input", 0, 8192),
			model.Between("ValidationException", "retry_policy.maximum_retry_attempts", "targets.retryPolicy.maximumRetryAttempts", 0, 185),
			model.Between("ValidationException", "retry_policy.maximum_event_age_in_seconds", "targets.retryPolicy.maximumEventAgeInSeconds",
				60, 86400),
			eventTargetRule,
		},
		Latency: model.Instant("estimate"),
	}
}

func eventTargetRule(c *model.Call) *world.Error {
	rule, bus := c.String("rule"), busOf(c.Object)
	found := false
	for _, r := range c.All("aws_cloudwatch_event_rule") {
		found = found || r.String("name") == rule && busOf(r.Attributes) == bus
	}
	if !found {
		return world.Fail("ResourceNotFoundException", "Rule %s does not exist on EventBus %s.", rule, bus)
	}
	others := 0
	for _, target := range c.All("aws_cloudwatch_event_target") {
		if target.String("rule") == rule && busOf(target.Attributes) == bus {
			others++
		}
	}
	if c.Creating() && others >= 5 {
		return world.Fail("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
	}
	return nil
}
