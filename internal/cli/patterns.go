package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/facts"
	"coderaws/internal/pricing"
	"coderaws/internal/versions"

	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"
)

// PatternsOptions are how the figures of patterns are found.
type PatternsOptions struct {
	// Plan plans each pattern now, some seconds for each, to find its figures anew.
	Plan bool
}

// PatternsResult are the patterns that a deployment can start from. Its JSON form only grows.
type PatternsResult struct {
	Patterns []PatternSummary `json:"patterns"`
}

// PatternSummary is one pattern.
type PatternSummary struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Summary string `json:"summary"`
	Region  string `json:"region"`
	// Regions are all that the pattern has, the first of which is Region.
	Regions  []string `json:"regions"`
	Features []string `json:"features"`
	// Figures are what the pattern comes to; nil if that is not known.
	Figures *PatternFigure `json:"figures,omitempty"`
}

// Patterns lists the patterns that a deployment can start from, with what they come to.
func Patterns(ctx context.Context, deps *Deps, o PatternsOptions) (*PatternsResult, error) {
	found, err := deployment.Patterns(deps.Source)
	if err != nil {
		return nil, err
	}
	figures, err := deps.allFigures(ctx, found, o.Plan)
	if err != nil {
		return nil, err
	}
	if !o.Plan && len(figures) > 0 {
		deps.warn(versions.Stale(deps.Now(), facts.PatternFigures))
	}
	result := &PatternsResult{Patterns: []PatternSummary{}}
	for _, p := range found {
		d, findings := p.Deployment("")
		if err := invalid(findings); err != nil {
			return nil, err
		}
		line := PatternSummary{Name: p.Name, Title: p.Title, Summary: p.Summary, Features: []string{}}
		for _, region := range d.InOrder() {
			line.Regions = append(line.Regions, region.Name)
			for _, feature := range region.Features() {
				if !slices.Contains(line.Features, feature) {
					line.Features = append(line.Features, feature)
				}
			}
		}
		line.Region = line.Regions[0]
		if figure, ok := figures[p.Name]; ok {
			line.Figures = &figure
		}
		result.Patterns = append(result.Patterns, line)
	}
	return result, nil
}

func (sh *shell) patternsCommand() *cobra.Command {
	var o PatternsOptions
	cmd := &cobra.Command{
		Use:   "patterns",
		Short: "Show the patterns that a deployment can start from",
		Long: `Show the patterns that a deployment can start from, and what they come to with their settings as they are written: zones, workspaces at once,
the cost of an average month in US dollars, and how long AWS takes to make them. The figures were found when the program was built; --plan finds
them anew, also with --source. "coderaws cost PATTERN" says what is in a cost, and what was assumed.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			result, err := Patterns(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printPatterns)
		},
	}
	cmd.Flags().BoolVar(&o.Plan, "plan", false, "plan each pattern on the embedded AWS now, some seconds for each, to find its figures anew")
	return cmd
}

func printPatterns(w io.Writer, result *PatternsResult) error {
	known := false
	for _, line := range result.Patterns {
		features := strings.Join(line.Features, ", ")
		if features == "" {
			features = "none"
		}
		regions := "region as written: " + line.Region
		if len(line.Regions) > 1 {
			regions = "regions as written: " + strings.Join(line.Regions, ", ")
		}
		if _, err := fmt.Fprintf(w, "%s\n  %s\n  %s\n  %s; features: %s\n\n", line.Name,
			wrap(line.Title, 110, "  "), wrap(line.Summary, 110, "  "), regions, features); err != nil {
			return err
		}
		known = known || line.Figures != nil
	}
	if known {
		if err := printFigures(w, result.Patterns); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, "Rehearse one: coderaws rehearse NAME. Start from one: coderaws init DIR --pattern NAME.")
	return err
}

// allFigures are what patterns come to, by name. Those that the program carries have figures of their own; others are known only if they
// are planned.
func (deps *Deps) allFigures(ctx context.Context, found []deployment.Pattern, plan bool) (map[string]PatternFigure, error) {
	if !plan {
		if deps.OwnSource {
			return nil, nil
		}
		return builtInFigures()
	}
	book, err := deps.priceBook("")
	if err != nil {
		return nil, err
	}
	figures := map[string]PatternFigure{}
	for _, p := range found {
		if figures[p.Name], err = deps.figures(ctx, p, book); err != nil {
			return nil, err
		}
	}
	return figures, nil
}

// printFigures compares patterns, one line for each.
func printFigures(w io.Writer, lines []PatternSummary) error {
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
	b.WriteString("\n  Idle, office hours and always are what an average month costs with nobody there, with the load of a working " +
		"week, and with\n" +
		"  all workspaces at all hours, on assumptions: `coderaws cost NAME --assumptions`.\n\n")
	_, err := io.WriteString(w, b.String())
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
