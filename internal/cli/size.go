package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
	"coderaws/internal/pricing"
	"coderaws/internal/rehearsal"

	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"
)

// SizeOptions are for how many a deployment is sized, and at what cost.
type SizeOptions struct {
	// Dir is the deployment's directory, Region the one of its regions; "" if it has only one.
	Dir, Region string
	// Workspaces are how many may run at once.
	Workspaces int
	// Budget is the most that an average month may cost, in US dollars; "" for no bound.
	Budget string
	// Spot says whether workspaces run on spot capacity: on, off, or "" for as it is.
	Spot string
	// DryRun writes nothing.
	DryRun bool
	// Existing is what is there before the deployment.
	Existing rehearsal.Existing
}

// SizeResult is what a deployment's settings become. Its JSON form only grows.
type SizeResult struct {
	File       string `json:"file"`
	Region     string `json:"region"`
	Workspaces int    `json:"workspaces"`
	// Supported is how many the settings hold.
	Supported int          `json:"supported"`
	Settings  []SizeChange `json:"settings"`
	// Total is of an average month with Workspaces people in office hours, OnDemand the same with nothing on spot.
	Total     string `json:"monthly_cost"`
	OnDemand  string `json:"monthly_cost_on_demand"`
	PerPerson string `json:"monthly_cost_per_person"`
	Budget    string `json:"budget,omitempty"`
	Written   bool   `json:"written"`
	Version   int    `json:"version"`
}

// SizeChange is a setting that becomes another.
type SizeChange struct {
	Setting string `json:"setting"`
	Before  string `json:"before"`
	After   string `json:"after"`
}

// Size finds settings that hold so many workspaces at least cost, and writes them into the region's file.
func Size(ctx context.Context, deps *Deps, o SizeOptions) (*SizeResult, error) {
	best, result, err := deps.size(ctx, o)
	if err != nil || o.DryRun {
		return result, err
	}
	if err := atomicfile.Write(result.File, best.text, 0o644); err != nil {
		problem := diagnostic.Errorf("%s cannot be written", result.File)
		problem.Code, problem.Why, problem.Todo = "size.unwritable", err.Error(), "make it writable, or write the settings yourself (--dry-run)"
		return nil, problem
	}
	result.Written = true
	return result, nil
}

// size finds the settings.
func (deps *Deps) size(ctx context.Context, o SizeOptions) (*sized, *SizeResult, error) {
	d, err := deps.load(o.Dir)
	if err != nil {
		return nil, nil, err
	}
	region := &d.Regions[0]
	if o.Region != "" {
		region, err = d.Region(o.Region)
	} else if len(d.Regions) > 1 {
		problem := diagnostic.Errorf("%s has %s", o.Dir, plural(len(d.Regions), "region"))
		problem.Code, problem.Why, problem.Todo = "size.region", "each is sized by itself", "say which one with --region"
		err = diagnostic.WithExit(diagnostic.ExitInvalid, problem)
	}
	if err != nil {
		return nil, nil, err
	}
	s := sizer{deps: deps, o: o, region: region}
	best, err := s.best(ctx)
	if err != nil {
		return nil, nil, err
	}
	result, err := s.result(best)
	return best, result, err
}

func (sh *shell) sizeCommand() *cobra.Command {
	var o SizeOptions
	cmd := &cobra.Command{
		Use:   "size DIR --for N",
		Short: "Choose settings that hold so many workspaces at least cost",
		Long: `Choose settings of a deployment that hold so many workspaces at once at least cost, and write them into its <region>.tfvars:
what is promised, the least and the most nodes of each group, the size of workspace nodes, control nodes, and the database's
capacity. Comments and all other settings stay. What is needed is Terraform's to say, in plans on the embedded AWS; nothing is asked
of a real account.

With --budget it refuses to write what costs more in an average month. --spot on or off says whether workspaces run on capacity that
AWS may take back. ` + "`coderaws capacity` and `coderaws cost`" + ` of the directory show the same numbers in detail.

Exit status: 0 if the settings were found; 2 if the deployment is not valid; 3 if they cost more than the budget.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			if err := o.complete(); err != nil {
				return usage(cmd, err)
			}
			result, err := Size(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printSize)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Workspaces, "for", 0, "how many workspaces may run at once")
	f.StringVar(&o.Region, "region", "", "the region to size, if the deployment has several")
	sizeFlags(cmd, &o)
	f.BoolVar(&o.DryRun, "dry-run", false, "show the settings, and write nothing")
	existingFlags(cmd, &o.Existing)
	return cmd
}

// sizeFlags are those that init has as well.
func sizeFlags(cmd *cobra.Command, o *SizeOptions) {
	cmd.Flags().StringVar(&o.Budget, "budget", "", "the most that an average month may cost, in US dollars; it becomes budget.monthly_usd")
	cmd.Flags().StringVar(&o.Spot, "spot", "", "on or off: whether workspaces run on spot capacity (default: as it is)")
}

func (o *SizeOptions) complete() error {
	if o.Workspaces < 1 {
		return fmt.Errorf("say how many workspaces may run at once, as a whole number above 0")
	}
	if o.Spot != "" && o.Spot != "on" && o.Spot != "off" {
		return fmt.Errorf("--spot is on or off, not %q", o.Spot)
	}
	if amount, err := decimal.NewFromString(o.Budget); o.Budget != "" && (err != nil || !amount.IsPositive()) {
		return fmt.Errorf("--budget is an amount in US dollars such as 2000, not %q", o.Budget)
	}
	return nil
}

func printSize(w io.Writer, result *SizeResult) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s for %s at once: %s USD in an average month with all of them there in office hours, %s a person.\n", result.Region,
		plural(result.Workspaces, "workspace"), pricing.Thousands(result.Total), pricing.Thousands(result.PerPerson))
	if result.OnDemand != result.Total {
		fmt.Fprintf(&b, "Without spot it is %s USD.\n", pricing.Thousands(result.OnDemand))
	}
	fmt.Fprintf(&b, "These settings hold up to %d:\n\n", result.Supported)
	rows := [][]string{{"setting", "before", "after"}}
	for _, change := range result.Settings {
		rows = append(rows, []string{change.Setting, change.Before, change.After})
	}
	alignedTable(&b, rows)
	if result.Written {
		fmt.Fprintf(&b, "\n%s has them now. The first people of a morning wait some minutes for their nodes: raise min_size for more "+
			"that are ready.\n", result.File)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
