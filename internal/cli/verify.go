package cli

import (
	"context"
	"fmt"
	"io"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// VerifyOptions are what is looked at.
type VerifyOptions struct {
	// Dir is the deployment's directory, and Target where it lives.
	Dir, Target string
}

// VerifyResult is whether a deployment works. Its JSON form only grows.
type VerifyResult struct {
	Regions []lifecycle.Checks `json:"regions"`
	Target  string             `json:"target"`
	Version int                `json:"version"`
}

// Verify looks whether a deployment works. Its error names what does not, and comes with the result.
func Verify(ctx context.Context, deps *Deps, o VerifyOptions) (*VerifyResult, error) {
	var result *VerifyResult
	err := deps.lookAt(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		if err := deps.ready(ctx, r.Target, d); err != nil {
			return err
		}
		all, err := r.Made(ctx, d)
		if err != nil {
			return err
		}
		lines, err := r.Verify(ctx, all)
		if err != nil {
			return err
		}
		result = &VerifyResult{Version: 1, Target: o.Target, Regions: lines}
		return lifecycle.Unhealthy(lines)
	})
	return result, err
}

func (sh *shell) verifyCommand() *cobra.Command {
	var o VerifyOptions
	cmd := &cobra.Command{
		Use:   "verify DIR",
		Short: "Look whether a deployment works",
		Long: `Look whether a deployment works: node groups, nodes, add-ons, workloads, database, certificate, DNS, load balancer, coderd, provisioners.
It changes nothing. ` + "`coderaws status`" + ` shows the same beside what exists; this is for scripts, and ends with status 1 if anything failed.

With --target aws it asks AWS, the Kubernetes API and coderd itself. What cannot be asked is shown as unknown, and is no failure. On
--target sandbox the same list is held against the embedded AWS, in which no program runs.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			result, err := Verify(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, func(w io.Writer, result *VerifyResult) error { return printAllChecks(w, result.Regions) })
		},
	}
	targetFlag(cmd, &o.Target)
	return cmd
}

func printAllChecks(w io.Writer, lines []lifecycle.Checks) error {
	for _, line := range lines {
		if err := printChecks(w, line); err != nil {
			return err
		}
	}
	return nil
}

// printChecks writes what was found in a region for a person.
func printChecks(w io.Writer, line lifecycle.Checks) error {
	what := "Coder"
	if line.Spoke {
		what = "workspace proxy"
	}
	if _, err := fmt.Fprintf(w, "%s, %s at %s\n", line.Region, what, line.URL); err != nil {
		return err
	}
	rows := [][]string{}
	for _, c := range line.Checks {
		rows = append(rows, []string{"  " + c.Name, string(c.State), c.Detail})
	}
	return table(w, rows)
}
