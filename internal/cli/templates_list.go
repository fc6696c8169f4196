package cli

import (
	"context"
	"io"
	"strconv"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// TemplatesResult are the templates that there are. Its JSON form only grows.
type TemplatesResult struct {
	Target    string          `json:"target"`
	Templates []KnownTemplate `json:"templates"`
	Version   int             `json:"version"`
}

// KnownTemplate is one template.
type KnownTemplate struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Pushed says that Coder has a template of this name; it is left out on the sandbox.
	Pushed *bool `json:"pushed,omitempty"`
	// Users is how many people have a workspace of it; left out where Coder does not say.
	Users *int `json:"users,omitempty"`
}

// ListTemplates finds the templates that there are, and those that Coder has.
func ListTemplates(ctx context.Context, deps *Deps, o TemplateOptions) (*TemplatesResult, error) {
	source := deps.templateSource(o.From)
	names, err := source.names()
	if err != nil {
		return nil, err
	}
	var result *TemplatesResult
	err = deps.onTarget(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		i, packed, err := deps.packed(ctx, r, d, o.Region, source, names, nil)
		if err != nil {
			return err
		}
		known, asked, err := knownTemplates(ctx, r, i)
		if err != nil {
			return err
		}
		result = &TemplatesResult{Version: 1, Target: o.Target, Templates: templateLines(packed, known, asked)}
		return nil
	})
	return result, err
}

func (sh *shell) templatesListCommand() *cobra.Command {
	o := TemplateOptions{}
	cmd := &cobra.Command{
		Use:   "list DIR",
		Short: "Show the templates that there are, and those that Coder has",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			result, err := ListTemplates(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printTemplates)
		},
	}
	o.flags(cmd)
	return cmd
}

// knownTemplates are those that coderd has; asked is false where none runs.
func knownTemplates(ctx context.Context, r *lifecycle.Runner, i *lifecycle.Installation) (known []coder.KnownTemplate,
	asked bool, err error) {
	steps, err := r.Target.Coder(ctx, i, 0)
	if err != nil || steps == nil {
		return nil, false, err
	}
	defer steps.Leave(ctx)
	if err := steps.SignIn(ctx); err != nil {
		return nil, true, err
	}
	known, err = steps.Client.Templates(ctx)
	return known, true, coder.Explain("coderd cannot be asked for its templates", err)
}

// templateLines are the templates that there are, and after them those that Coder alone has.
func templateLines(packed []*coder.Template, known []coder.KnownTemplate, asked bool) []KnownTemplate {
	lines, at := []KnownTemplate{}, map[string]int{}
	for _, t := range packed {
		line := KnownTemplate{Name: t.Name, Description: t.Description}
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
			lines = append(lines, KnownTemplate{Name: k.Name, Description: k.DisplayName, Pushed: new(bool)})
		}
		*lines[i].Pushed = true
		if k.ActiveUserCount >= 0 {
			lines[i].Users = &k.ActiveUserCount
		}
	}
	return lines
}

func printTemplates(w io.Writer, result *TemplatesResult) error {
	rows := [][]string{{"TEMPLATE", "IN CODER", "USERS", ""}}
	for _, line := range result.Templates {
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
	return table(w, rows)
}
