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
		sh.sandboxHostedZoneCommand(), sh.sandboxPolicyCommand(), sh.sandboxSharedNameCommand(), sh.sandboxRenderCommand())
	return cmd
}

// renderWord is the command below sandbox that renders charts.
const renderWord = "render"

// renderer is the command of the process that renders charts, which is the program itself; none where nobody knows where it is.
func (deps *Deps) renderer() []string {
	if deps.Executable == "" {
		return nil
	}
	return []string{deps.Executable, "sandbox", renderWord}
}

// embedded makes an embedded AWS for a rehearsal.
func (deps *Deps) embedded(name string) *rehearsal.Embedded {
	return rehearsal.New(name, deps.Now).RenderBy(deps.renderer())
}

// sandboxRenderCommand is for the program alone: nobody else knows what it reads and writes.
func (sh *shell) sandboxRenderCommand() *cobra.Command {
	return &cobra.Command{
		Use: renderWord, Short: "Render charts for a rehearsal, which starts this command itself", Hidden: true, Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return rehearsal.RenderCharts(sh.Stdin, sh.Stdout) },
	}
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
