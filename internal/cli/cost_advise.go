package cli

import (
	"fmt"
	"io"
	"strings"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"
)

// AdviceResult is what would save money. Its JSON form only grows.
type AdviceResult struct {
	Name    string         `json:"name"`
	Regions []RegionAdvice `json:"regions"`
	Total   string         `json:"total"`
	Version int            `json:"version"`

	total pricing.USD
}

// RegionAdvice is the advice for one plan.
type RegionAdvice struct {
	Region string        `json:"region"`
	Advice []cost.Advice `json:"advice"`
	// Endpoints is nil without NAT gateways, and with endpoints.
	Endpoints *cost.EndpointChoice `json:"interface_endpoints"`
}

// Advise finds what would save money, for each region by itself.
func (r *CostResult) Advise() (*AdviceResult, error) {
	result := &AdviceResult{Version: 1, Name: r.Name, Total: r.Report.Total().Cents(), Regions: []RegionAdvice{}, total: r.Report.Total()}
	for _, input := range r.bill.inputs {
		advice, err := cost.Advise(input, r.book, r.options)
		if err != nil {
			return nil, err
		}
		report, err := cost.Estimate(input, r.book, r.options)
		if err != nil {
			return nil, err
		}
		endpoints, err := cost.Endpoints(input.Inventory, report, r.book)
		if err != nil {
			return nil, err
		}
		result.Regions = append(result.Regions, RegionAdvice{strings.Join(input.Inventory.Regions, ", "), append([]cost.Advice{}, advice...),
			endpoints})
	}
	return result, nil
}

func printAdvice(w io.Writer, result *AdviceResult) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s USD in an average month. What would save most at the same capacity, each by itself:\n", result.Name,
		money(result.total))
	for _, line := range result.Regions {
		if len(result.Regions) > 1 {
			fmt.Fprintf(&b, "\nin %s:\n", line.Region)
		}
		for _, advice := range line.Advice {
			fmt.Fprintf(&b, "\n  %s USD less a month: %s\n", money(advice.Saving), wrap(advice.Why, 100, "    "))
			for _, setting := range advice.Settings {
				fmt.Fprintf(&b, "    %s = %s\n", setting.Name, setting.Value)
			}
		}
		if len(line.Advice) == 0 {
			b.WriteString("\n  nothing that this program knows of\n")
		}
		if e := line.Endpoints; e != nil {
			text := fmt.Sprintf("Interface endpoints do not save by themselves: the %d that nodes need cost %s USD a month in %s. "+
				"They pay from %s GB a month to AWS on beside NAT gateways, from %s GB in place of them; now %s GB go through the "+
				"gateways in all.", e.Endpoints, pricing.Thousands(e.Hours.StringFixed(2)), plural(e.Zones, "zone"),
				pricing.Thousands(e.Beside.String()), pricing.Thousands(e.Instead.String()), pricing.Thousands(e.Now.String()))
			fmt.Fprintf(&b, "\n  %s\n", wrap(text, 110, "  "))
		}
	}
	b.WriteString("\nDots lead into nested objects of the region's tfvars file. `coderaws cost` of the changed directory shows the " +
		"new bill.\n")
	_, err := io.WriteString(w, b.String())
	return err
}
