package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"coderaws/internal/cost"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/pricing"

	"github.com/spf13/cobra"
)

// CostOptions are what is priced, and with what.
type CostOptions struct {
	ReportOptions
	// Prices is a file of prices; "" for those that the program carries and those that were refreshed.
	Prices string
	// Usage is a file of assumptions, and Set gives single ones another value, as NAME=VALUE.
	Usage string
	Set   []string
	// Purchase is how instances are bought.
	Purchase cost.Purchase
	// Region is that of resources of which a plan does not say where they are.
	Region string
}

// CostResult is a bill. Its JSON form only grows.
type CostResult struct {
	Alternatives []Alternative `json:"alternatives"`
	Cost         any           `json:"cost"`
	// Hours are what each hour of the week costs; left out unless asked for.
	Hours []HourCost `json:"hours,omitempty"`
	Name  string     `json:"name"`
	// People is what other numbers of people cost with the same settings.
	People  []HeadCount `json:"people"`
	Version int         `json:"version"`
	// Report is the bill itself.
	Report *cost.Report `json:"-"`

	bill    bill
	book    *pricing.Book
	options cost.Options
}

// Cost prices the plan of a deployment, a pattern, or any Terraform, in an average month.
func Cost(ctx context.Context, deps *Deps, o CostOptions) (*CostResult, error) {
	book, options, err := deps.costInputs(o)
	if err != nil {
		return nil, err
	}
	b, err := deps.price(ctx, o.ReportOptions, book, options)
	if err != nil {
		return nil, err
	}
	alternatives, err := b.alternatives(book, options)
	if err != nil {
		return nil, err
	}
	people, err := b.people(book, options)
	if err != nil {
		return nil, err
	}
	document := b.report.Document()
	document.Purchase = options.Purchase
	return &CostResult{Version: 1, Name: b.name, Cost: document, Alternatives: alternatives, People: people, Report: b.report,
		bill: b, book: book, options: options}, nil
}

// ClaimsResult are claims about cost, recomputed. Its JSON form only grows.
type ClaimsResult struct {
	Claims  []cost.Claim `json:"claims"`
	Version int          `json:"version"`
	// BookDate is the date of the prices.
	BookDate string `json:"-"`
}

// Claims recomputes what the decisions and the replaced systems claim about cost. prices is a file of prices, as in CostOptions.
func Claims(deps *Deps, prices string) (*ClaimsResult, error) {
	book, err := deps.priceBook(prices)
	if err != nil {
		return nil, err
	}
	figures, err := builtInFigures()
	if err != nil {
		return nil, err
	}
	totals := map[string]map[string]string{}
	for name, figure := range figures {
		totals[name] = map[string]string{cost.Idle: figure.Idle, cost.Office: figure.Office, cost.Worldwide: figure.Worldwide,
			cost.Always: figure.Always}
	}
	list, err := cost.Claims(book, totals)
	if err != nil {
		return nil, err
	}
	return &ClaimsResult{Version: 1, Claims: list, BookDate: book.Date}, nil
}

// costInputs are the prices, and what is assumed.
func (deps *Deps) costInputs(o CostOptions) (*pricing.Book, cost.Options, error) {
	assumed, err := costUsage(o)
	if err != nil {
		return nil, cost.Options{}, err
	}
	book, err := deps.priceBook(o.Prices)
	return book, cost.Options{Usage: assumed, Purchase: o.Purchase, Region: o.Region, Now: deps.Now()}, err
}

// costFlags are those of the command, as they are written.
type costFlags struct {
	CostOptions
	by, purchase, explain, csv, html   string
	hours, assumptions, claims, advise bool
}

func (sh *shell) costCommand() *cobra.Command {
	var flags costFlags
	cmd := &cobra.Command{
		Use:   "cost DIR|PATTERN|PLAN [DIR|PATTERN|PLAN]",
		Short: "Show what a deployment costs in a month",
		Long: `Show what a deployment, a pattern or a plan of any Terraform costs in an average month of 730 hours, in US dollars, before taxes and
discounts. With two arguments both are shown side by side. The cloud of a deployment or a pattern is planned on the embedded AWS, from nothing;
nothing is asked of a real account. What runs in the cluster has no price of its own. PLAN is a plan in a file, in the engine's own form or as JSON.

Prices are AWS's public ones, each with source and date (coderaws prices). The schedule is walked through a calendar year hour by hour, in its
own time zone. How much people use is assumed, and can be changed: with --set, or in a file of lines such as

  users                     = 300
  load                      = "office"          # or idle, worldwide, always; or workday = [24 percentages], weekend = [...]
  nat_gb_per_workspace_hour = 0.1

--assumptions lists all names with their values and reasons. What AWS gives each account for free is not taken off.

  coderaws cost sr-ha
  coderaws cost my-coder --set users=300 --purchase reserved-1y
  coderaws cost my-coder --explain module.network
  coderaws cost my-coder --advise
  coderaws cost sr-ha sr-simple
  coderaws cost my-coder --html cost.html --csv cost.csv

Exit status: 0 if the bill was made; 1 if the plan could not be made; 2 if the deployment, the plan or the usage is not valid.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if flags.claims {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.RangeArgs(1, 2)(cmd, args)
		},
		ValidArgsFunction: sh.patternNames,
		RunE:              func(cmd *cobra.Command, args []string) error { return sh.cost(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.Configuration, "configuration", "",
		"the directory of the Terraform files that the plan was made from (default: that of the plan)")
	existingFlags(cmd, &flags.Existing)
	pricesFlag(cmd, &flags.Prices)
	f.StringVar(&flags.Usage, "usage", "", "read assumptions from this file")
	f.StringArrayVar(&flags.Set, "set", nil, "give an assumption another value, as NAME=VALUE; repeatable")
	f.StringVar(&flags.by, "by", string(cost.ByService), "group by service, module, zone or line")
	f.StringVar(&flags.purchase, "purchase", string(cost.AsPlanned),
		"how instances are bought: as-planned, on-demand (nothing on spot), reserved-1y, reserved-3y, savings-plan-1y or savings-plan-3y "+
			"(where it pays)")
	f.StringVar(&flags.Region, "region", "", "the region of resources of which a plan does not say where they are")
	f.BoolVar(&flags.hours, "hours", false, "show what each hour of the week costs")
	f.BoolVar(&flags.assumptions, "assumptions", false, "show what is assumed, and why")
	f.BoolVar(&flags.advise, "advise", false, "show the settings that save most at the same capacity")
	f.BoolVar(&flags.claims, "claims", false,
		"show what the decisions and the replaced systems claim about cost, beside what the data gives, as Markdown")
	f.StringVar(&flags.explain, "explain", "",
		"show how the lines of this resource or module come about, with figures, sources and arithmetic")
	f.StringVar(&flags.csv, "csv", "", "also write all lines to this file, as comma-separated values; - is standard output alone")
	f.StringVar(&flags.html, "html", "", "also write a page with charts to this file; - is standard output alone")
	for name, values := range map[string][]string{
		"by": {string(cost.ByService), string(cost.ByModule), string(cost.ByZone), string(cost.ByLine)},
		"purchase": {string(cost.AsPlanned), string(cost.OnDemand), string(cost.Reserved1y), string(cost.Reserved3y), string(cost.SavingsPlan1y),
			string(cost.SavingsPlan3y)},
	} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // the flags exist
	}
	return cmd
}

// bill is one argument of the command with its bill.
type bill struct {
	name   string
	inputs []*cost.Input
	report *cost.Report
}

func (sh *shell) cost(cmd *cobra.Command, args []string, flags costFlags) error {
	if by := cost.Grouping(flags.by); !slices.Contains([]cost.Grouping{cost.ByService, cost.ByModule, cost.ByZone, cost.ByLine}, by) {
		return usage(cmd, fmt.Errorf("--by is service, module, zone or line, not %q", flags.by))
	}
	if !slices.Contains(cost.Purchases(), cost.Purchase(flags.purchase)) {
		return usage(cmd, fmt.Errorf("--purchase is as-planned, on-demand, reserved-1y, reserved-3y, savings-plan-1y or savings-plan-3y, not %q",
			flags.purchase))
	}
	if err := distinct(args, flags.csv, flags.html); err != nil {
		return err
	}
	if len(args) == 2 && (flags.explain != "" || flags.csv != "" || flags.html != "" || flags.hours || flags.advise) {
		return usage(cmd, fmt.Errorf("--explain, --hours, --advise, --csv and --html are for one deployment"))
	}
	ctx, deps := cmd.Context(), sh.deps()
	flags.Purchase = cost.Purchase(flags.purchase)
	if flags.claims {
		result, err := Claims(deps, flags.Prices)
		return present(sh, result, err, func(w io.Writer, result *ClaimsResult) error {
			return cost.WriteClaims(w, result.Claims, result.BookDate)
		})
	}
	flags.What = args[0]
	if len(args) == 2 {
		result, err := CompareCost(ctx, deps, flags.CostOptions, args[1], cost.Grouping(flags.by))
		return present(sh, result, err, printComparison)
	}
	result, err := Cost(ctx, deps, flags.CostOptions)
	if err != nil {
		return err
	}
	return sh.printBill(result, flags)
}

// costUsage reads what is assumed, from a file and from flags.
func costUsage(o CostOptions) (*cost.Usage, error) {
	assumed := cost.NewUsage()
	var err error
	if o.Usage != "" {
		if assumed, err = cost.ReadUsage(o.Usage); err != nil {
			return nil, err
		}
	}
	for _, assignment := range o.Set {
		name, value, ok := strings.Cut(assignment, "=")
		if !ok {
			d := diagnostic.Errorf("--set %s gives no value", assignment)
			d.Code, d.Todo = "usage.set", "write it as --set NAME=VALUE, such as --set users=300"
			return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
		if err := assumed.Set(strings.TrimSpace(name), strings.TrimSpace(value)); err != nil {
			return nil, err
		}
	}
	return assumed, nil
}

// price makes the bill of a deployment, a pattern or a plan.
func (deps *Deps) price(ctx context.Context, o ReportOptions, book *pricing.Book, options cost.Options) (bill, error) {
	name, previews, err := deps.planned(ctx, o, false, lifecycle.CloudStack)
	if err != nil {
		return bill{}, err
	}
	b := bill{name: name}
	var reports []*cost.Report
	for _, p := range previews {
		input, err := cost.Read(p.Plan, p.Written)
		if err != nil {
			return bill{}, err
		}
		deps.warnOpaque(input.Inventory.Opaque, "zones and subnets can be missing from the bill")
		report, err := cost.Estimate(input, book, options)
		if err != nil {
			return bill{}, err
		}
		b.inputs = append(b.inputs, input)
		reports = append(reports, report)
	}
	b.report = cost.Merge(reports)
	return b, nil
}

// again makes the bill of the same plans with other options.
func (b bill) again(book *pricing.Book, options cost.Options) (*cost.Report, error) {
	var reports []*cost.Report
	for _, input := range b.inputs {
		report, err := cost.Estimate(input, book, options)
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	return cost.Merge(reports), nil
}
