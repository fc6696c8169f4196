package cost

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/inventory"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// Purchase is how instances are bought.
type Purchase string

// The ways to buy.
const (
	// AsPlanned is spot for groups on spot, and on demand for all others.
	AsPlanned Purchase = "as-planned"
	// OnDemand is on demand for all.
	OnDemand Purchase = "on-demand"
	// Reserved1y and Reserved3y are as planned, with a reservation without upfront payment for each node that runs so many hours that it pays.
	Reserved1y Purchase = "reserved-1y"
	Reserved3y Purchase = "reserved-3y"
	// SavingsPlan1y and SavingsPlan3y are as planned, with EC2 Instance Savings Plans without upfront payment for the same nodes, at the
	// reservation's price (savingsPlanNote).
	SavingsPlan1y Purchase = "savings-plan-1y"
	SavingsPlan3y Purchase = "savings-plan-3y"
)

// Purchases lists all ways to buy.
func Purchases() []Purchase {
	return []Purchase{AsPlanned, OnDemand, Reserved1y, Reserved3y, SavingsPlan1y, SavingsPlan3y}
}

// Options say how a bill is made.
type Options struct {
	// Usage is how much is used; nil is all defaults.
	Usage *Usage
	// Purchase is how instances are bought; empty is AsPlanned.
	Purchase Purchase
	// Region is that of resources of which the plan does not say where they are; us-east-1 if it is empty.
	Region string
	// Now is the day on which the bill is made, from which the age of its prices is counted.
	Now time.Time
	// Year is the one whose hours are counted; 0 is that of the newest figure in the price book.
	Year int
}

// Estimate makes the bill of an average month. Errors are diagnostics; what has no price is no error, but listed in the report.
func Estimate(in *Input, book *pricing.Book, options Options) (*Report, error) {
	e := &estimate{Input: in, book: book, usage: options.Usage, purchase: cmp.Or(options.Purchase, AsPlanned),
		region: cmp.Or(options.Region, pricing.Reference)}
	if e.usage == nil {
		e.usage = NewUsage()
	}
	regions := in.Inventory.Regions
	if options.Region == "" && len(regions) > 0 {
		e.region = regions[0]
	}
	for _, region := range append([]string{e.region}, regions...) {
		if facts.RegionName(region) == "" {
			return nil, pricing.UnknownRegion(region)
		}
	}
	number := options.Year
	if number == 0 {
		number, _ = strconv.Atoi(book.Date[:4])
	}
	var err error
	if e.fleet, err = newFleet(in, e.usage, number); err != nil {
		return nil, err
	}
	e.load = newLoad(in, e.usage)
	if err := e.load.held(); err != nil {
		return nil, err
	}
	e.fleet.needs = e.load.needs
	e.report = &Report{
		Usage: e.usage, Users: e.load.peak, Timezone: e.fleet.zoneName, Year: number, BookDate: book.Date, Now: options.Now,
		Free: map[string]int{},
	}
	e.report.WorkspaceHours = e.fleet.year.month(e.load.workspaces)
	e.report.Unpriced = append(e.report.Unpriced, in.unknown...)
	e.compute()
	e.databases()
	e.network()
	e.traffic()
	e.platform()
	e.logs()
	e.others()
	e.extras()
	e.aiModels()
	if e.err != nil {
		return nil, e.err
	}
	slices.SortStableFunc(e.report.Lines, func(a, b Line) int {
		return cmp.Or(b.Cost.Cmp(a.Cost), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Title, b.Title))
	})
	return e.report, nil
}

// estimate is a bill under way.
type estimate struct {
	*Input
	book     *pricing.Book
	usage    *Usage
	purchase Purchase
	region   string
	fleet    *fleet
	load     load
	report   *Report
	err      error
}

// use is how much of something is used in a month.
type use struct {
	quantity decimal.Decimal
	// rate is what is used in an hour; nil if it is the same at all hours.
	rate rate
	// title replaces that of the item, where a resource has several lines of the same item.
	title string
	// least and most bound a quantity that the plan leaves open; both nil otherwise.
	least, most *decimal.Decimal
	// zone is the only zone that it is in, if there is one.
	zone string
	why  string
	// note is what must be known of the figure here, beside its own note.
	note string
	// assumed are the names of assumptions.
	assumed []string
}

// between opens a quantity that the plan does not know: it can be as little as least, and the bill has the most. what names what is not
// known.
func (u *use) between(least decimal.Decimal, what string) {
	most := u.quantity
	u.least, u.most = &least, &most
	u.why += "; the plan does not know yet " + what
}

// byHour is the use of what is not the same at all hours.
func (e *estimate) byHour(of rate, why string, assumed ...string) use {
	return use{quantity: e.fleet.year.month(of), rate: of, why: why, assumed: assumed}
}

// times multiplies a rate.
func (r rate) times(factor decimal.Decimal) rate {
	return func(m moment) decimal.Decimal { return r(m).Mul(factor) }
}

// hourly is the use of things that are there at all hours, each of them once.
func hourly(count int64, noun string) use {
	hours := decimal.NewFromInt(count * pricing.HoursPerMonth)
	if count == 1 {
		return use{quantity: hours, why: fmt.Sprintf("%d hours a month", pricing.HoursPerMonth)}
	}
	return use{quantity: hours, why: fmt.Sprintf("%d %s for %d hours a month", count, noun, pricing.HoursPerMonth)}
}

// monthly is the use of things that are paid by the month.
func monthly(count int64, why string) use { return use{quantity: decimal.NewFromInt(count), why: why} }

// places is how many digits after the point a quantity has.
const places = 6

// add puts a line on the bill; a quantity of nothing puts none. A price that the book lacks puts the resource among the unpriced.
func (e *estimate) add(r inventory.Resource, item pricing.Item, of string, u use) {
	if !u.quantity.IsPositive() && (u.most == nil || !u.most.IsPositive()) {
		return
	}
	region := e.regionOf(r)
	figure, err := e.book.Price(pricing.Key{Item: item, Of: of, Region: region})
	if err != nil {
		e.lacks(r, err)
		return
	}
	definition := figure.Definition()
	if u.note != "" {
		figure.Note = strings.TrimPrefix(figure.Note+"; "+u.note, "; ")
	}
	line := Line{
		Address: r.Address, Where: r.Where, Service: definition.Service, Title: definition.Title, Region: region, Zone: u.zone, Figure: figure,
		Quantity: u.quantity.Round(places), Why: u.why, Assumptions: u.assumed, rate: u.rate, year: e.fleet.year,
	}
	switch {
	case u.title != "":
		line.Title = u.title
	case ways[item] != "":
		line.Title = of + " " + ways[item]
	case of != "":
		line.Title = of + ", " + definition.Title
	}
	line.Cost = cents(figure.Cost(line.Quantity))
	line.Least, line.Most = line.Cost, line.Cost
	if u.least != nil && u.most != nil {
		line.Least, line.Most = cents(figure.Cost(u.least.Round(places))), cents(figure.Cost(u.most.Round(places)))
	}
	e.report.Lines = append(e.report.Lines, line)
}

// ways word how instances are bought.
var ways = map[pricing.Item]string{
	pricing.EC2OnDemandHour: "on demand", pricing.EC2SpotHour: "on spot", pricing.EC2Reserved1yHour: "reserved for a year",
	pricing.EC2Reserved3yHour: "reserved for three years",
}

// lacks notes a resource whose price is not known. A region that nobody has heard of ends the bill.
func (e *estimate) lacks(r inventory.Resource, err error) {
	why := err.Error()
	var d *diagnostic.Diagnostic
	if errors.As(err, &d) {
		why = d.Summary
		if d.Code == "pricing.unknown_region" && e.err == nil {
			e.err = err
		}
	}
	e.missing(r, why)
}

func (e *estimate) missing(r inventory.Resource, why string) {
	e.report.Unpriced = append(e.report.Unpriced, Unpriced{r.Address, r.Type, why})
}
