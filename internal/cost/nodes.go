package cost

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"coderaws/internal/cron"
	"coderaws/internal/diagnostic"
	"coderaws/internal/inventory"
	"coderaws/internal/plan"

	"github.com/shopspring/decimal"
)

// kindLabel is the label by which our stacks tell node groups apart: control, provisioner, workspace.
const kindLabel = "coder.com/node-group"

// fleet is all node groups and how many nodes they have at each moment.
type fleet struct {
	groups   []inventory.NodeGroup
	year     *year
	zone     *time.Location
	zoneName string
	holidays map[string]bool
	// needs are the nodes that the load needs, by kind.
	needs func(kind string, m moment) int
	cache map[moment][]int
	// census is that of the year, once it was made.
	census *census
	// sizings are those of the groups.
	sizings []sizing
	// runs is how often each schedule that moves nodes is due within the year, by address.
	runs map[string]int64
}

// newFleet walks through the year with the schedules that the plan has.
func newFleet(in *Input, usage *Usage, number int) (*fleet, error) {
	f := &fleet{groups: in.Inventory.NodeGroups, holidays: map[string]bool{}, cache: map[moment][]int{}, runs: map[string]int64{}}
	f.zoneName = usage.Timezone
	for _, schedule := range in.Inventory.Schedules {
		if _, _, moves := f.sets(in, schedule); moves && f.zoneName == "" {
			f.zoneName = schedule.Timezone
		}
	}
	f.zoneName = cmp.Or(f.zoneName, "UTC")
	var err error
	if f.zone, err = cron.Zone(f.zoneName); err != nil {
		return nil, unknownZone(f.zoneName, err)
	}
	events, err := f.events(in, number)
	if err != nil {
		return nil, err
	}
	first := make([]int, len(f.groups))
	moved := movedBy(events)
	for i, group := range f.groups {
		f.sizings = append(f.sizings, sizingOf(group, moved[i]))
		first[i] = f.sizings[i].first
	}
	f.year = walk(number, f.zone, first, events, f.holidays)
	return f, nil
}

// sizing is how many nodes a group can have.
type sizing struct {
	// first is how many it begins with, least and most how few and how many there can be.
	first, least, most int
	// open says that the plan does not know with how many it begins: then it has the most at all hours.
	open bool
	// unknown says why nothing can be said of the group; empty if something can.
	unknown string
}

// sizingOf is that of a group that schedules move, or do not. Without a schedule and without a kind, nothing is known that would move it:
// it has its desired size.
func sizingOf(group inventory.NodeGroup, moved bool) sizing {
	least, leastState := group.Min.Get()
	most, mostState := group.Max.Get()
	start := group.Min
	if group.Type == "aws_autoscaling_group" || !moved && group.Labels[kindLabel] == "" {
		start = group.Desired
	}
	first, startState := start.Get()
	ranged := leastState == plan.IsKnown && mostState == plan.IsKnown
	switch {
	case startState == plan.IsKnown && (ranged || group.Labels[kindLabel] == ""):
		if group.Type == "aws_autoscaling_group" {
			first = max(first, least) // schedules set the size itself
		}
		return sizing{first: first, least: least, most: max(most, first)}
	case startState == plan.IsKnown:
		return sizing{unknown: "the plan does not know how large it may become"}
	case ranged && !moved:
		return sizing{first: most, least: least, most: most, open: true}
	}
	return sizing{unknown: "the plan does not know its size"}
}

// movedBy are the groups that events move.
func movedBy(events []event) map[int]bool {
	moved := map[int]bool{}
	for _, e := range events {
		for group := range e.sizes {
			moved[group] = true
		}
	}
	return moved
}

// events are what the schedules do, from two weeks before the year to its end.
func (f *fleet) events(in *Input, number int) ([]event, error) {
	var events []event
	for _, schedule := range in.Inventory.Schedules {
		sizes, holidays, ok := f.sets(in, schedule)
		if !ok {
			continue
		}
		zone, err := cron.Zone(schedule.Timezone)
		if err != nil {
			return nil, unknownZone(schedule.Timezone, err)
		}
		due, err := dueOf(schedule.Expression, zone)
		if err != nil {
			d := diagnostic.Errorf("the schedule %q cannot be read", schedule.Expression)
			d.Code, d.Why, d.Address, d.Where = "cost.schedule", err.Error(), schedule.Address, schedule.Where
			d.Todo = "write it as EventBridge Scheduler takes it, such as cron(45 6 ? * MON-FRI *)"
			if schedule.Type == groupSchedule {
				d.Todo = "write it as Auto Scaling takes it, such as 45 6 * * MON-FRI"
			}
			return nil, d
		}
		off := map[string]bool{}
		for _, day := range holidays {
			off[day], f.holidays[day] = true, true
		}
		first := time.Date(number, 1, 1, 0, 0, 0, 0, f.zone)
		begin := first.AddDate(0, 0, -14)
		end := time.Date(number+1, 1, 1, 0, 0, 0, 0, f.zone)
		if strings.HasPrefix(schedule.Expression, "rate(") {
			// It says the same each time.
			events = append(events, event{begin, sizes})
			continue
		}
		for at, ok := due.next(begin, begin); ok && at.Before(end); at, ok = due.next(at, begin) {
			if !at.Before(first) {
				f.runs[schedule.Address]++
			}
			if !off[at.In(zone).Format(time.DateOnly)] {
				events = append(events, event{at.UTC(), sizes})
			}
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	return events, nil
}

func unknownZone(name string, err error) error {
	d := diagnostic.Errorf("there is no time zone %q", name)
	d.Code, d.Why, d.Todo = "cost.timezone", err.Error(), "write a name of the IANA database, such as America/New_York"
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// at is how many nodes each group has at a moment: what its bounds and schedule hold, and what the load needs beyond that. Groups on spot
// grow first, as our cluster autoscaler prefers them, then those on demand; of two alike, the smaller one.
func (f *fleet) at(m moment) []int {
	m.slot = m.hour()
	if counts, ok := f.cache[m]; ok {
		return counts
	}
	counts := slices.Clone(f.year.states[m.state])
	if f.needs != nil {
		for _, kind := range []string{"workspace", "provisioner"} {
			f.grow(counts, kind, f.needs(kind, m))
		}
	}
	f.cache[m] = counts
	return counts
}

func (f *fleet) grow(counts []int, kind string, needed int) {
	has := 0
	for i, group := range f.groups {
		if group.Labels[kindLabel] == kind {
			has += counts[i]
		}
	}
	for ; has < needed; has++ {
		best := -1
		for i, group := range f.groups {
			if group.Labels[kindLabel] != kind || counts[i] >= f.sizings[i].most {
				continue
			}
			spot, bestSpot := group.CapacityType == "SPOT", best >= 0 && f.groups[best].CapacityType == "SPOT"
			if best < 0 || spot && !bestSpot || spot == bestSpot && counts[i] < counts[best] {
				best = i
			}
		}
		if best < 0 {
			return // all groups are as large as they may be
		}
		counts[best]++
	}
}

// census is what is counted of all groups at once: for each of them how many minutes its nodes run in the year, all together, and the least
// and the most of them at any moment.
type census struct{ minutes, least, most []int64 }

// counted goes through the year once.
func (f *fleet) counted() *census {
	if f.census != nil {
		return f.census
	}
	n := len(f.groups)
	c := &census{make([]int64, n), make([]int64, n), make([]int64, n)}
	for i := range c.least {
		c.least[i] = math.MaxInt64
	}
	for m, lasts := range f.year.alike {
		for i, count := range f.at(m) {
			count := int64(count)
			c.minutes[i] += count * lasts
			c.least[i], c.most[i] = min(c.least[i], count), max(c.most[i], count)
		}
	}
	f.census = c
	return c
}

// use is that of so much for each hour that a node of a group runs.
func (f *fleet) use(group int, perHour decimal.Decimal, why string, assumed ...string) use {
	total := decimal.NewFromInt(f.counted().minutes[group]).Mul(perHour)
	return use{quantity: f.year.average(total), rate: f.nodes(group).times(perHour), why: why, assumed: assumed}
}

// nodes is how many nodes a group has at each moment.
func (f *fleet) nodes(group int) rate {
	return func(m moment) decimal.Decimal { return decimal.NewFromInt(int64(f.at(m)[group])) }
}

// total is how many nodes there are at a moment.
func (f *fleet) total(m moment) decimal.Decimal {
	sum := 0
	for _, count := range f.at(m) {
		sum += count
	}
	return decimal.NewFromInt(int64(sum))
}

// span words the least and the most nodes that a group has over the year.
func (f *fleet) span(group int) string {
	least, most := f.counted().least[group], f.counted().most[group]
	switch {
	case least != most:
		return fmt.Sprintf("%d to %d nodes", least, most)
	case most == 1:
		return "1 node"
	}
	return fmt.Sprintf("%d nodes", most)
}

// steady is how many hours of an average month a group has at least so many nodes.
func (f *fleet) steady(group, nodes int) decimal.Decimal {
	return f.year.month(func(m moment) decimal.Decimal {
		if f.at(m)[group] >= nodes {
			return decimal.NewFromInt(1)
		}
		return decimal.Zero
	})
}
