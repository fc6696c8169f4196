package cost_test

import (
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"
)

// claimed are the verdicts on all claims, by what is claimed, with one price otherwise than the book has it.
func claimed(t *testing.T, item pricing.Item, of, price string, totals map[string]map[string]string) map[string]cost.Verdict {
	t.Helper()
	book, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if price != "" {
		book = book.With(&pricing.File{Format: 1, Currency: "USD", Date: "2026-11-30", Figures: []pricing.Entry{
			{Item: item, Of: of, Region: "us-east-1", Tiers: []pricing.EntryTier{{Price: price}}, Source: "test"},
		}, Sources: map[string]pricing.Source{"test": {Name: "a test", Date: "2026-11-30"}}})
	}
	list, err := cost.Claims(book, totals)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]cost.Verdict{}
	for _, c := range list {
		verdicts[c.Claim] = c.Verdict
	}
	return verdicts
}

// TestVerdicts moves a price over the edge of what is claimed: a tenth outside of it still holds, and no more.
func TestVerdicts(t *testing.T) {
	const idle, few, more, many = "idle, 0.5 to 1 ACU: 45 to 90 USD a month", "below 100 users, 1 to 2 ACU: 90 to 180 USD",
		"100 to 500 users, 2 to 4 ACU: 180 to 360 USD", "500 users and more, 4 to 16 ACU: 360 to 1,440 USD"
	const large, less, spot = "a provisioned r6g.large costs about 500 USD a month", "8,690 USD a month less with 50 nodes",
		"10,000 USD a month less with 50 nodes"
	const endpoints, gateways, rows = "endpoints cost about 200 USD a month", "as much as NAT gateways cost",
		"its SR-HA costs 3,297 USD a month"
	for _, test := range []struct {
		item      pricing.Item
		of, price string
		claim     string
		want      cost.Verdict
		sum       string
	}{
		{pricing.AuroraACUHour, "", "0.1110", idle, cost.Holds, "0.5 × 730 h × 0.1110 = 40.515, and 45 less a tenth is 40.5"},
		{pricing.AuroraACUHour, "", "0.1109", idle, cost.HoldsInPart, "0.5 × 730 h × 0.1109 = 40.479"},
		{pricing.AuroraACUHour, "", "0.1356", idle, cost.Holds, "730 h × 0.1356 = 98.988, and 90 and a tenth is 99"},
		{pricing.AuroraACUHour, "", "0.1357", idle, cost.HoldsInPart, "730 h × 0.1357 = 99.061"},
		{pricing.AuroraACUHour, "", "0.3", idle, cost.Fails, "0.5 × 730 h × 0.3 = 109.50"},
		{pricing.AuroraACUHour, "", "0.05", idle, cost.Fails, "730 h × 0.05 = 36.50"},
		{pricing.AuroraACUHour, "", "0.1110", few, cost.Holds, "730 h × 0.1110 = 81.03, and 90 less a tenth is 81"},
		{pricing.AuroraACUHour, "", "0.1357", few, cost.HoldsInPart, "2 × 730 h × 0.1357 = 198.12, and 180 and a tenth is 198"},
		{pricing.AuroraACUHour, "", "0.1110", more, cost.Holds, "2 × 730 h × 0.1110 = 162.06, and 180 less a tenth is 162"},
		{pricing.AuroraACUHour, "", "0.1357", more, cost.HoldsInPart, "4 × 730 h × 0.1357 = 396.24, and 360 and a tenth is 396"},
		{pricing.AuroraACUHour, "", "0.1110", many, cost.Holds, "4 × 730 h × 0.1110 = 324.12, and 360 less a tenth is 324"},
		{pricing.AuroraACUHour, "", "0.1357", many, cost.HoldsInPart, "16 × 730 h × 0.1357 = 1,584.98, and 1,440 and a tenth is 1,584"},
		{pricing.AuroraInstanceHour, "db.r6g.large", "0.6165", large, cost.Holds, "730 h × 0.6165 = 450.05, and 500 less a tenth is 450"},
		{pricing.AuroraInstanceHour, "db.r6g.large", "0.6164", large, cost.Fails, "730 h × 0.6164 = 449.97"},
		{pricing.AuroraInstanceHour, "db.r6g.large", "0.7534", large, cost.Holds, "730 h × 0.7534 = 549.98, and 500 and a tenth is 550"},
		{pricing.AuroraInstanceHour, "db.r6g.large", "0.7535", large, cost.Fails, "730 h × 0.7535 = 550.06"},
		// 479.875 hours outside of the working hours, with 40 nodes less.
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.4075", less, cost.Holds, "19,195 h × 0.4075 = 7,821.96, and 8,690 less a tenth is 7,821"},
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.4074", less, cost.Fails, "19,195 h × 0.4074 = 7,820.04"},
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.4979", less, cost.Holds, "19,195 h × 0.4979 = 9,557.19, and 8,690 and a tenth is 9,559"},
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.4980", less, cost.Fails, "19,195 h × 0.4980 = 9,559.11"},
		// 36,500 node-hours, four fifths on spot, which is 146 / 3 % below.
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.6333", spot, cost.Fails,
			"36,500 h × 0.6333 × 0.8 × 0.48667 = 8,999.6, and 10,000 less a tenth is 9,000"},
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.6334", spot, cost.HoldsInPart, "36,500 h × 0.6334 × 0.8 × 0.48667 = 9,001.0"},
		{pricing.InterfaceHour, "", "0.0167", endpoints, cost.HoldsInPart, "6 in 3 zones, 730 h × 0.0167 = 219.44, and 200 and a tenth is 220"},
		{pricing.InterfaceHour, "", "0.0168", endpoints, cost.Fails, "6 in 3 zones, 730 h × 0.0168 = 220.75"},
		{pricing.InterfaceHour, "", "0.0075", endpoints, cost.HoldsInPart, "11 in 3 zones, 730 h × 0.0075 = 180.68, and 200 less a tenth is 180"},
		{pricing.InterfaceHour, "", "0.0074", endpoints, cost.Fails, "11 in 3 zones, 730 h × 0.0074 = 178.27"},
		{pricing.InterfaceHour, "", "0.0082", gateways, cost.HoldsInPart, "107.75, and three gateways and a tenth are 108.41"},
		{pricing.InterfaceHour, "", "0.0083", gateways, cost.Fails, "6 in 3 zones, 730 h × 0.0083 = 109.06"},
		// What is not on spot is 3,297 − 1,679 − 467.20 + 350.40 = 1,501.20, and spot is 60 % below.
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.3164", rows, cost.Holds,
			"1,501.20 + 16,790 h × 0.3164 × 0.4 = 3,626.14, and a tenth more is 3,626.70"},
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.3165", rows, cost.Fails, "1,501.20 + 16,790 h × 0.3165 × 0.4 = 3,626.81"},
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.2183", rows, cost.Holds,
			"1,501.20 + 16,790 h × 0.2183 × 0.4 = 2,967.30, which is a tenth less"},
		{pricing.EC2OnDemandHour, "m5.2xlarge", "0.2182", rows, cost.Fails, "1,501.20 + 16,790 h × 0.2182 × 0.4 = 2,966.63"},
	} {
		if got := claimed(t, test.item, test.of, test.price, patternTotals(t))[test.claim]; got != test.want {
			t.Errorf("at %s for %s: %q %s, and it %s: %s", test.price, test.item, test.claim, got, test.want, test.sum)
		}
	}
}

// TestVerdictsOnTotals moves what our patterns cost over the edges of what the reference systems are said to cost.
func TestVerdictsOnTotals(t *testing.T) {
	const ha, always, simple, exact = "its SR-HA costs 2,500 to 4,000 USD a month",
		"its SR-HA around the clock costs 4,000 to 6,000 USD a month",
		"its SR-Simple costs 600 to 800 USD a month", "its SR-Simple costs 598 USD a month"
	const three = "three regions cost about 12,000 USD a month"
	for _, test := range []struct {
		pattern string
		// least and most are what the pattern costs with the least and the greatest load that the claim is held to.
		least, most string
		claim       string
		want        cost.Verdict
	}{
		{"sr-ha", "2250.00", "4400.00", ha, cost.Holds},
		{"sr-ha", "2249.99", "4400.00", ha, cost.HoldsInPart},
		{"sr-ha", "2250.00", "4400.01", ha, cost.HoldsInPart},
		{"sr-ha", "2000.00", "2250.00", ha, cost.HoldsInPart},
		{"sr-ha", "2000.00", "2249.99", ha, cost.Fails},
		{"sr-ha", "4400.00", "5000.00", ha, cost.HoldsInPart},
		{"sr-ha", "4400.01", "5000.00", ha, cost.Fails},
		{"sr-ha-24x7", "3600.00", "6600.00", always, cost.Holds},
		{"sr-ha-24x7", "3599.99", "6600.00", always, cost.HoldsInPart},
		{"sr-ha-24x7", "3600.00", "6600.01", always, cost.HoldsInPart},
		{"hub-and-spokes", "10800.00", "13200.00", three, cost.Holds},
		{"hub-and-spokes", "5623.82", "11753.43", three, cost.HoldsInPart},
		{"hub-and-spokes", "5623.82", "10799.99", three, cost.Fails},
		{"sr-simple", "540.00", "880.00", simple, cost.Holds},
		{"sr-simple", "539.99", "880.00", simple, cost.HoldsInPart},
		{"sr-simple", "540.00", "880.01", simple, cost.HoldsInPart},
		{"sr-simple", "538.20", "657.80", exact, cost.Holds},
		{"sr-simple", "538.19", "657.80", exact, cost.HoldsInPart},
		{"sr-simple", "538.20", "657.81", exact, cost.HoldsInPart},
	} {
		totals := patternTotals(t)
		loads := [2]string{cost.Idle, cost.Office}
		if test.pattern == "sr-ha-24x7" {
			loads = [2]string{cost.Worldwide, cost.Always}
		}
		if totals[test.pattern] == nil {
			totals[test.pattern] = map[string]string{}
		}
		totals[test.pattern][loads[0]], totals[test.pattern][loads[1]] = test.least, test.most
		if got := claimed(t, "", "", "", totals)[test.claim]; got != test.want {
			t.Errorf("%s at %s to %s: %q %s, want: %s", test.pattern, test.least, test.most, test.claim, got, test.want)
		}
	}
}

// TestClaimsNeedFigures: a pattern without a figure is told, and does not count as one that costs nothing.
func TestClaimsNeedFigures(t *testing.T) {
	book, err := pricing.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	totals := patternTotals(t)
	delete(totals["sr-simple"], cost.Office)
	const want = "the figures of pattern sr-simple have none for load office: can't convert  to decimal"
	if _, err := cost.Claims(book, totals); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
