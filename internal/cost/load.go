package cost

import (
	"fmt"
	"strings"

	"coderaws/internal/capacity"
	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// load is how much a deployment is used at each moment. What that needs of nodes and database is the capacity's to say.
type load struct {
	usage *Usage
	// peak is the users at the busiest hour.
	peak     decimal.Decimal
	capacity *capacity.Capacity
	// workday and weekend are, for each hour, the most that were there since the day's quietest hour, in percent of the users.
	workday, weekend [24]decimal.Decimal
}

func newLoad(in *Input, usage *Usage) load {
	l := load{usage: usage, peak: usage.Value("users"), workday: mostSince(usage.Workday), weekend: mostSince(usage.Weekend)}
	if in.Capacity != nil && in.Capacity.MaxWorkspaces > 0 {
		l.capacity = in.Capacity
	}
	if perUser := usage.Value("workspaces_per_user"); l.peak.IsZero() && !usage.Given("users") && l.capacity != nil && perUser.IsPositive() {
		l.peak = decimal.NewFromInt(int64(l.capacity.MaxWorkspaces)).Div(perUser)
	}
	return l
}

// mostSince is, for each hour of a day, the most that were there from the end of the day's quietest hours on.
func mostSince(hours [24]decimal.Decimal) [24]decimal.Decimal {
	quietest := hours[0]
	for _, percent := range hours {
		quietest = decimal.Min(quietest, percent)
	}
	end := 0
	for hour := range hours {
		if hours[hour].Equal(quietest) && !hours[(hour+1)%24].Equal(quietest) {
			end = hour
		}
	}
	var most [24]decimal.Decimal
	so := decimal.Zero
	for i := 1; i <= 24; i++ {
		hour := (end + i) % 24
		so = decimal.Max(so, hours[hour])
		most[hour] = so
	}
	return most
}

// held refuses a load that the plan's settings cannot hold: priced, it would be a bill for what does not run.
func (l load) held() error {
	workspaces := l.peak.Mul(l.usage.Value("workspaces_per_user"))
	if l.capacity == nil || workspaces.LessThanOrEqual(decimal.NewFromInt(int64(l.capacity.Supported))) {
		return nil
	}
	var short []string
	for _, limit := range l.capacity.Narrowest() {
		if workspaces.GreaterThan(decimal.NewFromInt(int64(limit.Supports))) {
			short = append(short, fmt.Sprintf("%s = %s holds %s", limit.Setting, limit.Value, pricing.Thousands(fmt.Sprint(limit.Supports))))
		}
	}
	d := diagnostic.Errorf("%s workspaces at once are more than these settings hold, which is %s",
		pricing.Thousands(workspaces.Round(0).String()), pricing.Thousands(fmt.Sprint(l.capacity.Supported)))
	d.Code, d.Why = "cost.load_not_held", strings.Join(short, "; ")
	d.Todo = fmt.Sprintf("raise max_workspaces to %s and these settings, as `coderaws size DIR --for %s` does, or assume fewer people",
		workspaces.Ceil(), workspaces.Ceil())
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
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

// mostWorkspaces is how many ran at once since the day's quietest hour.
func (l load) mostWorkspaces(m moment) decimal.Decimal {
	percent := l.workday[m.hour()]
	if m.off {
		percent = l.weekend[m.hour()]
	}
	return l.peak.Mul(percent).Div(hundred).Mul(l.usage.Value("workspaces_per_user"))
}

// needs is how many nodes of a kind the load needs.
func (l load) needs(kind string, m moment) int {
	switch {
	case l.capacity == nil:
		return 0
	case kind == "workspace":
		return l.capacity.WorkspaceNodes(l.workspaces(m).InexactFloat64(), l.mostWorkspaces(m).InexactFloat64())
	case kind == "provisioner":
		minutes := l.usage.Value("build_minutes").Mul(l.usage.Value("build_burst"))
		return l.capacity.ProvisionerNodes(l.builds(m).Mul(minutes).Div(decimal.NewFromInt(60)).InexactFloat64())
	}
	return 0
}

// acu is the capacity that the database needs.
func (l load) acu(m moment) decimal.Decimal {
	switch {
	case l.usage.Given("database_capacity"):
		return l.usage.acu(l.users(m))
	case l.capacity == nil || l.capacity.Database == nil || l.capacity.Database.ACU == 0:
		return l.usage.acu(l.workspaces(m))
	}
	return decimal.NewFromFloat(l.capacity.ACU(l.workspaces(m).InexactFloat64()))
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
