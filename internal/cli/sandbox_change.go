package cli

import (
	"fmt"
	"io"

	"coderaws/internal/diagnostic"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// SandboxChangeOptions name a resource of a deployment's sandbox that is changed behind Terraform's back.
type SandboxChangeOptions struct {
	// Dir is the deployment's directory.
	Dir, Type, ID string
	// Assignments are ATTRIBUTE=VALUE, where a value is JSON, or else taken as a text. A deletion has none.
	Assignments []string
}

// SandboxChangeResult is what was changed. Its JSON form only grows.
type SandboxChangeResult struct {
	Dir string `json:"directory"`
	// Resource is what was changed, as it is now, or was before it was deleted.
	Resource *rehearsal.Resource `json:"resource"`
	Deleted  bool                `json:"deleted"`
	Version  int                 `json:"version"`
}

// SandboxDrift changes attributes of a resource.
func SandboxDrift(deps *Deps, o SandboxChangeOptions) (*SandboxChangeResult, error) {
	changed, err := rehearsal.Drift(o.Dir, o.Type, o.ID, o.Assignments, deps.Now)
	if err != nil {
		return nil, err
	}
	return &SandboxChangeResult{Dir: o.Dir, Resource: changed, Version: 1}, nil
}

// SandboxDelete deletes a resource.
func SandboxDelete(deps *Deps, o SandboxChangeOptions) (*SandboxChangeResult, error) {
	deleted, err := rehearsal.Delete(o.Dir, o.Type, o.ID, deps.Now)
	if err != nil {
		return nil, err
	}
	return &SandboxChangeResult{Dir: o.Dir, Resource: deleted, Deleted: true, Version: 1}, nil
}

func (sh *shell) sandboxDriftCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "drift DIR TYPE ID ATTRIBUTE=VALUE...",
		Short: "Change a resource of a deployment's sandbox behind Terraform's back",
		Long: `Change a resource of a deployment's sandbox behind Terraform's back, as somebody with the console would. The next plan shows it. A value
is JSON, or else taken as a text:

  coderaws sandbox drift my-coder aws_rds_cluster coder backup_retention_period=1`,
		Args: cobra.MinimumNArgs(4),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := SandboxDrift(sh.deps(), SandboxChangeOptions{Dir: args[0], Type: args[1], ID: args[2], Assignments: args[3:]})
			return present(sh, result, err, printSandboxChange)
		},
	}
}

func (sh *shell) sandboxDeleteCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "delete DIR TYPE ID",
		Short: "Delete a resource of a deployment's sandbox behind Terraform's back",
		Args:  cobra.ExactArgs(3),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := SandboxDelete(sh.deps(), SandboxChangeOptions{Dir: args[0], Type: args[1], ID: args[2]})
			return present(sh, result, err, printSandboxChange)
		},
	}
}

func printSandboxChange(w io.Writer, result *SandboxChangeResult) error {
	_, err := fmt.Fprintf(w, "Done. `coderaws plan %s` shows what Terraform makes of it.\n", diagnostic.Word(result.Dir))
	return err
}
