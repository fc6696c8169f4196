package cost

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// PriceDate is what the lines cost whose prices are of one day.
type PriceDate struct {
	Date string `json:"date"`
	Cost string `json:"cost"`
	// Percent is the share of the bill, with one digit after the point.
	Percent string `json:"percent"`
	cost    pricing.USD
}

// PriceDates says how much of the bill stands on prices of which day, the oldest first.
func (r *Report) PriceDates() []PriceDate {
	costs := map[string]pricing.USD{}
	for _, line := range r.Lines {
		costs[line.Figure.Source.Date] = costs[line.Figure.Source.Date].Plus(line.Cost)
	}
	list := []PriceDate{}
	for _, date := range slices.Sorted(maps.Keys(costs)) {
		list = append(list, PriceDate{date, costs[date].Cents(), r.percent(costs[date]), costs[date]})
	}
	return list
}

// percent is the share of the bill, with one digit after the point.
func (r *Report) percent(part pricing.USD) string {
	total := r.Total()
	if total.IsZero() {
		return "0.0"
	}
	return part.Decimal().Mul(decimal.NewFromInt(100)).DivRound(total.Decimal(), 1).StringFixed(1)
}

// PriceAge says how old the prices of the bill are: the oldest, the newest, and the day that most of the bill is of.
func (r *Report) PriceAge() string {
	dates := r.PriceDates()
	if len(dates) == 0 {
		return ""
	}
	oldest, newest, most := dates[0], dates[len(dates)-1], dates[0]
	for _, date := range dates {
		if date.cost.Cmp(most.cost) > 0 {
			most = date
		}
	}
	if len(dates) == 1 {
		return "all of " + oldest.Date
	}
	return fmt.Sprintf("the oldest of %s, the newest of %s; %s %% of the bill is of %s", oldest.Date, newest.Date, most.Percent, most.Date)
}

// Stale warns of prices that are older than they are good for, with their share of the bill; "" if there are none, or if nobody said what
// day it is.
func (r *Report) Stale() string {
	if r.Now.IsZero() {
		return ""
	}
	var old pricing.USD
	found := false
	for _, date := range r.PriceDates() {
		if stalePrice(date.Date, r.Now) {
			old, found = old.Plus(date.cost), true
		}
	}
	if !found {
		return ""
	}
	return fmt.Sprintf("STALE: %s %% of the bill is of prices that are more than a year old; `coderaws prices refresh` takes AWS's own.",
		r.percent(old))
}

func stalePrice(date string, now time.Time) bool {
	of, err := time.Parse(time.DateOnly, date)
	return err == nil && now.After(of.Add(facts.PricesGoodFor))
}

// age adds to the trace of a figure that it is stale.
func (r *Report) age(trace string, figure pricing.Figure) string {
	if !r.Now.IsZero() && stalePrice(figure.Source.Date, r.Now) {
		return strings.TrimSuffix(trace, ".") + " (STALE: more than a year old)"
	}
	return trace
}
