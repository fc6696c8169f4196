package cost_test

import (
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestAdviceIsWorthALook: a dollar a month is advised, and a cent less is not. An ACU is 730 h × 0.12 = 87.60, and nobody is there.
func TestAdviceIsWorthALook(t *testing.T) {
	for _, test := range []struct {
		name  string
		acu   float64
		saves string
	}{
		{"44.80 become 43.80", 0.5114, "1.00"},
		{"44.79 become 43.80", 0.5113, ""},
	} {
		plan := workspacesPlan(1, 1)
		each(plan.PlannedValues.RootModule, func(r *tfjson.StateResource) {
			if r.Type == "aws_rds_cluster" {
				r.AttributeValues["serverlessv2_scaling_configuration"] = []any{values{"min_capacity": test.acu, "max_capacity": 16.0}}
			}
		})
		list, err := tryAdvise(t, plan, cost.Options{Usage: usageOf(t, "load", "idle")})
		if err != nil {
			t.Fatal(err)
		}
		saves := ""
		for _, advice := range list {
			if advice.Settings[0].Name == "database.min_acu" {
				saves = advice.Saving.Cents()
			}
		}
		if saves != test.saves {
			t.Errorf("%s: it is said to save %q, want %q", test.name, saves, test.saves)
		}
	}
}

// TestAdviceOnWorkingHours: time_based_scaling is advised where a single schedule holds sizes at all hours, and the plan says which windows
// there would be otherwise.
func TestAdviceOnWorkingHours(t *testing.T) {
	const turnedOn = "deployment_features.time_based_scaling = true; "
	hours := func(plan *tfjson.Plan) values { return plan.PlannedValues.Outputs["working_hours"].Value.(values) }
	for _, test := range []struct {
		name   string
		change func(plan *tfjson.Plan)
		want   bool
	}{
		{"sizes that are held, and windows", func(*tfjson.Plan) {}, true},
		{"no windows", func(plan *tfjson.Plan) { hours(plan)["windows"] = values{} }, false},
		{"nothing said of hours", func(plan *tfjson.Plan) { delete(plan.PlannedValues.Outputs, "working_hours") }, false},
		{"a schedule at a time of the day", func(plan *tfjson.Plan) {
			each(plan.PlannedValues.RootModule, func(r *tfjson.StateResource) {
				if r.Type == "aws_scheduler_schedule" {
					r.AttributeValues["schedule_expression"] = "cron(0 0 ? * * *)"
				}
			})
		}, false},
		{"a second schedule that moves nodes", func(plan *tfjson.Plan) {
			plan.PlannedValues.Outputs["scaling"].Value.(values)["other"] = values{"min_sizes": values{"workspace": 4.0}}
			root := plan.PlannedValues.RootModule
			root.Resources = append(root.Resources, moduleSchedule("other", "rate(2 hours)", "UTC"))
		}, false},
		{"a second schedule that does something else", func(plan *tfjson.Plan) {
			root := plan.PlannedValues.RootModule
			root.Resources = append(root.Resources, moduleSchedule("other", "rate(2 hours)", "UTC"))
		}, true},
		{"no schedule", func(plan *tfjson.Plan) {
			root := plan.PlannedValues.RootModule
			for i, r := range root.Resources {
				if r.Type == "aws_scheduler_schedule" {
					root.Resources = append(root.Resources[:i:i], root.Resources[i+1:]...)
					break
				}
			}
		}, false},
	} {
		plan := offPeakPlan(false, 1, 1)
		test.change(plan)
		if _, got := advise(t, plan)[turnedOn]; got != test.want {
			t.Errorf("%s: advised is %t, want %t", test.name, got, test.want)
		}
	}
	plan := offPeakPlan(false, 1, 1)
	hours(plan)["windows"] = values{"office": values{"start_time": "at seven", "stop_time": "15 18 * * MON-FRI"}}
	if _, err := tryAdvise(t, plan, cost.Options{}); err == nil || !strings.Contains(err.Error(), `the schedule "at seven" cannot be read`) {
		t.Errorf("a window that cannot be read: %v", err)
	}
}

// TestAdviceOnEdges moves the edges of a window over hours in which at most a fifth of the most users are there, and no others: 20 % is
// few, and 21 % is not.
func TestAdviceOnEdges(t *testing.T) {
	day := func(from, to int, percent string) string {
		hours := make([]string, 24)
		for hour := range hours {
			hours[hour] = "0"
			if hour >= from && hour < to {
				hours[hour] = percent
			}
		}
		hours[12] = "100"
		return "[" + strings.Join(hours, ", ") + "]"
	}
	const start, stop = "scaling_schedule.start_time", "scaling_schedule.stop_time"
	for _, test := range []struct {
		name, usage string
		// schedules are the names and the zone of those that the plan has; want are the settings that are advised, by name.
		schedules [2]string
		zone      string
		want      map[string]string
	}{
		{name: "a fifth is few", usage: "workday = " + day(6, 19, "20"), want: map[string]string{
			start: `"45 11 * * MON-FRI"`, stop: `"15 13 * * MON-FRI"`}},
		{name: "more than a fifth is not", usage: "workday = " + day(6, 19, "21"), want: map[string]string{}},
		{name: "few until nine", usage: "workday = " + day(9, 19, "50"), want: map[string]string{start: `"45 8 * * MON-FRI"`}},
		{name: "few from sixteen on", usage: "workday = " + day(6, 16, "50"), want: map[string]string{stop: `"15 16 * * MON-FRI"`}},
		{name: "everybody after the window", usage: "workday = [" + strings.Repeat("0, ", 22) + "100, 0]", want: map[string]string{
			start: `"45 17 * * MON-FRI"`, stop: `"15 7 * * MON-FRI"`}},
		{name: "many on a Sunday", usage: "workday = " + day(9, 19, "50") + "\nweekend = " + day(7, 9, "50"), want: map[string]string{}},
		{name: "nobody at any hour", usage: `load = "idle"`, want: map[string]string{}},
		{name: "users by another clock", usage: "timezone = \"Europe/Berlin\"\nworkday = " + day(9, 19, "50"), want: map[string]string{}},
		{name: "users by the clock of the window", usage: "timezone = \"America/New_York\"\nworkday = " + day(9, 19, "50"),
			want: map[string]string{start: `"45 8 * * MON-FRI"`}},
		{name: "schedules by another clock", usage: "workday = " + day(9, 19, "50"), zone: "UTC", want: map[string]string{}},
		{name: "schedules of another window", usage: "workday = " + day(9, 19, "50"), schedules: [2]string{"night-start", "night-stop"},
			want: map[string]string{}},
		{name: "a window that nothing closes", usage: "workday = " + day(9, 19, "50"), schedules: [2]string{"office-start", "night-stop"},
			want: map[string]string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := offPeakPlan(true, 0, 1)
			each(plan.PlannedValues.RootModule, func(r *tfjson.StateResource) {
				if r.Type != "aws_scheduler_schedule" {
					return
				}
				if test.zone != "" {
					r.AttributeValues["schedule_expression_timezone"] = test.zone
				}
				scaling := plan.PlannedValues.Outputs["scaling"].Value.(values)
				for i, old := range []string{"office-start", "office-stop"} {
					if name := test.schedules[i]; name != "" && r.AttributeValues["name"] == old {
						r.AttributeValues["name"], scaling[name] = name, scaling[old]
					}
				}
			})
			list, err := tryAdvise(t, plan, cost.Options{Usage: usageFile(t, test.usage+"\n")})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, advice := range list {
				if setting := advice.Settings[0]; strings.HasPrefix(setting.Name, "scaling_schedule.") {
					got[setting.Name] = setting.Value
				}
			}
			for _, name := range []string{start, stop} {
				if got[name] != test.want[name] {
					t.Errorf("%s = %s is advised, want %s", name, got[name], test.want[name])
				}
			}
		})
	}
}

func tryAdvise(t *testing.T, plan *tfjson.Plan, options cost.Options) ([]cost.Advice, error) {
	t.Helper()
	book, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	options.Year = 2026
	return cost.Advise(inputOf(t, plan), book, options)
}
