package cli

import (
	"fmt"
	"io"
	"strings"

	"coderaws/internal/engine"
	"coderaws/internal/facts"

	"github.com/spf13/cobra"
)

func (sh *shell) versionCommand() *cobra.Command {
	var known bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the versions of this program and of what it works with",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if known {
				return sh.showFacts()
			}
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
	cmd.Flags().BoolVar(&known, "facts", false, "show the data that the program carries: as of when it is, until when it is good, and how it is made again")
	return cmd
}

// factLine is a data set in the JSON form.
type factLine struct {
	facts.Set
	State string `json:"state"`
}

// showFacts lists the data sets with their age.
func (sh *shell) showFacts() error {
	lines := []factLine{}
	rows := [][]string{{"facts", "as of", "good until", "state", "what"}}
	var b strings.Builder
	for _, set := range facts.Sets() {
		lines = append(lines, factLine{set, set.State(sh.Now())})
		rows = append(rows, []string{string(set.Name), set.AsOf, set.GoodUntil, set.State(sh.Now()), set.What})
		fmt.Fprintf(&b, "\n%s\n  source  %s\n  remade  %s\n", set.Name, wrap(set.Source, 110, "          "), wrap(set.Remake, 110, "          "))
	}
	if sh.output == jsonOutput {
		return sh.printJSON(map[string]any{"facts": lines})
	}
	if err := table(sh.Stdout, rows); err != nil {
		return err
	}
	_, err := io.WriteString(sh.Stdout, b.String())
	return err
}
