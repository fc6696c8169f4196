package cli

import (
	"context"
	"io"

	"coderaws/internal/diagnostic"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// ChartsResult are the charts that a deployment installs. Its JSON form only grows.
type ChartsResult struct {
	// Cache is where what is fetched is kept; "" if the system has no place for it.
	Cache   string              `json:"cache"`
	Charts  []rehearsal.Fetched `json:"charts"`
	Version int                 `json:"version"`
}

// FetchCharts fetches the charts of what is planned, so that later rehearsals need no network. Its error names those that are not at hand,
// and comes with the result.
func FetchCharts(ctx context.Context, deps *Deps, o ReportOptions) (*ChartsResult, error) {
	_, previews, err := deps.previews(ctx, o, false)
	if err != nil {
		return nil, err
	}
	where := rehearsal.ChartsOf(deps.Environ)
	result := &ChartsResult{Version: 1, Cache: where.Cache}
	if result.Charts, err = rehearsal.FetchCharts(ctx, where, previews); err != nil {
		return nil, err
	}
	if err := deps.holdCharts(o.What, result.Charts); err != nil {
		return nil, err
	}
	var missing diagnostic.List
	for _, chart := range result.Charts {
		if chart.Missing != "" {
			d := diagnostic.Errorf("the chart %s %s of %s is not at hand", chart.Chart, chart.Version, chart.Repository)
			d.Code, d.Why = "charts.missing", chart.Missing
			d.Todo = "let this machine reach the repository, or name a directory that holds the chart in " + rehearsal.ChartsVariable
			missing = append(missing, d)
		}
	}
	return result, missing.Err()
}

func (sh *shell) chartsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "charts",
		Short: "Get the Helm charts that rehearsals render",
		RunE:  group,
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "fetch DIR|PATTERN",
		Short: "Fetch the Helm charts of a deployment, so that rehearsals need no network",
		Long: `Fetch the Helm charts of a deployment, so that rehearsals need no network and render all that it installs. Charts that are at hand, in
a directory of ` + rehearsal.ChartsVariable + ` or among those that were fetched before, are not fetched again.

They are written down in charts.lock.hcl beside the settings of a deployment, and one that is another archive than that has is refused.

Exit status: 0 if all are at hand, 1 if not, 3 if one is another archive than was planned with before.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := FetchCharts(cmd.Context(), sh.deps(), ReportOptions{What: args[0]})
			return present(sh, result, err, printCharts)
		},
	})
	return cmd
}

func printCharts(w io.Writer, result *ChartsResult) error {
	rows := [][]string{}
	for _, chart := range result.Charts {
		state := "at hand"
		if chart.Missing != "" {
			state = "missing"
		}
		rows = append(rows, []string{chart.Chart, chart.Version, state, chart.Repository})
	}
	return table(w, rows)
}
