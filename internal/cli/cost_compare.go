package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"coderaws/internal/cost"
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

// hourLine is an hour of the week in the JSON form of the command.
type hourLine struct {
	Weekday string `json:"weekday"`
	Hour    int    `json:"hour"`
	Cost    string `json:"cost"`
}

func hoursDocument(r *cost.Report) []hourLine {
	lines := []hourLine{}
	for _, hour := range r.Hours() {
		lines = append(lines, hourLine{weekdays[hour.Weekday], hour.Hour, hour.Cost.StringFixed(4)})
	}
	return lines
}

// difference is one row of a comparison.
type difference struct {
	Name       string `json:"name"`
	First      string `json:"first"`
	Second     string `json:"second"`
	Difference string `json:"difference"`
}

// printComparison shows two bills side by side.
func (sh *shell) printComparison(first, second priced, by cost.Grouping) error {
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
	differences := []difference{}
	for _, name := range names {
		p := pairs[name]
		differences = append(differences, difference{name, p.first.Cents(), p.second.Cents(), p.second.Minus(p.first).Cents()})
	}
	total := difference{
		"total", first.report.Total().Cents(), second.report.Total().Cents(), second.report.Total().Minus(first.report.Total()).Cents(),
	}
	if sh.output == jsonOutput {
		return sh.printJSON(map[string]any{
			"version": 1, "first": first.name, "second": second.name, "by": by, "differences": differences, "total": total,
			"first_cost": first.report.Document(), "second_cost": second.report.Document(),
		})
	}
	var b strings.Builder
	rows := [][]string{{string(by), first.name, second.name, "difference"}}
	for _, d := range append(differences, total) {
		rows = append(rows, []string{d.Name, pricing.Thousands(d.First), pricing.Thousands(d.Second), signed(d.Difference)})
	}
	alignedTable(&b, rows, 1, 2, 3)
	fmt.Fprintf(&b, "\nUSD in an average month; %s users at the busiest hour of the first, %s of the second, load %s.\n",
		first.report.Users.Round(0), second.report.Users.Round(0), first.report.Usage.Load)
	for _, bill := range []priced{first, second} {
		if n := len(bill.report.Unpriced); n > 0 {
			fmt.Fprintf(&b, "NOT in the total of %s: %s (`coderaws cost %s` names them)\n", bill.name, plural(n, "resource"), bill.name)
		}
	}
	_, err := io.WriteString(sh.Stdout, b.String())
	return err
}

// signed writes a difference with its sign and commas.
func signed(amount string) string {
	if rest, negative := strings.CutPrefix(amount, "-"); negative {
		return "-" + pricing.Thousands(rest)
	}
	return "+" + pricing.Thousands(amount)
}
