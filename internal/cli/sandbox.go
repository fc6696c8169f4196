package cli

import (
	"io"

	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

func (sh *shell) sandboxCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Use the embedded AWS by itself",
		RunE:  group,
	}
	cmd.AddCommand(sh.sandboxExecCommand(), sh.sandboxListCommand(), sh.sandboxDriftCommand(), sh.sandboxDeleteCommand(),
		sh.sandboxHostedZoneCommand())
	return cmd
}

func (sh *shell) sandboxListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list [DIR]",
		Short: "List what exists in a deployment's sandbox",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := SandboxList(sh.deps(), directory(args))
			return present(sh, result, err, printSandbox)
		},
	}
}

// directory is the argument that names a directory, the current one if there is none.
func directory(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

// SandboxResult is what exists in a deployment's sandbox. Its JSON form only grows.
type SandboxResult struct {
	Resources []rehearsal.Resource `json:"resources"`
	Version   int                  `json:"version"`
}

// SandboxList lists what exists in the sandbox of a deployment's directory.
func SandboxList(deps *Deps, dir string) (*SandboxResult, error) {
	resources, err := rehearsal.List(dir, deps.Now)
	if err != nil {
		return nil, err
	}
	return &SandboxResult{Version: 1, Resources: resources}, nil
}

func printSandbox(w io.Writer, result *SandboxResult) error {
	rows := [][]string{}
	for _, r := range result.Resources {
		by := ""
		if r.MadeByAWS {
			by = "made by AWS"
		}
		rows = append(rows, []string{r.Type, r.ID, r.Region, by})
	}
	return table(w, rows)
}
