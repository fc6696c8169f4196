package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"coderaws/internal/capacity"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// CapacityOptions are what the capacity of is asked.
type CapacityOptions struct {
	// What is a deployment's directory, or the name of a pattern.
	What string
	// Existing is what is there before the deployment.
	Existing rehearsal.Existing
}

// CapacityResult is how many workspaces can run at once. Its JSON form only grows.
type CapacityResult struct {
	Name    string           `json:"name"`
	Regions []RegionCapacity `json:"regions"`
	Version int              `json:"version"`
}

// RegionCapacity is the capacity of one region.
type RegionCapacity struct {
	Region string `json:"region"`
	*capacity.Capacity
}

// Capacity finds how many workspaces can run at once, by the plan of the cloud on the embedded AWS.
func Capacity(ctx context.Context, deps *Deps, o CapacityOptions) (*CapacityResult, error) {
	dir, remove, err := deps.scratch()
	if err != nil {
		return nil, err
	}
	defer remove()
	d, name, err := deps.rehearsed(o.What, dir)
	if err != nil {
		return nil, err
	}
	target := deps.embedded(name)
	if err := target.AddExisting(o.Existing); err != nil {
		return nil, err
	}
	var plans []lifecycle.Planned
	err = deps.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		r.Stacks = []string{lifecycle.CloudStack}
		plans, err = r.Plan(ctx, d)
		return err
	})
	if err != nil {
		return nil, shortfall(err, d)
	}
	result := &CapacityResult{Version: 1, Name: name, Regions: []RegionCapacity{}}
	for _, p := range plans {
		found, err := capacity.Read(plan.Read(p.Plan.JSON))
		var lacking *capacity.UnknownError
		switch {
		case errors.Is(err, capacity.ErrNone):
			continue
		case errors.As(err, &lacking):
			return nil, notKnown(p.Place, lacking)
		case err != nil:
			return nil, err
		}
		result.Regions = append(result.Regions, RegionCapacity{p.Region, found})
	}
	return result, nil
}

func (sh *shell) capacityCommand() *cobra.Command {
	var o CapacityOptions
	cmd := &cobra.Command{
		Use:   "capacity DIR|PATTERN",
		Short: "Show how many workspaces can run at once, and which setting ends it",
		Long: `Show how many workspaces can run at once with the settings of a deployment or pattern, and which setting ends it: nodes and what
fits on them, addresses, control nodes, builds, database; and the quotas of vCPUs that the busiest hour needs.

The numbers are those of Terraform's plan, made on the embedded AWS: nothing is asked of a real account. Sizes of workspaces are
the setting workspace_profiles, and what is promised is max_workspaces. A deployment that promises more than its settings hold is
refused, here and by every other command, with the settings to raise.

Exit status: 0 if the settings hold what is promised; 1 if they do not, or the plan fails; 2 if the deployment is not valid.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.What = args[0]
			result, err := Capacity(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printCapacities)
		},
	}
	existingFlags(cmd, &o.Existing)
	return cmd
}

func printCapacities(w io.Writer, result *CapacityResult) error {
	for i, line := range result.Regions {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := printCapacity(w, result.Name, line); err != nil {
			return err
		}
	}
	return nil
}

// notKnown says which numbers a plan lacks.
func notKnown(place lifecycle.Place, lacking *capacity.UnknownError) error {
	d := diagnostic.Errorf("how many workspaces %s holds is not known before it is made", place.Region)
	d.Code, d.Why = "capacity.unknown", "the plan does not know "+strings.Join(lacking.Numbers, ", ")
	d.Todo = "write the settings that these come from as they are to be, instead of taking them from what is only made along with them"
	return d
}

// shortfall turns the refusal of the stacks' output into a finding at the setting that promises too much.
func shortfall(err error, d *deployment.Deployment) error {
	for _, finding := range diagnostic.From(err) {
		if !strings.Contains(finding.Summary, "output value precondition failed") {
			continue
		}
		finding.Code, finding.Summary = "capacity.short", "these settings do not hold the workspaces that they promise"
		for i := range d.Regions {
			if r := &d.Regions[i]; strings.Contains(finding.Why, "max_workspaces is "+r.String("max_workspaces")+",") {
				finding.Where = r.Place("max_workspaces")
			}
		}
		finding.Todo = "change the settings as it says and run the same command again; plans are refused until then"
	}
	return err
}

// printCapacity writes the capacity of one region for people: the answer first, then how it comes about.
func printCapacity(w io.Writer, name string, line RegionCapacity) error {
	c := line.Capacity
	fmt.Fprintf(w, "%s in %s: these settings hold up to %d workspaces at once, and promise %d. The next limit is %s.\n\n",
		name, line.Region, c.Supported, c.MaxWorkspaces, c.LimitedBy)
	rows := [][]string{{"profile", "share", "vCPU", "memory", "home", "per node", "at peak", "count as nodes"}}
	for _, size := range c.Sizes() {
		p := c.Profiles[size]
		rows = append(rows, []string{
			size, number(p.Share) + " %", number(p.CPURequest) + " to " + number(p.CPULimit),
			number(p.MemoryRequestGiB) + " to " + number(p.MemoryLimitGiB) + " GiB", number(p.HomeGiB) + " GiB",
			strconv.Itoa(p.PerNode), strconv.Itoa(p.Workspaces), strconv.FormatFloat(p.Nodes, 'f', 1, 64),
		})
	}
	if err := table(w, rows); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nA node of %s has %s vCPU and %s GiB for workspaces, and takes %d at most.\n",
		strings.Join(c.Node.InstanceTypes, " or "), number(float64(c.Node.CPUMillicores)/1000),
		strconv.FormatFloat(float64(c.Node.MemoryMiB)/1024, 'f', 1, 64), c.Node.Workspaces)
	fmt.Fprintf(w, "%s\n%s\n\n", wrap(nodesAtPeak(c), 120, ""), addressesAtPeak(c))
	rows = [][]string{{"setting", "value", "holds", fmt.Sprintf("needed for %d", c.MaxWorkspaces)}}
	for _, limit := range c.Narrowest() {
		rows = append(rows, []string{limit.Setting, limit.Value, strconv.Itoa(limit.Supports), limit.Needs})
	}
	if err := table(w, rows); err != nil {
		return err
	}
	onDemand, spot := " (L-1216C47A)", " (L-34B43A08)"
	if !c.VCPUs.Standard {
		onDemand, spot = "", ""
	}
	fmt.Fprintf(w, "\nvCPU quotas at peak: %s on demand%s", grouped(c.VCPUs.OnDemand), onDemand)
	if c.VCPUs.Spot > 0 {
		fmt.Fprintf(w, ", which holds while there is no spot capacity, and %s spot%s", grouped(c.VCPUs.Spot), spot)
	}
	if !c.VCPUs.Standard {
		fmt.Fprint(w, "; not all in the quotas of standard instances")
	}
	fmt.Fprintf(w, ".\nStarting all %d takes about %s, with %s at once.\n",
		c.MaxWorkspaces, plural(c.Builds.StartMinutes, "minute"), plural(c.Builds.AtOnce, "build"))
	_, err := fmt.Fprintf(w, "%s Home volumes: %s GiB.\n", databaseAtPeak(c.Database), grouped(int(c.HomesGiB)))
	return err
}

func databaseAtPeak(d *capacity.Database) string {
	if d == nil {
		return "Coder and its database are the hub's, which serve the workspaces of all regions."
	}
	return fmt.Sprintf("Database: %s of %s ACU, %s of %s connections.",
		number(d.ACU), number(d.MaxACU), grouped(d.Connections), grouped(d.MaxConnections))
}

func nodesAtPeak(c *capacity.Capacity) string {
	nodes := "At peak: up to " + plural(c.Nodes.Workspace, "workspace node")
	if c.Zones == 1 {
		return nodes + "."
	}
	return fmt.Sprintf("%s, %d in each of %d zones, with room for %d of the %d workspaces: homes stay in the zone that chance put them in.",
		nodes, c.Nodes.PerZone, c.Zones, c.ZoneWorkspaces, c.MaxWorkspaces)
}

func addressesAtPeak(c *capacity.Capacity) string {
	subnet := "the workspace subnet"
	if c.Zones > 1 {
		subnet = "each zone's workspace subnet"
	}
	return fmt.Sprintf("They take %s of the %s addresses of %s.", grouped(c.Addresses.NeededPerZone), grouped(c.Addresses.AvailablePerZone),
		subnet)
}

// number writes a figure without zeros that say nothing.
func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// grouped writes a count with a comma at each thousand.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
