package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"
	"coderaws/internal/nearest"
	"coderaws/internal/spot"

	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
)

// InitOptions are what a deployment begins with.
type InitOptions struct {
	// Dir is the directory to make.
	Dir string
	// Pattern is the name of the pattern to start from.
	Pattern string
	// Answers are settings of the user's own, by name.
	Answers deployment.Answers
	// Ask completes the answers; nil asks nobody.
	Ask func(deployment.Pattern, deployment.Answers) error
	// Size says for how many workspaces the settings are to be; with none they stay the pattern's.
	Size SizeOptions
}

// InitResult is the deployment that was begun. Its JSON form only grows.
type InitResult struct {
	Dir     string `json:"dir"`
	Version int    `json:"version"`
	// Size is what was chosen for the number of workspaces; left out if none was asked for.
	Size *SizeResult `json:"size,omitempty"`
}

// Init makes a deployment directory from a pattern.
func Init(ctx context.Context, deps *Deps, o InitOptions) (*InitResult, error) {
	pattern, err := deployment.FindPattern(deps.Source, o.Pattern)
	if err != nil {
		return nil, exitOr(diagnostic.ExitInvalid, err)
	}
	answers := deployment.Answers{}
	maps.Copy(answers, o.Answers)
	o.Answers = answers
	if o.Ask != nil {
		if err := o.Ask(pattern, o.Answers); err != nil {
			return nil, err
		}
	}
	settings, err := regional(pattern, o.Answers)
	if err != nil {
		return nil, err
	}
	result := &InitResult{Version: 1, Dir: o.Dir}
	if o.Size.Workspaces > 0 {
		if len(pattern.Files) > 1 {
			return nil, diagnostic.WithExit(diagnostic.ExitInvalid, severalRegions(pattern))
		}
		chosen, err := deps.sizedPattern(ctx, pattern, o, settings, result)
		if err != nil {
			return nil, err
		}
		settings = append(settings, chosen...)
	}
	if err := deployment.Init(o.Dir, pattern, o.Answers, settings...); err != nil {
		return nil, exitOr(diagnostic.ExitInvalid, err)
	}
	if result.Size != nil {
		result.Size.Written, result.Size.File = true, filepath.Join(o.Dir, filepath.Base(result.Size.File))
	}
	return result, nil
}

// severalRegions says that a pattern is not made for a number of workspaces.
func severalRegions(pattern deployment.Pattern) error {
	d := diagnostic.Errorf("the pattern %s is not sized: it has %d regions", pattern.Name, len(pattern.Files))
	d.Code, d.Why = "usage", "a number of workspaces does not say how many people work in which region"
	d.Todo = "leave --workspaces, --budget and --spot out, and set max_workspaces and the node groups in the file of each region; " +
		"`coderaws capacity` says what they hold"
	return d
}

// sizedPattern finds the settings of a pattern for so many workspaces.
func (deps *Deps) sizedPattern(ctx context.Context, pattern deployment.Pattern, o InitOptions, settings []deployment.Assignment,
	result *InitResult) ([]deployment.Assignment, error) {
	dir, remove, err := deps.scratch()
	if err != nil {
		return nil, err
	}
	defer remove()
	if err := deployment.Init(dir, pattern, o.Answers, settings...); err != nil {
		return nil, exitOr(diagnostic.ExitInvalid, err)
	}
	o.Size.Dir = dir
	best, found, err := deps.size(ctx, o.Size)
	if err != nil {
		return nil, err
	}
	result.Size = found
	return best.settings, nil
}

// regional is what the answers do not say and the region decides: instance types that it sells, and its clock. It refuses a region that
// there is not, and fills in the answer for the clock.
func regional(pattern deployment.Pattern, answers deployment.Answers) ([]deployment.Assignment, error) {
	d, _ := pattern.Deployment("")
	if d == nil || len(d.Regions) > 1 {
		return nil, nil // what is wrong with it, the deployment says; and several regions are as they are
	}
	written := &d.Regions[0]
	region := answers["region"]
	if region == "" {
		region = written.Name
	}
	if facts.RegionName(region) == "" {
		d := diagnostic.Errorf("AWS has no region %s", region)
		d.Code, d.Why = "deployment.invalid_answer", "neither is it among the regions that are known, nor has it the form of a new one"
		d.Todo = "Give another region."
		if near := nearest.Name(region, facts.Regions()); near != "" {
			d.Todo = fmt.Sprintf("Did you mean %s?", near)
		}
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	if questions, err := pattern.Questions(); err == nil && answers["timezone"] == "" &&
		slices.ContainsFunc(questions, func(q deployment.Question) bool { return q.Setting == "timezone" }) {
		answers["timezone"] = facts.Timezone(region)
	}
	var settings []deployment.Assignment
	for _, kind := range []string{"control", "provisioner", "workspace"} {
		path := "node_groups." + kind + ".instance_types"
		types := textsOf(written.Value(path))
		sold := spot.Sold(types, region, kind == "workspace" && slices.Contains(written.Features(), "spot_workspaces"))
		if !slices.Equal(sold, types) {
			settings = append(settings, deployment.Assignment{Setting: path, Value: listOf(sold)})
		}
	}
	return settings, nil
}

// textsOf are the texts of a list; none if it is none.
func textsOf(list cty.Value) []string {
	if list == cty.NilVal || list.IsNull() || !list.CanIterateElements() {
		return nil
	}
	var texts []string
	for _, value := range list.AsValueSlice() {
		if value.Type() == cty.String && !value.IsNull() {
			texts = append(texts, value.AsString())
		}
	}
	return texts
}

func listOf(texts []string) cty.Value {
	values := make([]cty.Value, len(texts))
	for i, text := range texts {
		values[i] = cty.StringVal(text)
	}
	return cty.TupleVal(values)
}

func (sh *shell) initCommand() *cobra.Command {
	o := InitOptions{Answers: deployment.Answers{}}
	cmd := &cobra.Command{
		Use:   "init DIR --pattern NAME",
		Short: "Make a deployment directory from a pattern",
		Long: `Make a deployment directory from a pattern: one annotated <region>.tfvars for each of its regions, and a .gitignore. On a terminal it asks
for what was not given with flags. Nothing is overwritten. Instance types that the region does not sell are replaced by like ones that it
does; a pattern of several regions stays in these.

With --workspaces N it chooses the settings that hold N workspaces at once at least cost, as ` + "`coderaws size`" + ` does;
--budget refuses what costs more.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Pattern == "" {
				return usage(cmd, errors.New("init needs --pattern; `coderaws patterns` lists them"))
			}
			o.Dir = args[0]
			if cmd.Flags().Changed("workspaces") || o.Size.Budget != "" || o.Size.Spot != "" {
				if err := o.Size.complete(); err != nil {
					return usage(cmd, err)
				}
			}
			if sh.isTerminal(sh.Stdin) && sh.isTerminal(sh.Stderr) {
				o.Ask = sh.ask
			}
			result, err := Init(cmd.Context(), sh.deps(), o)
			return present(sh, result, err, printInit)
		},
	}
	cmd.Flags().StringVarP(&o.Pattern, "pattern", "p", "", "the pattern to start from")
	for setting, help := range map[string]string{
		"domain":          "the domain name under which Coder is served, such as coder.example.com",
		"region":          "the AWS region",
		"name":            "the name of the deployment, which starts the names of all its resources",
		"timezone":        "the IANA time zone of working hours, for patterns that follow them (default: that of the region)",
		"certificate_arn": "the ARN of a certificate in ACM for the domain and its wildcard, for patterns that make none",
	} {
		cmd.Flags().Func(deployment.Question{Setting: setting}.Flag(), help, func(value string) error {
			o.Answers[setting] = value
			return nil
		})
	}
	cmd.Flags().IntVar(&o.Size.Workspaces, "workspaces", 0, "choose the settings that hold so many workspaces at once at least cost")
	sizeFlags(cmd, &o.Size)
	existingFlags(cmd, &o.Size.Existing)
	// The flag exists, so registering its completion cannot fail.
	_ = cmd.RegisterFlagCompletionFunc("pattern", sh.patternNames)
	return cmd
}

func printInit(w io.Writer, result *InitResult) error {
	dir := result.Dir
	if result.Size != nil {
		if err := printSize(w, result.Size); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	_, err := fmt.Fprintf(w, "%s is a deployment now. Read its settings, then:\n  coderaws check %s\n  coderaws rehearse %s\n", dir,
		diagnostic.Word(dir), diagnostic.Word(dir))
	return err
}

// ask asks for what was not given, each question until the answer will do.
func (sh *shell) ask(pattern deployment.Pattern, answers deployment.Answers) error {
	questions, err := pattern.Questions()
	if err != nil {
		return err
	}
	in := bufio.NewReader(sh.Stdin)
	for _, question := range questions {
		if question.Setting == "timezone" {
			question.Default = facts.Timezone(answers["region"])
		}
		for answers[question.Setting] == "" {
			fmt.Fprintf(sh.messages(), "%s\n  %s\n", question.Prompt, question.Help)
			prompt := "  > "
			if question.Default != "" {
				prompt = "  [" + question.Default + "] > "
			}
			fmt.Fprint(sh.messages(), prompt)
			line, err := in.ReadString('\n')
			answer := strings.TrimSpace(line)
			if answer == "" {
				answer = question.Default
			}
			if err != nil && answer == "" {
				if errors.Is(err, io.EOF) {
					return diagnostic.WithExit(diagnostic.ExitInvalid, diagnostic.Errorf("no answer to: %s", question.Prompt))
				}
				return err
			}
			if problem := pattern.Valid(question, answer, answers); answer != "" && problem != nil {
				sh.show(sh.Stderr, diagnostic.From(problem))
				if err != nil {
					return diagnostic.WithExit(diagnostic.ExitInvalid, problem)
				}
				continue
			}
			answers[question.Setting] = answer
		}
	}
	return nil
}
