// Package cost says what a plan will cost: an inventory, times the price book, times how much of it is used. Each line of the bill names
// the figure behind it and what was assumed. It reads plans, of any Terraform, and never settings: what the modules decide is taken from
// the plan. The command line imports it. What does not belong here: prices (package pricing), what will exist (package inventory).
package cost

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// Line is one line of the bill of an average month.
type Line struct {
	// Address is the resource that causes it.
	Address string
	// Where says where the resource's block stands, if its file is at hand.
	Where *diagnostic.Range
	// Service is AWS's name of the service, Title what is bought.
	Service, Title string
	// Region is where it is bought; Zone is the availability zone if it lies in a single one, and empty otherwise.
	Region, Zone string
	// Quantity is what is used in a month, in units of the figure, to six digits after the point.
	Quantity decimal.Decimal
	Figure   pricing.Figure
	// Cost is the month's, rounded to the cent; all totals are sums of it.
	Cost pricing.USD
	// Least and Most bound the cost where the plan does not know yet how many there will be; both are Cost otherwise.
	Least, Most pricing.USD
	// Why is how the quantity comes about.
	Why string
	// Assumptions are the names of those that the quantity hangs on.
	Assumptions []string
	// rate is how much of the quantity is used in an hour; nil if it is the same at all hours.
	rate rate
	// year is the one that the rate is of.
	year *year
}

// Ranged reports whether the plan leaves open what the line costs.
func (l Line) Ranged() bool { return !l.Least.Equal(l.Most) }

// Module is the path of the modules that the line's resource is in, without instance keys; empty for the root module.
func (l Line) Module() string { return moduleOf(l.Address) }

func moduleOf(address string) string { return plan.Module(plan.Block(address)) }

// Unpriced is what the bill lacks.
type Unpriced struct {
	Address string `json:"address"`
	Type    string `json:"type"`
	Why     string `json:"why"`
}

// Report is the bill of an average month.
type Report struct {
	// Lines are in the order of their cost, the most first.
	Lines []Line
	// Unpriced are the resources that cost something, or may, and that could not be priced.
	Unpriced []Unpriced
	// Metered are the resources whose cost hangs on what happens in the account, which no plan shows.
	Metered []Metered
	// Free are the numbers of resources that cost nothing by themselves, by type.
	Free map[string]int
	// Usage is what was assumed, Users how many are there at the busiest hour.
	Usage *Usage
	Users decimal.Decimal
	// Timezone is the zone of the users' clocks, Year the one whose hours were counted.
	Timezone string
	Year     int
	// BookDate is the date of the newest figure in the price book.
	BookDate string
	// Now is the day on which the bill is made; the zero time if nobody asks whether its prices are stale.
	Now time.Time
	// Spot is what is known of the instance types that the plan runs on spot.
	Spot []SpotType
	// Budget is the least of the monthly budgets in US dollars that the plan has; zero if it has none.
	Budget decimal.Decimal
	// WorkspaceHours are the hours of running workspaces in a month.
	WorkspaceHours decimal.Decimal
}

// SpotType is what is known of one instance type on spot capacity.
type SpotType struct {
	Name string `json:"name"`
	// SavingPercent is how far below the on-demand price, Interruption the band of the Spot Instance Advisor, such as 5-10%.
	SavingPercent decimal.Decimal `json:"saving_percent"`
	Interruption  string          `json:"interruption"`
	Date          string          `json:"date"`
}

// Total is the sum of all lines.
func (r *Report) Total() pricing.USD { return sum(r.Lines, func(l Line) pricing.USD { return l.Cost }) }

// Bounds are the sums of the least and of the most that the lines can cost; both are the total unless a plan leaves something open.
func (r *Report) Bounds() (least, most pricing.USD) {
	return sum(r.Lines, func(l Line) pricing.USD { return l.Least }), sum(r.Lines, func(l Line) pricing.USD { return l.Most })
}

func sum(lines []Line, of func(Line) pricing.USD) pricing.USD {
	var total pricing.USD
	for _, line := range lines {
		total = total.Plus(of(line))
	}
	return total
}

// Group is what lines cost that have something in common.
type Group struct {
	Name  string
	Lines []Line
	Cost  pricing.USD
}

// Grouping is by what lines can be put together.
type Grouping string

// The groupings.
const (
	ByService Grouping = "service"
	ByModule  Grouping = "module"
	ByZone    Grouping = "zone"
	ByLine    Grouping = "line"
)

// Groups puts the lines together, the dearest group first. Their costs add up to the total.
func (r *Report) Groups(by Grouping) []Group {
	index := map[string]int{}
	var groups []Group
	for _, line := range r.Lines {
		name := line.Service
		switch by {
		case ByModule:
			name = cmp.Or(line.Module(), "(root module)")
		case ByZone:
			name = cmp.Or(line.Zone, "all zones of "+line.Region)
		case ByLine:
			name = line.Address + ": " + line.Title
		}
		i, ok := index[name]
		if !ok {
			i = len(groups)
			index[name] = i
			groups = append(groups, Group{Name: name})
		}
		groups[i].Lines = append(groups[i].Lines, line)
		groups[i].Cost = groups[i].Cost.Plus(line.Cost)
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return cmp.Or(b.Cost.Cmp(a.Cost), cmp.Compare(a.Name, b.Name)) })
	return groups
}

// Find lists the lines of a resource, a block or a module by its address, and whether the plan has it at all.
func (r *Report) Find(address string) []Line {
	var found []Line
	for _, line := range r.Lines {
		rest, ok := strings.CutPrefix(line.Address, address)
		if !ok {
			rest, ok = strings.CutPrefix(plan.Block(line.Address), address)
		}
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			found = append(found, line)
		}
	}
	return found
}

// cents rounds an amount; every line of the bill goes through it once, and nothing else rounds.
func cents(amount pricing.USD) pricing.USD { return pricing.Dollars(amount.Decimal().Round(2)) }
