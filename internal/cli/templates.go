package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// templatesDir is where the program carries templates, and usualTemplate the one for most work.
const (
	templatesDir  = "templates"
	usualTemplate = "kubernetes"
)

// templateOptions are the flags of the commands about templates.
type templateOptions struct {
	target, region string
	// from is a directory with templates below it; empty for those that the program carries.
	from      string
	variables []string
	overwrite bool
}

func (sh *shell) templatesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "templates",
		Short: "Show and push workspace templates",
		Args:  cobra.ArbitraryArgs,
		RunE:  group,
	}
	cmd.AddCommand(sh.templatesListCommand(), sh.templatesPushCommand())
	return cmd
}

func (o *templateOptions) flags(cmd *cobra.Command) {
	targetFlag(cmd, &o.target)
	cmd.Flags().StringVar(&o.region, "region", "", "the region, where there is a Coder in several")
	cmd.Flags().StringVar(&o.from, "from", "", "take templates from the directories below this one, not those that the program carries")
}

func (sh *shell) templatesPushCommand() *cobra.Command {
	o := templateOptions{}
	cmd := &cobra.Command{
		Use:   "push DIR [NAME...]",
		Short: "Give Coder workspace templates, or new versions of them",
		Long: `Give Coder workspace templates, or new versions of them: each is uploaded, imported by a provisioner, and then made the one that new
workspaces get. Without a NAME it is kubernetes; with --from, all that are there.

Their variables are set from the platform stack's output templates (namespace, nodes, storage class, sizes), and from --var. A version is
named for its content, so that pushing the same again changes nothing, and a push that was interrupted goes on.

A template whose active version somebody made in Coder is left alone, unless --overwrite says otherwise.

coderaws signs in as the owner that it made, or with a token in CODER_SESSION_TOKEN. On --target sandbox no Coder runs: the templates are
packed, and it is shown what would be pushed.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return sh.pushTemplates(cmd.Context(), args[0], args[1:], o)
		},
	}
	o.flags(cmd)
	cmd.Flags().StringArrayVar(&o.variables, "var", nil, "a variable of the templates that declare it, as NAME=VALUE; repeatable")
	cmd.Flags().BoolVar(&o.overwrite, "overwrite", false, "replace versions that were made in Coder")
	return cmd
}

// pushLine is one template in the JSON form of the command.
type pushLine struct {
	coder.Pushed
	Variables map[string]string `json:"variables"`
}

// packed are templates for the Coder of one region, with what they need to know of it.
func (sh *shell) packed(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, region string, source templateSource, names []string,
	given map[string]string,
) (*installation, []*coder.Template, error) {
	all, err := sh.installed(ctx, r, d)
	if err != nil {
		return nil, nil, err
	}
	i, err := only(all, region)
	if err != nil {
		return nil, nil, err
	}
	packed, err := pack(source, names, i, given)
	return i, packed, err
}

func (sh *shell) pushTemplates(ctx context.Context, dir string, names []string, o templateOptions) error {
	given, err := given(o.variables)
	if err != nil {
		return err
	}
	source, names, err := sh.templateNames(names, o.from)
	if err != nil {
		return err
	}
	return sh.onTarget(ctx, dir, o.target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		i, packed, err := sh.packed(ctx, r, d, o.region, source, names, given)
		if err != nil {
			return err
		}
		if o.target != lifecycle.AWSTarget {
			return sh.printPushes(o.target, unpushed(packed), packed)
		}
		steps, err := sh.firstSteps(ctx, i, somePatience)
		if err != nil {
			return err
		}
		defer steps.Leave(ctx)
		if err := steps.SignIn(ctx); err != nil {
			return err
		}
		pushes := []coder.Pushed{}
		for _, t := range packed {
			pushed, err := steps.Client.Push(ctx, t, coder.PushOptions{Overwrite: o.overwrite, Log: sh.importLog(t.Name)})
			if err != nil {
				return err
			}
			pushes = append(pushes, pushed)
		}
		return sh.printPushes(o.target, pushes, packed)
	})
}

// importLog shows what a provisioner says while it imports; scripts get the end alone.
func (sh *shell) importLog(name string) func(coder.LogLine) {
	if sh.output == jsonOutput {
		return nil
	}
	stage := ""
	return func(line coder.LogLine) {
		if line.Stage != stage {
			stage = line.Stage
			fmt.Fprintf(sh.Stderr, "%s: %s\n", name, stage)
		}
	}
}

// unpushed is what a push would come to.
func unpushed(packed []*coder.Template) []coder.Pushed {
	pushes := []coder.Pushed{}
	for _, t := range packed {
		pushes = append(pushes, coder.Pushed{Template: t.Name, Version: t.Version(), Outcome: string(coder.Later)})
	}
	return pushes
}

func (sh *shell) printPushes(target string, pushes []coder.Pushed, packed []*coder.Template) error {
	if sh.output == jsonOutput {
		lines := []pushLine{}
		for i, p := range pushes {
			lines = append(lines, pushLine{p, packed[i].Variables})
		}
		return sh.printJSON(map[string]any{"version": 1, "target": target, "templates": lines})
	}
	rows := [][]string{{"TEMPLATE", "VERSION", "OUTCOME", "VARIABLES SET"}}
	for i, p := range pushes {
		var set []string
		for _, name := range packed[i].Declares {
			if _, has := packed[i].Variables[name]; has {
				set = append(set, name)
			}
		}
		rows = append(rows, []string{p.Template, p.Version, p.Outcome, strings.Join(set, ", ")})
	}
	return table(sh.Stdout, rows)
}

// given reads NAME=VALUE.
func given(variables []string) (map[string]string, error) {
	values := map[string]string{}
	for _, v := range variables {
		name, value, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			d := diagnostic.Errorf("--var %s has no value", v)
			d.Code, d.Todo = "usage", "write it as --var NAME=VALUE; lists and objects as JSON"
			return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
		values[name] = value
	}
	return values, nil
}

// templateSource is where templates are: in the directories below one.
type templateSource struct {
	fs.FS
	below string
}

// templateSource is a directory of the user's, or what the program carries.
func (sh *shell) templateSource(from string) templateSource {
	if from == "" {
		return templateSource{sh.Source, templatesDir}
	}
	return templateSource{os.DirFS(from), "."}
}

// templateNames finds the templates that are meant: all names must be there, and without any there is a usual choice.
func (sh *shell) templateNames(names []string, from string) (templateSource, []string, error) {
	source := sh.templateSource(from)
	there, err := source.names()
	if err != nil {
		return source, nil, err
	}
	if len(names) == 0 {
		if names = []string{usualTemplate}; from != "" {
			names = there
		}
	}
	for _, name := range names {
		if !contains(there, name) {
			d := diagnostic.Errorf("there is no template %q", name)
			d.Code, d.Why, d.Todo = "coder.template", "there are "+strings.Join(there, ", "), "name one of them, or a directory with others: --from DIR"
			return source, nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
	}
	return source, names, nil
}

// names lists the directories that hold templates.
func (s templateSource) names() ([]string, error) {
	files, err := fs.Glob(s, path.Join(s.below, "*", "*.tf"))
	var names []string
	for _, file := range files {
		if name := path.Base(path.Dir(file)); !contains(names, name) && !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	if err != nil || len(names) == 0 {
		d := diagnostic.Errorf("there are no templates")
		d.Code, d.Why, d.Todo = "coder.template", "no directory where they should be holds a .tf file", "name the directory that holds the templates' directories: --from DIR"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	return names, nil
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// pack packs templates, with the values of their variables.
func pack(source templateSource, names []string, i *installation, given map[string]string) ([]*coder.Template, error) {
	known, err := i.templateValues()
	if err != nil {
		return nil, err
	}
	for name, value := range given {
		known[name] = value
	}
	declared := map[string]bool{}
	var packed []*coder.Template
	for _, name := range names {
		t, err := coder.Pack(source, path.Join(source.below, name), name)
		if err != nil {
			return nil, err
		}
		t.Variables = map[string]string{}
		for _, variable := range t.Declares {
			declared[variable] = true
			if value, has := known[variable]; has {
				t.Variables[variable] = value
			}
		}
		packed = append(packed, t)
	}
	for name := range given {
		if !declared[name] {
			d := diagnostic.Errorf("none of the templates has a variable %q", name)
			d.Code, d.Todo = "coder.template", "see the variables in the template's README.md"
			return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
		}
	}
	return packed, nil
}

// templateValues are the values that the deployment has for variables of templates: texts as they are, all else as JSON, which is how
// Terraform reads values of variables.
func (i *installation) templateValues() (map[string]string, error) {
	values := map[string]string{"region": i.Region}
	var output map[string]json.RawMessage
	if err := json.Unmarshal(i.templates, &output); err != nil {
		return nil, fmt.Errorf("the platform stack's output templates: %w", err)
	}
	for name, value := range output {
		var text string
		if json.Unmarshal(value, &text) == nil {
			values[name] = text
			continue
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, value); err != nil {
			return nil, fmt.Errorf("the platform stack's output templates: %w", err)
		}
		values[name] = compact.String()
	}
	return values, nil
}
