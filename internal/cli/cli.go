// Package cli is the command line, and what it does without one: each command has a file with its options, a function that turns these into
// a result and neither prints nor knows a terminal (see Deps), and its flags and rendering. What a user of the packages below would miss
// does not belong here. Only main imports it.
package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"coderaws/internal/detached"
	"coderaws/internal/diagnostic"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Process is what the program gets from the operating system.
type Process struct {
	Args    []string
	Environ []string
	// Executable is the path of the program, or "".
	Executable     string
	Stdin          *os.File
	Stdout, Stderr *os.File
	// Signals starts to catch interrupts; until it is called, and after stop, they end the process as usual.
	Signals func() (caught <-chan os.Signal, stop func())
	Now     func() time.Time
	// Random is where secrets come from.
	Random io.Reader
	// Source holds the stacks, modules and patterns that the program carries.
	Source fs.FS
}

// Version is the version of the program; the Makefile sets it for releases.
var Version = "dev"

// shell is what all commands share.
type shell struct {
	Process
	// output is how results are printed: text or json.
	output string
	// sourceDir replaces the embedded stacks and modules.
	sourceDir string
	// leaves is where a detached run leaves its exit status; "" for any other.
	leaves string
	// unwritten is why a result could not be written; nil where all was.
	unwritten error
}

// suggestionDistance is how many letters a command may be misspelt by to be recognized.
const suggestionDistance = 2

const (
	textOutput = "text"
	jsonOutput = "json"
)

// Run runs the command line and returns the exit status.
func Run(ctx context.Context, p Process) diagnostic.ExitCode {
	sh := &shell{Process: p}
	err := sh.command().ExecuteContext(ctx)
	if err == nil {
		err = sh.unwritten // cobra does not tell what became of a help
	}
	if err != nil {
		sh.fail(err)
	}
	if sh.leaves != "" {
		if unsaid := detached.End(sh.leaves, diagnostic.Exit(err)); unsaid != nil {
			sh.fail(unsaid)
		}
	}
	return diagnostic.Exit(err)
}

func (sh *shell) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "coderaws",
		Short: "Deploy and run Coder on AWS, and rehearse it first",
		Long: `coderaws deploys and runs Coder, the platform for cloud development environments, on AWS.

Every deployment can be rehearsed before it is real: the real Terraform and your own settings run against an AWS that is
embedded in this program and enforces AWS's rules. A rehearsal takes seconds, needs no account and costs nothing.

Start here:
  coderaws patterns                      what there is to start from
  coderaws rehearse sr-simple            live a whole deployment, from nothing to nothing
  coderaws init my-coder -p sr-simple    make a deployment of your own`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          group,
	}
	root.SetArgs(sh.Args)
	root.SetVersionTemplate("coderaws {{.Version}}\n")
	root.SetIn(sh.Stdin)
	root.SetOut(sh.results())
	root.SetErr(sh.messages())
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(cmd, err)
	})
	root.PersistentFlags().StringVarP(&sh.output, "output", "o", textOutput, "print results as text or json")
	root.PersistentFlags().StringVar(&sh.sourceDir, "source", "",
		"use the stacks, modules and patterns of this directory, not those that the program carries")
	// The flag exists, so registering its completion cannot fail.
	_ = root.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{textOutput, jsonOutput}, cobra.ShellCompDirectiveNoFileComp))
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if sh.output != textOutput && sh.output != jsonOutput {
			return usage(cmd, fmt.Errorf("--output is text or json, not %q", sh.output))
		}
		return sh.useSource()
	}
	root.AddCommand(
		sh.patternsCommand(), sh.initCommand(), sh.checkCommand(), sh.planCommand(), sh.rehearseCommand(), sh.doctorCommand(),
		sh.upCommand(), sh.upgradeCommand(), sh.statusCommand(), sh.downCommand(), sh.sandboxCommand(), sh.capacityCommand(),
		sh.chartsCommand(), sh.toolsCommand(),
		sh.versionCommand(),
		sh.timelineCommand(), sh.diagramCommand(), sh.guideCommand(), sh.complianceCommand(), sh.egressCommand(),
		sh.permissionsCommand(), sh.pricesCommand(),
		sh.costCommand(), sh.sizeCommand(),
		sh.verifyCommand(), sh.firstStepsCommand(), sh.ownerCommand(), sh.templatesCommand(), sh.bundleCommand(),
	)
	refuseUnknown(root)
	for _, cmd := range root.Commands() {
		checkArguments(cmd)
	}
	return root
}

// refuseUnknown makes cobra's own commands, help and completion, refuse what they do not know, as ours do.
func refuseUnknown(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Run, cmd.RunE = nil, func(_ *cobra.Command, args []string) error {
				about, rest, err := root.Find(args)
				if err != nil {
					return usage(root, err)
				}
				about.InitDefaultHelpFlag()
				about.InitDefaultVersionFlag()
				return group(about, rest)
			}
		case "completion":
			cmd.Args, cmd.RunE = cobra.ArbitraryArgs, group
		}
	}
}

// group is what a command that only holds others does: it shows its help, and refuses what it does not hold.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	err := fmt.Errorf("there is no command %q", cmd.CommandPath()+" "+args[0])
	cmd.SuggestionsMinimumDistance = suggestionDistance
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		err = fmt.Errorf("%w; did you mean %s?", err, strings.Join(near, " or "))
	}
	return usage(cmd, err)
}

// checkArguments makes cobra's complaints about arguments end with the right exit status and a way out, in all commands.
func checkArguments(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usage(cmd, err)
			}
			return nil
		}
	}
	for _, child := range cmd.Commands() {
		checkArguments(child)
	}
}

// usage is the error for a command line that cannot be understood.
func usage(cmd *cobra.Command, err error) error {
	d := diagnostic.Errorf("%v", err)
	d.Code = "usage"
	d.Todo = fmt.Sprintf("`%s --help` shows how it is used", cmd.CommandPath())
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

func (sh *shell) useSource() error {
	if sh.sourceDir == "" {
		return nil
	}
	if info, err := os.Stat(filepath.Join(sh.sourceDir, "stacks")); err != nil || !info.IsDir() {
		d := diagnostic.Errorf("%s holds no stacks", sh.sourceDir)
		d.Code, d.Why = "usage.source", "--source needs a directory with stacks/ and modules/ below it"
		d.Todo = "name a copy of the coderaws repository, or leave --source out"
		return diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	sh.Source = os.DirFS(sh.sourceDir)
	return nil
}

// fail shows an error, on standard error.
func (sh *shell) fail(err error) {
	sh.show(sh.Stderr, diagnostic.From(err))
}

// show writes findings in the form that the user asked for. Nothing can be done if even that fails.
func (sh *shell) show(w *os.File, list diagnostic.List) {
	if sh.output == jsonOutput {
		_ = diagnostic.WriteJSON(w, list)
		return
	}
	_ = diagnostic.WriteText(w, list, sh.style(w))
}

// results is where results go, and messages what a person is told beside them. What is written there comes from settings, plans, AWS and
// coderd: a terminal shows it, and obeys nothing of it.
func (sh *shell) results() io.Writer {
	visible := diagnostic.VisibleWriter(sh.Stdout)
	return writer(func(text []byte) (int, error) {
		n, err := visible.Write(text)
		if err != nil && sh.unwritten == nil {
			sh.unwritten = err
		}
		return n, err
	})
}
func (sh *shell) messages() io.Writer { return diagnostic.VisibleWriter(sh.Stderr) }

// writer is an io.Writer that is a function.
type writer func([]byte) (int, error)

func (w writer) Write(text []byte) (int, error) { return w(text) }

// style breaks lines at the width of the terminal, if w is one, and has colours if the user has not asked for none (no-color.org).
func (sh *shell) style(w *os.File) diagnostic.Style {
	style := diagnostic.Style{}
	if columns, _, err := term.GetSize(int(w.Fd())); err == nil {
		style.Width = columns
	}
	if !sh.colors(w) {
		return style
	}
	paint := func(code string) func(string) string {
		return func(s string) string { return "\x1b[" + code + "m" + s + "\x1b[0m" }
	}
	style.Error, style.Warning, style.Good = paint("1;31"), paint("1;33"), paint("1;32")
	style.Faint, style.Bold = paint("2"), paint("1")
	return style
}

func (sh *shell) colors(w *os.File) bool {
	return sh.isTerminal(w) && sh.variable("NO_COLOR") == "" && sh.variable("TERM") != "dumb"
}

func (sh *shell) isTerminal(w *os.File) bool { return term.IsTerminal(int(w.Fd())) }

// variable reads the user's environment.
func (sh *shell) variable(name string) string {
	for _, entry := range sh.Environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// version is the program's version with the commit that it was built from, if that is known.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return Version + "+" + setting.Value[:12]
		}
	}
	return Version
}

// invalid gives findings the exit status of an invalid deployment.
func invalid(list diagnostic.List) error {
	if err := list.Err(); err != nil {
		return diagnostic.WithExit(diagnostic.ExitInvalid, err)
	}
	return nil
}

// exitOr gives err the exit status code, unless it asks for one itself.
func exitOr(code diagnostic.ExitCode, err error) error {
	if err == nil || diagnostic.Exit(err) != diagnostic.ExitFailed {
		return err
	}
	return diagnostic.WithExit(code, err)
}
