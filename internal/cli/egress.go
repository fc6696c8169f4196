package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/egress"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// EgressResult is what may leave the networks of a deployment. Its JSON form only grows.
type EgressResult struct {
	Name    string         `json:"name"`
	Regions []RegionEgress `json:"regions"`
	Version int            `json:"version"`
}

// RegionEgress is what may leave the network of one region.
type RegionEgress struct {
	Region string `json:"region"`
	// Wanted says that the deployment shall have no way to the internet. Else openings are as they should be.
	Wanted bool `json:"private_egress"`
	*egress.Report
}

// Egress makes a deployment on the embedded AWS, and finds who calls what, by which way, and what else may leave.
func Egress(ctx context.Context, deps *Deps, o ReportOptions) (*EgressResult, error) {
	name, previews, err := deps.previews(ctx, o, true)
	if err != nil {
		return nil, err
	}
	result := &EgressResult{Version: 1, Name: name, Regions: regionEgress(previews)}
	var list diagnostic.List
	for _, region := range result.Regions {
		list = append(list, noWays(region.Report, region.Wanted)...)
	}
	if len(list) > 0 {
		return result, list
	}
	return result, nil
}

// regionEgress finds what may leave the network of each region, in the order of the previews.
func regionEgress(previews []rehearsal.Preview) []RegionEgress {
	resources := map[string][]plan.Resource{}
	wanted := map[string]bool{}
	var regions []string
	for _, p := range previews {
		if resources[p.Region] == nil {
			regions = append(regions, p.Region)
		}
		resources[p.Region] = slices.Concat(resources[p.Region], p.Made.Planned(), p.Shared)
		wanted[p.Region] = wanted[p.Region] || egress.Wanted(p.Made)
	}
	found := []RegionEgress{}
	for _, region := range regions {
		found = append(found, RegionEgress{region, wanted[region], egress.Read(resources[region])})
	}
	return found
}

// noWays words what has no way, and, where nothing shall have one but what needs it, what is open.
func noWays(r *egress.Report, wanted bool) diagnostic.List {
	var list diagnostic.List
	for _, way := range r.Ways {
		if way.Missing == "" {
			continue
		}
		d := diagnostic.Errorf("%s has no way to %s: %s", way.Caller, way.Calls, way.Missing)
		d.Code, d.Why, d.Todo = "egress.no_way", way.Symptom, way.Todo
		list = append(list, d)
	}
	for _, opening := range r.Openings {
		if !wanted {
			continue
		}
		d := diagnostic.Errorf("%s opens %s", opening.Address, opening.Opens)
		d.Code, d.Address, d.Todo = "egress.open", opening.Address, opening.Todo
		d.Why = "deployment_features.private_egress says that there is no way out but those that calls of the platform take"
		list = append(list, d)
	}
	return list
}

func (sh *shell) egressCommand() *cobra.Command {
	var o ReportOptions
	cmd := &cobra.Command{
		Use:   "egress DIR|PATTERN",
		Short: "Show who calls what from inside the network, by which way, and what else may leave",
		Long: `Show who calls what from inside the network of a deployment, and by which way: nodes, add-ons and pods with a role call services of AWS, and
nodes pull images. Each call is followed through routes, endpoints, private DNS, security groups and the policies of endpoints, from every
subnet that has nodes. What lacks is told with what would be seen of it on AWS. Then comes what else may leave: routes, gateways,
endpoints that let in more than who calls, and what workspaces reach.

The deployment is made on the embedded AWS for it. What templates call is not known here, nor what people may do with their own rights.

  coderaws egress pubsec

Exit status: 0 if every call has a way, and with deployment_features.private_egress nothing else has one; 1 if not; 2 if the deployment is
not valid.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.What = args[0]
			result, err := Egress(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printEgress)
		},
	}
	existingFlags(cmd, &o.Existing)
	return cmd
}

func printEgress(w io.Writer, result *EgressResult) error {
	for _, region := range result.Regions {
		fmt.Fprintf(w, "%s in %s: %s\n", result.Name, region.Region, egressCounts(region.Report))
		rows := [][]string{{"CALLER", "CALLS", "BY"}}
		for _, way := range region.Ways {
			by := way.By
			if way.Missing != "" {
				by = "NO WAY: " + way.Missing
			}
			rows = append(rows, []string{way.Caller, way.Calls, by})
		}
		if err := table(w, rows); err != nil {
			return err
		}
		for _, part := range []struct {
			title string
			all   []egress.Opening
		}{{"Named exceptions", region.Exceptions}, {"Open", region.Openings}} {
			if len(part.all) == 0 {
				continue
			}
			fmt.Fprintf(w, "%s:\n", part.title)
			for _, opening := range part.all {
				fmt.Fprintf(w, "  %s: %s\n", opening.Address, opening.Opens)
			}
		}
	}
	return nil
}

// egressCounts words what was found, in one line.
func egressCounts(r *egress.Report) string {
	counts := []string{
		plural(len(r.Ways)-r.Missing(), "call") + " with a way", fmt.Sprintf("%d without", r.Missing()),
		plural(r.Closed, "way") + " looked at and closed", fmt.Sprintf("%d open", len(r.Openings)),
	}
	if len(r.Exceptions) > 0 {
		counts = append(counts, plural(len(r.Exceptions), "named exception"))
	}
	return strings.Join(counts, ", ")
}
