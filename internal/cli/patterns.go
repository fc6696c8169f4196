package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"
)

// patternLine is one pattern in the JSON form of the command.
type patternLine struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Summary  string   `json:"summary"`
	Region   string   `json:"region"`
	Features []string `json:"features"`
	// Figures are what the pattern comes to; nil if that is not known.
	Figures *patternFigure `json:"figures,omitempty"`
}

func (sh *shell) patternsCommand() *cobra.Command {
	var plan bool
	cmd := &cobra.Command{
		Use:   "patterns",
		Short: "Show the patterns that a deployment can start from",
		Long: `Show the patterns that a deployment can start from, and what they come to with their settings as they are written: zones, workspaces at once,
the cost of an average month in US dollars, and how long AWS takes to make them. The figures were found when the program was built; --plan finds
them anew, also with --source. "coderaws cost PATTERN" says what is in a cost, and what was assumed.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return sh.patterns(cmd.Context(), plan) },
	}
	cmd.Flags().BoolVar(&plan, "plan", false, "plan each pattern on the embedded AWS now, some seconds for each, to find its figures anew")
	return cmd
}

func (sh *shell) patterns(ctx context.Context, plan bool) error {
	found, err := deployment.Patterns(sh.Source)
	if err != nil {
		return err
	}
	figures, err := sh.allFigures(ctx, found, plan)
	if err != nil {
		return err
	}
	lines := []patternLine{}
	for _, p := range found {
		region, findings := p.Check()
		if err := invalid(findings); err != nil {
			return err
		}
		line := patternLine{Name: p.Name, Title: p.Title, Summary: p.Summary, Region: region.Name, Features: append([]string{}, region.Features()...)}
		if figure, ok := figures[p.Name]; ok {
			line.Figures = &figure
		}
		lines = append(lines, line)
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
	if len(figures) > 0 {
		if err := sh.printFigures(lines); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(sh.Stdout, "Rehearse one: coderaws rehearse NAME. Start from one: coderaws init DIR --pattern NAME.")
	return err
}

// allFigures are what patterns come to, by name. Those that the program carries have figures of their own; others are known only if they are planned.
func (sh *shell) allFigures(ctx context.Context, found []deployment.Pattern, plan bool) (map[string]patternFigure, error) {
	if !plan {
		if sh.sourceDir != "" {
			return nil, nil
		}
		return builtInFigures()
	}
	book, err := sh.priceBook("")
	if err != nil {
		return nil, err
	}
	figures := map[string]patternFigure{}
	for _, p := range found {
		if figures[p.Name], err = sh.figures(ctx, p, book); err != nil {
			return nil, err
		}
	}
	return figures, nil
}

// printFigures compares patterns, one line for each.
func (sh *shell) printFigures(lines []patternLine) error {
	rows := [][]string{{"", "zones", "workspaces", "idle", "office hours", "always", "made in"}}
	for _, line := range lines {
		if f := line.Figures; f != nil {
			rows = append(rows, []string{
				line.Name, strconv.Itoa(f.Zones), grouped(f.Workspaces), dollars(f.Idle), dollars(f.Office), dollars(f.Always), duration(f.Seconds),
			})
		}
	}
	var b strings.Builder
	alignedTable(&b, rows, 1, 2, 3, 4, 5, 6)
	b.WriteString("\n  Idle, office hours and always are what an average month costs with nobody there, with the load of a working week, and with\n" +
		"  all workspaces at all hours, on assumptions: `coderaws cost NAME --assumptions`.\n\n")
	_, err := io.WriteString(sh.Stdout, b.String())
	return err
}

// dollars writes an amount for comparing, without cents.
func dollars(amount string) string {
	exact, err := decimal.NewFromString(amount)
	if err != nil {
		return amount
	}
	return pricing.Thousands(exact.Round(0).String()) + " USD"
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
