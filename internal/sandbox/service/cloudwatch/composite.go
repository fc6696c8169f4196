package cloudwatch

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// ruleAlarm finds the alarms that the rule of a composite alarm names: ALARM(name), OK("name"), INSUFFICIENT_DATA(arn).
var ruleAlarm = model.Expression(`(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?([^")]+?)"?\s*\)`)

func compositeAlarm() *model.Type {
	return &model.Type{
		Name: "aws_cloudwatch_composite_alarm", API: api, Noun: "CloudWatch Composite Alarm",
		CreateCall: "PutCompositeAlarm", UpdateCall: "PutCompositeAlarm", DeleteCall: "DeleteAlarms",
		Identify: model.IDFrom("alarm_name"),
		Checks: []model.Check{
			model.Length("ValidationError", "alarm_name", "alarmName", 1, 255),
			model.Length("ValidationError", "alarm_description", "alarmDescription", 0, 1024),
			model.Length("ValidationError", "alarm_rule", "alarmRule", 1, 10240),
			alarmActions, compositeRule,
		},
		Fill:    func(c *model.Call) { c.Set("arn", c.ARN("cloudwatch", "alarm:"+c.ID)) },
		Latency: model.Instant("estimate"),
	}
}

// compositeRule wants a rule that names alarms which exist (texts unverified).
func compositeRule(c *model.Call) *world.Error {
	rule := c.String("alarm_rule")
	if rule == "" || rule == "TRUE" || rule == "FALSE" {
		return nil
	}
	named := ruleAlarm().FindAllStringSubmatch(rule, -1)
	if len(named) == 0 {
		return world.Fail("ValidationError", "AlarmRule must not be malformed: %s", rule)
	}
	for _, match := range named {
		name := match[1]
		if c.Find("aws_cloudwatch_metric_alarm", name) == nil && c.FindBy("aws_cloudwatch_metric_alarm", "arn", name) == nil &&
			c.Find("aws_cloudwatch_composite_alarm", name) == nil && c.FindBy("aws_cloudwatch_composite_alarm", "arn", name) == nil {
			return world.Fail("ValidationError", "Could not save the composite alarm as alarms [%s] in the alarm rule do not exist", name)
		}
	}
	return nil
}
