package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"coderaws/internal/cron"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/eks"
	"coderaws/internal/sandbox/stepfunctions"
	"coderaws/internal/sandbox/world"
)

// Walk lets time pass in a world: schedules of EventBridge Scheduler become due, state machines of Step Functions run, and node groups
// of EKS change, with the rules and refusals of AWS. Nothing is slept. It changes the world, of which World.Copy makes one to spare.
type Walk struct {
	World   *world.World
	Catalog *model.Catalog
	// Needed is how many nodes the pods of a node group need at a time. Each hour, the cluster autoscaler brings the group to
	// it, within its bounds. Nil: no cluster autoscaler runs.
	Needed func(group *world.Resource, at time.Time) int
}

// Action is one schedule that was due, and what came of it.
type Action struct {
	// Due is when, by the clock of the schedule's zone.
	Due time.Time
	// Region is that of the schedule, Schedule its name, and Group that of its group.
	Region, Schedule, Group string
	// Expression and Timezone are as the schedule has them.
	Expression, Timezone string
	// Began and Ended are when the target was started and was done, from the earliest to the latest.
	Began, Ended Moment
	// Failure is what went wrong; nil if nothing did.
	Failure *stepfunctions.Failure
	// Transitions are those of the state machine, by which it is paid.
	Transitions int
	// Calls are the changes of node groups that were asked for, refused ones included.
	Calls []Resize
	// NodeGroups are the sizes of all node groups that the target looked at, changed or not, in the order in which it did.
	NodeGroups []NodeGroup
}

// NodeGroup is what an action made of the sizes of one node group.
type NodeGroup struct {
	Name          string
	Before, After Sizes
}

// Resize is one call of UpdateNodegroupConfig.
type Resize struct {
	Cluster, NodeGroup string
	Before, After      Sizes
	// Refused is AWS's answer if it did not accept the call.
	Refused *world.Error
	// Accepted is when EKS took the call, and Ready when the Auto Scaling group has the sizes and new nodes are ready.
	Accepted, Ready Moment
}

// Sizes are those of a node group.
type Sizes struct{ Min, Desired, Max int }

// Moment is a time that depends on how long AWS takes.
type Moment struct{ Earliest, Typical, Latest time.Time }

// after is a moment later by what AWS takes.
func (m Moment) after(s model.Span) Moment {
	return Moment{m.Earliest.Add(s.Min), m.Typical.Add(s.Typical), m.Latest.Add(s.Max)}
}

func (m Moment) plus(d time.Duration) Moment {
	return m.after(model.Span{Typical: d, Min: d, Max: d})
}

// alarm is a schedule with the next time at which it is due.
type alarm struct {
	schedule   *world.Resource
	expression *cron.Expression
	zone       *time.Location
	due        time.Time
}

// Until walks from one time, exclusive, to another, inclusive, and returns what was due, in order.
func (w Walk) Until(from, to time.Time) []Action {
	var actions []Action
	_ = w.World.Do(func() error {
		alarms := w.alarms(from, to)
		hour := from.Truncate(time.Hour).Add(time.Hour)
		for len(alarms) > 0 || w.Needed != nil && !hour.After(to) {
			slices.SortFunc(alarms, func(a, b *alarm) int {
				return cmp.Or(a.due.Compare(b.due), strings.Compare(a.schedule.Key(), b.schedule.Key()))
			})
			if w.Needed != nil && !hour.After(to) && (len(alarms) == 0 || hour.Before(alarms[0].due)) {
				w.autoscale(hour)
				hour = hour.Add(time.Hour)
				continue
			}
			next := alarms[0]
			actions = append(actions, w.act(next))
			if !next.advance(next.due, from, to) {
				alarms = alarms[1:]
			}
		}
		return nil
	})
	return actions
}

// alarms are the schedules that are due at all.
func (w Walk) alarms(from, to time.Time) []*alarm {
	var alarms []*alarm
	for _, r := range w.World.List(func(r *world.Resource) bool {
		return r.Type == "aws_scheduler_schedule" && r.String("state") != "DISABLED"
	}) {
		expression, err := cron.Parse(r.String("schedule_expression"))
		if err != nil {
			continue // the sandbox accepted none such
		}
		zone, err := cron.Zone(r.String("schedule_expression_timezone"))
		if err != nil {
			continue
		}
		if a := (&alarm{schedule: r, expression: expression, zone: zone}); a.advance(from, from, to) {
			alarms = append(alarms, a)
		}
	}
	return alarms
}

// advance sets the next time after another, within the dates of the schedule and of the walk. A rate counts from the start of the walk,
// where the schedule has no date to start.
func (a *alarm) advance(after, from, to time.Time) bool {
	start := from
	if t, err := time.Parse(time.RFC3339, a.schedule.String("start_date")); err == nil {
		start = t
	}
	if end, err := time.Parse(time.RFC3339, a.schedule.String("end_date")); err == nil && end.Before(to) {
		to = end
	}
	for {
		due, ok := a.expression.Next(after, start, a.zone)
		if !ok || due.After(to) {
			return false
		}
		if a.due = due.In(a.zone); !due.Before(start) {
			return true
		}
		after = due
	}
}

// autoscale does what the cluster autoscaler does in an hour.
func (w Walk) autoscale(at time.Time) {
	for _, group := range w.World.List(func(r *world.Resource) bool { return r.Type == "aws_eks_node_group" }) {
		eks.Autoscale(w.Catalog, w.World, group, w.Needed(group, at))
	}
}
