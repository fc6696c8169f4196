package rehearsal

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"
)

// Scaling is what one schedule does to the least number of nodes when it is next due and changes something, as the embedded AWS plays
// it with the deployment's own schedules, roles and state machine.
type Scaling struct {
	Region string `json:"region"`
	// Schedule is the schedule's name within its group.
	Schedule string `json:"schedule"`
	// Days and Clock say when it is due, such as weekdays and 06:45, by the clock of Timezone; Days is the expression itself where that
	// is no cron.
	Days     string `json:"days"`
	Clock    string `json:"clock"`
	Timezone string `json:"timezone"`
	// MinBefore and MinAfter are the least sizes of all its node groups together, and Starting is how many nodes start.
	MinBefore int `json:"min_before"`
	MinAfter  int `json:"min_after"`
	Starting  int `json:"nodes_starting"`
	// Ready is when new nodes are ready, as time after the schedule is due; zero where none start.
	Ready Duration `json:"ready"`
	// Failure is what goes wrong; empty if nothing does.
	Failure string `json:"failure,omitempty"`
}

// ReadyAt is when nodes are ready by the clock of the schedule's zone, at an instant of Ready.
func (s Scaling) ReadyAt(seconds float64) string {
	due, err := time.Parse("15:04", s.Clock)
	if err != nil {
		return ""
	}
	return due.Add(time.Duration(seconds * float64(time.Second))).Format("15:04")
}

// horizon is how far ahead a report looks: a window of one day a week has started and stopped by then.
const horizon = 15

// scalings plays the days that follow on a copy of a world, until each schedule that changes sizes by the clock has done so. Nobody works
// in the copy: its cluster autoscaler takes away all nodes above the least. What holds sizes at a rate is left out.
func scalings(w *world.World, now time.Time) []Scaling {
	names := map[string]bool{}
	_ = w.Do(func() error { // looking cannot fail
		for _, r := range w.List(func(r *world.Resource) bool { return r.Type == "aws_scheduler_schedule" }) {
			if strings.HasPrefix(r.String("schedule_expression"), "cron(") {
				names[r.Region+"/"+r.ID] = true
			}
		}
		return nil
	})
	if len(names) == 0 {
		return []Scaling{}
	}
	walk := sandbox.Walk{World: w.Copy(), Catalog: service.NewCatalog(), Needed: func(*world.Resource, time.Time) int { return 0 }}
	first := map[string]sandbox.Action{}
	for day := range horizon {
		from := now.AddDate(0, 0, day)
		for _, a := range walk.Until(from, now.AddDate(0, 0, day+1)) {
			key := a.Region + "/" + a.Group + "/" + a.Schedule
			if seen, ok := first[key]; names[key] && (!ok || len(seen.Calls) == 0 && seen.Failure == nil) {
				first[key] = a
			}
		}
		settled := 0
		for _, a := range first {
			if len(a.Calls) > 0 || a.Failure != nil {
				settled++
			}
		}
		if settled == len(names) {
			break
		}
	}
	all := []Scaling{}
	for _, a := range first {
		all = append(all, scalingOf(a))
	}
	slices.SortFunc(all, func(a, b Scaling) int {
		return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Timezone, b.Timezone), strings.Compare(a.Clock, b.Clock),
			strings.Compare(a.Schedule, b.Schedule))
	})
	return all
}

func scalingOf(a sandbox.Action) Scaling {
	s := Scaling{Region: a.Region, Schedule: a.Schedule, Days: days(a.Expression), Clock: a.Due.Format("15:04"), Timezone: a.Timezone}
	for _, group := range a.NodeGroups {
		s.MinBefore += group.Before.Min
		s.MinAfter += group.After.Min
		s.Starting += max(0, group.After.Desired-group.Before.Desired)
	}
	for _, call := range a.Calls {
		if call.After.Desired > call.Before.Desired {
			s.Ready.Typical = max(s.Ready.Typical, call.Ready.Typical.Sub(a.Due).Seconds())
			s.Ready.Shortest = max(s.Ready.Shortest, call.Ready.Earliest.Sub(a.Due).Seconds())
			s.Ready.Longest = max(s.Ready.Longest, call.Ready.Latest.Sub(a.Due).Seconds())
		}
	}
	if a.Failure != nil {
		s.Failure = a.Failure.Error + ": " + a.Failure.Cause
	}
	return s
}

// days says in words on which days a schedule expression is due.
func days(expression string) string {
	fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(expression, "cron("), ")"))
	if len(fields) != 6 {
		return expression
	}
	ofMonth, month, ofWeek := fields[2], fields[3], fields[4]
	switch {
	case month != "*":
		return expression
	case ofWeek == "MON-FRI":
		return "weekdays"
	case ofWeek != "?" && ofWeek != "*":
		return ofWeek
	case ofWeek == "*", ofMonth == "*":
		return "every day"
	}
	return "day " + ofMonth + " of the month"
}
