package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/verify"

	"github.com/spf13/cobra"
)

// checksLine is what was looked at in one region, in the JSON form of the commands.
type checksLine struct {
	Region  string         `json:"region"`
	URL     string         `json:"url"`
	Healthy bool           `json:"healthy"`
	Checks  []verify.Check `json:"checks"`
}

func (sh *shell) verifyCommand() *cobra.Command {
	var target string
	cmd := &cobra.Command{
		Use:   "verify DIR",
		Short: "Look whether a deployment works",
		Long: `Look whether a deployment works: node groups, nodes, add-ons, workloads, database, certificate, DNS, load balancer, coderd, provisioners.
It changes nothing. ` + "`coderaws status`" + ` shows the same beside what exists; this is for scripts, and ends with status 1 if anything failed.

With --target aws it asks AWS, the Kubernetes API and coderd itself. What cannot be asked is shown as unknown, and is no failure. On
--target sandbox the same list is held against the embedded AWS, in which no program runs.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return sh.verify(cmd.Context(), args[0], target) },
	}
	targetFlag(cmd, &target)
	return cmd
}

func (sh *shell) verify(ctx context.Context, dir, target string) error {
	return sh.onTarget(ctx, dir, target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		all, err := sh.made(ctx, r, d)
		if err != nil {
			return err
		}
		lines, err := sh.checksOf(ctx, r.Target, all)
		if err != nil {
			return err
		}
		if sh.output == jsonOutput {
			err = sh.printJSON(map[string]any{"version": 1, "target": target, "regions": lines})
		} else {
			err = printAllChecks(sh.Stdout, lines)
		}
		if err != nil {
			return err
		}
		return unhealthy(lines)
	})
}

// checksOf looks at installations.
func (sh *shell) checksOf(ctx context.Context, target lifecycle.Target, all []*installation) ([]checksLine, error) {
	lines := []checksLine{}
	for _, i := range all {
		checks, err := sh.checks(ctx, target, i)
		if err != nil {
			return lines, err
		}
		lines = append(lines, checksLine{i.Region, i.AccessURL, verify.Healthy(checks), checks})
	}
	return lines, nil
}

// unhealthy is the error of what failed; nil if nothing did.
func unhealthy(lines []checksLine) error {
	var found diagnostic.List
	for _, line := range lines {
		for _, c := range line.Checks {
			if c.State == verify.Failed {
				d := diagnostic.Errorf("%s, %s: %s", line.Region, c.Name, c.Detail)
				d.Code, d.Todo = "verify."+strings.ReplaceAll(c.Name, " ", "_"), c.Todo
				found = append(found, d)
			}
		}
	}
	return found.Err()
}

func printAllChecks(w io.Writer, lines []checksLine) error {
	for _, line := range lines {
		if err := printChecks(w, line); err != nil {
			return err
		}
	}
	return nil
}

// printChecks writes what was found in a region for a person.
func printChecks(w io.Writer, line checksLine) error {
	if _, err := fmt.Fprintf(w, "%s, Coder at %s\n", line.Region, line.URL); err != nil {
		return err
	}
	rows := [][]string{}
	for _, c := range line.Checks {
		rows = append(rows, []string{"  " + c.Name, string(c.State), c.Detail})
	}
	return table(w, rows)
}
