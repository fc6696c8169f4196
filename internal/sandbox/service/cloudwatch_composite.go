package service

import (
	"coderaws/internal/sandbox/world"
)

// ruleAlarm finds the alarms that the rule of a composite alarm names: ALARM(name), OK("name"), INSUFFICIENT_DATA(arn).
var ruleAlarm = expression(`(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?([^")]+?)"?\s*\)`)

func compositeAlarm() *Type {
	return &Type{
		Name: "aws_cloudwatch_composite_alarm", API: cloudwatch, Noun: "CloudWatch Composite Alarm",
		CreateCall: "PutCompositeAlarm", UpdateCall: "PutCompositeAlarm", DeleteCall: "DeleteAlarms",
		Identify: named("alarm_name"),
		Checks: []Check{
			length("ValidationError", "alarm_name", "alarmName", 1, 255),
			length("ValidationError", "alarm_description", "alarmDescription", 0, 1024),
			length("ValidationError", "alarm_rule", "alarmRule", 1, 10240),
			alarmActions, compositeRule,
		},
		Fill:    func(c *Call) { c.Set("arn", c.ARN("cloudwatch", "alarm:"+c.ID)) },
		Latency: instant("estimate"),
	}
}

// compositeRule wants a rule that names alarms which exist (texts unverified).
func compositeRule(c *Call) *world.Error {
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
