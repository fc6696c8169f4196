package cli

import (
	"context"
	"fmt"
	"io"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// FirstStepsOptions are where the first steps are taken.
type FirstStepsOptions struct {
	// Dir is the deployment's directory, and Target where it lives.
	Dir, Target string
	// Region is the one that is meant; "" for all of them.
	Region string
	// AdoptOwner is the address of the owner of a Coder that has users whom coderaws did not make; "" adopts none.
	AdoptOwner string
}

// FirstStepsResult is what became of the first steps. Its JSON form only grows.
type FirstStepsResult struct {
	Regions []lifecycle.Steps `json:"regions"`
	Target  string            `json:"target"`
	Version int               `json:"version"`
}

// FirstSteps makes a new Coder usable. What was done is returned with an error too.
func FirstSteps(ctx context.Context, deps *Deps, o FirstStepsOptions) (*FirstStepsResult, error) {
	var result *FirstStepsResult
	err := deps.onTarget(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		all, err := deps.installed(ctx, r, d)
		if err != nil {
			return err
		}
		if o.Region != "" || o.AdoptOwner != "" {
			// A token, and so an adoption, is of one Coder.
			one, err := lifecycle.Only(all, o.Region)
			if err != nil {
				return err
			}
			one.Wanted.Adopt = o.AdoptOwner
			all = []*lifecycle.Installation{one}
		}
		lines, err := r.FirstSteps(ctx, all, lifecycle.SomePatience)
		result = &FirstStepsResult{Version: 1, Target: o.Target, Regions: lines}
		return err
	})
	return result, err
}

// installed finds the Coders of a deployment, for commands that need one.
func (deps *Deps) installed(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) ([]*lifecycle.Installation, error) {
	if err := deps.ready(ctx, r.Target, d); err != nil {
		return nil, err
	}
	return r.Installed(ctx, d)
}

func (sh *shell) firstStepsCommand() *cobra.Command {
	var o FirstStepsOptions
	cmd := &cobra.Command{
		Use:   "first-steps DIR",
		Short: "Make a new Coder usable: owner, licence, provisioners, single sign-on",
		Long: `Make a new Coder usable, as ` + "`coderaws up`" +
			` does at its end. Each step looks first whether there is anything left to do, so that running it
again does no harm:

  owner            whether the first user is ours: made in the cluster before anybody else reaches Coder, with a password that is made here
                   and kept in Secrets Manager (` + "`coderaws owner DIR`" + ` shows it)
  licence          the licence of secrets.license, read from Secrets Manager and given to coderd
  provisioner key  the key of external provisioners, issued by coderd and kept in Secrets Manager
  single sign-on   whether an owner has come in by OIDC; from then on ` + "`coderaws up`" + ` turns passwords off
  AI models        with deployment_features.ai_gateway, the models of ai in coderd's AI Gateway, once the licence holds it

coderaws signs in with the owner's password. Where that is off, or was changed, put a token of an owner into CODER_SESSION_TOKEN
(` + "`coder tokens create`" + `).

A Coder that has users whom coderaws did not make may belong to a stranger: the first step fails. If it is yours, name its owner
with --adopt-owner, and put a token of that owner into CODER_SESSION_TOKEN.

On --target sandbox no Coder runs: the steps are listed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			result, err := FirstSteps(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, func(w io.Writer, result *FirstStepsResult) error {
				for _, line := range result.Regions {
					if err := printSteps(w, line); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	targetFlag(cmd, &o.Target)
	cmd.Flags().StringVar(&o.Region, "region", "", "the region; all of them unless it is given")
	cmd.Flags().StringVar(&o.AdoptOwner, "adopt-owner", "", "the `ADDRESS` of the owner of a Coder that coderaws did not give its first user")
	return cmd
}

// printSteps writes the steps of a region for a person.
func printSteps(w io.Writer, line lifecycle.Steps) error {
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
