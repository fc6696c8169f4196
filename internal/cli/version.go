package cli

import (
	"fmt"

	"coderaws/internal/engine"
	"coderaws/internal/facts"

	"github.com/spf13/cobra"
)

func (sh *shell) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the versions of this program and of what it works with",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			binary, err := sh.engine(cmd.Context())
			found := fmt.Sprintf("%s %s (%s)", binary.Product, binary.Version, binary.Path)
			if err != nil {
				binary, found = engine.Binary{}, "none found"
			}
			if sh.output == jsonOutput {
				return sh.printJSON(map[string]string{
					"coderaws": version(), "engine": string(binary.Product), "engine_version": binary.Version,
					"engine_path": binary.Path, "provider_schema": "hashicorp/aws " + facts.AWSProviderVersion,
				})
			}
			return table(sh.Stdout, [][]string{
				{"coderaws", version()},
				{"engine", found},
				{"embedded AWS", "schema of hashicorp/aws " + facts.AWSProviderVersion},
			})
		},
	}
}
