package cost_test

import (
	"fmt"
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/shopspring/decimal"
)

// moving is a schedule that sets the least size of the group w.
func moving(expression, zone string, size int) *tfjson.StateResource {
	s := schedule("s", expression, zone)
	s.AttributeValues["target"] = []any{values{
		"input": fmt.Sprintf(`{"holidays":["2026-12-25"],"sizes":[{"nodegroup":"w","min_size":%d}]}`, size),
	}}
	return s
}

// TestRunsOfAYear counts how often a schedule is due in 2026, from its first minute to its last. A schedule that moves nodes goes by its
// own clock.
func TestRunsOfAYear(t *testing.T) {
	for _, test := range []struct {
		name, expression, zone string
		moves                  bool
		runs                   int64
	}{
		{"the first minute of the year", "cron(0 0 1 1 ? *)", "UTC", true, 1},
		{"the first minute, of something else", "cron(0 0 1 1 ? *)", "UTC", false, 1},
		{"the last minute of the year", "cron(59 23 31 12 ? *)", "UTC", true, 1},
		{"the last minute, of something else", "cron(59 23 31 12 ? *)", "UTC", false, 1},
		{"the first minute of the next year", "cron(0 0 1 1 ? 2027)", "UTC", true, 0},
		{"the first minute of the next year, of something else", "cron(0 0 1 1 ? 2027)", "UTC", false, 0},
		{"the minute before the year", "cron(59 23 31 12 ? 2025)", "UTC", true, 0},
		{"the minute before the year, of something else", "cron(59 23 31 12 ? 2025)", "UTC", false, 0},
		{"every day", "cron(0 7 * * ? *)", "UTC", true, 365},
		{"every day, of something else", "cron(0 7 * * ? *)", "UTC", false, 365},
		{"the first minute by another clock", "cron(0 0 1 1 ? *)", "Asia/Tokyo", true, 1},
		{"at a rate", "rate(1 days)", "UTC", true, 365},
		{"once", "at(2026-05-01T10:00:00)", "UTC", true, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := moving(test.expression, test.zone, 2)
			if !test.moves {
				s = schedule("s", test.expression, test.zone)
			}
			r := estimate(t, planOf(nil, nodeGroup(`aws_eks_node_group.n["w"]`, "workspace", 1, 9, nil), s), cost.Options{})
			want := decimal.NewFromInt(test.runs).Div(decimal.NewFromInt(12)).Round(2).String()
			if got := quantity(r, s.Address, pricing.SchedulerInvocations); got != want {
				t.Errorf("%s runs a month, want %s", got, want)
			}
		})
	}
}

// TestStepsOfASchedule: what a schedule starts is paid by its steps: its start, each of its states, and those of a group for each group.
func TestStepsOfASchedule(t *testing.T) {
	for _, test := range []struct {
		name, definition, steps string
	}{
		// 365 runs a year, each of 1 start, 3 states, and 2 for the one group: 365 × 6 / 12.
		{"states, some of them for each group",
			`{"States": {"A": {}, "B": {"ItemProcessor": {"States": {"C": {}, "D": {}}}}, "E": {}}}`, "182.5"},
		{"a definition that the plan does not know: a start, and a step for the group", "", "60.83"},
	} {
		r := estimate(t, planOf(nil, nodeGroup(`aws_eks_node_group.n["w"]`, "workspace", 1, 9, nil), moving("cron(0 7 * * ? *)", "UTC", 2),
			resource("aws_sfn_state_machine.m", values{"definition": test.definition})), cost.Options{})
		if got := quantity(r, "aws_sfn_state_machine.m", pricing.SFNTransitions); got != test.steps || len(r.Unpriced) > 0 {
			t.Errorf("%s: %s steps a month, want %s; unpriced %v", test.name, got, test.steps, r.Unpriced)
		}
	}
	r := estimate(t, planOf(nil, schedule("s", "cron(0 7 * * ? *)", "UTC"), resource("aws_sfn_state_machine.m", values{"definition": "{}"})),
		cost.Options{})
	if len(r.Unpriced) != 1 || r.Unpriced[0].Address != "aws_sfn_state_machine.m" ||
		!strings.Contains(r.Unpriced[0].Why, "how often it runs") {
		t.Errorf("a machine that no schedule is known to start: %v", r.Unpriced)
	}
}

// TestFirstSizes: what a group has at the beginning of the year is what a schedule set last, within two weeks before it.
func TestFirstSizes(t *testing.T) {
	for _, test := range []struct{ name, expression, hours string }{
		{"held at a rate", "rate(1 hours)", "2920"},                                                 // 4 × 730
		{"set two weeks before the year", "cron(1 0 18 12 ? 2025)", "2920"},                         // 4 × 730
		{"set more than two weeks before the year", "cron(59 23 17 12 ? 2025)", "730"},              // its own least size
		{"set once, in the first minute of July", "at(2026-07-01T00:00:00)", "1834"},                // (4,344 + 4,416 × 4) / 12
		{"not set on a holiday", "cron(0 0 25 12 ? 2026)", "730"},                                   // its own least size
		{"set on the day after the holiday, for six days of 24 h", "cron(0 0 26 12 ? 2026)", "766"}, // 730 + 144 × 3 / 12
	} {
		r := estimate(t, planOf(nil, nodeGroup(`aws_eks_node_group.n["w"]`, "workspace", 1, 9, nil), moving(test.expression, "UTC", 4)),
			cost.Options{})
		if got := quantity(r, `aws_eks_node_group.n["w"]`, pricing.EC2OnDemandHour); got != test.hours {
			t.Errorf("%s: %s node-hours a month, want %s", test.name, got, test.hours)
		}
	}
}

// TestHolidaysOfUsers: on a holiday of the schedule people behave as on a weekend. Of 2026's 261 weekdays one is less: 100 users have
// (260 × 978 + 105 × 58) / 12 hours.
func TestHolidaysOfUsers(t *testing.T) {
	plan := workspaces()
	plan.PlannedValues.RootModule.Resources = append(plan.PlannedValues.RootModule.Resources,
		nodeGroup(`aws_eks_node_group.n["w"]`, "control", 1, 9, nil), moving("cron(0 0 1 1 ? *)", "UTC", 1))
	if got := estimate(t, plan, cost.Options{}).WorkspaceHours.Round(2).String(); got != "21697.5" {
		t.Errorf("%s workspace-hours", got)
	}
}
