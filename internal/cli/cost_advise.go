package cli

import (
	"fmt"
	"io"
	"strings"

	"coderaws/internal/cost"
	"coderaws/internal/pricing"
)

// adviceLine is advice for one plan in the JSON form of the command.
type adviceLine struct {
	Region string        `json:"region"`
	Advice []cost.Advice `json:"advice"`
	// Endpoints is nil without NAT gateways, and with endpoints.
	Endpoints *cost.EndpointChoice `json:"interface_endpoints"`
}

// adviseCost shows what would save money, for each region by itself.
func (sh *shell) adviseCost(bill priced, book *pricing.Book, options cost.Options) error {
	lines := []adviceLine{}
	for _, input := range bill.inputs {
		advice, err := cost.Advise(input, book, options)
		if err != nil {
			return err
		}
		report, err := cost.Estimate(input, book, options)
		if err != nil {
			return err
		}
		endpoints, err := cost.Endpoints(input.Inventory, report, book)
		if err != nil {
			return err
		}
		lines = append(lines, adviceLine{strings.Join(input.Inventory.Regions, ", "), append([]cost.Advice{}, advice...), endpoints})
	}
	if sh.output == jsonOutput {
		return sh.printJSON(map[string]any{"version": 1, "name": bill.name, "total": bill.report.Total().Cents(), "regions": lines})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s USD in an average month. What would save most at the same capacity, each by itself:\n", bill.name, money(bill.report.Total()))
	for _, line := range lines {
		if len(lines) > 1 {
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
			fmt.Fprintf(&b, "\n  %s\n", wrap(fmt.Sprintf("Interface endpoints do not save by themselves: the %d that nodes need cost %s USD a month in %s. They pay from %s GB a "+
				"month to AWS on beside NAT gateways, from %s GB in place of them; now %s GB go through the gateways in all.", e.Endpoints,
				pricing.Thousands(e.Hours.StringFixed(2)), plural(e.Zones, "zone"), pricing.Thousands(e.Beside.String()), pricing.Thousands(e.Instead.String()),
				pricing.Thousands(e.Now.String())), 110, "  "))
		}
	}
	b.WriteString("\nDots lead into nested objects of the region's tfvars file. `coderaws cost` of the changed directory shows the new bill.\n")
	_, err := io.WriteString(sh.Stdout, b.String())
	return err
}
