package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"coderaws/internal/cost"
	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"
)

// weekdays are as an hour of the week counts them.
var weekdays = [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// printHours writes what each hour of the week costs: a row for each hour, a column for each day.
func printHours(b *strings.Builder, r *cost.Report) {
	fmt.Fprintf(b, "\nUSD for each hour of the week, on average over %d, by the clock of %s:\n\n", r.Year, r.Timezone)
	hours := r.Hours()
	rows := [][]string{append([]string{"hour"}, weekdays[:]...)}
	for hour := range 24 {
		row := []string{fmt.Sprintf("%02d:00", hour)}
		for day := range 7 {
			row = append(row, hours[day*24+hour].Cost.StringFixed(2))
		}
		rows = append(rows, row)
	}
	alignedTable(b, rows, 1, 2, 3, 4, 5, 6, 7)
}

// HourCost is what an hour of the week costs.
type HourCost struct {
	Weekday string `json:"weekday"`
	Hour    int    `json:"hour"`
	Cost    string `json:"cost"`
}

func hoursDocument(r *cost.Report) []HourCost {
	lines := []HourCost{}
	for _, hour := range r.Hours() {
		lines = append(lines, HourCost{weekdays[hour.Weekday], hour.Hour, hour.Cost.StringFixed(4)})
	}
	return lines
}

// CostComparison are two bills side by side. Its JSON form only grows.
type CostComparison struct {
	By          cost.Grouping    `json:"by"`
	Differences []CostDifference `json:"differences"`
	First       string           `json:"first"`
	FirstCost   any              `json:"first_cost"`
	Second      string           `json:"second"`
	SecondCost  any              `json:"second_cost"`
	Total       CostDifference   `json:"total"`
	Version     int              `json:"version"`

	first, second bill
}

// CostDifference is one row of a comparison.
type CostDifference struct {
	Name       string `json:"name"`
	First      string `json:"first"`
	Second     string `json:"second"`
	Difference string `json:"difference"`
}

// CompareCost prices two deployments, patterns or plans, and sets them side by side.
func CompareCost(ctx context.Context, deps *Deps, o CostOptions, with string, by cost.Grouping) (*CostComparison, error) {
	book, options, err := deps.costInputs(o)
	if err != nil {
		return nil, err
	}
	first, err := deps.price(ctx, o.ReportOptions, book, options)
	if err != nil {
		return nil, err
	}
	o.What = with
	second, err := deps.price(ctx, o.ReportOptions, book, options)
	if err != nil {
		return nil, err
	}
	result := &CostComparison{
		Version: 1, By: by, First: first.name, FirstCost: first.report.Document(), Second: second.name, SecondCost: second.report.Document(),
		Total: CostDifference{
			"total", first.report.Total().Cents(), second.report.Total().Cents(), second.report.Total().Minus(first.report.Total()).Cents(),
		},
		first: first, second: second,
	}
	result.Differences = differences(first, second, by)
	return result, nil
}

// differences are those of two bills, the largest first.
func differences(first, second bill, by cost.Grouping) []CostDifference {
	type pair struct{ first, second pricing.USD }
	pairs := map[string]pair{}
	var names []string
	take := func(r *cost.Report, set func(*pair, pricing.USD)) {
		for _, group := range r.Groups(by) {
			p, known := pairs[group.Name]
			if !known {
				names = append(names, group.Name)
			}
			set(&p, group.Cost)
			pairs[group.Name] = p
		}
	}
	take(first.report, func(p *pair, cost pricing.USD) { p.first = cost })
	take(second.report, func(p *pair, cost pricing.USD) { p.second = cost })
	slices.SortStableFunc(names, func(a, b string) int {
		x, y := pairs[a].second.Minus(pairs[a].first).Decimal().Abs(), pairs[b].second.Minus(pairs[b].first).Decimal().Abs()
		return y.Cmp(x)
	})
	list := []CostDifference{}
	for _, name := range names {
		p := pairs[name]
		list = append(list, CostDifference{name, p.first.Cents(), p.second.Cents(), p.second.Minus(p.first).Cents()})
	}
	return list
}

// printComparison shows two bills side by side.
func printComparison(w io.Writer, c *CostComparison) error {
	var b strings.Builder
	rows := [][]string{{string(c.By), c.First, c.Second, "difference"}}
	for _, d := range append(c.Differences[:len(c.Differences):len(c.Differences)], c.Total) {
		rows = append(rows, []string{d.Name, pricing.Thousands(d.First), pricing.Thousands(d.Second), signed(d.Difference)})
	}
	alignedTable(&b, rows, 1, 2, 3)
	fmt.Fprintf(&b, "\nUSD in an average month; %s users at the busiest hour of the first, %s of the second, load %s.\n",
		c.first.report.Users.Round(0), c.second.report.Users.Round(0), c.first.report.Usage.Load)
	for _, one := range []bill{c.first, c.second} {
		if n := len(one.report.Unpriced); n > 0 {
			fmt.Fprintf(&b, "NOT in the total of %s: %s (`coderaws cost %s` names them)\n", one.name, plural(n, "resource"),
				diagnostic.Word(one.name))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// signed writes a difference with its sign and commas.
func signed(amount string) string {
	if rest, negative := strings.CutPrefix(amount, "-"); negative {
		return "-" + pricing.Thousands(rest)
	}
	return "+" + pricing.Thousands(amount)
}
