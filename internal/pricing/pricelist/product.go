package pricelist

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// product is a product of AWS's price list, in its format aws_v1.
type product struct {
	Product struct {
		SKU        string            `json:"sku"`
		Attributes map[string]string `json:"attributes"`
	} `json:"product"`
	Terms struct {
		OnDemand map[string]term `json:"OnDemand"`
		Reserved map[string]term `json:"Reserved"`
	} `json:"terms"`
	// PublicationDate is as 2026-09-04T23:11:17Z.
	PublicationDate string `json:"publicationDate"`
}

type term struct {
	PriceDimensions map[string]dimension `json:"priceDimensions"`
	TermAttributes  struct {
		LeaseContractLength string `json:"LeaseContractLength"`
		OfferingClass       string `json:"OfferingClass"`
		PurchaseOption      string `json:"PurchaseOption"`
	} `json:"termAttributes"`
}

type dimension struct {
	Unit         string            `json:"unit"`
	BeginRange   string            `json:"beginRange"`
	EndRange     string            `json:"endRange"`
	PricePerUnit map[string]string `json:"pricePerUnit"`
}

func decode(text string) (product, error) {
	var p product
	err := json.Unmarshal([]byte(text), &p)
	return p, err
}

// onDemand is the term that is paid without a commitment. There is one.
func (p product) onDemand() (term, error) {
	if len(p.Terms.OnDemand) != 1 {
		return term{}, fmt.Errorf("product %s has %d on-demand terms, not one", p.Product.SKU, len(p.Terms.OnDemand))
	}
	for _, t := range p.Terms.OnDemand {
		return t, nil
	}
	return term{}, nil
}

// reserved finds the standard term of so many years (1yr, 3yr) with nothing to pay upfront.
func (p product) reserved(years string) (term, bool) {
	for _, t := range p.Terms.Reserved {
		a := t.TermAttributes
		if a.LeaseContractLength == years && a.OfferingClass == "standard" && a.PurchaseOption == "No Upfront" {
			return t, true
		}
	}
	return term{}, false
}

// entry turns a term into a figure of the price book. Its error says why that is not possible.
func (t term) entry(key pricing.Key) (pricing.Entry, error) {
	definition, _ := pricing.Define(key.Item)
	entry := pricing.Entry{Item: key.Item, Of: key.Of, Region: key.Region}
	type step struct {
		from, price decimal.Decimal
		to          *decimal.Decimal
	}
	var steps []step
	for _, d := range t.PriceDimensions {
		usd, ok := pricing.ParseUSD(d.PricePerUnit["USD"])
		if !ok {
			return entry, fmt.Errorf("its price is %q, which is not US dollars", d.PricePerUnit["USD"])
		}
		divisor, err := per(d.Unit, definition.Unit)
		if err != nil {
			return entry, err
		}
		s := step{price: usd.Decimal().DivRound(divisor, 12).Mul(decimal.NewFromInt(definition.Per))}
		if s.from, ok = amount(d.BeginRange, "0"); !ok {
			return entry, fmt.Errorf("a tier begins at %q", d.BeginRange)
		}
		if d.EndRange != "" && d.EndRange != "Inf" {
			to, ok := amount(d.EndRange, "")
			if !ok {
				return entry, fmt.Errorf("a tier ends at %q", d.EndRange)
			}
			s.to = &to
		}
		steps = append(steps, s)
	}
	if len(steps) == 0 {
		return entry, fmt.Errorf("it has no price")
	}
	slices.SortFunc(steps, func(a, b step) int { return a.from.Cmp(b.from) })
	// What is free to begin with is kept apart from the tiers, which are then counted from where it ends.
	free := decimal.Zero
	if first := steps[0]; len(steps) > 1 && first.price.IsZero() && first.to != nil {
		free, entry.Free = *first.to, first.to.String()
		steps = steps[1:]
	}
	end := free
	for i, s := range steps {
		if !s.from.Equal(end) || (s.to == nil) != (i == len(steps)-1) {
			return entry, fmt.Errorf("its tiers do not follow each other")
		}
		tier := pricing.EntryTier{Price: s.price.String()}
		if s.to != nil {
			tier.UpTo, end = s.to.Sub(free).String(), *s.to
		}
		entry.Tiers = append(entry.Tiers, tier)
	}
	return entry, nil
}

func amount(text, empty string) (decimal.Decimal, bool) {
	if text == "" {
		text = empty
	}
	usd, ok := pricing.ParseUSD(text) // the same plain form; no exponents
	return usd.Decimal(), ok
}

// per is what a price in AWS's unit is divided by to be one in the book's unit.
func per(theirs, ours string) (decimal.Decimal, error) {
	if strings.EqualFold(theirs, "GiBps-mo") && ours == "MB/s-month" {
		return decimal.NewFromInt(1024), nil
	}
	if slices.Contains(units[ours], strings.ToLower(theirs)) {
		return decimal.NewFromInt(1), nil
	}
	return decimal.Decimal{}, fmt.Errorf("its unit is %q, which is not known to be %s", theirs, ours)
}
