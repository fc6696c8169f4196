// Command ec2instances takes what EC2 offers today into the table of instance types that the program carries: which types there are, their
// sizes, and the zones that have them.
//
//	go run ./tools/ec2instances [REGION…]
//
// It needs a network, and credentials that may do ec2:DescribeInstanceTypes, ec2:DescribeInstanceTypeOfferings and, where no region is
// named, ec2:DescribeRegions; nothing is changed in the account. Without regions it asks those that the program knows and that the
// account has opted in to, or need not. Prices and what is known of spot stay as they are, and with them the day in the table of facts,
// which is that of the oldest figure. The table is replaced as a whole or not at all.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"time"

	"coderaws/internal/facts"
)

func main() {
	file := flag.String("o", "internal/facts/ec2-instances.json.gz", "the table of instance types")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *file, flag.Args(), time.Now(), os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "ec2instances:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, file string, regions []string, today time.Time, messages io.Writer) error {
	if len(regions) == 0 {
		enabled, err := enabled(ctx)
		if err != nil {
			return fmt.Errorf("EC2 cannot be asked for the regions of the account, and nothing is changed: %w", err)
		}
		regions = slices.DeleteFunc(facts.Regions(), func(region string) bool { return !slices.Contains(enabled, region) })
	}
	for _, region := range regions {
		if facts.RegionName(region) == "" {
			return fmt.Errorf("there is no region %s: write one that the program knows, such as eu-central-1", region)
		}
	}
	t, err := read(file)
	if err != nil {
		return err
	}
	before := len(t.Instances)
	for _, region := range regions {
		_, _ = fmt.Fprintf(messages, "asking EC2 what it offers in %s\n", region)
		there, err := ask(ctx, region)
		if err != nil {
			return fmt.Errorf("EC2 in %s cannot be asked, and nothing is changed: %w", region, err)
		}
		t.take(region, there, today.UTC().Format(time.DateOnly))
	}
	if err := t.write(file); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(messages, "%d types, %d of them new; prices stay as they were\n", len(t.Instances), len(t.Instances)-before)
	return nil
}
