package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
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

// TemplateOptions are which templates are meant, and for which Coder.
type TemplateOptions struct {
	// Dir is the deployment's directory, and Target where it lives.
	Dir, Target string
	// Region is the one that is meant; "" where there is a Coder in one alone.
	Region string
	// From is a directory with templates below it; empty for those that the program carries.
	From string
	// Names are those to push; without any there is a usual choice.
	Names []string
	// Variables are set as NAME=VALUE, in the templates that declare them.
	Variables []string
	// Overwrite replaces versions that were made in Coder.
	Overwrite bool
	// Log is shown what a provisioner says while it imports a template; nil shows nothing.
	Log func(template string, line coder.LogLine)
}

// PushResult is what became of templates. Its JSON form only grows.
type PushResult struct {
	Target    string           `json:"target"`
	Templates []PushedTemplate `json:"templates"`
	Version   int              `json:"version"`
}

// PushedTemplate is what became of one template.
type PushedTemplate struct {
	coder.Pushed
	Variables map[string]string `json:"variables"`
	// Set are the variables that got a value, in the order in which the template declares them.
	Set []string `json:"-"`
}

// PushTemplates gives Coder workspace templates, or new versions of them.
func PushTemplates(ctx context.Context, deps *Deps, o TemplateOptions) (*PushResult, error) {
	given, err := given(o.Variables)
	if err != nil {
		return nil, err
	}
	source, names, err := deps.templateNames(o.Names, o.From)
	if err != nil {
		return nil, err
	}
	var result *PushResult
	err = deps.onTarget(ctx, o.Dir, o.Target, func(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) error {
		i, packed, err := deps.packed(ctx, r, d, o.Region, source, names, given)
		if err != nil {
			return err
		}
		pushes, err := push(ctx, r, i, packed, o)
		if err != nil {
			return err
		}
		result = &PushResult{Version: 1, Target: o.Target, Templates: []PushedTemplate{}}
		for i, p := range pushes {
			result.Templates = append(result.Templates, PushedTemplate{p, packed[i].Variables, variablesSet(packed[i])})
		}
		return nil
	})
	return result, err
}

// push pushes templates; where no coderd runs, it says what a push would come to.
func push(ctx context.Context, r *lifecycle.Runner, i *lifecycle.Installation, packed []*coder.Template, o TemplateOptions) ([]coder.Pushed,
	error) {
	steps, err := r.Target.Coder(ctx, i, lifecycle.SomePatience)
	if err != nil {
		return nil, err
	}
	if steps == nil {
		return unpushed(packed), nil
	}
	defer steps.Leave(ctx)
	if err := steps.SignIn(ctx); err != nil {
		return nil, err
	}
	pushes := []coder.Pushed{}
	for _, t := range packed {
		options := coder.PushOptions{Overwrite: o.Overwrite}
		if o.Log != nil {
			options.Log = func(line coder.LogLine) { o.Log(t.Name, line) }
		}
		pushed, err := steps.Client.Push(ctx, t, options)
		if err != nil {
			return nil, err
		}
		pushes = append(pushes, pushed)
	}
	return pushes, nil
}

// variablesSet are the variables of a template that got a value.
func variablesSet(t *coder.Template) []string {
	var set []string
	for _, name := range t.Declares {
		if _, has := t.Variables[name]; has {
			set = append(set, name)
		}
	}
	return set
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

func (o *TemplateOptions) flags(cmd *cobra.Command) {
	targetFlag(cmd, &o.Target)
	cmd.Flags().StringVar(&o.Region, "region", "", "the region, where there is a Coder in several")
	cmd.Flags().StringVar(&o.From, "from", "", "take templates from the directories below this one, not those that the program carries")
}

func (sh *shell) templatesPushCommand() *cobra.Command {
	o := TemplateOptions{}
	cmd := &cobra.Command{
		Use:   "push DIR [NAME...]",
		Short: "Give Coder workspace templates, or new versions of them",
		Long: `Give Coder workspace templates, or new versions of them: each is uploaded, imported by a provisioner, and then made the one that new
workspaces get. Without a NAME it is kubernetes; with --from, all that are there.

Their variables are set from the platform stack's output templates (namespace, nodes, storage class, sizes), and from --var. A version is
named for its content, so that pushing the same again changes nothing, and a push that was interrupted goes on.

Where one Coder serves several regions, templates with a variable "regions" let people choose one. Each must have a provisioner that is
connected: a build for one without would wait for ever.

A template whose active version somebody made in Coder is left alone, unless --overwrite says otherwise.

coderaws signs in as the owner that it made, or with a token in CODER_SESSION_TOKEN. On --target sandbox no Coder runs: the templates are
packed, and it is shown what would be pushed.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir, o.Names, o.Log = args[0], args[1:], sh.importLog()
			result, err := PushTemplates(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printPushes)
		},
	}
	o.flags(cmd)
	cmd.Flags().StringArrayVar(&o.Variables, "var", nil, "a variable of the templates that declare it, as NAME=VALUE; repeatable")
	cmd.Flags().BoolVar(&o.Overwrite, "overwrite", false, "replace versions that were made in Coder")
	return cmd
}

// packed are templates for the Coder of one region, with what they need to know of it.
func (deps *Deps) packed(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, region string, source templateSource,
	names []string,
	given map[string]string,
) (*lifecycle.Installation, []*coder.Template, error) {
	all, err := deps.installed(ctx, r, d)
	if err != nil {
		return nil, nil, err
	}
	s, err := coderOf(d, all, region)
	if err != nil {
		return nil, nil, err
	}
	packed, err := pack(source, names, s, given)
	return s.coder, packed, err
}

// importLog shows what a provisioner says while it imports; scripts get the end alone.
func (sh *shell) importLog() func(string, coder.LogLine) {
	if sh.output == jsonOutput {
		return nil
	}
	shown := ""
	return func(template string, line coder.LogLine) {
		if stage := template + ": " + line.Stage; stage != shown {
			shown = stage
			fmt.Fprintln(sh.messages(), stage)
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

func printPushes(w io.Writer, result *PushResult) error {
	rows := [][]string{{"TEMPLATE", "VERSION", "OUTCOME", "VARIABLES SET"}}
	for _, p := range result.Templates {
		rows = append(rows, []string{p.Template, p.Version, p.Outcome, strings.Join(p.Set, ", ")})
	}
	return table(w, rows)
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
func (deps *Deps) templateSource(from string) templateSource {
	if from == "" {
		return templateSource{deps.Source, templatesDir}
	}
	return templateSource{os.DirFS(from), "."}
}

// templateNames finds the templates that are meant: all names must be there, and without any there is a usual choice.
func (deps *Deps) templateNames(names []string, from string) (templateSource, []string, error) {
	source := deps.templateSource(from)
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
			d.Code, d.Why, d.Todo = "coder.template", "there are "+strings.Join(there, ", "),
				"name one of them, or a directory with others: --from DIR"
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
		d.Code, d.Why, d.Todo = "coder.template", "no directory where they should be holds a .tf file",
			"name the directory that holds the templates' directories: --from DIR"
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
func pack(source templateSource, names []string, s served, given map[string]string) ([]*coder.Template, error) {
	known, err := templateValues(s.coder)
	if err != nil {
		return nil, err
	}
	regions, err := s.regionValue(given)
	if err != nil {
		return nil, err
	}
	if regions != "" {
		known[regionsVariable] = regions
	}
	for name, value := range given {
		known[name] = value
	}
	declared := map[string]bool{}
	var packed []*coder.Template
	for _, name := range names {
		t, err := packFor(source, path.Join(source.below, name), name, known)
		if err != nil {
			return nil, err
		}
		for _, variable := range t.Declares {
			declared[variable] = true
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
func templateValues(i *lifecycle.Installation) (map[string]string, error) {
	values := map[string]string{"region": i.Region}
	var output map[string]json.RawMessage
	if err := json.Unmarshal(i.Templates, &output); err != nil {
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
