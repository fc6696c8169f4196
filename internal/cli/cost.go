package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/cost"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/pricing"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// costFlags are those of the command, as they are written.
type costFlags struct {
	plan                                                    planFlags
	prices, usage, by, purchase, explain, csv, html, region string
	set                                                     []string
	hours, assumptions, claims, advise                      bool
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
  load                      = "office"          # or idle, always; or workday = [24 percentages], weekend = [...]
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
	f.StringVar(&flags.plan.configuration, "configuration", "", "the directory of the Terraform files that the plan was made from (default: that of the plan)")
	f.StringArrayVar(&flags.plan.zones, "hosted-zone", nil, "a public hosted zone that exists beforehand, as NAME or NAME=ID; repeatable")
	sh.pricesFlag(cmd, &flags.prices)
	f.StringVar(&flags.usage, "usage", "", "read assumptions from this file")
	f.StringArrayVar(&flags.set, "set", nil, "give an assumption another value, as NAME=VALUE; repeatable")
	f.StringVar(&flags.by, "by", string(cost.ByService), "group by service, module, zone or line")
	f.StringVar(&flags.purchase, "purchase", string(cost.AsPlanned), "how instances are bought: as-planned, on-demand (nothing on spot), reserved-1y, reserved-3y, savings-plan-1y or savings-plan-3y (where it pays)")
	f.StringVar(&flags.region, "region", "", "the region of resources of which a plan does not say where they are")
	f.BoolVar(&flags.hours, "hours", false, "show what each hour of the week costs")
	f.BoolVar(&flags.assumptions, "assumptions", false, "show what is assumed, and why")
	f.BoolVar(&flags.advise, "advise", false, "show the settings that save most at the same capacity")
	f.BoolVar(&flags.claims, "claims", false, "show what the decisions and the replaced systems claim about cost, beside what the data gives, as Markdown")
	f.StringVar(&flags.explain, "explain", "", "show how the lines of this resource or module come about, with figures, sources and arithmetic")
	f.StringVar(&flags.csv, "csv", "", "also write all lines to this file, as comma-separated values; - is standard output alone")
	f.StringVar(&flags.html, "html", "", "also write a page with charts to this file; - is standard output alone")
	for name, values := range map[string][]string{
		"by":       {string(cost.ByService), string(cost.ByModule), string(cost.ByZone), string(cost.ByLine)},
		"purchase": {string(cost.AsPlanned), string(cost.OnDemand), string(cost.Reserved1y), string(cost.Reserved3y), string(cost.SavingsPlan1y), string(cost.SavingsPlan3y)},
	} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // the flags exist
	}
	return cmd
}

// priced is one argument of the command with its bill.
type priced struct {
	name   string
	inputs []*cost.Input
	report *cost.Report
}

func (sh *shell) cost(cmd *cobra.Command, args []string, flags costFlags) error {
	if by := cost.Grouping(flags.by); !slices.Contains([]cost.Grouping{cost.ByService, cost.ByModule, cost.ByZone, cost.ByLine}, by) {
		return usage(cmd, fmt.Errorf("--by is service, module, zone or line, not %q", flags.by))
	}
	if !slices.Contains(cost.Purchases(), cost.Purchase(flags.purchase)) {
		return usage(cmd, fmt.Errorf("--purchase is as-planned, on-demand, reserved-1y, reserved-3y, savings-plan-1y or savings-plan-3y, not %q", flags.purchase))
	}
	if len(args) == 2 && (flags.explain != "" || flags.csv != "" || flags.html != "" || flags.hours || flags.advise) {
		return usage(cmd, fmt.Errorf("--explain, --hours, --advise, --csv and --html are for one deployment"))
	}
	usage, err := sh.costUsage(flags)
	if err != nil {
		return err
	}
	book, err := sh.priceBook(flags.prices)
	if err != nil {
		return err
	}
	if flags.claims {
		return sh.claims(book)
	}
	options := cost.Options{Usage: usage, Purchase: cost.Purchase(flags.purchase), Region: flags.region, Now: sh.Now()}
	var bills []priced
	for _, what := range args {
		bill, err := sh.price(cmd.Context(), what, flags.plan, book, options)
		if err != nil {
			return err
		}
		bills = append(bills, bill)
	}
	if len(bills) == 2 {
		return sh.printComparison(bills[0], bills[1], cost.Grouping(flags.by))
	}
	return sh.printBill(bills[0], book, options, flags)
}

// claims shows the claims about cost, recomputed.
func (sh *shell) claims(book *pricing.Book) error {
	figures, err := builtInFigures()
	if err != nil {
		return err
	}
	totals := map[string]map[string]string{}
	for name, figure := range figures {
		totals[name] = map[string]string{cost.Idle: figure.Idle, cost.Office: figure.Office, cost.Always: figure.Always}
	}
	list, err := cost.Claims(book, totals)
	if err != nil {
		return err
	}
	if sh.output == jsonOutput {
		return sh.printJSON(map[string]any{"version": 1, "claims": list})
	}
	return cost.WriteClaims(sh.Stdout, list, book.Date)
}

// costUsage reads what is assumed, from a file and from flags.
func (sh *shell) costUsage(flags costFlags) (*cost.Usage, error) {
	assumed := cost.NewUsage()
	var err error
	if flags.usage != "" {
		if assumed, err = cost.ReadUsage(flags.usage); err != nil {
			return nil, err
		}
	}
	for _, assignment := range flags.set {
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
func (sh *shell) price(ctx context.Context, what string, flags planFlags, book *pricing.Book, options cost.Options) (priced, error) {
	var name string
	var previews []rehearsal.Preview
	var err error
	if isEnginePlan(what) {
		name = planName(what)
		var preview rehearsal.Preview
		preview, err = sh.showEnginePlan(ctx, what, flags.configuration)
		previews = []rehearsal.Preview{preview}
	} else {
		name, previews, err = sh.previews(ctx, what, flags, false, lifecycle.CloudStack)
	}
	if err != nil {
		return priced{}, err
	}
	bill := priced{name: name}
	var reports []*cost.Report
	for _, p := range previews {
		input, err := cost.Read(p.Plan, p.Written)
		if err != nil {
			return priced{}, err
		}
		sh.warnOpaque(input.Inventory.Opaque, "zones and subnets can be missing from the bill")
		report, err := cost.Estimate(input, book, options)
		if err != nil {
			return priced{}, err
		}
		bill.inputs = append(bill.inputs, input)
		reports = append(reports, report)
	}
	bill.report = cost.Merge(reports)
	return bill, nil
}

// again makes the bill of the same plans with other options.
func (p priced) again(book *pricing.Book, options cost.Options) (*cost.Report, error) {
	var reports []*cost.Report
	for _, input := range p.inputs {
		report, err := cost.Estimate(input, book, options)
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	return cost.Merge(reports), nil
}

// writeReport writes a report into a file, or to standard output if the file is "-".
func (sh *shell) writeReport(file string, write func(io.Writer) error) error {
	if file == "-" {
		return write(sh.Stdout)
	}
	var report bytes.Buffer
	err := write(&report)
	if err == nil {
		err = atomicfile.Write(file, report.Bytes(), 0o644)
	}
	if err != nil {
		d := diagnostic.Errorf("%s cannot be written", file)
		d.Code, d.Why, d.Todo = "cost.unwritable", err.Error(), "name another file, or - for standard output"
		return d
	}
	return nil
}
