package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// stepsLine are the first steps of one region in the JSON form of the commands.
type stepsLine struct {
	Region string       `json:"region"`
	URL    string       `json:"url"`
	Steps  []coder.Step `json:"steps"`
	// OIDCProven says that an owner has come in by single sign-on.
	OIDCProven bool `json:"oidc_proven"`
}

func (sh *shell) firstStepsCommand() *cobra.Command {
	var target string
	cmd := &cobra.Command{
		Use:   "first-steps DIR",
		Short: "Make a new Coder usable: owner, licence, provisioners, single sign-on",
		Long: `Make a new Coder usable, as ` + "`coderaws up`" + ` does at its end. Each step looks first whether there is anything left to do, so that running it
again does no harm:

  owner            the first user, with a password that is made here and kept in Secrets Manager (` + "`coderaws owner DIR`" + ` shows it)
  licence          the licence of secrets.license, read from Secrets Manager and given to coderd
  provisioner key  the key of external provisioners, issued by coderd and kept in Secrets Manager
  single sign-on   whether an owner has come in by OIDC; from then on ` + "`coderaws up`" + ` turns passwords off

coderaws signs in with the owner's password. Where that is off, or was changed, put a token of an owner into CODER_SESSION_TOKEN
(` + "`coder tokens create`" + `).

On --target sandbox no Coder runs: the steps are listed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return sh.takeFirstSteps(cmd.Context(), args[0], target)
		},
	}
	targetFlag(cmd, &target)
	return cmd
}

func (sh *shell) takeFirstSteps(ctx context.Context, dir, target string) error {
	return sh.onTarget(ctx, dir, target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		all, err := sh.installed(ctx, r, d)
		if err != nil {
			return err
		}
		lines, err := sh.stepsOf(ctx, r.Target, all, somePatience)
		if sh.output == jsonOutput {
			if err != nil {
				return err
			}
			return sh.printJSON(map[string]any{"version": 1, "target": target, "regions": lines})
		}
		for _, line := range lines {
			if printErr := printSteps(sh.Stdout, line); printErr != nil {
				return printErr
			}
		}
		return err
	})
}

// stepsOf takes the first steps of installations, or lists them where no coderd runs. What was done is returned with an error too.
func (sh *shell) stepsOf(ctx context.Context, target lifecycle.Target, all []*installation, patience time.Duration) ([]stepsLine, error) {
	lines := []stepsLine{}
	for _, i := range all {
		line := stepsLine{Region: i.Region, URL: i.AccessURL}
		if target.Name() != lifecycle.AWSTarget {
			line.Steps = i.wanted.Preview()
			lines = append(lines, line)
			continue
		}
		steps, err := sh.firstSteps(ctx, i, patience)
		if err != nil {
			return lines, err
		}
		report, err := steps.Run(ctx)
		line.Steps, line.OIDCProven = append([]coder.Step{}, report.Steps...), report.OIDCProven
		lines = append(lines, line)
		if err != nil {
			return lines, insideOnly(i, err)
		}
	}
	return lines, nil
}

// insideOnly says of a Coder that answers inside of the VPC alone how to reach it.
func insideOnly(i *installation, err error) error {
	list := diagnostic.From(err)
	if i.LoadBalancer.Internal && list[0].Code == "coder.unreachable" {
		list[0].Todo = "its load balancer is internal: run `coderaws first-steps` from a machine that reaches the VPC"
	}
	return err
}

// printSteps writes the steps of a region for a person.
func printSteps(w io.Writer, line stepsLine) error {
	if _, err := fmt.Fprintf(w, "%s, first steps in %s\n", line.Region, line.URL); err != nil {
		return err
	}
	rows := [][]string{}
	for _, step := range line.Steps {
		rows = append(rows, []string{"  " + step.Name, string(step.Outcome), step.Detail})
	}
	if err := table(w, rows); err != nil {
		return err
	}
	for _, step := range line.Steps {
		if step.Todo == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "  to do for %s: %s\n", step.Name, step.Todo); err != nil {
			return err
		}
	}
	return nil
}
