package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"

	"github.com/spf13/cobra"
)

// planLine is the plan of one place in the JSON form of the command.
type planLine struct {
	Region  string             `json:"region"`
	Stack   string             `json:"stack"`
	Changes []lifecycle.Change `json:"changes"`
	// Losses are what holds data and would be destroyed or replaced.
	Losses []lifecycle.Loss `json:"data_losses"`
	// Cost is what the plan changes in the monthly bill; nil if that is not known, or if nothing of it is AWS's.
	Cost *costChange `json:"cost"`
	// Basis says of which cloud a platform was planned: existing, changing (as it is now, though its own plan changes it), or planned (there
	// is none yet, and what AWS will decide is stood in for). It is left out for the cloud.
	Basis lifecycle.Basis `json:"cloud,omitempty"`
}

// lineOf is what is shown of a plan.
func (sh *shell) lineOf(p lifecycle.Planned) planLine {
	return planLine{p.Region, p.Stack, lifecycle.Changes(p.Plan.JSON), append([]lifecycle.Loss{}, p.Losses...), sh.changeOf(p), p.Basis}
}

// basisNotes say what a plan of a platform is worth.
var basisNotes = map[lifecycle.Basis]string{
	lifecycle.Imagined: "planned before its cloud exists: what AWS will decide, such as names of hosts, is stood in for",
	lifecycle.Changing: "planned for the cloud as it is now; the plan of the cloud changes what the platform is told, and up plans it again after that",
}

func (sh *shell) planCommand() *cobra.Command {
	var target string
	var account accountFlags
	cmd := &cobra.Command{
		Use:   "plan DIR",
		Short: "Show what a deployment would make, change or destroy",
		Long: `Show what a deployment would make, change or destroy on its target, and change nothing. The platform is planned with what the cloud says
of itself; before there is a cloud, with what the cloud's plan knows, by the providers that this program carries.

With --account it is the plan of a first deployment in that account, with its zones and hosted zones, and no sandbox is looked at.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !account.wanted() {
				return sh.plan(cmd.Context(), args[0], target)
			}
			if target != lifecycle.SandboxTarget {
				return usage(cmd, errors.New("--account is for plans on the embedded AWS; with --target aws, AWS itself is asked"))
			}
			return sh.planIn(cmd.Context(), args[0], account)
		},
	}
	targetFlag(cmd, &target)
	account.register(cmd)
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

func (sh *shell) plan(ctx context.Context, dir, targetName string) error {
	return sh.onTarget(ctx, dir, targetName, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		if err := sh.ready(ctx, r.Target, d); err != nil {
			return err
		}
		return sh.showPlans(ctx, r, d)
	})
}

// planIn plans a first deployment in an account.
func (sh *shell) planIn(ctx context.Context, dir string, f accountFlags) error {
	d, err := sh.load(dir)
	if err != nil {
		return err
	}
	scratch, remove, err := sh.scratch()
	if err != nil {
		return err
	}
	defer remove()
	target, _, err := sh.rehearsal(ctx, filepath.Base(dir), d, f)
	if err != nil {
		return err
	}
	return sh.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		return sh.showPlans(ctx, r, &deployment.Deployment{Dir: scratch, Regions: d.Regions})
	})
}

func (sh *shell) showPlans(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
	plans, err := r.Plan(ctx, d)
	if err != nil {
		return err
	}
	lines := []planLine{}
	for _, p := range plans {
		sh.showWarnings(p)
		lines = append(lines, sh.lineOf(p))
	}
	if sh.output == jsonOutput {
		return sh.printJSON(map[string]any{"version": 1, "target": r.Target.Name(), "places": lines})
	}
	for _, line := range lines {
		if err := printPlan(sh.Stdout, line); err != nil {
			return err
		}
	}
	return nil
}

func (sh *shell) showWarnings(p lifecycle.Planned) {
	if len(p.Plan.Warnings) > 0 {
		sh.show(sh.Stderr, p.Plan.Warnings)
	}
}

// actionSigns mark the actions of a plan as Terraform does.
var actionSigns = map[string]string{"create": "+", "update": "~", "replace": "-/+", "delete": "-", "forget": "."}

// printPlan writes a plan for people: new resources by module, everything else one by one, because that is what needs a look.
func printPlan(w io.Writer, line planLine) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, stack %s: ", line.Region, line.Stack)
	totals, created := map[string]int{}, map[string]int{}
	for _, change := range line.Changes {
		totals[change.Action]++
		if change.Action == "create" {
			created[progress.Module(change.Address)]++
		}
	}
	if len(line.Changes) == 0 {
		b.WriteString("no changes\n")
	} else {
		fmt.Fprintf(&b, "%d to create, %d to update, %d to replace, %d to destroy\n",
			totals["create"], totals["update"], totals["replace"], totals["delete"])
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
		b.WriteByte('\n')
	}
	if line.Cost != nil {
		fmt.Fprintf(&b, "  $    %s\n", line.Cost)
	}
	if note := basisNotes[line.Basis]; note != "" {
		fmt.Fprintf(&b, "  i    %s\n", wrap(note, 110, "       "))
	}
	for _, loss := range line.Losses {
		fmt.Fprintf(&b, "  !    %s holds %s, which would be lost\n", loss.Address, loss.Holds)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
