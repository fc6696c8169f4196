package pricing_test

import (
	"testing"

	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestCost(t *testing.T) {
	b := book(t)
	for _, test := range []struct {
		name     string
		item     pricing.Item
		quantity string
		exact    string
		cents    string
	}{
		// aws.amazon.com/ec2/pricing/on-demand: 0.09 up to 10 TB, 0.085 for the next 40, 0.07 for the next 100, 0.05 above. 60,000 GB are
		// 10,240 × 0.09 + 40,960 × 0.085 + 8,800 × 0.07 = 921.60 + 3,481.60 + 616.00.
		{"data out over three tiers", pricing.InternetOutGB, "60000", "5019.2", "5019.20"},
		{"data out, to the end of a tier", pricing.InternetOutGB, "10240", "921.6", "921.60"},
		{"data out, one GB past it", pricing.InternetOutGB, "10241", "921.685", "921.69"},
		{"data out, in the last tier", pricing.InternetOutGB, "153601", "11571.25", "11571.25"},
		// 730 hours at 0.045.
		{"a NAT gateway for a month", pricing.NATGatewayHour, "730", "32.85", "32.85"},
		// 52.56 million requests at 0.20 a million.
		{"I/O of Aurora", pricing.AuroraIORequests, "52560000", "10.512", "10.51"},
		{"one request", pricing.SFNTransitions, "1", "0.000025", "0.00"},
		{"half a cent is a cent", pricing.CloudWatchLogsInsightsGB, "1", "0.005", "0.01"},
		{"nothing", pricing.InternetOutGB, "0", "0", "0.00"},
		{"less than nothing", pricing.InternetOutGB, "-5", "0", "0.00"},
		// 25 zones at 0.50 and 5 at 0.10.
		{"thirty zones", pricing.Route53ZoneMonth, "30", "13", "13.00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			figure, err := b.Price(pricing.Key{Item: test.item, Region: "us-east-1"})
			if err != nil {
				t.Fatal(err)
			}
			cost := figure.Cost(decimal.RequireFromString(test.quantity))
			if cost.String() != test.exact || cost.Cents() != test.cents {
				t.Errorf("%s costs %s, shown as %s; want %s, shown as %s", test.quantity, cost, cost.Cents(), test.exact, test.cents)
			}
		})
	}
}

// TestCostProperties holds for every figure and quantity: lines add up to the quantity and to the cost, using more never costs less, and a
// sum does not depend on its order.
func TestCostProperties(t *testing.T) {
	b := book(t)
	all := keys(b, "us-east-1")
	rapid.Check(t, func(t *rapid.T) {
		figure, err := b.Price(all[rapid.IntRange(0, len(all)-1).Draw(t, "key")])
		if err != nil {
			t.Fatal(err)
		}
		quantity := func(name string) decimal.Decimal {
			return decimal.New(rapid.Int64Range(0, 1e15).Draw(t, name), -3)
		}
		q, more := quantity("quantity"), quantity("more")
		var sum pricing.USD
		counted := decimal.Zero
		lines := figure.Lines(q)
		for i := range lines {
			line := lines[len(lines)-1-i]
			counted, sum = counted.Add(line.Quantity), sum.Plus(line.Cost)
			if !line.Cost.Equal(line.Tier.Price.Times(line.Quantity)) {
				t.Fatalf("%s × %s is not %s", line.Quantity, line.Tier.Price, line.Cost)
			}
		}
		if !counted.Equal(q) || !sum.Equal(figure.Cost(q)) {
			t.Fatalf("%s of %s: lines count %s and cost %s, not %s", q, figure.Key, counted, sum, figure.Cost(q))
		}
		if figure.Cost(q.Add(more)).Cmp(figure.Cost(q)) < 0 {
			t.Fatalf("%s more of %s costs less", more, figure.Key)
		}
		if !figure.Cost(q.Add(decimal.NewFromInt(1)).Sub(decimal.Zero)).Minus(figure.Cost(q)).Equal(figure.Marginal(q)) && figure.Flat() {
			t.Fatalf("one more of %s is not its marginal price", figure.Key)
		}
	})
}

func TestThousands(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "999": "999", "1000": "1,000", "1000000": "1,000,000", "1234.5678": "1,234.5678", "0.0001": "0.0001", "": "",
	} {
		if got := pricing.Thousands(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestParseUSD(t *testing.T) {
	for text, ok := range map[string]bool{
		"0": true, "0.0000004": true, "12": true, "123456789012.123456789012345678": true,
		"": false, "-1": false, "1e3": false, "1e1000000000": false, ".5": false, "5.": false, "NaN": false, "1,000": false, " 1": false,
		"1234567890123": false,
	} {
		if _, got := pricing.ParseUSD(text); got != ok {
			t.Errorf("%q is money: %v, want %v", text, got, ok)
		}
	}
}
