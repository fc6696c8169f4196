package cost

import (
	"coderaws/internal/capacity"

	"github.com/shopspring/decimal"
)

// load is how much a deployment is used at each moment.
type load struct {
	usage *Usage
	// peak is the users at the busiest hour.
	peak     decimal.Decimal
	capacity *capacity.Capacity
}

func newLoad(in *Input, usage *Usage) load {
	l := load{usage: usage, capacity: in.Capacity, peak: usage.Value("users")}
	if perUser := usage.Value("workspaces_per_user"); l.peak.IsZero() && !usage.Given("users") && in.Capacity != nil && perUser.IsPositive() {
		l.peak = decimal.NewFromInt(int64(in.Capacity.MaxWorkspaces)).Div(perUser)
	}
	return l
}

var hundred = decimal.NewFromInt(100)

// users is how many there are at a moment.
func (l load) users(m moment) decimal.Decimal {
	percent := l.usage.Workday[m.hour()]
	if m.off {
		percent = l.usage.Weekend[m.hour()]
	}
	return l.peak.Mul(percent).Div(hundred)
}

// workspaces is how many run at a moment.
func (l load) workspaces(m moment) decimal.Decimal {
	return l.users(m).Mul(l.usage.Value("workspaces_per_user"))
}

// needs is how many nodes of a kind the load needs, as the plan's own arithmetic of capacity has it.
func (l load) needs(kind string, m moment) int {
	if l.capacity == nil || l.capacity.MaxWorkspaces == 0 {
		return 0
	}
	switch kind {
	case "workspace":
		weight := decimal.Zero
		for _, profile := range l.capacity.Profiles {
			weight = weight.Add(decimal.NewFromFloat(profile.Nodes))
		}
		perWorkspace := weight.Div(decimal.NewFromInt(int64(l.capacity.MaxWorkspaces)))
		return int(l.workspaces(m).Mul(perWorkspace).Ceil().IntPart())
	case "provisioner":
		perNode := decimal.NewFromInt(int64(max(1, l.capacity.Builds.PerNode)))
		return int(l.builds(m).Mul(l.usage.Value("build_minutes")).Div(decimal.NewFromInt(60)).Div(perNode).Ceil().IntPart())
	}
	return 0
}

// builds is how many are begun in the hour of a moment. Workspaces that come or go with their users are the builds of a day, spread as the
// users' coming and going is.
func (l load) builds(m moment) decimal.Decimal {
	hours := l.usage.Workday
	if m.off {
		hours = l.usage.Weekend
	}
	moved := decimal.Zero
	for hour := range hours {
		moved = moved.Add(hours[hour].Sub(hours[(hour+23)%24]).Abs())
	}
	if moved.IsZero() {
		return decimal.Zero
	}
	here := hours[m.hour()].Sub(hours[(m.hour()+23)%24]).Abs()
	most := decimal.Zero
	for _, percent := range hours {
		most = decimal.Max(most, percent)
	}
	day := l.peak.Mul(most).Div(hundred).Mul(l.usage.Value("workspaces_per_user")).Mul(l.usage.Value("builds_per_workspace_day"))
	return day.Mul(here).Div(moved)
}
