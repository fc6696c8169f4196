package pricing

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Kind says how a figure came from AWS to this book.
type Kind string

const (
	// FromAWS is a figure that `coderaws prices refresh` got from AWS itself.
	FromAWS Kind = "aws"
	// Quoted is a figure of AWS's price list or pricing pages as a public work quotes it, with the date that the work gives.
	Quoted Kind = "quoted"
	// Secondary is a figure that somebody else than AWS published, or that gives no date. Confirm it before much depends on it.
	Secondary Kind = "secondary"
)

// Source is where a figure is from.
type Source struct {
	Name string `json:"name"`
	// URL is where AWS publishes the figure, or who else did.
	URL string `json:"url"`
	// Date is when AWS published the figure or when it was read there, as 2006-01-02; if nothing says so, the day on which it came into this
	// book.
	Date string `json:"date"`
	Kind Kind   `json:"kind"`
}

// Tier is a range of the quantity that is used in one month, and the price of each unit in it.
type Tier struct {
	// From and To bound the range, in units; To belongs to it. To is nil in the last tier, which has no end.
	From decimal.Decimal
	To   *decimal.Decimal
	// Price is for one unit.
	Price USD
}

// Figure is a price with all that is needed to say where it is from.
type Figure struct {
	// Key is the question that this answers.
	Key Key
	// Region is the one that the figure was published for; it is Key.Region unless the figure is Estimated or Global.
	Region string
	// Estimated says that the figure is another region's.
	Estimated bool
	// Tiers begin at 0 and follow each other without a gap. Most prices have one.
	Tiers []Tier
	// Free is what AWS gives to each account for nothing each month, in units; zero for most. Cost does not take it off: whether an account
	// has it left is not for a price book to know.
	Free decimal.Decimal
	// Note is what else must be known, as half a sentence; often empty.
	Note   string
	Source Source
}

// Definition is what the figure is a price of.
func (f Figure) Definition() Definition {
	definition, _ := Define(f.Key.Item)
	return definition
}

// Rate is the price of the first unit.
func (f Figure) Rate() USD { return f.Tiers[0].Price }

// Flat reports whether every unit has the same price.
func (f Figure) Flat() bool { return len(f.Tiers) == 1 }

// Line is what the units of one tier cost.
type Line struct {
	Quantity decimal.Decimal
	Tier     Tier
	Cost     USD
}

// Cost is what a month's quantity costs, in units, exactly. A negative quantity costs nothing.
func (f Figure) Cost(quantity decimal.Decimal) USD {
	var total USD
	for _, line := range f.Lines(quantity) {
		total = total.Plus(line.Cost)
	}
	return total
}

// Lines splits a month's quantity into the tiers that it fills, so that each line's quantity times its price is its cost.
func (f Figure) Lines(quantity decimal.Decimal) []Line {
	var lines []Line
	for _, tier := range f.Tiers {
		in := quantity
		if tier.To != nil {
			in = decimal.Min(in, *tier.To)
		}
		in = in.Sub(tier.From)
		if !in.IsPositive() {
			break
		}
		lines = append(lines, Line{Quantity: in, Tier: tier, Cost: tier.Price.Times(in)})
	}
	return lines
}

// Marginal is the price of one more unit when so many are used already.
func (f Figure) Marginal(used decimal.Decimal) USD {
	for _, tier := range f.Tiers {
		if tier.To == nil || used.LessThan(*tier.To) {
			return tier.Price
		}
	}
	return f.Tiers[len(f.Tiers)-1].Price
}

// Published writes a tier's price as AWS publishes it, for as many units as Definition.Per says and with two digits after the point at
// least: 0.40.
func (f Figure) Published(t Tier) string {
	amount := t.Price.Times(decimal.NewFromInt(f.Definition().Per)).String()
	if _, after, _ := strings.Cut(amount, "."); len(after) < 2 {
		return decimal.RequireFromString(amount).StringFixed(2) // nothing is rounded: it gains zeros
	}
	return amount
}

// Trace says in one line where the figure is from: source, date, and that it is an estimate if it is one.
func (f Figure) Trace() string {
	trace := fmt.Sprintf("%s, %s", f.Source.Name, f.Source.Date)
	if f.Estimated {
		trace += fmt.Sprintf(" (estimated: the figure is that of %s)", f.Region)
	}
	return trace
}
