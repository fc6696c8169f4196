// Package cloudwatch declares Amazon CloudWatch: alarms and dashboards. It knows the model alone; the catalog imports it.
//
// Rules: API model (botocore cloudwatch 2010-08-01).
package cloudwatch

import (
	"encoding/json"
	"fmt"
	"math"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{metricAlarm(), compositeAlarm(), dashboard()}
}

const api = "CloudWatch"

var comparisonOperators = []string{
	"GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold",
	"LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold",
}

func metricAlarm() *model.Type {
	return &model.Type{
		Name: "aws_cloudwatch_metric_alarm", API: api, Noun: "CloudWatch Metric Alarm",
		CreateCall: "PutMetricAlarm", UpdateCall: "PutMetricAlarm", DeleteCall: "DeleteAlarms",
		Identify: model.IDFrom("alarm_name"),
		Checks: []model.Check{
			model.Length("ValidationError", "alarm_name", "alarmName", 1, 255),
			model.Length("ValidationError", "alarm_description", "alarmDescription", 0, 1024),
			model.OneOf("ValidationError", "comparison_operator", "comparisonOperator", comparisonOperators...),
			model.OneOf("ValidationError", "statistic", "statistic", "SampleCount", "Average", "Sum", "Minimum", "Maximum"),
			alarmActions, alarmSource, alarmMissingData, alarmPeriod, alarmDatapoints,
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("cloudwatch", "alarm:"+c.ID))
			c.Set("evaluate_low_sample_count_percentiles", "")
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

func alarmActions(c *model.Call) *world.Error {
	for _, pair := range [][2]string{{"alarm_actions", "alarmActions"}, {"ok_actions", "oKActions"},
		{"insufficient_data_actions", "insufficientDataActions"}} {
		if actions := c.Strings(pair[0]); len(actions) > 5 {
			return model.Unsatisfied("ValidationError", fmt.Sprint(actions), pair[1], "Member must have length less than or equal to 5")
		}
	}
	return nil
}

// alarmSource holds an alarm to one source of data: a metric, or queries.
func alarmSource(c *model.Call) *world.Error {
	metric, queries := c.String("metric_name") != "", len(c.Blocks("metric_query"))
	switch {
	case metric && queries > 0:
		return world.Fail("InvalidParameterCombination", "Exactly one of MetricName and Metrics must be specified")
	case queries > 20:
		return world.Fail("ValidationError",
			"1 validation error detected: Value at 'metrics' failed to satisfy constraint: Member must have length less than or equal to 20")
	case metric && c.String("statistic") != "" && c.String("extended_statistic") != "":
		return world.Fail("InvalidParameterCombination", "Exactly one of Statistic and ExtendedStatistic must be specified")
	case metric && c.String("statistic") == "" && c.String("extended_statistic") == "":
		return world.Fail("InvalidParameterCombination", "Exactly one of Statistic and ExtendedStatistic must be specified")
	}
	if dimensions, ok := c.Object["dimensions"].(world.Object); ok && len(dimensions) > 30 {
		return world.Fail("InvalidParameterValue", "A metric can have at most 30 dimensions.")
	}
	return nil
}

func alarmMissingData(c *model.Call) *world.Error {
	switch missing := c.String("treat_missing_data"); missing {
	case "", "breaching", "notBreaching", "ignore", "missing":
		return nil
	default:
		// text unverified
		return world.Fail("ValidationError",
			"Option %s is not supported for TreatMissingData. Supported options are [breaching, notBreaching, ignore, missing].", missing)
	}
}

// alarmPeriod holds the period to 10, 20, 30 or a multiple of 60 seconds, and the whole evaluation to a day (seven, from one hour periods
// on).
func alarmPeriod(c *model.Call) *world.Error {
	period, ok := c.Number("period")
	if !ok {
		return nil
	}
	if period != 10 && period != 20 && period != 30 && (period < 60 || math.Mod(period, 60) != 0) {
		return world.Fail("ValidationError", "Period must be 10, 20, 30 or a multiple of 60")
	}
	evaluations, _ := c.Number("evaluation_periods")
	longest := 86400.0
	if period >= 3600 {
		longest = 604800
	}
	if period*evaluations > longest {
		return world.Fail("ValidationError", "Metrics cannot be checked across more than %s (EvaluationPeriods * Period must be <= %s).",
			map[bool]string{true: "a week", false: "a day"}[period >= 3600], model.FormatNumber(longest))
	}
	return nil
}

func alarmDatapoints(c *model.Call) *world.Error {
	datapoints, ok := c.Number("datapoints_to_alarm")
	if evaluations, _ := c.Number("evaluation_periods"); ok && datapoints > evaluations {
		return world.Fail("ValidationError", "DatapointsToAlarm must be less than or equal to EvaluationPeriods") // text unverified
	}
	return nil
}

func dashboard() *model.Type {
	return &model.Type{
		Name: "aws_cloudwatch_dashboard", API: api, Noun: "CloudWatch Dashboard",
		CreateCall: "PutDashboard", UpdateCall: "PutDashboard", DeleteCall: "DeleteDashboards",
		Identify: model.IDFrom("dashboard_name"),
		Checks:   []model.Check{dashboardName, dashboardBody},
		Fill:     func(c *model.Call) { c.Set("dashboard_arn", c.GlobalARN("cloudwatch", "dashboard/"+c.ID)) },
		Latency:  model.Instant("logs of real deployments"),
	}
}

func dashboardName(c *model.Call) *world.Error {
	name := c.String("dashboard_name")
	if len(name) > 255 {
		return world.Fail("InvalidParameterValue", "The value for field DashboardName must be at most 255 characters long.") // text unverified
	}
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
			return world.Fail("InvalidParameterValue",
				"The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).")
		}
	}
	return nil
}

// dashboardBody holds the body to what CloudWatch validates first: JSON, widgets with a type and a place on a grid of 24 columns.
func dashboardBody(c *model.Call) *world.Error {
	text, ok := c.At("dashboard_body").(string)
	if !ok {
		return nil
	}
	var body struct {
		Widgets []struct {
			Type                string
			X, Y, Width, Height float64
		}
	}
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		return invalidDashboard("", "The body is not valid JSON")
	}
	if len(body.Widgets) > 500 {
		return invalidDashboard("/widgets", "Should NOT have more than 500 items")
	}
	for i, widget := range body.Widgets {
		at := fmt.Sprintf("/widgets/%d", i)
		switch widget.Type {
		case "metric", "text", "log", "alarm", "explorer", "custom":
		case "":
			return invalidDashboard(at, "Should have required property 'type'")
		default:
			return invalidDashboard(at+"/type", "Should be equal to one of the allowed values")
		}
		if widget.X+widget.Width > 24 {
			return invalidDashboard(at, "Should not extend beyond the 24 columns of the grid")
		}
	}
	return nil
}

// invalidDashboard has the shape of CloudWatch's answer; its texts are unverified.
func invalidDashboard(path, message string) *world.Error {
	return world.Fail("InvalidParameterInput",
		"The dashboard body is invalid, there are 1 validation errors: [ { \"dataPath\": %q, \"message\": %q } ]", path, message)
}
