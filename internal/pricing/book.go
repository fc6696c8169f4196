// Package pricing is the price book: what AWS asks for, each figure with its unit, region, date and source. It answers what one price is,
// and never how much of something is used; that is for the package that asks. The command line and the reports on cost import it. Of this
// module it imports diagnostic and facts, which holds the figures.
//
// A figure without a source is not in the book, and asking for it is an error that names it. A region without a figure of its own is
// answered with that of us-east-1, and the answer says that it is estimated.
package pricing

import (
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
)

// HoursPerMonth turns a price by the hour into one by the month: 365 days of 24 hours, over 12 months, as the AWS Pricing Calculator
// counts.
const HoursPerMonth = 730

// Reference is the region whose figures stand in for those that another region lacks.
const Reference = "us-east-1"

// Global is the region of figures that hold in every region of the commercial partition, since AWS publishes one price for all of them.
const Global = "global"

// Key asks for one price.
type Key struct {
	// Item is what is sold.
	Item Item
	// Of tells the variants of an item apart, as Definition.Varies says: an instance type, a class of database instance, a model. It is empty
	// where an item has no variants.
	Of string
	// Region is where it is bought, such as eu-west-1.
	Region string
}

// String names what is asked for, without the region: nat_gateway.hour, or ec2.on_demand_hour of m7i.2xlarge.
func (k Key) String() string {
	if k.Of == "" {
		return string(k.Item)
	}
	return string(k.Item) + " of " + k.Of
}

// Book is a set of figures. It does not change once it is open, and may be asked from many goroutines.
type Book struct {
	// Date is that of the newest figure, as 2006-01-02.
	Date string
	// figures are those that stand in files, by what they are for and where.
	figures map[Key]Figure
	ec2     *instanceTable
}

// Embedded opens the price book that the program carries.
func Embedded() (*Book, error) {
	f, err := parse(facts.Prices(), "the embedded price book")
	if err != nil {
		return nil, err
	}
	return &Book{Date: f.Date, figures: f.figures(), ec2: &instanceTable{types: map[string]map[string]instancePrices{}}}, nil
}

// With is the book with the figures of a file laid over its own. A figure of the file that is older than the book's is left out.
func (b *Book) With(f *File) *Book {
	over := &Book{Date: max(b.Date, f.Date), figures: map[Key]Figure{}, ec2: b.ec2}
	for key, figure := range b.figures {
		over.figures[key] = figure
	}
	for key, figure := range f.figures() {
		if own, ok := b.own(key); !ok || figure.Source.Date >= own.Source.Date {
			over.figures[key] = figure
		}
	}
	return over
}

// own finds the figure that the book has for exactly this key.
func (b *Book) own(key Key) (Figure, bool) {
	if figure, ok := b.figures[key]; ok {
		return figure, true
	}
	if IsInstance(key.Item) {
		return b.ec2.figure(key)
	}
	return Figure{}, false
}

// Price finds one price. Its errors are diagnostics: pricing.unknown_item, pricing.unknown_region, or pricing.no_figure where the book has
// no figure that could stand in.
func (b *Book) Price(key Key) (Figure, error) {
	definition, ok := Define(key.Item)
	if !ok {
		return Figure{}, unknownItem(key.Item)
	}
	if facts.RegionName(key.Region) == "" {
		return Figure{}, UnknownRegion(key.Region)
	}
	if (definition.Varies == "") != (key.Of == "") {
		return Figure{}, wrongVariant(definition, key)
	}
	if IsInstance(key.Item) && b.ec2.of(key.Of) == nil {
		if _, refreshed := b.figures[key]; !refreshed {
			return b.newerInstance(key)
		}
	}
	if key.Item == EC2SpotHour {
		return b.spot(key)
	}
	if figure, ok := b.own(key); ok {
		return figure.answering(key, false), nil
	}
	if figure, ok := b.own(Key{key.Item, key.Of, Global}); ok {
		return figure.answering(key, facts.Partition(key.Region) != "aws"), nil
	}
	if figure, ok := b.own(Key{key.Item, key.Of, Reference}); ok {
		return figure.answering(key, true), nil
	}
	return Figure{}, noFigure(definition, key)
}

// newerInstance prices an instance type that is newer than known as its newest known relative.
func (b *Book) newerInstance(key Key) (Figure, error) {
	relative := facts.NewerInstance(key.Of)
	if relative == "" {
		return Figure{}, UnknownInstance(key.Of)
	}
	figure, err := b.Price(Key{key.Item, relative, key.Region})
	if err != nil {
		return Figure{}, err
	}
	figure.Note = strings.TrimPrefix(figure.Note+"; ", "; ") + "as " + relative + ", since " + key.Of + " is newer than known"
	return figure.answering(key, true), nil
}

// answering is the figure as the answer to a question, which may have been about another region.
func (f Figure) answering(key Key, estimated bool) Figure {
	f.Key, f.Estimated = key, estimated
	return f
}

// Variants lists what an item can be asked Of, in alphabetical order; none if it has no variants.
func (b *Book) Variants(item Item) []string {
	if IsInstance(item) {
		return facts.InstanceNames()
	}
	found := map[string]bool{}
	for key := range b.figures {
		if key.Item == item && key.Of != "" {
			found[key.Of] = true
		}
	}
	return sorted(found)
}

// Regions lists the regions for which the book has figures of its own for an item, in alphabetical order.
func (b *Book) Regions(item Item) []string {
	found := map[string]bool{}
	for key := range b.figures {
		if key.Item == item {
			found[key.Region] = true
		}
	}
	return sorted(found)
}

func sorted(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func unknownItem(item Item) error {
	d := diagnostic.Errorf("the price book knows nothing called %q", item)
	d.Code, d.Todo = "pricing.unknown_item", "`coderaws prices show` lists what it knows"
	return d
}

// UnknownRegion is the error for a region that AWS does not have, or that this program does not know yet.
func UnknownRegion(region string) error {
	d := diagnostic.Errorf("there is no AWS region %q", region)
	d.Code, d.Why = "pricing.unknown_region", "the regions are "+strings.Join(facts.Regions(), ", ")
	d.Todo = "write a region's code, such as us-east-1 or eu-central-1"
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

func wrongVariant(definition Definition, key Key) error {
	d := diagnostic.Errorf("the price %s cannot be asked for so", key)
	d.Code = "pricing.wrong_variant"
	d.Why = "it has one price for all"
	d.Todo = "leave Of empty"
	if definition.Varies != "" {
		d.Why, d.Todo = "it differs by "+definition.Varies, "name the "+definition.Varies
	}
	return d
}

func noFigure(definition Definition, key Key) error {
	d := diagnostic.Errorf("the price book has no figure for %s (%s, %s) in %s", key, definition.Service, definition.Title, key.Region)
	d.Code = "pricing.no_figure"
	d.Why = "neither for this region nor for " + Reference + ", which would stand in; a price without a source is not made up"
	d.Todo = "`coderaws prices refresh --region " + key.Region + "` takes what AWS publishes; `coderaws prices show " + string(key.Item) +
		"` lists what there is"
	return d
}
