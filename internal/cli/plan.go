package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"coderaws/internal/consequence"
	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// PlanOptions are what a plan is made of.
type PlanOptions struct {
	// Dir is the deployment's directory, or the name of a pattern; Target is where it lives.
	Dir, Target string
	// Account, if it names one, is the account of a first deployment, and no target is looked at.
	Account AccountOptions
}

// PlanResult is what a deployment would make, change or destroy. Its JSON form only grows.
type PlanResult struct {
	Places  []PlacePlan `json:"places"`
	Target  string      `json:"target"`
	Version int         `json:"version"`
}

// PlacePlan is the plan of one place.
type PlacePlan struct {
	Region  string             `json:"region"`
	Stack   string             `json:"stack"`
	Changes []lifecycle.Change `json:"changes"`
	// Losses are what holds data and would be destroyed or replaced.
	Losses []lifecycle.Loss `json:"data_losses"`
	// Consequences are what the plan means for people who use what exists; none for what is only made.
	Consequences []consequence.Consequence `json:"consequences"`
	// Takes is how long AWS takes for it.
	Takes float64 `json:"typical_seconds"`
	// Cost is what the plan changes in the monthly bill; nil if that is not known, or if nothing of it is AWS's.
	Cost *CostChange `json:"cost"`
	// Basis says of which cloud a platform was planned: existing, changing (as it is now, though its own plan changes it), or planned (there
	// is none yet, and what AWS will decide is stood in for). It is left out for the cloud.
	Basis lifecycle.Basis `json:"cloud,omitempty"`
}

// Plan plans a deployment on its target, and changes nothing.
func Plan(ctx context.Context, deps *Deps, o PlanOptions) (*PlanResult, error) {
	if o.Account.wanted() || o.Target == lifecycle.SandboxTarget && deps.isPattern(o.Dir) {
		return deps.planIn(ctx, o)
	}
	var result *PlanResult
	charts, err := deps.lockCharts(o.Dir, o.Target)
	if err != nil {
		return nil, err
	}
	err = deps.lookAt(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		r.Charts = charts.look
		err := deps.ready(ctx, r.Target, d)
		if err == nil {
			result, err = deps.plan(ctx, r, d)
		}
		return err
	})
	return result, err
}

// isPattern reports whether a name is that of a pattern and of nothing that is there.
func (deps *Deps) isPattern(name string) bool {
	if _, err := os.Stat(name); err == nil {
		return false
	}
	_, err := deployment.FindPattern(deps.Source, name)
	return err == nil
}

// planIn plans a first deployment, in an account if one is named.
func (deps *Deps) planIn(ctx context.Context, o PlanOptions) (*PlanResult, error) {
	scratch, remove, err := deps.scratch()
	if err != nil {
		return nil, err
	}
	defer remove()
	d, name, err := deps.rehearsed(o.Dir, scratch)
	if err != nil {
		return nil, err
	}
	target, _, err := deps.rehearsal(ctx, name, d, o.Account)
	if err != nil {
		return nil, err
	}
	var result *PlanResult
	err = deps.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		result, err = deps.plan(ctx, r, d)
		return err
	})
	return result, err
}

func (deps *Deps) plan(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) (*PlanResult, error) {
	plans, err := r.Plan(ctx, d)
	if err != nil {
		return nil, err
	}
	result := &PlanResult{Version: 1, Target: r.Target.Name(), Places: []PlacePlan{}}
	for _, p := range plans {
		deps.warn(p.Plan.Warnings)
		result.Places = append(result.Places, deps.placePlan(p))
	}
	return result, nil
}

// placePlan is what there is to say of a plan.
func (deps *Deps) placePlan(p lifecycle.Planned) PlacePlan {
	read := plan.Read(p.Plan.JSON)
	return PlacePlan{
		Region: p.Region, Stack: p.Stack, Changes: lifecycle.Changes(read), Losses: append([]lifecycle.Loss{}, p.Losses...),
		Consequences: consequence.Of(read), Takes: rehearsal.NewTimetable(p.Place, read, nil, 0).Total.Seconds(),
		Cost: deps.changeOf(p), Basis: p.Basis,
	}
}

// basisNotes say what a plan of a platform is worth.
var basisNotes = map[lifecycle.Basis]string{
	lifecycle.Imagined: "planned before its cloud exists: what AWS will decide, such as names of hosts, is stood in for",
	lifecycle.Changing: "planned for the cloud as it is now; the plan of the cloud changes what the platform is told, and up plans it " +
		"again after that",
}

func (sh *shell) planCommand() *cobra.Command {
	var o PlanOptions
	cmd := &cobra.Command{
		Use:   "plan DIR|PATTERN",
		Short: "Show what a deployment would make, change or destroy",
		Long: `Show what a deployment would make, change or destroy on its target, and change nothing. The platform is planned with what the cloud says
of itself; before there is a cloud, with what the cloud's plan knows, by the providers that this program carries.

Of changes to what exists it says what they mean for people: who is interrupted (!), what is noticed (i), and how long AWS takes (t).
` + "`coderaws up --no-interruption`" + ` refuses what interrupts somebody.

Of a pattern it is the plan of a first deployment as the pattern stands.

With --account it is the plan of a first deployment in that account, with its zones and hosted zones, and no sandbox is looked at.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Account.wanted() && o.Target != lifecycle.SandboxTarget {
				return usage(cmd, errors.New("--account is for plans on the embedded AWS; with --target aws, AWS itself is asked"))
			}
			o.Dir = args[0]
			result, err := Plan(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printPlans)
		},
	}
	targetFlag(cmd, &o.Target)
	o.Account.register(cmd)
	return cmd
}

// targetFlag adds --target to a command.
func targetFlag(cmd *cobra.Command, target *string) {
	cmd.Flags().StringVar(target, "target", lifecycle.SandboxTarget,
		"where the deployment lives: sandbox (the embedded AWS, kept in DIR/.coderaws) or aws")
	// The flag exists, so registering its completion cannot fail.
	_ = cmd.RegisterFlagCompletionFunc("target", cobra.FixedCompletions(
		[]string{lifecycle.SandboxTarget, lifecycle.AWSTarget}, cobra.ShellCompDirectiveNoFileComp))
}

func printPlans(w io.Writer, result *PlanResult) error {
	for _, place := range result.Places {
		if err := printPlan(w, place); err != nil {
			return err
		}
	}
	return nil
}

// actionSigns mark the actions of a plan as Terraform does.
var actionSigns = map[string]string{"create": "+", "update": "~", "replace": "-/+", "delete": "-", "forget": ".", "adopt": "<-"}

// printPlan writes a plan for people: new resources by module, everything else one by one, because that is what needs a look.
func printPlan(w io.Writer, line PlacePlan) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, stack %s: ", line.Region, line.Stack)
	totals, created, adopted := map[string]int{}, map[string]int{}, 0
	for _, change := range line.Changes {
		totals[change.Action]++
		if change.Adopted != "" {
			adopted++
		}
		if change.Action == "create" {
			created[progress.Module(change.Address)]++
		}
	}
	if len(line.Changes) == 0 {
		b.WriteString("no changes\n")
	} else {
		fmt.Fprintf(&b, "%d to create, %d to update, %d to replace, %d to destroy",
			totals["create"], totals["update"], totals["replace"], totals["delete"])
		if adopted > 0 {
			fmt.Fprintf(&b, ", %d that exist to adopt", adopted)
		}
		b.WriteByte('\n')
	}
	if len(created) > 0 {
		fmt.Fprintf(&b, "  +    %s\n", wrap(counted(created), 100, "       "))
	}
	for _, change := range line.Changes {
		if change.Action == "create" {
			continue
		}
		fmt.Fprintf(&b, "  %-3s  %s", actionSigns[change.Action], change.Address)
		if len(change.Attributes) > 0 {
			fmt.Fprintf(&b, " (%s)", strings.Join(change.Attributes, ", "))
		}
		if change.Adopted != "" {
			fmt.Fprintf(&b, ", which exists as %s", change.Adopted)
		}
		b.WriteByte('\n')
	}
	if line.Cost != nil {
		fmt.Fprintf(&b, "  $    %s\n", line.Cost)
	}
	writeConsequences(&b, line)
	if note := basisNotes[line.Basis]; note != "" {
		fmt.Fprintf(&b, "  i    %s\n", wrap(note, 110, "       "))
	}
	for _, loss := range line.Losses {
		fmt.Fprintf(&b, "  !    %s holds %s, which would be lost\n", loss.Address, loss.Holds)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
