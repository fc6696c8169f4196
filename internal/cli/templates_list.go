package cli

import (
	"context"
	"strconv"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// templateLine is one template in the JSON form of the command.
type templateLine struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Pushed says that Coder has a template of this name; it is left out on the sandbox.
	Pushed *bool `json:"pushed,omitempty"`
	// Users is how many people have a workspace of it; left out where Coder does not say.
	Users *int `json:"users,omitempty"`
}

func (sh *shell) templatesListCommand() *cobra.Command {
	o := templateOptions{}
	cmd := &cobra.Command{
		Use:   "list DIR",
		Short: "Show the templates that there are, and those that Coder has",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return sh.listTemplates(cmd.Context(), args[0], o) },
	}
	o.flags(cmd)
	return cmd
}

func (sh *shell) listTemplates(ctx context.Context, dir string, o templateOptions) error {
	source := sh.templateSource(o.from)
	names, err := source.names()
	if err != nil {
		return err
	}
	return sh.onTarget(ctx, dir, o.target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		i, packed, err := sh.packed(ctx, r, d, o.region, source, names, nil)
		if err != nil {
			return err
		}
		var known []coder.KnownTemplate
		if o.target == lifecycle.AWSTarget {
			if known, err = sh.knownTemplates(ctx, i); err != nil {
				return err
			}
		}
		return sh.printTemplates(o.target, templateLines(packed, known, o.target == lifecycle.AWSTarget))
	})
}

// knownTemplates are those that coderd has.
func (sh *shell) knownTemplates(ctx context.Context, i *installation) ([]coder.KnownTemplate, error) {
	steps, err := sh.firstSteps(ctx, i, noPatience)
	if err != nil {
		return nil, err
	}
	defer steps.Leave(ctx)
	if err := steps.SignIn(ctx); err != nil {
		return nil, err
	}
	known, err := steps.Client.Templates(ctx)
	return known, coder.Explain("coderd cannot be asked for its templates", err)
}

// templateLines are the templates that there are, and after them those that Coder alone has.
func templateLines(packed []*coder.Template, known []coder.KnownTemplate, asked bool) []templateLine {
	lines, at := []templateLine{}, map[string]int{}
	for _, t := range packed {
		line := templateLine{Name: t.Name, Description: t.Description}
		if asked {
			line.Pushed = new(bool)
		}
		at[t.Name] = len(lines)
		lines = append(lines, line)
	}
	for _, k := range known {
		i, has := at[k.Name]
		if !has {
			i = len(lines)
			lines = append(lines, templateLine{Name: k.Name, Description: k.DisplayName, Pushed: new(bool)})
		}
		*lines[i].Pushed = true
		if k.ActiveUserCount >= 0 {
			lines[i].Users = &k.ActiveUserCount
		}
	}
	return lines
}

func (sh *shell) printTemplates(target string, lines []templateLine) error {
	if sh.output == jsonOutput {
		return sh.printJSON(map[string]any{"version": 1, "target": target, "templates": lines})
	}
	rows := [][]string{{"TEMPLATE", "IN CODER", "USERS", ""}}
	for _, line := range lines {
		pushed, users := "not run", ""
		if line.Pushed != nil {
			pushed = "no"
			if *line.Pushed {
				pushed = "yes"
			}
		}
		if line.Users != nil {
			users = strconv.Itoa(*line.Users)
		}
		rows = append(rows, []string{line.Name, pushed, users, line.Description})
	}
	return table(sh.Stdout, rows)
}
