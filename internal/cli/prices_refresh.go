package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/pricing"
	"coderaws/internal/pricing/pricelist"
)

// shownChanges bounds how many changed prices are printed; JSON has them all.
const shownChanges = 25

// usageError is an error of what was asked for, with the status of wrong usage.
func usageError(summary, todo string) error {
	d := diagnostic.Errorf("%s", summary)
	d.Code, d.Todo = "usage", todo
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// PriceChange is a price that differs from the one that was used before.
type PriceChange struct {
	Item   pricing.Item `json:"item"`
	Of     string       `json:"of,omitempty"`
	Region string       `json:"region"`
	Before string       `json:"before"`
	Now    string       `json:"now"`
	Per    string       `json:"per"`
	// Estimated says that the price before was another region's.
	Estimated bool `json:"before_estimated"`
}

// PriceMissing is a price that AWS did not tell.
type PriceMissing struct {
	Item   pricing.Item `json:"item"`
	Of     string       `json:"of,omitempty"`
	Region string       `json:"region"`
	Why    string       `json:"why"`
}

// RefreshResult is what refreshing did. Its JSON form only grows.
type RefreshResult struct {
	File    string         `json:"file"`
	Date    string         `json:"date"`
	Regions []string       `json:"regions"`
	Taken   int            `json:"taken"`
	Changed []PriceChange  `json:"changed"`
	Missing []PriceMissing `json:"missing"`
	// NotAsked are items whose prices are not taken from AWS.
	NotAsked []pricing.Item `json:"not_asked"`
}

// RefreshOptions are which prices are taken from AWS.
type RefreshOptions struct {
	Regions []string
	// Save is the file that they are written to; "" for the user's cache.
	Save string
}

// RefreshPrices takes new prices from AWS, and keeps them.
func RefreshPrices(ctx context.Context, deps *Deps, o RefreshOptions) (*RefreshResult, error) {
	for _, region := range o.Regions {
		if facts.RegionName(region) == "" {
			return nil, pricing.UnknownRegion(region)
		}
	}
	path := o.Save
	if path == "" {
		path = deps.keptPrices()
	}
	if path == "" {
		return nil, usageError("there is no place to keep prices in", "name a file with --save, or set HOME")
	}
	before, err := deps.priceBook("")
	if err != nil {
		return nil, err
	}
	client, err := pricelist.New(ctx)
	if err != nil {
		return nil, err
	}
	result, err := client.Refresh(ctx, o.Regions, deps.Now(), func(region string) {
		deps.Notice("Asking AWS for its prices in " + region)
	})
	if err != nil {
		return nil, err
	}
	report := refreshed(before, result, o.Regions, path)
	if o.Save == "" {
		if err := keepOthers(result.File, path); err != nil {
			deps.warn(diagnostic.From(err))
		}
	}
	if err := result.File.Save(path); err != nil {
		return nil, err
	}
	return report, nil
}

func printRefresh(w io.Writer, r *RefreshResult) error {
	_, err := fmt.Fprint(w, r.text())
	return err
}

// keepOthers keeps what was taken for other regions before. A file that cannot be read is not kept, which is a warning.
func keepOthers(f *pricing.File, path string) error {
	older, err := pricing.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		d := diagnostic.Warningf("prices that were taken earlier are lost: %s could not be read", path)
		d.Code, d.Why, d.Todo = "pricing.damaged", diagnostic.From(err)[0].Why, "take the prices of the other regions again"
		return d
	}
	f.Keep(older)
	return nil
}

// refreshed compares new prices with those that were used before.
func refreshed(before *pricing.Book, result *pricelist.Result, regions []string, path string) *RefreshResult {
	report := &RefreshResult{
		File: path, Date: result.File.Date, Regions: regions, Taken: len(result.File.Figures),
		Changed: []PriceChange{}, Missing: []PriceMissing{}, NotAsked: []pricing.Item{},
	}
	now := before.With(result.File)
	for _, entry := range result.File.Figures {
		key := pricing.Key{Item: entry.Item, Of: entry.Of, Region: entry.Region}
		if key.Region == pricing.Global {
			key.Region = regions[0]
		}
		new, err := now.Price(key)
		if err != nil {
			continue // it was just put there
		}
		change := PriceChange{Item: key.Item, Of: key.Of, Region: entry.Region, Now: priceText(new), Per: new.Definition().PerText()}
		if old, err := before.Price(key); err == nil {
			if priceText(old) == change.Now && !old.Estimated {
				continue
			}
			change.Before, change.Estimated = priceText(old), old.Estimated
		}
		report.Changed = append(report.Changed, change)
	}
	for _, m := range result.Missing {
		report.Missing = append(report.Missing, PriceMissing{m.Key.Item, m.Key.Of, m.Key.Region, m.Why})
	}
	for _, d := range pricing.Items() {
		if !pricelist.Asked(d.Item) {
			report.NotAsked = append(report.NotAsked, d.Item)
		}
	}
	return report
}

func (r *RefreshResult) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s taken from AWS for %s, kept in %s\n", plural(r.Taken, "price"), strings.Join(r.Regions, ", "), r.File)
	if len(r.Changed) > 0 {
		fmt.Fprintf(&b, "\n%s from those used until now (~ was an estimate):\n", plural(len(r.Changed), "price")+differs(len(r.Changed)))
		rows := [][]string{}
		for i, c := range r.Changed {
			if i == shownChanges {
				break
			}
			before := c.Before
			switch {
			case before == "":
				before = "none"
			case c.Estimated:
				before = "~" + before
			}
			rows = append(rows, []string{"  " + strings.TrimSpace(string(c.Item)+" "+c.Of), c.Region, before, "-> " + c.Now, "per " + c.Per})
		}
		_ = table(&b, rows) // a strings.Builder does not fail
		if more := len(r.Changed) - shownChanges; more > 0 {
			fmt.Fprintf(&b, "  and %d more, which --output json lists\n", more)
		}
	}
	if len(r.Missing) > 0 {
		fmt.Fprintf(&b, "\nAWS did not tell these, or not so that it is understood; the figures that the program carries stay in use:\n")
		for i, m := range r.Missing {
			if i == shownChanges {
				fmt.Fprintf(&b, "  and %d more, which --output json lists\n", len(r.Missing)-shownChanges)
				break
			}
			fmt.Fprintf(&b, "  %s in %s: %s\n", strings.TrimSpace(string(m.Item)+" "+m.Of), m.Region, m.Why)
		}
	}
	fmt.Fprintf(&b,
		"\n%s not taken from AWS's price list, which does not have them or not under a name that is known: they stay as the program "+
			"carries them.\n",
		plural(len(r.NotAsked), "kind")+" of prices are")
	return b.String()
}

func differs(n int) string {
	if n == 1 {
		return " differs"
	}
	return " differ"
}
