package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// ExistingOptions are what is put into a sandbox as if it had been there before.
type ExistingOptions struct {
	// Dir is the deployment's directory.
	Dir      string
	Existing rehearsal.Existing
}

// ExistingResult is what was put into a sandbox. Its JSON form only grows.
type ExistingResult struct {
	Policies []string `json:"policies,omitempty"`
	Shared   []string `json:"shared_names,omitempty"`
	Zones    []string `json:"zones,omitempty"`
	Version  int      `json:"version"`
}

// SandboxExisting puts into a deployment's sandbox what no deployment made.
func SandboxExisting(deps *Deps, o ExistingOptions) (*ExistingResult, error) {
	if _, err := deps.load(o.Dir); err != nil {
		return nil, err
	}
	target, err := rehearsal.Open(o.Dir, deps.Now)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(target.AddExisting(o.Existing), target.Close()); err != nil {
		return nil, err
	}
	return &ExistingResult{Policies: o.Existing.Policies, Zones: o.Existing.HostedZones, Shared: o.Existing.Shared, Version: 1}, nil
}

func (sh *shell) sandboxHostedZoneCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "hosted-zone DIR NAME[=ID]...",
		Short: "Put public hosted zones into a deployment's sandbox, as if they had been there before",
		Long: `Put public hosted zones into a deployment's sandbox, as if they had been there before. A sandbox starts empty, and a deployment that looks
its zone up (dns = {}) or names it (dns.zone_id) needs one:

  coderaws sandbox hosted-zone my-coder example.com
  coderaws up my-coder`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := SandboxExisting(sh.deps(), ExistingOptions{Dir: args[0], Existing: rehearsal.Existing{HostedZones: args[1:]}})
			return present(sh, result, err, printExisting)
		},
	}
}

func (sh *shell) sandboxPolicyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "policy DIR ARN[=FILE]...",
		Short: "Put policies of IAM into a deployment's sandbox, as if they had been there before",
		Long: `Put policies of IAM into a deployment's sandbox, as if they had been there before, such as the permissions boundary of a landing zone
(iam.permissions_boundary). FILE has what the policy says, in JSON: what it does not allow is then refused to every role that it bounds.
Without one it allows everything.

  coderaws sandbox policy my-coder arn:aws:iam::123456789012:policy/boundary=boundary.json
  coderaws up my-coder`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := SandboxExisting(sh.deps(), ExistingOptions{Dir: args[0], Existing: rehearsal.Existing{Policies: args[1:]}})
			return present(sh, result, err, printExisting)
		},
	}
}

func (sh *shell) sandboxSharedNameCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "shared-name DIR DOMAIN=ID...",
		Short: "Put private hosted zones and resolver rules of other accounts into a deployment's sandbox",
		Long: `Put private hosted zones and resolver rules that other accounts share into a deployment's sandbox, as if they had been there before. A
deployment that is connected to a network names them in names of network.connections:

  coderaws sandbox shared-name my-coder amazonaws.com=rslvr-rr-0123456789abcdef0 eks-auth.us-east-1.api.aws=Z0123456789ABC
  coderaws up my-coder`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := SandboxExisting(sh.deps(), ExistingOptions{Dir: args[0], Existing: rehearsal.Existing{Shared: args[1:]}})
			return present(sh, result, err, printExisting)
		},
	}
}

func printExisting(w io.Writer, result *ExistingResult) error {
	_, err := fmt.Fprintf(w, "%s is there now.\n", strings.Join(slices.Concat(result.Zones, result.Policies, result.Shared), ", "))
	return err
}
