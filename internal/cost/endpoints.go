package cost

import (
	"coderaws/internal/inventory"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// EndpointChoice says when interface endpoints would cost no more than NAT gateways, for the endpoints that ADR-0006 lists.
type EndpointChoice struct {
	// Endpoints is how many there would be, each in Zones zones, and Hours what they cost in a month without data.
	Endpoints int             `json:"endpoints"`
	Zones     int             `json:"zones"`
	Hours     decimal.Decimal `json:"endpoints_monthly_cost"`
	// Beside is how many GB a month must go through them where the gateways stay, Instead where the gateways go.
	Beside  decimal.Decimal `json:"gb_beside_gateways"`
	Instead decimal.Decimal `json:"gb_instead_of_gateways"`
	// Now is how many GB a month go through the gateways in the bill, whether to AWS or elsewhere.
	Now decimal.Decimal `json:"gb_now"`
}

// Endpoints weighs interface endpoints against the NAT gateways of a bill. It is nil for a bill without gateways, or with endpoints
// already.
func Endpoints(inv *inventory.Inventory, r *Report, book *pricing.Book) (*EndpointChoice, error) {
	gateways := len(inv.NATGateways)
	for _, endpoint := range inv.Endpoints {
		if endpoint.Kind == "Interface" {
			return nil, nil
		}
	}
	if gateways == 0 {
		return nil, nil
	}
	rates := map[pricing.Item]decimal.Decimal{}
	for _, item := range []pricing.Item{pricing.InterfaceHour, pricing.InterfaceGB, pricing.NATGatewayHour, pricing.NATGatewayGB} {
		region := inv.NATGateways[0].Region
		if region == "" {
			region = pricing.Reference
		}
		figure, err := book.Price(pricing.Key{Item: item, Region: region})
		if err != nil {
			return nil, err
		}
		rates[item] = figure.Rate().Decimal()
	}
	month := func(count int, rate decimal.Decimal) decimal.Decimal {
		return decimal.NewFromInt(int64(count) * pricing.HoursPerMonth).Mul(rate)
	}
	choice := &EndpointChoice{Endpoints: listedEndpoints, Zones: gateways,
		Hours: month(listedEndpoints*gateways, rates[pricing.InterfaceHour])}
	choice.Beside = BreakEven(choice.Hours, decimal.Zero, rates[pricing.NATGatewayGB], rates[pricing.InterfaceGB]).Round(0)
	choice.Instead = BreakEven(choice.Hours, month(gateways, rates[pricing.NATGatewayHour]), rates[pricing.NATGatewayGB],
		rates[pricing.InterfaceGB]).Round(0)
	for _, line := range r.Lines {
		if line.Figure.Key.Item == pricing.NATGatewayGB {
			choice.Now = choice.Now.Add(line.Quantity)
		}
	}
	choice.Now = choice.Now.Round(0)
	return choice, nil
}
