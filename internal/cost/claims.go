package cost

import (
	"fmt"
	"time"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// Verdict is what data says of a claim.
type Verdict string

// The verdicts. A figure of the data may lie a tenth outside of what is claimed.
const (
	Holds       Verdict = "holds"
	HoldsInPart Verdict = "holds in part"
	Fails       Verdict = "does not hold"
	Unknown     Verdict = "cannot be checked"
)

// Claim is something that a decision or a reference system says, beside what the data gives.
type Claim struct {
	// Where it is claimed, and what.
	Where string `json:"where"`
	Claim string `json:"claim"`
	// Data is what the data gives, Assuming under which assumptions.
	Data     string  `json:"data"`
	Assuming string  `json:"assuming"`
	Verdict  Verdict `json:"verdict"`
}

// The claims' own region, and the deployment that ADR-0003 and ADR-0004 reckon with.
const (
	claimRegion    = "us-east-1"
	claimNodes     = 50
	claimOffPeak   = 10
	claimType      = "m5.2xlarge"
	claimYear      = 2026
	claimTolerance = "0.1"
)

// Claims recomputes the claims with a price book. patterns are the totals of our patterns by name and load, as the command patterns shows
// them.
func Claims(book *pricing.Book, patterns map[string]map[string]string) ([]Claim, error) {
	c := &claims{book: book}
	c.aurora()
	c.schedule()
	c.spot()
	c.endpoints()
	c.totals(patterns)
	return c.list, c.err
}

type claims struct {
	book *pricing.Book
	list []Claim
	err  error
}

// bounds are the least and the most of something.
type bounds struct{ least, most decimal.Decimal }

func exactly(value decimal.Decimal) bounds { return bounds{value, value} }

func between(least, most int64) bounds {
	return bounds{decimal.NewFromInt(least), decimal.NewFromInt(most)}
}

// judge compares what is claimed with what the data gives.
func judge(claimed, data bounds) Verdict {
	tolerance := decimal.RequireFromString(claimTolerance)
	one := decimal.NewFromInt(1)
	least, most := claimed.least.Mul(one.Sub(tolerance)), claimed.most.Mul(one.Add(tolerance))
	switch {
	case data.least.GreaterThanOrEqual(least) && data.most.LessThanOrEqual(most):
		return Holds
	case data.most.LessThan(least) || data.least.GreaterThan(most):
		return Fails
	}
	return HoldsInPart
}

func (c *claims) add(where, claim string, verdict Verdict, data, assuming string) {
	c.list = append(c.list, Claim{where, claim, data, assuming, verdict})
}

// rate is the price of one unit. The first that is missing ends the claims.
func (c *claims) rate(item pricing.Item, of string) decimal.Decimal {
	figure, err := c.book.Price(pricing.Key{Item: item, Of: of, Region: claimRegion})
	if err != nil {
		if c.err == nil {
			c.err = err
		}
		return decimal.NewFromInt(1)
	}
	return figure.Rate().Decimal()
}

var monthHours = decimal.NewFromInt(pricing.HoursPerMonth)

func dollars(amount decimal.Decimal) string { return pricing.Thousands(amount.StringFixed(2)) + " USD" }

func percent(part, whole decimal.Decimal) decimal.Decimal {
	return part.Mul(hundred).Div(whole).Round(1)
}

func (c *claims) aurora() {
	acu := c.rate(pricing.AuroraACUHour, "").Mul(monthHours)
	large, xlarge := c.rate(pricing.AuroraInstanceHour, "db.r6g.large").Mul(monthHours),
		c.rate(pricing.AuroraInstanceHour, "db.r6g.xlarge").Mul(monthHours)
	for _, band := range []struct {
		claim       string
		from, to    string
		least, most int64
	}{
		{"idle, 0.5 to 1 ACU: 45 to 90 USD a month", "0.5", "1", 45, 90},
		{"below 100 users, 1 to 2 ACU: 90 to 180 USD", "1", "2", 90, 180},
		{"100 to 500 users, 2 to 4 ACU: 180 to 360 USD", "2", "4", 180, 360},
		{"500 users and more, 4 to 16 ACU: 360 to 1,440 USD", "4", "16", 360, 1440},
	} {
		data := bounds{acu.Mul(decimal.RequireFromString(band.from)), acu.Mul(decimal.RequireFromString(band.to))}
		c.add("ADR-0002", band.claim, judge(between(band.least, band.most), data),
			fmt.Sprintf("%s to %s", dollars(data.least), dollars(data.most)),
			"that capacity at all 730 hours, one instance, without storage and I/O; how many users an ACU serves was measured by nobody")
	}
	c.add("ADR-0002", "a provisioned r6g.large costs about 500 USD a month", judge(exactly(decimal.NewFromInt(500)), exactly(large)),
		dollars(large), "db.r6g.large for 730 hours")
	l := newLoad(&Input{}, NewUsage())
	l.peak = decimal.NewFromInt(500)
	hours := walk(claimYear, time.UTC, nil, nil, nil).month(func(m moment) decimal.Decimal {
		return decimal.Max(decimal.RequireFromString("0.5"), decimal.Min(decimal.NewFromInt(16), l.acu(m)))
	})
	serverless := hours.Mul(c.rate(pricing.AuroraACUHour, ""))
	against := bounds{percent(large.Sub(serverless), large), percent(xlarge.Sub(serverless), xlarge)}
	c.add("ADR-0002", "about 60 % cheaper than provisioned instances for variable load", judge(exactly(decimal.NewFromInt(60)), against),
		fmt.Sprintf("%s: %s and %s a db.r6g.large (%s) and a db.r6g.xlarge (%s)", dollars(serverless), beside(against.least),
			beside(against.most), dollars(large), dollars(xlarge)),
		"500 workspaces in office hours, 12.5 ACU at the busiest and 0.5 at the least; the larger instance has the memory of 16 ACU")
}

// beside words how far something lies below something else, in percent.
func beside(below decimal.Decimal) string {
	if below.IsNegative() {
		return below.Neg().String() + " % above"
	}
	return below.String() + " % below"
}

// officeHours is how long a month is inside of ADR-0003's working hours, 06:45 to 18:15 in New York from Monday to Friday.
func (c *claims) officeHours() decimal.Decimal {
	in := &Input{Inventory: &inventory.Inventory{
		NodeGroups: []inventory.NodeGroup{{
			Resource: inventory.Resource{Address: `aws_eks_node_group.this["nodes"]`}, Labels: map[string]string{kindLabel: "workspace"},
			Min: plan.Known(0), Max: plan.Known(1),
		}},
		Schedules: []inventory.Schedule{
			{Resource: inventory.Resource{Name: "start"}, Expression: "cron(45 6 ? * MON-FRI *)", Timezone: "America/New_York"},
			{Resource: inventory.Resource{Name: "stop"}, Expression: "cron(15 18 ? * MON-FRI *)", Timezone: "America/New_York"},
		},
	}, sizes: map[string]scheduled{"start": {MinSizes: map[string]int{"nodes": 1}}, "stop": {MinSizes: map[string]int{"nodes": 0}}}}
	f, err := newFleet(in, NewUsage(), claimYear)
	if err != nil {
		c.err = err
		return monthHours
	}
	return f.year.month(f.nodes(0))
}

// scheduledHours are node-hours in a month with all nodes in working hours and few outside of them.
func (c *claims) scheduledHours() decimal.Decimal {
	office := c.officeHours()
	return office.Mul(decimal.NewFromInt(claimNodes)).Add(monthHours.Sub(office).Mul(decimal.NewFromInt(claimOffPeak)))
}

func (c *claims) schedule() {
	rate := c.rate(pricing.EC2OnDemandHour, claimType)
	always := monthHours.Mul(decimal.NewFromInt(claimNodes)).Mul(rate)
	with := c.scheduledHours().Mul(rate)
	saved := always.Sub(with)
	assuming := fmt.Sprintf("%d %s on demand (%s at all hours), %d outside of %s working hours a month", claimNodes, claimType,
		dollars(always), claimOffPeak, c.officeHours().Round(1))
	c.add("ADR-0003", "40 to 55 % less EC2 cost", judge(between(40, 55), exactly(percent(saved, always))),
		percent(saved, always).String()+" %", assuming)
	c.add("ADR-0003", "8,690 USD a month less with 50 nodes", judge(exactly(decimal.NewFromInt(8690)), exactly(saved)),
		dollars(saved), assuming)
}

func (c *claims) spot() {
	names := []string{claimType, "m5a.2xlarge", "m5n.2xlarge"}
	savings, words := bounds{hundred, decimal.Zero}, ""
	sum, interruptions := decimal.Zero, ""
	often := 0
	for i, name := range names {
		spot, err := c.book.Spot(name, claimRegion)
		if err != nil {
			c.err = err
			return
		}
		savings = bounds{decimal.Min(savings.least, spot.SavingPercent), decimal.Max(savings.most, spot.SavingPercent)}
		sum = sum.Add(spot.SavingPercent)
		if i > 0 {
			words, interruptions = words+", ", interruptions+", "
		}
		words += fmt.Sprintf("%s %s %%", name, spot.SavingPercent)
		interruptions += fmt.Sprintf("%s %s", name, spot.Interruption)
		if spot.Interruption != "<5%" {
			often++
		}
	}
	c.add("ADR-0004", "70 % discount", judge(exactly(decimal.NewFromInt(70)), savings), words, "the decision's instance types, 2025-05-28")
	average := sum.Div(decimal.NewFromInt(int64(len(names)))).Div(hundred)
	rate := c.rate(pricing.EC2OnDemandHour, claimType)
	part := decimal.RequireFromString("0.8")
	always := monthHours.Mul(decimal.NewFromInt(claimNodes)).Mul(rate).Mul(part).Mul(average)
	scheduled := c.scheduledHours().Mul(rate).Mul(part).Mul(average)
	c.add("ADR-0004", "10,000 USD a month less with 50 nodes", judge(exactly(decimal.NewFromInt(10000)), bounds{scheduled, always}),
		fmt.Sprintf("%s at all hours, %s beside the schedule of ADR-0003", dollars(always), dollars(scheduled)),
		"a fifth on demand, the types in equal parts; the two savings cannot be added")
	verdict := HoldsInPart
	switch often {
	case 0:
		verdict = Holds
	case len(names):
		verdict = Fails
	}
	c.add("ADR-0004", "2 to 5 % of instances interrupted", verdict, interruptions, "in a month, Spot Instance Advisor of 2025-05-28")
	c.add("ADR-0004", "over 95 % availability of spot capacity for m5.2xlarge", Unknown, "AWS publishes no figure for it", "")
}

// adrEndpoints are how many interface endpoints ADR-0006 listed at first, and listedEndpoints how many the pattern PubSec has.
const adrEndpoints, listedEndpoints = 6, 11

func (c *claims) endpoints() {
	zones := decimal.NewFromInt(3)
	perEndpoint := c.rate(pricing.InterfaceHour, "").Mul(monthHours).Mul(zones)
	first, today := perEndpoint.Mul(decimal.NewFromInt(adrEndpoints)), perEndpoint.Mul(decimal.NewFromInt(listedEndpoints))
	nat := c.rate(pricing.NATGatewayHour, "").Mul(monthHours).Mul(zones)
	c.add("ADR-0006", "endpoints cost about 200 USD a month", judge(exactly(decimal.NewFromInt(200)), bounds{first, today}),
		fmt.Sprintf("%s for the %d of the first list, %s for the %d of today's", dollars(first), adrEndpoints, dollars(today), listedEndpoints),
		"in three zones, without data")
	even := BreakEven(today, nat, c.rate(pricing.NATGatewayGB, ""), c.rate(pricing.InterfaceGB, ""))
	c.add("ADR-0006", "as much as NAT gateways cost", judge(exactly(nat), bounds{first, today}),
		fmt.Sprintf("three NAT gateways cost %s; today's list costs as much from %s GB a month on", dollars(nat),
			pricing.Thousands(even.Round(0).String())),
		"where endpoints replace the gateways, and all data goes through them")
}

// BreakEven is how many GB a month must flow for endpoints to cost no more than the NAT gateways that they replace; 0 if they cost less at
// once. hours are the monthly costs of endpoints and of gateways without data, rates those of a GB.
func BreakEven(endpointHours, natHours, natGB, endpointGB decimal.Decimal) decimal.Decimal {
	gap := endpointHours.Sub(natHours)
	if !gap.IsPositive() || !natGB.GreaterThan(endpointGB) {
		return decimal.Zero
	}
	return gap.Div(natGB.Sub(endpointGB))
}

// totals compares the monthly totals of the reference systems with our patterns, and prices the rows of the largest anew.
func (c *claims) totals(patterns map[string]map[string]string) {
	amount := func(pattern, load string) decimal.Decimal {
		value, err := decimal.NewFromString(patterns[pattern][load])
		if err != nil && c.err == nil {
			c.err = fmt.Errorf("the figures of pattern %s have none for load %s: %w", pattern, load, err)
		}
		return value
	}
	// The page's own quantities: 10,950 and 5,840 hours on spot at 0.10, and 4 ACU at 0.16, in a total of 3,297.
	spot, err := c.book.Spot(claimType, claimRegion)
	if err != nil {
		c.err = err
		return
	}
	spotHours, acuHours := decimal.NewFromInt(10950+5840), monthHours.Mul(decimal.NewFromInt(4))
	again := decimal.NewFromInt(3297).Sub(spotHours.Mul(decimal.RequireFromString("0.10"))).Sub(
		acuHours.Mul(decimal.RequireFromString("0.16")))
	again = again.Add(spotHours.Mul(spot.Rate().Decimal())).Add(acuHours.Mul(c.rate(pricing.AuroraACUHour, "")))
	c.add("Reference system 2", "its SR-HA costs 3,297 USD a month", judge(exactly(decimal.NewFromInt(3297)), exactly(again)),
		dollars(again)+" for the same rows",
		"its own quantities, with the spot price and the ACU price of the data; without what it leaves out: endpoints, disks of nodes, the "+
			"second database instance")
	idle, office, always := amount("sr-ha", Idle), amount("sr-ha", Office), amount("sr-ha", Always)
	c.add("Reference system 2", "its SR-HA costs 2,500 to 4,000 USD a month", judge(between(2500, 4000), bounds{idle, office}),
		fmt.Sprintf("our SR-HA: %s with nobody there, %s in office hours, %s with everybody at all hours", dollars(idle), dollars(office),
			dollars(always)),
		"500 workspaces; the reference names no load")
	whole, round := amount("sr-ha-24x7", Worldwide), amount("sr-ha-24x7", Always)
	c.add("Reference system 2", "its SR-HA around the clock costs 4,000 to 6,000 USD a month",
		judge(between(4000, 6000), bounds{whole, round}),
		fmt.Sprintf("our SR-HA 24x7: %s with three sites around the world, %s with everybody at all hours", dollars(whole), dollars(round)),
		"500 workspaces")
	quiet, busy := amount("sr-simple", Idle), amount("sr-simple", Office)
	data := fmt.Sprintf("our SR-Simple: %s with nobody there, %s in office hours", dollars(quiet), dollars(busy))
	c.add("Reference system 2", "its SR-Simple costs 598 USD a month", judge(exactly(decimal.NewFromInt(598)), bounds{quiet, busy}), data,
		"10 workspaces; the reference prices two workspace nodes and no provisioner")
	c.add("Reference system 2", "its SR-Simple costs 600 to 800 USD a month", judge(between(600, 800), bounds{quiet, busy}),
		data, "10 workspaces")
	const three = "three regions cost about 12,000 USD a month"
	if _, known := patterns["hub-and-spokes"]; known {
		quiet, busy := amount("hub-and-spokes", Idle), amount("hub-and-spokes", Office)
		c.add("Reference system 2", three, judge(exactly(decimal.NewFromInt(12000)), bounds{quiet, busy}),
			fmt.Sprintf("our hub-and-spokes: %s with nobody there, %s in office hours", dollars(quiet), dollars(busy)),
			"600 workspaces in three regions, without traffic between these; the reference names no load")
	} else {
		c.add("Reference system 2", three, Unknown, "what our pattern of three regions costs is not among the figures of patterns", "")
	}
	c.add("Reference systems 1 and 3", "no cost is claimed anywhere", Unknown, "there is nothing to compare with", "")
}
