// Command prices takes AWS's prices of today into the price book that the program carries, by the Price List API:
//
//	go run ./tools/prices [REGION…]
//
// It needs a network, and credentials that may do pricing:GetProducts; nothing is changed in the account. Without regions it asks for all
// that the program knows, but for China, whose prices are in no list in US dollars. Prices that AWS has no answer for stay
// as they are, with their dates. The price book is replaced as a whole or not at all, and its row in the table of facts
// gets the date of its oldest price.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/pricing"
	"coderaws/internal/pricing/pricelist"
	"coderaws/tools/asof"
)

// set is the row of the price book in the table of facts.
const set = "PriceBook"

func main() {
	book := flag.String("o", "internal/facts/prices.json", "the price book")
	table := flag.String("table", asof.Table, "the table of facts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *book, *table, flag.Args(), time.Now(), os.Stderr); err != nil {
		for _, d := range diagnostic.From(err) {
			fmt.Fprintf(os.Stderr, "prices: %s\n  why: %s\n  what to do: %s\n", d.Summary, d.Why, d.Todo)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, path, table string, regions []string, today time.Time, messages io.Writer) error {
	book, err := pricing.ReadFile(path)
	if err != nil {
		return err
	}
	if len(regions) == 0 {
		regions = slices.DeleteFunc(facts.Regions(), func(region string) bool { return facts.Partition(region) == "aws-cn" })
	}
	for _, region := range regions {
		if facts.RegionName(region) == "" {
			return pricing.UnknownRegion(region)
		}
	}
	client, err := pricelist.New(ctx)
	if err != nil {
		return err
	}
	result, err := client.Refresh(ctx, regions, today, func(region string) {
		fmt.Fprintf(messages, "asking AWS for its prices in %s\n", region)
	})
	if err != nil {
		return err
	}
	fresh := result.File
	fresh.Figures = slices.DeleteFunc(fresh.Figures, func(e pricing.Entry) bool { return pricing.IsInstance(e.Item) })
	taken := len(fresh.Figures)
	fresh.Keep(book)
	oldest := prune(fresh)
	for _, missing := range result.Missing {
		fmt.Fprintf(messages, "%s in %s stays as it is: %s\n", missing.Key, missing.Key.Region, missing.Why)
	}
	if err := fresh.Save(path); err != nil {
		return err
	}
	fmt.Fprintf(messages, "%d prices taken, %d stay as they were; the oldest is of %s\n",
		taken, len(fresh.Figures)-taken, oldest.Format(time.DateOnly))
	return asof.Set(table, set, oldest)
}

// prune drops the sources that no figure is from any more, and finds the day of the oldest that is left.
func prune(f *pricing.File) time.Time {
	used := map[string]bool{}
	for _, entry := range f.Figures {
		used[entry.Source] = true
	}
	maps.DeleteFunc(f.Sources, func(id string, _ pricing.Source) bool { return !used[id] })
	oldest := f.Date
	for _, source := range f.Sources {
		oldest = min(oldest, source.Date)
	}
	day, _ := time.Parse(time.DateOnly, oldest) // a book that was read has dates of this form
	return day
}
