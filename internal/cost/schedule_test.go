package cost_test

import (
	"slices"
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestGroupSchedules follows schedules of EC2 Auto Scaling that set a group's capacity again and again, and names all others. 2026 has 261
// days from Monday to Friday.
func TestGroupSchedules(t *testing.T) {
	group := func() *tfjson.StateResource {
		return resource("aws_autoscaling_group.g", values{
			"name": "g", "min_size": 2.0, "max_size": 10.0, "desired_capacity": 4.0,
			"mixed_instances_policy": []any{values{"launch_template": []any{values{
				"override": []any{values{"instance_type": "m5.large"}},
			}}}},
		})
	}
	sets := func(name, recurrence string, desired any, more values) *tfjson.StateResource {
		attributes := values{"autoscaling_group_name": "g", "recurrence": recurrence, "desired_capacity": desired}
		for key, value := range more {
			attributes[key] = value
		}
		return resource("aws_autoscaling_schedule."+name, attributes)
	}
	for _, test := range []struct {
		name      string
		schedules []*tfjson.StateResource
		hours     string
		// unpriced are the schedules that are not followed.
		unpriced []string
	}{
		{"none", nil, "2920", nil},
		// (2,610 × 8 + 6,150 × 2) / 12
		{"ten hours on weekdays", []*tfjson.StateResource{sets("on", "0 8 * * MON-FRI", 8.0, nil), sets("off", "0 18 * * 1-5", 2.0, nil)},
			"2765", nil},
		{"by another clock", []*tfjson.StateResource{
			sets("on", "0 8 * * MON-FRI", 8.0, values{"time_zone": "America/New_York"}),
			sets("off", "0 18 * * MON-FRI", 2.0, values{"time_zone": "America/New_York"}),
		}, "2765", nil},
		// 2,610 × 8 / 12
		{"none at night", []*tfjson.StateResource{sets("on", "0 8 * * MON-FRI", 8.0, nil),
			sets("off", "0 18 * * 1-5", 0.0, values{"min_size": 0.0})},
			"1740", nil},
		{"bounds alone", []*tfjson.StateResource{sets("bounds", "0 8 * * MON-FRI", -1.0, values{"min_size": 3.0})}, "2920",
			[]string{"aws_autoscaling_schedule.bounds"}},
		{"a capacity that is not known", []*tfjson.StateResource{sets("open", "0 8 * * MON-FRI", nil, nil)}, "2920",
			[]string{"aws_autoscaling_schedule.open"}},
		{"once", []*tfjson.StateResource{sets("once", "", 8.0, values{"start_time": "2026-03-01T08:00:00Z"})}, "2920",
			[]string{"aws_autoscaling_schedule.once"}},
		{"one that ends", []*tfjson.StateResource{sets("ends", "0 8 * * *", 8.0, values{"end_time": "2026-03-01T08:00:00Z"})}, "2920",
			[]string{"aws_autoscaling_schedule.ends"}},
		{"one of another group", []*tfjson.StateResource{sets("other", "0 8 * * *", 8.0, values{"autoscaling_group_name": "h"})}, "2920",
			[]string{"aws_autoscaling_schedule.other"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := estimate(t, planOf(nil, append([]*tfjson.StateResource{group()}, test.schedules...)...), cost.Options{})
			if got := quantity(r, "aws_autoscaling_group.g", pricing.EC2OnDemandHour); got != test.hours {
				t.Errorf("%s node-hours a month, want %s", got, test.hours)
			}
			var unpriced []string
			for _, u := range r.Unpriced {
				unpriced = append(unpriced, u.Address)
				if !strings.Contains(u.Why, "priced without it") {
					t.Errorf("%s: it does not say how its group is priced: %s", u.Address, u.Why)
				}
			}
			if !slices.Equal(unpriced, test.unpriced) {
				t.Errorf("not followed are %v, want %v", unpriced, test.unpriced)
			}
		})
	}
	if _, err := tryEstimate(t, planOf(nil, group(), sets("bad", "61 8 * * *", 8.0, nil)), cost.Options{}); err == nil ||
		!strings.Contains(err.Error(), `"61 8 * * *" cannot be read`) {
		t.Errorf("a recurrence that there is not: %v", err)
	}
}
