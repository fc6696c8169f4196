package cost

import (
	"strings"
	"time"

	"coderaws/internal/cron"
	"coderaws/internal/inventory"
	"coderaws/internal/plan"
)

// groupSchedule is the type of schedules of EC2 Auto Scaling, which set the size of one group.
const groupSchedule = "aws_autoscaling_schedule"

// due is when a schedule runs.
type due struct {
	// next is the first time after a moment; start is that from which a rate counts.
	next func(after, start time.Time) (time.Time, bool)
	once bool
}

// dueOf reads the expression of a schedule: one of EventBridge Scheduler, or a recurrence of Unix cron with five fields.
func dueOf(expression string, zone *time.Location) (due, error) {
	if !strings.Contains(expression, "(") {
		recurrence, err := cron.ParseUnix(expression)
		if err != nil {
			return due{}, err
		}
		return due{next: func(after, _ time.Time) (time.Time, bool) { return recurrence.Next(after.In(zone)) }}, nil
	}
	read, err := cron.Parse(expression)
	if err != nil {
		return due{}, err
	}
	return due{func(after, start time.Time) (time.Time, bool) { return read.Next(after, start, zone) }, read.Once()}, nil
}

// sets is what a schedule does to groups, by their index, and the dates on which it does nothing; false if it moves none that is known.
func (f *fleet) sets(in *Input, schedule inventory.Schedule) (sizes map[int]int, holidays []string, ok bool) {
	sizes = map[int]int{}
	if schedule.Type == groupSchedule {
		size, follows := capacityOf(schedule)
		for i, group := range f.groups {
			if follows && group.Address == schedule.Group {
				sizes[i] = size
			}
		}
		return sizes, nil, len(sizes) > 0
	}
	found, ok := in.scheduleOf(schedule)
	for name, size := range found.MinSizes {
		for i, group := range f.groups {
			if named(group, name) {
				sizes[i] = size
			}
		}
	}
	return sizes, found.Holidays, ok
}

// capacityOf is the capacity that a schedule of EC2 Auto Scaling sets again and again. Others are not followed: a single action, one that
// ends, and one that moves bounds alone, which changes a group only as its size happens to be.
func capacityOf(schedule inventory.Schedule) (int, bool) {
	desired, state := schedule.Values.Attr("desired_capacity").Count().Get()
	ends := schedule.Values.Attr("end_time").Text().Else("", "at a time that is not known yet") != ""
	return desired, state == plan.IsKnown && desired >= 0 && schedule.Expression != "" && !ends
}
