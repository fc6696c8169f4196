package pricelist_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"
	"coderaws/internal/pricing/pricelist"

	"github.com/google/go-cmp/cmp"
)

var today = time.Date(2098, 10, 1, 22, 0, 0, 0, time.UTC)

func quiet(string) {}

// refresh asks an emulator that has these products for the prices of one region.
func refresh(t *testing.T, region string, products ...string) *pricelist.Result {
	t.Helper()
	e := &emulator{products: products}
	point(t, e.serve(t))
	client, err := pricelist.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	result, err := client.Refresh(t.Context(), []string{region}, today, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestPrices is the specification of how AWS's products become figures.
func TestPrices(t *testing.T) {
	const region = "eu-central-1"
	at := func(pairs ...string) map[string]string { return attrs(append(pairs, "regionCode", region)...) }
	nat := doc("AmazonEC2", at("usagetype", "EUC1-NatGateway-Hours"), dim("Hrs", "0.0520000000"))
	for _, test := range []struct {
		name     string
		products []string
		key      pricing.Key
		// want are the tiers, each as price and, but for the last, up to where; missing is said where there is no price.
		want    string
		free    string
		missing string
	}{
		{name: "a price by the hour", products: []string{nat}, key: pricing.Key{Item: pricing.NATGatewayHour}, want: "0.052"},
		{name: "a usage type without the region, as in us-east-1",
			products: []string{doc("AmazonEC2", at("usagetype", "NatGateway-Hours"), dim("Hrs", "0.05"))},
			key:      pricing.Key{Item: pricing.NATGatewayHour}, want: "0.05"},
		{name: "a usage type with the region's whole name, as in KMS",
			products: []string{doc("awskms", at("usagetype", "eu-central-1-KMS-Requests"), dim("Requests", "0.0000030000"))},
			key:      pricing.Key{Item: pricing.KMSRequests}, want: "0.03"},
		{name: "a neighbour with a longer name is not it",
			products: []string{nat, doc("AmazonEC2", at("usagetype", "EUC1-RegionalNatGateway-Hours"), dim("Hrs", "9"))},
			key:      pricing.Key{Item: pricing.NATGatewayHour}, want: "0.052"},
		{name: "nor is one of something else, with a prefix of its own",
			products: []string{
				doc("AWSELB", at("usagetype", "EUC1-LoadBalancerUsage", "operation", "LoadBalancing:Network"), dim("Hrs", "0.027")),
				doc("AWSELB", at("usagetype", "TS-LoadBalancerUsage", "operation", "LoadBalancing:Network"), dim("Hrs", "9")),
				doc("AWSELB", at("usagetype", "EUC1-LoadBalancerUsage", "operation", "LoadBalancing:Application"), dim("Hrs", "8")),
			}, key: pricing.Key{Item: pricing.NLBHour}, want: "0.027"},
		{name: "a product of another region is not it",
			products: []string{nat, doc("AmazonEC2", attrs("usagetype", "EU-NatGateway-Hours", "regionCode", "eu-west-1"), dim("Hrs", "9"))},
			key:      pricing.Key{Item: pricing.NATGatewayHour}, want: "0.052"},
		{name: "a price for one request, published for a million",
			products: []string{doc("AmazonRDS", at("usagetype", "EUC1-Aurora:StorageIOUsage", "databaseEngine", "Aurora PostgreSQL"),
				dim("IOs", "0.0000002200"))}, key: pricing.Key{Item: pricing.AuroraIORequests}, want: "0.22"},
		{name: "throughput, which AWS prices by the GiB/s",
			products: []string{doc("AmazonEC2", at("usagetype", "EUC1-EBS:VolumeP-Throughput.gp3"), dim("GiBps-mo", "48.7424"))},
			key:      pricing.Key{Item: pricing.EBSGP3MBpsMonth}, want: "0.0476"},
		{name: "tiers, in whatever order",
			products: []string{doc("AmazonVPC", at("usagetype", "EUC1-VpcEndpoint-Bytes"),
				dim("GB", "0.004", "5242880", "Inf"), dim("GB", "0.01", "0", "1048576"), dim("GB", "0.006", "1048576", "5242880"))},
			key: pricing.Key{Item: pricing.InterfaceGB}, want: "0.01 up to 1048576, 0.006 up to 5242880, 0.004"},
		{name: "what is free to begin with is told apart",
			products: []string{doc("AmazonSNS", at("usagetype", "EUC1-Requests-Tier1"), dim("Requests", "0", "0", "1000000"),
				dim("Requests", "0.0000005", "1000000", "Inf"))},
			key: pricing.Key{Item: pricing.SNSRequests}, want: "0.5", free: "1000000"},
		{name: "a database instance",
			products: []string{doc("AmazonRDS", at("usagetype", "EUC1-InstanceUsage:db.r6g.xl", "databaseEngine", "Aurora PostgreSQL",
				"instanceType", "db.r6g.xlarge"), dim("Hrs", "0.62"))},
			key: pricing.Key{Item: pricing.AuroraInstanceHour, Of: "db.r6g.xlarge"}, want: "0.62"},

		{name: "no product", products: []string{nat}, key: pricing.Key{Item: pricing.NATGatewayGB},
			missing: "0 products match offer AmazonEC2, usage type NatGateway-Bytes, not one"},
		{name: "two products", products: []string{nat, nat}, key: pricing.Key{Item: pricing.NATGatewayHour}, missing: "2 products match"},
		{name: "a unit of which nobody knows how many it is", key: pricing.Key{Item: pricing.NATGatewayHour}, missing: `its unit is "1000 Hrs"`,
			products: []string{doc("AmazonEC2", at("usagetype", "EUC1-NatGateway-Hours"), dim("1000 Hrs", "52"))}},
		{name: "another currency", key: pricing.Key{Item: pricing.NATGatewayHour}, missing: "not US dollars",
			products: []string{strings.Replace(nat, `"USD"`, `"CNY"`, 1)}},
		{name: "a gap between tiers", key: pricing.Key{Item: pricing.InterfaceGB}, missing: "do not follow each other",
			products: []string{doc("AmazonVPC", at("usagetype", "EUC1-VpcEndpoint-Bytes"), dim("GB", "0.01", "0", "10"),
				dim("GB", "0.006", "11", "Inf"))}},
		{name: "tiers that end", key: pricing.Key{Item: pricing.InterfaceGB}, missing: "do not follow each other",
			products: []string{doc("AmazonVPC", at("usagetype", "EUC1-VpcEndpoint-Bytes"), dim("GB", "0.01", "0", "10"))}},
		{name: "a limit that is no number", key: pricing.Key{Item: pricing.InterfaceGB}, missing: `a tier ends at "1e3"`,
			products: []string{doc("AmazonVPC", at("usagetype", "EUC1-VpcEndpoint-Bytes"), dim("GB", "0.01", "0", "1e3"))}},
		{name: "no price", key: pricing.Key{Item: pricing.NATGatewayHour}, missing: "it has no price",
			products: []string{doc("AmazonEC2", at("usagetype", "EUC1-NatGateway-Hours"))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			// One price is always there, so that the answer is never empty.
			products := append(test.products, doc("AmazonECR", at("usagetype", "EUC1-TimedStorage-ByteHrs"), dim("GB-Mo", "0.1")))
			result := refresh(t, region, products...)
			test.key.Region = region
			if test.missing != "" {
				for _, m := range result.Missing {
					if m.Key == test.key && strings.Contains(m.Why, test.missing) {
						return
					}
				}
				t.Fatalf("it is not said that %q of %s is missing: %v", test.missing, test.key, result.Missing)
			}
			for _, entry := range result.File.Figures {
				if (pricing.Key{Item: entry.Item, Of: entry.Of, Region: entry.Region}) != test.key {
					continue
				}
				var tiers []string
				for _, tier := range entry.Tiers {
					text := tier.Price
					if tier.UpTo != "" {
						text += " up to " + tier.UpTo
					}
					tiers = append(tiers, text)
				}
				if got := strings.Join(tiers, ", "); got != test.want || entry.Free != test.free {
					t.Errorf("got %s, free %q; want %s, free %q", got, entry.Free, test.want, test.free)
				}
				return
			}
			t.Errorf("there is no price; missing are %v", result.Missing)
		})
	}
}

// TestInstances takes all purchase options of an instance type from its one product.
func TestInstances(t *testing.T) {
	linux := []string{"usagetype", "EUC1-BoxUsage:m7i.large", "regionCode", "eu-central-1", "instanceType", "m7i.large", "operatingSystem",
		"Linux", "tenancy", "Shared", "preInstalledSw", "NA", "capacitystatus", "Used"}
	windows := append([]string{}, linux...)
	windows[7] = "Windows"
	result := refresh(t, "eu-central-1",
		document("AmazonEC2", attrs(linux...), map[string]any{
			"a": reservedTerm("1yr", "standard", "No Upfront", "0.08"), "b": reservedTerm("1yr", "convertible", "No Upfront", "9"),
			"c": reservedTerm("1yr", "standard", "All Upfront", "9"), "d": reservedTerm("3yr", "standard", "No Upfront", "0.06"),
		}, dim("Hrs", "0.1200000000")),
		doc("AmazonEC2", attrs(windows...), dim("Hrs", "9")))
	got := map[pricing.Item]string{}
	for _, entry := range result.File.Figures {
		if entry.Of != "m7i.large" || entry.Region != "eu-central-1" {
			t.Errorf("an entry of %s in %s", entry.Of, entry.Region)
		}
		got[entry.Item] = entry.Tiers[0].Price
	}
	want := map[pricing.Item]string{pricing.EC2OnDemandHour: "0.12", pricing.EC2Reserved1yHour: "0.08", pricing.EC2Reserved3yHour: "0.06"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestRefreshAsks holds what is asked to what the API allows, page after page, and what has no region to once.
func TestRefreshAsks(t *testing.T) {
	var products []string
	for _, name := range []string{"a1.large", "b1.large", "c1.large", "d1.large", "e1.large"} {
		products = append(products, doc("AmazonEC2", attrs("usagetype", "BoxUsage:"+name, "regionCode", "us-east-1", "instanceType", name,
			"operatingSystem", "Linux", "tenancy", "Shared", "preInstalledSw", "NA", "capacitystatus", "Used"), dim("Hrs", "1")))
	}
	e := &emulator{products: products, page: 2}
	point(t, e.serve(t))
	client, err := pricelist.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	result, err := client.Refresh(t.Context(), []string{"us-east-1", "us-west-2"}, today, func(region string) { said = append(said, region) })
	if err != nil {
		t.Fatal(err)
	}
	if len(result.File.Figures) != len(products) {
		t.Errorf("%d of %d products over three pages were taken", len(result.File.Figures), len(products))
	}
	if diff := cmp.Diff([]string{"us-east-1", "us-west-2"}, said); diff != "" {
		t.Error(diff)
	}
	zones := 0
	for _, asked := range e.asked {
		if asked.MaxResults < 1 || asked.MaxResults > 100 || len(asked.Filters) == 0 {
			t.Errorf("asked %+v", asked)
		}
		if asked.ServiceCode == "AmazonRoute53" && asked.Filters[0].Value == "HostedZone" {
			zones++
		}
	}
	if zones != 1 {
		t.Errorf("the price of a zone, which is the same everywhere, was asked %d times", zones)
	}
}

// TestRefreshedFile: what is written can be read, is of today, and takes the place of what the program carries.
func TestRefreshedFile(t *testing.T) {
	result := refresh(t, "eu-west-1",
		doc("AmazonEC2", attrs("usagetype", "EU-NatGateway-Hours", "regionCode", "eu-west-1"), dim("Hrs", "0.0510000000")),
		doc("AmazonRoute53", attrs("usagetype", "HostedZone"), dim("HostedZone", "0.60", "0", "25"), dim("HostedZone", "0.20", "25", "Inf")))
	var out bytes.Buffer
	if err := result.File.Write(&out); err != nil {
		t.Fatal(err)
	}
	file, err := pricing.Read(&out, "prices.json")
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if err := embedded.Older(file, "prices.json"); err != nil {
		t.Fatal(err)
	}
	book := embedded.With(file)
	for _, test := range []struct {
		key         pricing.Key
		want, trace string
	}{
		{pricing.Key{Item: pricing.NATGatewayHour, Region: "eu-west-1"}, "0.051",
			"AWS Price List API, offer AmazonEC2, published 2098-09-04, 2098-10-01"},
		{pricing.Key{Item: pricing.Route53ZoneMonth, Region: "ap-south-1"}, "0.6",
			"AWS Price List API, offer AmazonRoute53, published 2098-09-04, 2098-10-01"},
		{pricing.Key{Item: pricing.NATGatewayHour, Region: "eu-west-2"}, "0.05", "AWS Price List, offer AmazonEC2, eu-west-2, 2026-09-04"},
	} {
		figure, err := book.Price(test.key)
		if err != nil {
			t.Error(err)
		} else if figure.Rate().String() != test.want || figure.Trace() != test.trace {
			t.Errorf("%s in %s: %s from %s, want %s from %s", test.key, test.key.Region, figure.Rate(), figure.Trace(), test.want, test.trace)
		}
	}
}

// TestRefreshFails: AWS's refusals are AWS's, and nothing is half taken.
func TestRefreshFails(t *testing.T) {
	good := doc("AmazonECR", attrs("usagetype", "TimedStorage-ByteHrs", "regionCode", "us-east-1"), dim("GB-Mo", "0.1"))
	for _, test := range []struct {
		name               string
		emulator           emulator
		code, summary, why string
	}{
		{"without the permission", emulator{refuse: "AccessDeniedException"}, "AccessDeniedException", "may not ask for prices",
			"pricing:GetProducts"},
		{"another refusal", emulator{refuse: "InternalErrorException"}, "InternalErrorException", "AWS cannot be asked", ""},
		{"an answer that is not a product", emulator{products: []string{good, "{"}}, "pricelist.unreachable", "AWS cannot be asked", "not JSON"},
		{"an answer without any known product", emulator{}, "pricelist.empty", "without a single price", "0 products match"},
	} {
		t.Run(test.name, func(t *testing.T) {
			point(t, test.emulator.serve(t))
			client, err := pricelist.New(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			result, err := client.Refresh(t.Context(), []string{"us-east-1"}, today, quiet)
			if err == nil || result != nil {
				t.Fatalf("got %v, %v", result, err)
			}
			d := diagnostic.From(err)[0]
			if d.Code != test.code || !strings.Contains(d.Summary, test.summary) || !strings.Contains(d.Why, test.why) || d.Todo == "" {
				t.Errorf("got %s: %s: %s (what to do: %s)", d.Code, d.Summary, d.Why, d.Todo)
			}
		})
	}
}

func TestNoCredentials(t *testing.T) {
	point(t, "http://127.0.0.1:1")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	_, err := pricelist.New(t.Context())
	if err == nil || diagnostic.From(err)[0].Code != "pricelist.no_credentials" {
		t.Errorf("got %v", err)
	}
}

// TestAsked: most of what the book holds is asked for, and the rest is known by name.
func TestAsked(t *testing.T) {
	var kept []string
	for _, d := range pricing.Items() {
		if !pricelist.Asked(d.Item) {
			kept = append(kept, string(d.Item))
		}
	}
	if total := len(pricing.Items()); len(kept)*2 > total {
		t.Errorf("%d of %d items are not asked for: %v", len(kept), total, kept)
	}
	for _, item := range []pricing.Item{pricing.EC2OnDemandHour, pricing.EKSClusterHour, pricing.NATGatewayGB, pricing.AuroraACUHour,
		pricing.NLBHour, pricing.EBSGP3GBMonth} {
		if !pricelist.Asked(item) {
			t.Errorf("%s is not asked for", item)
		}
	}
}
