package cost

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/inventory"
)

// hoursOutput is the output of our stacks that says what time_based_scaling follows, or would follow.
const hoursOutput = "working_hours"

// workingHours are windows in cron of five fields, and the least sizes of node groups outside of them, by a name that is a key in the
// group's address.
type workingHours struct {
	Timezone string            `json:"timezone"`
	Holidays []string          `json:"holidays"`
	Windows  map[string]window `json:"windows"`
	MinSizes map[string]int    `json:"off_peak_min_sizes"`
}

type window struct {
	Start string `json:"start_time"`
	Stop  string `json:"stop_time"`
}

// words names the windows as a tfvars file has them.
func (w *workingHours) words() string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(w.Windows)) {
		list = append(list, fmt.Sprintf("%s from %q to %q", name, w.Windows[name].Start, w.Windows[name].Stop))
	}
	return strings.Join(list, ", ") + " by the clock of " + w.Timezone
}

// leastOffPeak is the least that a stack takes as off_peak_min_size: workspaces are stopped and cleaned up at night, too, which takes a
// provisioner.
var leastOffPeak = []struct {
	kind string
	size int
	why  string
}{
	{"workspace", 0, "no workspace node waits outside of working hours; the first workspace of a night starts some minutes later"},
	{"provisioner", 1, "a single provisioner node waits outside of working hours; more than it can build at once takes some minutes longer"},
}

// offPeak takes away nodes that nobody needs outside of working hours: with a schedule if there is none, and with the least that one can
// leave.
func (a *adviser) offPeak() {
	if hold, ok := a.in.held(); ok {
		why := "fewer nodes wait outside of working hours, " + a.in.hours.words() +
			" (scaling_schedule); the autoscaler adds those that people need, some minutes later"
		scaling := Setting{"deployment_features.time_based_scaling", "true"}
		a.try(why, []Setting{scaling}, func(in *Input) { in.follow(hold, in.hours.MinSizes) })
		if sizes, settings := a.lowest(a.in.hours.MinSizes); len(settings) > 0 {
			a.try(why+", and then as few as can be", append([]Setting{scaling}, settings...), func(in *Input) { in.follow(hold, sizes) })
		}
		return
	}
	for _, least := range leastOffPeak {
		a.try(least.why, []Setting{{"node_groups." + least.kind + ".off_peak_min_size", fmt.Sprint(least.size)}}, func(in *Input) {
			for _, schedule := range in.Inventory.Schedules {
				sets, moves := in.scheduleOf(schedule)
				if moves && strings.HasSuffix(schedule.Name, "-stop") {
					in.resized[schedule.Address] = scheduled{sets.Holidays, in.lower(sets.MinSizes, least.kind, least.size)}
				}
			}
		})
	}
}

// lowest are the least sizes that groups can have outside of working hours, and the settings for those that are not so small.
func (a *adviser) lowest(sizes map[string]int) (map[string]int, []Setting) {
	var settings []Setting
	for _, least := range leastOffPeak {
		if lower := a.in.lower(sizes, least.kind, least.size); !maps.Equal(lower, sizes) {
			sizes, settings = lower, append(settings, Setting{"node_groups." + least.kind + ".off_peak_min_size", fmt.Sprint(least.size)})
		}
	}
	return sizes, settings
}

// lower is sizes with groups of a kind at a size at most.
func (in *Input) lower(sizes map[string]int, kind string, most int) map[string]int {
	sizes = maps.Clone(sizes)
	for name, size := range sizes {
		for _, group := range in.Inventory.NodeGroups {
			if named(group, name) && group.Labels[kindLabel] == kind {
				sizes[name] = min(size, most)
			}
		}
	}
	return sizes
}

// held finds the schedule by which our stacks keep sizes at all hours, if the plan has no windows and says which it would have.
func (in *Input) held() (inventory.Schedule, bool) {
	var hold []inventory.Schedule
	for _, schedule := range in.Inventory.Schedules {
		if _, moves := in.scheduleOf(schedule); moves {
			hold = append(hold, schedule)
		}
	}
	if in.hours == nil || len(in.hours.Windows) == 0 || len(hold) != 1 || !strings.HasPrefix(hold[0].Expression, "rate(") {
		return inventory.Schedule{}, false
	}
	return hold[0], true
}

// follow puts the schedules of the working hours in the place of the one that keeps sizes at all hours.
func (in *Input) follow(hold inventory.Schedule, offPeak map[string]int) {
	sets, _ := in.scheduleOf(hold)
	in.Inventory.Schedules = slices.DeleteFunc(in.Inventory.Schedules, func(s inventory.Schedule) bool { return s.Address == hold.Address })
	add := func(name, expression string, sets scheduled) {
		schedule := hold
		schedule.Address = hold.Address + "." + name
		schedule.Name, schedule.Expression, schedule.Timezone = name, expression, in.hours.Timezone
		in.Inventory.Schedules = append(in.Inventory.Schedules, schedule)
		in.resized[schedule.Address] = sets
	}
	for _, name := range slices.Sorted(maps.Keys(in.hours.Windows)) {
		add(name+"-start", in.hours.Windows[name].Start, scheduled{in.hours.Holidays, sets.MinSizes})
		add(name+"-stop", in.hours.Windows[name].Stop, scheduled{nil, offPeak})
	}
}
