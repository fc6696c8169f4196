package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"coderaws/internal/cost"
	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// shownLines is how many of the largest lines a bill shows by themselves.
const shownLines = 12

// printBill writes a bill in the forms that were asked for. What goes to a file goes there beside what is shown; "-" is standard output
// alone.
func (sh *shell) printBill(result *CostResult, flags costFlags) error {
	r := result.Report
	if flags.csv != "" {
		if err := sh.writeReport(flags.csv, func(w io.Writer) error { return r.WriteCSV(w) }); err != nil || flags.csv == "-" {
			return err
		}
	}
	if flags.html != "" {
		if err := sh.writeReport(flags.html, func(w io.Writer) error { return r.WriteHTML(w, result.Name) }); err != nil || flags.html == "-" {
			return err
		}
	}
	switch {
	case flags.explain != "":
		explanation, err := result.Explain(flags.explain)
		return present(sh, explanation, err, printExplanation)
	case flags.advise:
		advice, err := result.Advise()
		return present(sh, advice, err, printAdvice)
	case flags.hours:
		result.Hours = hoursDocument(r)
	}
	return present(sh, result, nil, func(w io.Writer, result *CostResult) error {
		var b strings.Builder
		printHead(&b, result.Name, r)
		printGroups(&b, r, cost.Grouping(flags.by))
		if flags.hours {
			printHours(&b, r)
		}
		printAlternatives(&b, result.Alternatives)
		printPeople(&b, result.People)
		if flags.assumptions {
			printAssumptions(&b, r)
		}
		printCaveats(&b, r, flags.assumptions)
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// money writes an amount to the cent, with commas.
func money(amount pricing.USD) string { return pricing.Thousands(amount.Cents()) }

func printHead(b *strings.Builder, name string, r *cost.Report) {
	fmt.Fprintf(b, "%s: %s USD in an average month", name, money(r.Total()))
	if least, most := r.Bounds(); !least.Equal(most) {
		fmt.Fprintf(b, ", between %s and %s: the plan leaves something open", money(least), money(most))
	}
	b.WriteByte('\n')
	if r.Users.IsPositive() {
		fmt.Fprintf(b, "with %s users at the busiest hour (load %s, clock of %s, hours of %d)\n", r.Users.Round(0), r.Usage.Load,
			r.Timezone, r.Year)
	}
	b.WriteByte('\n')
}

// printGroups writes the groups, and the largest lines unless the groups are lines.
func printGroups(b *strings.Builder, r *cost.Report, by cost.Grouping) {
	total := r.Total()
	rows := [][]string{{string(by), "USD a month", "share"}}
	for _, group := range r.Groups(by) {
		rows = append(rows, []string{group.Name, money(group.Cost), share(group.Cost, total)})
	}
	rows = append(rows, []string{"total", money(total), share(total, total)})
	alignedTable(b, rows, 1, 2)
	if by == cost.ByLine || len(r.Lines) == 0 {
		return
	}
	b.WriteString("\nThe largest lines:\n\n")
	rows = nil
	for _, line := range r.Lines[:min(shownLines, len(r.Lines))] {
		rows = append(rows, []string{money(line.Cost), wordsOf(line), shortAddress(line.Address)})
	}
	if rest := r.Lines[min(shownLines, len(r.Lines)):]; len(rest) > 0 {
		left := total
		for _, line := range r.Lines[:shownLines] {
			left = left.Minus(line.Cost)
		}
		rows = append(rows, []string{money(left), fmt.Sprintf("%d further lines (--by line shows them)", len(rest))})
	}
	alignedTable(b, rows, 0)
}

// wordsOf names what a line buys: its figure is another region's if a tilde stands before it.
func wordsOf(line cost.Line) string {
	mark := ""
	if line.Figure.Estimated {
		mark = "~"
	}
	units := cost.Units(line.Figure.Definition())
	if line.Quantity.Equal(decimal.NewFromInt(1)) {
		units = line.Figure.Definition().Unit
	}
	return fmt.Sprintf("%s%s, %s %s", mark, line.Title, pricing.Thousands(line.Quantity.Round(1).String()), units)
}

// shortAddress leaves the type out of an address where the module says enough.
func shortAddress(address string) string {
	if len(address) <= 60 {
		return address
	}
	return "…" + address[len(address)-59:]
}

func share(part, whole pricing.USD) string {
	if whole.IsZero() {
		return ""
	}
	return part.Decimal().Mul(decimal.NewFromInt(100)).DivRound(whole.Decimal(), 1).StringFixed(1) + " %"
}

// alignedTable writes aligned columns; those that are named are aligned to the right.
func alignedTable(b *strings.Builder, rows [][]string, right ...int) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-len([]rune(cell)))
			for _, r := range right {
				if r == i {
					cell, pad = pad+cell, ""
				}
			}
			line.WriteString("  " + cell + pad)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// Alternative is the same deployment used or bought in another way.
type Alternative struct {
	Name string `json:"name"`
	// Total and Difference are of an average month; the difference is to the bill.
	Total      string `json:"total"`
	Difference string `json:"difference"`
}

// alternatives price the same plans with other loads and other ways to buy.
func (b bill) alternatives(book *pricing.Book, options cost.Options) ([]Alternative, error) {
	list := []Alternative{}
	add := func(name string, changed cost.Options) error {
		r, err := b.again(book, changed)
		if err != nil {
			return err
		}
		difference := r.Total().Minus(b.report.Total())
		if difference.IsZero() {
			return nil
		}
		list = append(list, Alternative{name, r.Total().Cents(), difference.Cents()})
		return nil
	}
	if b.report.Users.IsPositive() {
		for _, load := range cost.Loads() {
			changed := options
			changed.Usage = b.report.Usage.With(load)
			words := map[string]string{cost.Idle: "nobody there (load idle)", cost.Office: "office hours (load office)",
				cost.Worldwide: "three sites around the world (load worldwide)", cost.Always: "everybody at all hours (load always)"}
			if load == b.report.Usage.Load {
				continue
			}
			if err := add(words[load], changed); err != nil {
				return nil, err
			}
		}
	}
	for _, purchase := range cost.Purchases() {
		if purchase == options.Purchase {
			continue
		}
		changed := options
		changed.Purchase = purchase
		if err := add("instances "+string(purchase)+" (--purchase)", changed); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func printAlternatives(b *strings.Builder, list []Alternative) {
	if len(list) == 0 {
		return
	}
	b.WriteString("\nOtherwise:\n\n")
	var rows [][]string
	for _, a := range list {
		rows = append(rows, []string{a.Name, pricing.Thousands(a.Total), signed(a.Difference)})
	}
	alignedTable(b, rows, 1, 2)
	if slices.ContainsFunc(list, func(a Alternative) bool { return strings.Contains(a.Name, string(cost.SavingsPlan1y)) }) {
		b.WriteString("\nsavings-plan is EC2 Instance Savings Plans at the price of standard reservations: AWS says that they save just " +
			"like these.\n")
	}
}

func printAssumptions(b *strings.Builder, r *cost.Report) {
	b.WriteString("\nAssumed:\n\n")
	for _, a := range r.Used() {
		fmt.Fprintf(b, "  %s = %s\n      %s\n", a.Name, a.Value, wrap(a.Why, 110, "      "))
	}
}

// printCaveats says what the total does not have, and what it is worth.
func printCaveats(b *strings.Builder, r *cost.Report, assumptions bool) {
	b.WriteByte('\n')
	printModels(b, r)
	printBudget(b, r)
	if n := len(r.Unpriced); n > 0 {
		fmt.Fprintf(b, "NOT in the total: %s\n", plural(n, "resource"))
		for _, u := range r.Unpriced {
			fmt.Fprintf(b, "  %s: %s\n", u.Address, wrap(u.Why, 100, "    "))
		}
	}
	if n := len(r.Metered); n > 0 {
		fmt.Fprintf(b, "By use, beside the total: %s whose use no plan shows\n", plural(n, "resource"))
		for _, m := range r.Metered {
			fmt.Fprintf(b, "  %s: %s\n", m.Address, wrap(m.Why, 100, "    "))
			for _, price := range m.Prices {
				fmt.Fprintf(b, "    %s\n", price)
			}
		}
	}
	if n := r.Estimated(); n > 0 {
		fmt.Fprintf(b, "Estimated: %s marked ~ with figures of another region, as the price book has none: %s %% of the bill.\n",
			plural(n, "line"), r.EstimatedPercent())
	}
	for _, kind := range r.Spot {
		fmt.Fprintf(b, "Spot: %s is %s %% below on demand; %s of them were taken back in a month (%s).\n", kind.Name, kind.SavingPercent,
			cmp.Or(kind.Interruption, "an unknown part"), kind.Date)
	}
	if len(r.Spot) > 0 {
		fmt.Fprintf(b, "%s %% of the bill is spot capacity at the prices of these days, which move.\n", r.SpotPercent())
	}
	if !assumptions && len(r.Used()) > 0 {
		b.WriteString("What people use is assumed; --assumptions lists what and why, --set changes it. --explain ADDRESS traces any line.\n")
	}
	fmt.Fprintf(b, "Public prices before taxes, discounts and free allowances: %s.\n", cmp.Or(r.PriceAge(), "none"))
	if stale := r.Stale(); stale != "" {
		fmt.Fprintln(b, stale)
	}
}

// CostExplanation is how lines of a bill come about. Its JSON form only grows.
type CostExplanation struct {
	Address string `json:"address"`
	Cost    any    `json:"cost"`
	Version int    `json:"version"`
	// Text says so for people.
	Text string `json:"-"`
}

// Explain says how the lines of a resource or a module come about.
func (c *CostResult) Explain(address string) (*CostExplanation, error) {
	r := c.Report
	lines := r.Find(address)
	if len(lines) == 0 {
		d := diagnostic.Errorf("the bill has no line for %s", address)
		d.Code, d.Why = "cost.no_line", "nothing at this address costs anything by itself"
		for _, u := range r.Unpriced {
			if u.Address == address {
				d.Summary, d.Why = fmt.Sprintf("%s has no price", address), u.Why
			}
		}
		if m, ok := r.FindMetered(address); ok {
			d.Summary, d.Why = fmt.Sprintf("%s costs by use, and the bill has no line for it", address), m.Why
			for _, price := range m.Prices {
				d.Why += "; " + price.String()
			}
		}
		d.Todo = "`--by line` shows all lines with their addresses; modules such as module.network are addresses, too"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	texts := make([]string, len(lines))
	for i, line := range lines {
		texts[i] = r.Explain(line)
	}
	only := *r
	only.Lines = lines
	return &CostExplanation{Version: 1, Address: address, Cost: only.Document(), Text: strings.Join(texts, "\n")}, nil
}

func printExplanation(w io.Writer, e *CostExplanation) error {
	_, err := io.WriteString(w, e.Text)
	return err
}
