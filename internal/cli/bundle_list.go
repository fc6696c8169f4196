package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"coderaws/internal/bundle"

	"github.com/spf13/cobra"
)

// NeedsResult is what a deployment and its templates need from outside. Its JSON form only grows.
type NeedsResult struct {
	bundle.Contents
	// Unrendered are the releases whose charts are not at hand, so that their images are known as far as the stack names them.
	Unrendered []string `json:"not_rendered"`
	Version    int      `json:"version"`
}

// ListNeeds names everything that a deployment and its templates need from outside.
func ListNeeds(ctx context.Context, deps *Deps, o NeedsOptions) (*NeedsResult, error) {
	n, err := deps.needs(ctx, o)
	if err != nil {
		return nil, err
	}
	return &NeedsResult{Contents: n.Contents, Unrendered: append([]string{}, n.unrendered...), Version: 1}, nil
}

func (sh *shell) bundleListCommand() *cobra.Command {
	o := NeedsOptions{}
	cmd := &cobra.Command{
		Use:   "list DIR|PATTERN",
		Short: "Name what a deployment and its templates need from outside, and where each was found",
		Long: `Name every image, chart, Terraform provider and module that a deployment and its templates need from outside, and where each was found.
The deployment is made on the embedded AWS, and its charts are rendered; templates are read as they are written, so that an image whose name
they put together is not found.

What AWS itself provides is not listed: images of EKS's add-ons and of nodes come through the endpoints.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sh.patternNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.What = args[0]
			result, err := ListNeeds(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printNeeds)
		},
	}
	o.flags(cmd)
	return cmd
}

func printNeeds(w io.Writer, result *NeedsResult) error {
	rows := [][]string{{"KIND", "WHAT", "FOUND IN"}}
	for _, image := range result.Images {
		rows = append(rows, []string{"image", image.Reference, found(image.Places)})
	}
	for _, chart := range result.Charts {
		what := fmt.Sprintf("%s %s of %s", chart.Name, chart.Version, chart.Repository)
		if chart.Missing != "" {
			what += " (not at hand)"
		}
		rows = append(rows, []string{"chart", what, found(chart.Places)})
	}
	for _, provider := range result.Providers {
		what := provider.Source + " " + strings.Join(provider.Versions, ", ")
		if provider.Locked != "" {
			what += " (locked to " + provider.Locked + ")"
		}
		rows = append(rows, []string{"provider", what, found(provider.Places)})
	}
	for _, module := range result.Modules {
		rows = append(rows, []string{"module", strings.TrimSpace(module.Source + " " + module.Version), found(module.Places)})
	}
	if err := table(w, rows); err != nil {
		return err
	}
	if len(result.Unrendered) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nNot rendered, as the chart is not at hand: %s. Of their images those are listed that the stack names.\n",
		strings.Join(result.Unrendered, ", "))
	return err
}

// found says where something was found: the first place, and how many more.
func found(places []string) string {
	if len(places) <= 1 {
		return strings.Join(places, "")
	}
	return fmt.Sprintf("%s and %s", places[0], plural(len(places)-1, "other place"))
}
