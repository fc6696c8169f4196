package service_test

import (
	"fmt"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

var alarm = object{"alarm_name": "cpu", "namespace": "AWS/RDS", "metric_name": "CPUUtilization", "statistic": "Average", "period": 300,
	"evaluation_periods": 3, "comparison_operator": "GreaterThanThreshold", "threshold": 90}

func TestCloudWatch(t *testing.T) {
	with := func(change object) setting { return creating("aws_cloudwatch_metric_alarm", merged(alarm, change)) }
	actions := []any{"arn:aws:sns:us-east-1:123456789012:a", "arn:aws:sns:us-east-1:123456789012:b", "arn:aws:sns:us-east-1:123456789012:c",
		"arn:aws:sns:us-east-1:123456789012:d", "arn:aws:sns:us-east-1:123456789012:e", "arn:aws:sns:us-east-1:123456789012:f"}
	dashboard := func(name, body string) setting {
		return creating("aws_cloudwatch_dashboard", object{"dashboard_name": name, "dashboard_body": body})
	}
	composite := func(rule string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			d.MustCreate(t, "aws_cloudwatch_metric_alarm", alarm)
			return "aws_cloudwatch_composite_alarm", object{"alarm_name": "any", "alarm_rule": rule}
		}
	}
	check(t, []rule{
		{name: "an alarm", given: with(nil)},
		{name: "an alarm with a name of 255 letters", given: with(object{"alarm_name": text(255)})},
		{name: "a longer name", given: with(object{"alarm_name": text(256)}), refused: "ValidationError: 1 validation error detected"},
		{name: "an unknown comparison", given: with(object{"comparison_operator": "MoreThan"}),
			refused: "Member must satisfy enum value set: [GreaterThanOrEqualToThreshold"},
		{name: "five actions", given: with(object{"alarm_actions": actions[:5]})},
		{name: "six actions", given: with(object{"alarm_actions": actions}), refused: "Member must have length less than or equal to 5"},
		{name: "a period of ten seconds", given: with(object{"period": 10})},
		{name: "a period of 45 seconds", given: with(object{"period": 45}),
			refused: "ValidationError: Period must be 10, 20, 30 or a multiple of 60"},
		{name: "more than a day", given: with(object{"period": 1800, "evaluation_periods": 49}),
			refused: "ValidationError: Metrics cannot be checked across more than a day"},
		{name: "a week of hours", given: with(object{"period": 3600, "evaluation_periods": 168})},
		{name: "more than a week of hours", given: with(object{"period": 3600, "evaluation_periods": 169}),
			refused: "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800)."},
		{name: "a day of half hours", given: with(object{"period": 1800, "evaluation_periods": 48})},
		{name: "a period of twenty seconds", given: with(object{"period": 20})},
		{name: "a period of thirty seconds", given: with(object{"period": 30})},
		{name: "a period of 90 seconds", given: with(object{"period": 90}), refused: "ValidationError: Period must be 10, 20, 30"},
		{name: "thirty dimensions", given: with(object{"dimensions": dimensions(30)})},
		{name: "thirty-one dimensions", given: with(object{"dimensions": dimensions(31)}), refused: "A metric can have at most 30 dimensions."},
		{name: "a dashboard with the first and last of all characters", given: dashboard("azAZ09-_", `{}`)},
		{name: "as many datapoints as periods", given: with(object{"datapoints_to_alarm": 3})},
		{name: "more datapoints than periods", given: with(object{"datapoints_to_alarm": 4}), refused: "ValidationError"},
		{name: "two statistics", given: with(object{"extended_statistic": "p99"}), refused: "InvalidParameterCombination"},
		{name: "no statistic", given: with(object{"statistic": nil}), refused: "InvalidParameterCombination"},
		{name: "an unknown treatment of missing data", given: with(object{"treat_missing_data": "fine"}), refused: "ValidationError"},
		{name: "a dashboard",
			given: dashboard("coder-us-east-1", `{"widgets":[{"type":"text","x":0,"y":0,"width":12,"height":6,"properties":{"markdown":"x"}}]}`)},
		{name: "a dashboard with a dot", given: dashboard("coder.1", `{}`),
			refused: "InvalidParameterValue: The value for field DashboardName contains invalid characters. It can only contain alphanumerics, " +
				"dash (-) and underscore (_)."},
		{name: "a dashboard that is no JSON", given: dashboard("coder", `{`),
			refused: "InvalidParameterInput: The dashboard body is invalid, there are 1 validation errors"},
		{name: "a widget of no type", given: dashboard("coder", `{"widgets":[{"width":6}]}`), refused: "Should have required property 'type'"},
		{name: "a widget beyond the grid", given: dashboard("coder", `{"widgets":[{"type":"text","x":20,"width":6}]}`),
			refused: "InvalidParameterInput"},
		{name: "an alarm of alarms", given: composite(`ALARM(cpu) AND NOT OK("cpu")`)},
		{name: "an alarm of no alarm", given: composite(`ALARM(memory)`),
			refused: "ValidationError: Could not save the composite alarm as alarms [memory] in the alarm rule do not exist"},
		{name: "an alarm of nonsense", given: composite(`cpu is high`), refused: "ValidationError: AlarmRule must not be malformed"},
	})
}

func TestCloudWatchLeavesNothingOpen(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	made := d.MustCreate(t, "aws_cloudwatch_metric_alarm", alarm)
	if want := "arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu"; made["arn"] != want {
		t.Errorf("arn = %v, want %s", made["arn"], want)
	}
	d.MustCreate(t, "aws_cloudwatch_composite_alarm", object{"alarm_name": "any", "alarm_rule": "ALARM(cpu)"})
	board := d.MustCreate(t, "aws_cloudwatch_dashboard", object{"dashboard_name": "coder", "dashboard_body": "{}"})
	if want := "arn:aws:cloudwatch::123456789012:dashboard/coder"; board["dashboard_arn"] != want {
		t.Errorf("dashboard_arn = %v, want %s", board["dashboard_arn"], want)
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}

// dimensions are n of a metric.
func dimensions(n int) object {
	all := object{}
	for i := range n {
		all[fmt.Sprintf("d%d", i)] = "x"
	}
	return all
}
