package cli

import (
	"fmt"
	"strings"

	"coderaws/internal/deployment"

	"github.com/spf13/cobra"
)

// patternLine is one pattern in the JSON form of the command.
type patternLine struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Summary  string   `json:"summary"`
	Region   string   `json:"region"`
	Features []string `json:"features"`
}

func (sh *shell) patternsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "patterns",
		Short: "Show the patterns that a deployment can start from",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return sh.patterns() },
	}
}

func (sh *shell) patterns() error {
	found, err := deployment.Patterns(sh.Source)
	if err != nil {
		return err
	}
	lines := []patternLine{}
	for _, p := range found {
		region, findings := p.Check()
		if err := invalid(findings); err != nil {
			return err
		}
		lines = append(lines, patternLine{p.Name, p.Title, p.Summary, region.Name, append([]string{}, region.Features()...)})
	}
	if sh.output == jsonOutput {
		return sh.printJSON(map[string]any{"patterns": lines})
	}
	for _, line := range lines {
		features := strings.Join(line.Features, ", ")
		if features == "" {
			features = "none"
		}
		if _, err := fmt.Fprintf(sh.Stdout, "%s\n  %s\n  %s\n  region as written: %s; features: %s\n\n", line.Name,
			wrap(line.Title, 110, "  "), wrap(line.Summary, 110, "  "), line.Region, features); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(sh.Stdout, "Rehearse one: coderaws rehearse NAME. Start from one: coderaws init DIR --pattern NAME.")
	return err
}

// patternNames completes the names of patterns in the shell.
func (sh *shell) patternNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	found, err := deployment.Patterns(sh.Source)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, p := range found {
		names = append(names, p.Name+"\t"+p.Title)
	}
	return names, cobra.ShellCompDirectiveDefault
}
