package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// StatusOptions are what is asked of what exists.
type StatusOptions struct {
	// Dir is the deployment's directory, and Target where it lives.
	Dir, Target string
	// Drift also asks the target what was changed behind Terraform's back.
	Drift bool
}

// StatusResult is what exists of a deployment. Its JSON form only grows.
type StatusResult struct {
	Checks []lifecycle.Checks `json:"checks"`
	Places []PlaceStatus      `json:"places"`
	// Unknown is what exists and no state knows, by region.
	Unknown map[string][]lifecycle.Stray `json:"unknown,omitempty"`
	Target  string                       `json:"target"`
	Version int                          `json:"version"`
}

// PlaceStatus is what exists at one place.
type PlaceStatus struct {
	Region    string            `json:"region"`
	Stack     string            `json:"stack"`
	Resources int               `json:"resources"`
	ByModule  map[string]int    `json:"resources_by_module"`
	Drift     []lifecycle.Drift `json:"drift,omitempty"`
	// State is where Terraform's state is kept, such as s3://bucket/key; left out for a file in the deployment's directory.
	State   string                     `json:"state,omitempty"`
	Outputs map[string]json.RawMessage `json:"outputs,omitempty"`
	// Delegations are the name servers of the public zones that were made.
	Delegations []lifecycle.Delegation `json:"delegations,omitempty"`
}

// Status finds what exists of a deployment, and whether it works.
func Status(ctx context.Context, deps *Deps, o StatusOptions) (*StatusResult, error) {
	var result *StatusResult
	err := deps.lookAt(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		if err := deps.ready(ctx, r.Target, d); err != nil {
			return err
		}
		states, err := r.Status(ctx, d, o.Drift)
		if err != nil {
			return err
		}
		checks, err := r.Verify(ctx, lifecycle.Installations(d, states))
		if err != nil {
			return err
		}
		unknown, err := r.Unknown(ctx, d, nil)
		if err != nil {
			return err
		}
		deps.warn(unknown.Warnings())
		result = &StatusResult{Version: 1, Target: o.Target, Places: []PlaceStatus{}, Checks: checks, Unknown: unknown.ByRegion}
		for _, s := range states {
			result.Places = append(result.Places, PlaceStatus{s.Region, s.Stack, s.Resources, s.ByModule, s.Drift, s.Kept, values(s.Outputs),
				s.Delegations})
		}
		return nil
	})
	return result, err
}

func (sh *shell) statusCommand() *cobra.Command {
	var o StatusOptions
	var follow bool
	cmd := &cobra.Command{
		Use:   "status DIR",
		Short: "Show what exists of a deployment",
		Long: `Show what exists of a deployment, as Terraform's state records it, where the state is, and whether it works: nodes, database, DNS, coderd and
more, as ` + "`coderaws verify`" + ` looks at them. It changes nothing.

With --target aws the state is asked for in S3, so it takes AWS credentials.

With --follow it shows nothing of that, but the last run of ` + "`coderaws up` or `coderaws down`" + ` that was started with --detach: what it has said, and
what it says until it ends. An interrupt ends the following, and not the run. The exit status is that of the run.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			if follow && o.Drift {
				return usage(cmd, errors.New("--follow looks at a run, and --drift at what exists"))
			}
			if follow {
				return Follow(cmd.Context(), sh.deps(), o.Dir, sh.results(), sh.messages())
			}
			result, err := Status(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, func(w io.Writer, result *StatusResult) error {
				for _, place := range result.Places {
					if err := printStatus(w, place, o.Target, o.Drift); err != nil {
						return err
					}
				}
				return printAllChecks(w, result.Checks)
			})
		},
	}
	targetFlag(cmd, &o.Target)
	cmd.Flags().BoolVar(&o.Drift, "drift", false, "also compare with what the target says, and list what was changed behind Terraform's back")
	cmd.Flags().BoolVar(&follow, "follow", false, "show the run that was detached last until it ends, with the exit status of that")
	return cmd
}

func printStatus(w io.Writer, line PlaceStatus, target string, drift bool) error {
	if line.Resources == 0 {
		_, err := fmt.Fprintf(w, "%s, stack %s: nothing exists on %s\n", line.Region, line.Stack, target)
		return err
	}
	if _, err := fmt.Fprintf(w, "%s, stack %s: %s on %s\n  %s\n", line.Region, line.Stack, plural(line.Resources, "resource"), target,
		wrap(counted(line.ByModule), 100, "  ")); err != nil {
		return err
	}
	if line.State != "" {
		if _, err := fmt.Fprintf(w, "  state: %s\n", line.State); err != nil {
			return err
		}
	}
	if err := printOutputs(w, line.Outputs); err != nil {
		return err
	}
	if len(line.Outputs) == 0 { // they come last: a run is still at work, or was interrupted
		for _, d := range line.Delegations {
			if _, err := fmt.Fprintf(w, "  name servers of %s, for the zone above it: %s\n", d.Zone, strings.Join(d.NameServers, ", ")); err != nil {
				return err
			}
		}
	}
	if !drift {
		return nil
	}
	if len(line.Drift) == 0 {
		_, err := fmt.Fprintln(w, "  drift: none")
		return err
	}
	for _, d := range line.Drift {
		what := "changed: " + strings.Join(d.Attributes, ", ")
		if d.Deleted {
			what = "deleted"
		}
		if _, err := fmt.Fprintf(w, "  drift: %s was %s\n", d.Address, what); err != nil {
			return err
		}
	}
	return nil
}
