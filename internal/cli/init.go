package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"

	"github.com/spf13/cobra"
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
}

// InitResult is the deployment that was begun. Its JSON form only grows.
type InitResult struct {
	Dir     string `json:"dir"`
	Version int    `json:"version"`
}

// Init makes a deployment directory from a pattern.
func Init(deps *Deps, o InitOptions) (*InitResult, error) {
	pattern, err := deployment.FindPattern(deps.Source, o.Pattern)
	if err != nil {
		return nil, exitOr(diagnostic.ExitInvalid, err)
	}
	if o.Ask != nil {
		if err := o.Ask(pattern, o.Answers); err != nil {
			return nil, err
		}
	}
	if err := deployment.Init(o.Dir, pattern, o.Answers); err != nil {
		return nil, exitOr(diagnostic.ExitInvalid, err)
	}
	return &InitResult{Version: 1, Dir: o.Dir}, nil
}

func (sh *shell) initCommand() *cobra.Command {
	o := InitOptions{Answers: deployment.Answers{}}
	cmd := &cobra.Command{
		Use:   "init DIR --pattern NAME",
		Short: "Make a deployment directory from a pattern",
		Long: `Make a deployment directory from a pattern: one annotated <region>.tfvars and a .gitignore. On a terminal it asks for what was
not given with flags. Nothing is overwritten.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Pattern == "" {
				return usage(cmd, errors.New("init needs --pattern; `coderaws patterns` lists them"))
			}
			o.Dir = args[0]
			if sh.isTerminal(sh.Stdin) && sh.isTerminal(sh.Stderr) {
				o.Ask = sh.ask
			}
			result, err := Init(sh.deps(), o)
			return present(sh, result, err, printInit)
		},
	}
	cmd.Flags().StringVarP(&o.Pattern, "pattern", "p", "", "the pattern to start from")
	for setting, help := range map[string]string{
		"domain": "the domain name under which Coder is served, such as coder.example.com",
		"region": "the AWS region",
		"name":   "the name of the deployment, which starts the names of all its resources",
	} {
		cmd.Flags().Func(setting, help, func(value string) error {
			o.Answers[setting] = value
			return nil
		})
	}
	// The flag exists, so registering its completion cannot fail.
	_ = cmd.RegisterFlagCompletionFunc("pattern", sh.patternNames)
	return cmd
}

func printInit(w io.Writer, result *InitResult) error {
	dir := result.Dir
	_, err := fmt.Fprintf(w, "%s is a deployment now. Read its settings, then:\n  coderaws check %s\n  coderaws rehearse %s\n", dir, dir, dir)
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
			if problem := pattern.Valid(question, answer); answer != "" && problem != nil {
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
