package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"coderaws/internal/download"

	"github.com/spf13/cobra"
)

func (sh *shell) toolsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "tools",
		Short: "Get the programs that coderaws works with",
		RunE:  group,
	}
	var dir string
	install := &cobra.Command{
		Use:   "install",
		Short: "Download OpenTofu " + download.OpenTofuVersion + ", for who has neither OpenTofu nor Terraform",
		Long: `Download OpenTofu from its release site, check its signature, and put it where coderaws finds it. Nothing is downloaded unless this
command is given.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return sh.installTools(cmd.Context(), dir) },
	}
	install.Flags().StringVar(&dir, "dir", "", "where to put it (default: bin beside this program, where it is looked for first)")
	cmd.AddCommand(install)
	return cmd
}

func (sh *shell) installTools(ctx context.Context, dir string) error {
	if dir == "" {
		dir = filepath.Join(filepath.Dir(sh.Executable), "bin")
		if filepath.Base(filepath.Dir(sh.Executable)) == "bin" {
			dir = filepath.Dir(sh.Executable)
		}
	}
	path, err := download.OpenTofu(ctx, dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(sh.Stdout, "OpenTofu %s is at %s\n", download.OpenTofuVersion, path)
	return err
}
