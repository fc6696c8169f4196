package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"coderaws/internal/download"

	"github.com/spf13/cobra"
)

// ToolsOptions are where tools are put.
type ToolsOptions struct {
	// Dir is a directory; "" for the one beside this program.
	Dir string
}

// ToolsResult is what was downloaded. Its JSON form only grows.
type ToolsResult struct {
	Path    string `json:"path"`
	Version string `json:"version"`
}

// InstallTools downloads OpenTofu to where it is looked for.
func InstallTools(ctx context.Context, deps *Deps, o ToolsOptions) (*ToolsResult, error) {
	dir := o.Dir
	if dir == "" {
		dir = filepath.Join(filepath.Dir(deps.Executable), "bin")
		if filepath.Base(filepath.Dir(deps.Executable)) == "bin" {
			dir = filepath.Dir(deps.Executable)
		}
	}
	path, err := download.OpenTofu(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &ToolsResult{Path: path, Version: download.OpenTofuVersion}, nil
}

func (sh *shell) toolsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "tools",
		Short: "Get the programs that coderaws works with",
		RunE:  group,
	}
	var o ToolsOptions
	install := &cobra.Command{
		Use:   "install",
		Short: "Download OpenTofu " + download.OpenTofuVersion + ", for who has neither OpenTofu nor Terraform",
		Long: `Download OpenTofu from its release site, check its signature, and put it where coderaws finds it. Nothing is downloaded unless this
command is given.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			result, err := InstallTools(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, func(w io.Writer, result *ToolsResult) error {
				_, err := fmt.Fprintf(w, "OpenTofu %s is at %s\n", result.Version, result.Path)
				return err
			})
		},
	}
	install.Flags().StringVar(&o.Dir, "dir", "", "where to put it (default: bin beside this program, where it is looked for first)")
	cmd.AddCommand(install)
	return cmd
}
