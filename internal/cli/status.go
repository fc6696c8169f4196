package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// statusLine is one place in the JSON form of the command.
type statusLine struct {
	Region    string            `json:"region"`
	Stack     string            `json:"stack"`
	Resources int               `json:"resources"`
	ByModule  map[string]int    `json:"resources_by_module"`
	Drift     []lifecycle.Drift `json:"drift,omitempty"`
	// State is where Terraform's state is kept, such as s3://bucket/key; left out for a file in the deployment's directory.
	State   string                     `json:"state,omitempty"`
	Outputs map[string]json.RawMessage `json:"outputs,omitempty"`
}

func (sh *shell) statusCommand() *cobra.Command {
	var target string
	var drift bool
	cmd := &cobra.Command{
		Use:   "status DIR",
		Short: "Show what exists of a deployment",
		Long: `Show what exists of a deployment, as Terraform's state records it, where the state is, and whether it works: nodes, database, DNS, coderd and
more, as ` + "`coderaws verify`" + ` looks at them. It changes nothing.

With --target aws the state is asked for in S3, so it takes AWS credentials.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return sh.status(cmd.Context(), args[0], target, drift)
		},
	}
	targetFlag(cmd, &target)
	cmd.Flags().BoolVar(&drift, "drift", false, "also compare with what the target says, and list what was changed behind Terraform's back")
	return cmd
}

func (sh *shell) status(ctx context.Context, dir, target string, drift bool) error {
	return sh.onTarget(ctx, dir, target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		if err := sh.ready(ctx, r.Target, d); err != nil {
			return err
		}
		states, err := r.Status(ctx, d, drift)
		if err != nil {
			return err
		}
		lines := []statusLine{}
		for _, s := range states {
			lines = append(lines, statusLine{s.Region, s.Stack, s.Resources, s.ByModule, s.Drift, s.Kept, values(s.Outputs)})
		}
		checks, err := sh.checksOf(ctx, r.Target, installations(d, placesOf(states)))
		if err != nil {
			return err
		}
		if sh.output == jsonOutput {
			return sh.printJSON(map[string]any{"version": 1, "target": target, "places": lines, "checks": checks})
		}
		for _, line := range lines {
			if err := sh.printStatus(line, target, drift); err != nil {
				return err
			}
		}
		return printAllChecks(sh.Stdout, checks)
	})
}

func (sh *shell) printStatus(line statusLine, target string, drift bool) error {
	if line.Resources == 0 {
		_, err := fmt.Fprintf(sh.Stdout, "%s, stack %s: nothing exists on %s\n", line.Region, line.Stack, target)
		return err
	}
	if _, err := fmt.Fprintf(sh.Stdout, "%s, stack %s: %s on %s\n  %s\n", line.Region, line.Stack, plural(line.Resources, "resource"), target,
		wrap(counted(line.ByModule), 100, "  ")); err != nil {
		return err
	}
	if line.State != "" {
		if _, err := fmt.Fprintf(sh.Stdout, "  state: %s\n", line.State); err != nil {
			return err
		}
	}
	if err := sh.printOutputs(line.Outputs); err != nil {
		return err
	}
	if !drift {
		return nil
	}
	if len(line.Drift) == 0 {
		_, err := fmt.Fprintln(sh.Stdout, "  drift: none")
		return err
	}
	for _, d := range line.Drift {
		what := "changed: " + strings.Join(d.Attributes, ", ")
		if d.Deleted {
			what = "deleted"
		}
		if _, err := fmt.Fprintf(sh.Stdout, "  drift: %s was %s\n", d.Address, what); err != nil {
			return err
		}
	}
	return nil
}
