package pricing_test

import (
	"strings"
	"testing"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/pricing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func book(t testing.TB) *pricing.Book {
	t.Helper()
	b, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keys are all that the book can be asked in one region, but for EC2, which has a test of its own.
func keys(b *pricing.Book, region string) []pricing.Key {
	var all []pricing.Key
	for _, d := range pricing.Items() {
		switch {
		case strings.HasPrefix(string(d.Item), "ec2."):
		case d.Varies == "":
			all = append(all, pricing.Key{Item: d.Item, Region: region})
		default:
			for _, of := range b.Variants(d.Item) {
				all = append(all, pricing.Key{Item: d.Item, Of: of, Region: region})
			}
		}
	}
	return all
}

func TestEveryRegionAnswersEveryKey(t *testing.T) {
	b := book(t)
	own := 0
	for _, region := range facts.Regions() {
		for _, key := range keys(b, region) {
			figure, err := b.Price(key)
			if err != nil {
				t.Errorf("%s in %s: %v", key, region, err)
				continue
			}
			if figure.Key != key {
				t.Errorf("asked %v, answered %v", key, figure.Key)
			}
			if !figure.Estimated {
				own++
			}
			if !figure.Estimated && figure.Region != region && figure.Region != pricing.Global {
				t.Errorf("%s in %s is the figure of %s, and does not say that it is estimated", key, region, figure.Region)
			}
			if figure.Estimated != strings.Contains(figure.Trace(), "estimated") {
				t.Errorf("%s in %s: %q", key, region, figure.Trace())
			}
		}
	}
	if own < 900 {
		t.Errorf("only %d answers are a region's own", own)
	}
}

// TestReferenceIsComplete: the region that stands in for others has a figure of its own for all there is.
func TestReferenceIsComplete(t *testing.T) {
	b := book(t)
	for _, key := range keys(b, pricing.Reference) {
		figure, err := b.Price(key)
		if err != nil {
			t.Error(err)
		} else if figure.Estimated {
			t.Errorf("%s is estimated in %s", key, pricing.Reference)
		}
	}
}

func TestEveryFigureSaysWhereItIsFrom(t *testing.T) {
	b := book(t)
	units := map[string]bool{}
	for _, d := range pricing.Items() {
		if d.Service == "" || d.Title == "" || d.Unit == "" {
			t.Errorf("%s has no service, title or unit", d.Item)
		}
		if strings.Trim(decimal.NewFromInt(d.Per).String(), "0") != "1" {
			t.Errorf("%s is priced per %d, which is no power of ten", d.Item, d.Per)
		}
		units[d.Unit] = true
		if len(b.Regions(d.Item)) == 0 && !strings.HasPrefix(string(d.Item), "ec2.") {
			t.Errorf("%s has no figure at all", d.Item)
		}
	}
	known := strings.Fields("hour ACU-hour LCU-hour vCPU-hour day GB GB-month IOPS-month MB/s-month request query event invocation " +
		"notification observation token transition certificate alarm-month metric-month dashboard-month key-month secret-month " +
		"parameter-month zone-month " +
		"check-month ACL-month rule-month user-month")
	for _, unit := range known {
		delete(units, unit)
	}
	if len(units) > 0 {
		t.Errorf("units that no one has heard of: %v", units)
	}
	for _, region := range facts.Regions() {
		for _, key := range keys(b, region) {
			figure, err := b.Price(key)
			if err != nil {
				t.Fatal(err)
			}
			date, err := time.Parse(time.DateOnly, figure.Source.Date)
			if err != nil || date.Before(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)) || figure.Source.Date > b.Date {
				t.Errorf("%s in %s is of %q", key, region, figure.Source.Date)
			}
			if figure.Source.Name == "" || !strings.HasPrefix(figure.Source.URL, "https://") {
				t.Errorf("%s in %s has the source %+v", key, region, figure.Source)
			}
			contiguous(t, figure)
		}
	}
}

// contiguous demands that tiers begin at nothing, follow each other and have no end, and that more is never dearer.
func contiguous(t *testing.T, figure pricing.Figure) {
	t.Helper()
	from := decimal.Zero
	for i, tier := range figure.Tiers {
		if !tier.From.Equal(from) {
			t.Errorf("%s in %s: tier %d begins at %s, the one before ends at %s", figure.Key, figure.Region, i, tier.From, from)
		}
		if i > 0 && tier.Price.Cmp(figure.Tiers[i-1].Price) > 0 {
			t.Errorf("%s in %s: tier %d is dearer than the one before", figure.Key, figure.Region, i)
		}
		if (tier.To == nil) != (i == len(figure.Tiers)-1) {
			t.Errorf("%s in %s: tier %d of %d has the end %v", figure.Key, figure.Region, i, len(figure.Tiers), tier.To)
		}
		if tier.To != nil {
			from = *tier.To
		}
	}
}

// TestPublishedPrices checks figures by hand against what AWS publishes.
func TestPublishedPrices(t *testing.T) {
	b := book(t)
	for _, test := range []struct {
		item      pricing.Item
		of        string
		region    string
		per       string
		want      string
		estimated bool
	}{
		// aws.amazon.com/eks/pricing: $0.10 per cluster per hour; with extended support $0.60, so a surcharge of $0.50.
		{item: pricing.EKSClusterHour, region: "us-east-1", per: "hour", want: "0.10"},
		{item: pricing.EKSClusterHour, region: "ap-southeast-7", per: "hour", want: "0.10"},
		{item: pricing.EKSExtendedSupportHour, region: "eu-west-1", per: "hour", want: "0.50"},
		{item: pricing.EKSClusterHour, region: "us-gov-west-1", per: "hour", want: "0.10", estimated: true},
		// Offer AmazonEC2 of 2026-09-04: SAE1-NatGateway-Hours $0.093, EUC1-NatGateway-Hours $0.052.
		{item: pricing.NATGatewayHour, region: "sa-east-1", per: "hour", want: "0.093"},
		{item: pricing.NATGatewayHour, region: "eu-central-1", per: "hour", want: "0.052"},
		{item: pricing.NATGatewayHour, region: "il-central-1", per: "hour", want: "0.0504"},
		{item: pricing.NATGatewayGB, region: "il-central-1", per: "GB", want: "0.045", estimated: true},
		// Price List API of 2026-09-21: 0.0125 by the hour in us-gov-west-1, 0.032 for a load balancer.
		{item: pricing.InterfaceHour, region: "us-gov-west-1", per: "hour", want: "0.0125"},
		{item: pricing.NLBHour, region: "us-gov-west-1", per: "hour", want: "0.032"},
		// Offer AmazonRDS, us-east-1, of 2026-07-28: Aurora:ServerlessV2Usage $0.12, Aurora:StorageIOUsage $0.0000002.
		{item: pricing.AuroraACUHour, region: "us-east-1", per: "ACU-hour", want: "0.12"},
		{item: pricing.AuroraIORequests, region: "us-east-1", per: "million requests", want: "0.20"},
		// Offer AmazonRDS, us-gov-west-1, of 2026-10-06.
		{item: pricing.AuroraACUHour, region: "us-gov-west-1", per: "ACU-hour", want: "0.14"},
		{item: pricing.AuroraInstanceHour, of: "db.r6g.large", region: "us-east-1", per: "hour", want: "0.26"},
		// Offer AmazonEC2, us-east-1: m7i.2xlarge $0.4032 on demand; Spot Instance Advisor: 59 % less on spot, so 0.4032 × 0.41.
		{item: pricing.EC2OnDemandHour, of: "m7i.2xlarge", region: "us-east-1", per: "hour", want: "0.4032"},
		{item: pricing.EC2Reserved1yHour, of: "m7i.2xlarge", region: "us-east-1", per: "hour", want: "0.26672"},
		{item: pricing.EC2Reserved3yHour, of: "m7i.2xlarge", region: "us-east-1", per: "hour", want: "0.18289"},
		{item: pricing.EC2SpotHour, of: "m7i.2xlarge", region: "us-east-1", per: "hour", want: "0.165312"},
		// aws.amazon.com/kms/pricing: $1 per key and month, $0.03 per 10,000 requests.
		{item: pricing.KMSKeyMonth, region: "us-east-1", per: "key-month", want: "1.00"},
		{item: pricing.KMSRequests, region: "us-east-1", per: "10,000 requests", want: "0.03"},
		// aws.amazon.com/route53/pricing: $0.50 for each of the first 25 zones.
		{item: pricing.Route53ZoneMonth, region: "eu-north-1", per: "zone-month", want: "0.50"},
		// Offer AmazonCloudWatch, eu-west-2: $0.5985 per GB of logs.
		{item: pricing.CloudWatchLogsIngestedGB, region: "eu-west-2", per: "GB", want: "0.5985"},
		{item: pricing.ACMCertificate, region: "us-east-1", per: "certificate", want: "0.00"},
	} {
		figure, err := b.Price(pricing.Key{Item: test.item, Of: test.of, Region: test.region})
		if err != nil {
			t.Error(err)
			continue
		}
		if got := figure.Published(figure.Tiers[0]); got != test.want || figure.Definition().PerText() != test.per ||
			figure.Estimated != test.estimated {
			t.Errorf("%s %s in %s: %s per %s, estimated %v; want %s per %s, estimated %v", test.item, test.of, test.region,
				got, figure.Definition().PerText(), figure.Estimated, test.want, test.per, test.estimated)
		}
	}
}

// TestErrors: what cannot be answered is named.
func TestErrors(t *testing.T) {
	b := book(t)
	for _, test := range []struct {
		name string
		key  pricing.Key
		code string
		says string
	}{
		{"an item that does not exist", pricing.Key{Item: "toaster.hour", Region: "us-east-1"}, "pricing.unknown_item", `"toaster.hour"`},
		{"a region that no one has heard of", pricing.Key{Item: pricing.NATGatewayHour, Region: "eu-west-9"}, "pricing.unknown_region",
			`"eu-west-9"`},
		{"no region", pricing.Key{Item: pricing.NATGatewayHour}, "pricing.unknown_region", `""`},
		{"a model that the book lacks", pricing.Key{Item: pricing.BedrockInputTokens, Of: "gpt-1", Region: "us-east-1"}, "pricing.no_figure",
			"bedrock.input_tokens of gpt-1"},
		{"an instance type that does not exist", pricing.Key{Item: pricing.EC2OnDemandHour, Of: "m9.mega", Region: "us-east-1"},
			"pricing.unknown_instance", `"m9.mega"`},
		{"no instance type", pricing.Key{Item: pricing.EC2OnDemandHour, Region: "us-east-1"}, "pricing.wrong_variant", "ec2.on_demand_hour"},
		{"a variant of what has none", pricing.Key{Item: pricing.NATGatewayHour, Of: "large", Region: "us-east-1"}, "pricing.wrong_variant",
			"nat_gateway.hour of large"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := b.Price(test.key)
			if err == nil {
				t.Fatal("there was an answer")
			}
			d := diagnostic.From(err)[0]
			if d.Code != test.code || !strings.Contains(d.Summary, test.says) || d.Todo == "" {
				t.Errorf("got %s: %s (what to do: %q), want %s and %s", d.Code, d.Summary, d.Todo, test.code, test.says)
			}
		})
	}
}

func TestEC2(t *testing.T) {
	b := book(t)
	types := b.Variants(pricing.EC2OnDemandHour)
	if len(types) < 900 {
		t.Fatalf("the table has %d instance types", len(types))
	}
	figures := 0
	for _, name := range types {
		for _, region := range facts.Regions() {
			onDemand, err := b.Price(pricing.Key{Item: pricing.EC2OnDemandHour, Of: name, Region: region})
			if err != nil {
				if diagnostic.From(err)[0].Code != "pricing.no_figure" {
					t.Fatal(err)
				}
				continue // a type of a few regions, and not of the one that stands in
			}
			if onDemand.Estimated {
				continue
			}
			for _, item := range []pricing.Item{pricing.EC2Reserved1yHour, pricing.EC2Reserved3yHour, pricing.EC2SpotHour} {
				less, err := b.Price(pricing.Key{Item: item, Of: name, Region: region})
				if err != nil || less.Estimated {
					continue
				}
				figures++
				if less.Rate().Cmp(onDemand.Rate()) >= 0 || less.Rate().IsZero() {
					t.Errorf("%s of %s in %s costs %s, on demand %s", item, name, region, less.Rate(), onDemand.Rate())
				}
			}
		}
	}
	if figures < 40000 {
		t.Errorf("only %d prices below on demand were found", figures)
	}
}

// TestNewerInstance: a type that is newer than known costs what its newest known relative does, which the figure says.
func TestNewerInstance(t *testing.T) {
	b := book(t)
	for _, item := range []pricing.Item{pricing.EC2OnDemandHour, pricing.EC2Reserved1yHour, pricing.EC2SpotHour} {
		newer, err := b.Price(pricing.Key{Item: item, Of: "m9i.2xlarge", Region: "us-east-1"})
		if err != nil {
			t.Fatal(err)
		}
		known, err := b.Price(pricing.Key{Item: item, Of: "m7i.2xlarge", Region: "us-east-1"})
		if err != nil {
			t.Fatal(err)
		}
		if newer.Rate().Cmp(known.Rate()) != 0 || !newer.Estimated || known.Estimated {
			t.Errorf("%s: %s (estimated %v), want %s (estimated)", item, newer.Rate(), newer.Estimated, known.Rate())
		}
		if item != pricing.EC2SpotHour && !strings.Contains(newer.Note, "as m7i.2xlarge, since m9i.2xlarge is newer than known") {
			t.Errorf("%s: note %q", item, newer.Note)
		}
	}
	// A region that is newer than known has the prices of the one that stands in.
	there, err := b.Price(pricing.Key{Item: pricing.EC2OnDemandHour, Of: "m7i.2xlarge", Region: "ap-southeast-6"})
	if err != nil || !there.Estimated || there.Region != pricing.Reference {
		t.Errorf("got %+v, %v", there, err)
	}
}

func TestSpot(t *testing.T) {
	b := book(t)
	spot, err := b.Spot("m5.2xlarge", "us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	// Spot Instance Advisor, 2025-05-28: 60 % below the on-demand price of 0.384, taken back from more than 20 % of instances.
	if got, want := spot.Rate().String(), "0.1536"; got != want || spot.SavingPercent.String() != "60" || spot.Interruption != ">20%" ||
		spot.Estimated {
		t.Errorf("got %s, %s %% below, interruption %s, estimated %v", got, spot.SavingPercent, spot.Interruption, spot.Estimated)
	}
	if !strings.Contains(spot.Note, "60 % below the on-demand price of 0.384") {
		t.Errorf("note %q", spot.Note)
	}
	if _, err := b.Spot("m9.mega", "us-east-1"); err == nil {
		t.Error("there was an answer about a type that does not exist")
	}
}

func TestVariants(t *testing.T) {
	b := book(t)
	want := []string{"db.r4.8xlarge", "db.r4.large", "db.r6g.2xlarge", "db.r6g.large", "db.r6g.xlarge", "db.r7g.xlarge",
		"db.t3.large", "db.t3.medium"}
	if diff := cmp.Diff(want, b.Variants(pricing.AuroraInstanceHour)); diff != "" {
		t.Error(diff)
	}
	if got := b.Variants(pricing.NATGatewayHour); len(got) != 0 {
		t.Errorf("a NAT gateway comes in %v", got)
	}
}
