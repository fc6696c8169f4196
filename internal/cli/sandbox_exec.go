package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"

	"coderaws/internal/diagnostic"
	"coderaws/internal/rehearsal"

	"github.com/spf13/cobra"
)

// SandboxExecOptions say what is run with the embedded AWS.
type SandboxExecOptions struct {
	// Command is the command with its arguments; at least one.
	Command []string
	// World is the file that keeps the sandbox; "" for that of the current directory.
	World string
	// AllTypes serves all types of the provider, and not only those that the Terraform files name.
	AllTypes bool
	// Principal is who runs Terraform.
	Principal rehearsal.Principal
	// Stdin, Stdout and Stderr are those of the command.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// SandboxExecResult is what the embedded AWS saw of a command.
type SandboxExecResult struct {
	// Unmodelled are the types that were used and of which only the schema is known.
	Unmodelled []string
	// Newer are sentences on what was asked for and is newer than known.
	Newer []string
	// Unrendered are the releases of which the chart could not be fetched.
	Unrendered []rehearsal.Release
	// Findings are sentences on what the releases that were made do and should not, and on what their pods wait for.
	Findings []string
	// Undecided are sentences on what a condition of a policy decides that the embedded AWS does not know.
	Undecided []string
}

// SandboxExec runs a command with the embedded AWS as the AWS provider of every Terraform that it starts. An error of the command has its
// exit status, and comes with a result.
func SandboxExec(ctx context.Context, deps *Deps, o SandboxExecOptions) (result *SandboxExecResult, err error) {
	if o.World == "" {
		o.World = rehearsal.WorldFile(".")
	}
	name, err := exec.LookPath(o.Command[0])
	if err != nil {
		d := diagnostic.Errorf("the command %s cannot be run: %v", o.Command[0], err)
		d.Code, d.Todo = "usage.command", "write a command that is on PATH after --"
		return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	directories := terraformDirectories(o.Command)
	if o.AllTypes {
		directories = nil
	}
	served, err := rehearsal.Serve(rehearsal.ServeOptions{
		File: o.World, Directories: directories, Region: deps.region(), Environ: deps.Environ,
		Renderer: deps.renderer(), Principal: o.Principal, Now: deps.Now,
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, served.Close()) }()
	command := exec.CommandContext(ctx, name, o.Command[1:]...)
	command.Stdin, command.Stdout, command.Stderr = o.Stdin, o.Stdout, o.Stderr
	// The command is the user's own and has the user's environment, secrets included: Coder's provider, for one, takes CODER_SESSION_TOKEN.
	command.Env = append(deps.Environ, served.Environ...)
	err = deps.wait(command)
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		d := diagnostic.Errorf("%s ended with exit status %d", o.Command[0], exited.ExitCode())
		err = diagnostic.WithExit(diagnostic.ExitCode(max(exited.ExitCode(), 1)), d)
	}
	return &SandboxExecResult{Unmodelled: served.Unmodelled(), Newer: served.Newer(), Unrendered: served.Unrendered(),
		Findings: served.Findings(), Undecided: served.Undecided()}, err
}

func (sh *shell) sandboxExecCommand() *cobra.Command {
	o := SandboxExecOptions{Stdin: sh.Stdin, Stdout: sh.Stdout, Stderr: sh.Stderr}
	cmd := &cobra.Command{
		Use:   "exec [flags] -- COMMAND [ARGUMENT...]",
		Short: "Run any command with the embedded AWS as Terraform's AWS provider",
		Long: `Run any command with the embedded AWS as the AWS provider of every Terraform or OpenTofu that it starts, for Terraform of any origin:

  coderaws sandbox exec -- terraform init
  coderaws sandbox exec -- terraform apply

Where a configuration has a helm_release, the Helm provider is embedded, too: charts are fetched and rendered, and installed in the clusters
that exist. CODERAWS_CHARTS names directories with charts that no network is needed for.

A provider block without a region gets that of AWS_REGION or AWS_DEFAULT_REGION; credentials and profiles are not read. What is made is
kept in .coderaws/sandbox/world.json below the current directory, so that the next command finds it. The exit
status is that of the command.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Command = args
			result, err := SandboxExec(cmd.Context(), sh.deps(), o)
			if result != nil {
				printSandboxExec(sh.messages(), result)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&o.World, "world", "", "the file that keeps the sandbox (default .coderaws/sandbox/world.json)")
	principalFlags(cmd, &o.Principal)
	cmd.Flags().BoolVar(&o.AllTypes, "all-types", false,
		"serve all types of the provider, not only those named in Terraform files below the current directory")
	return cmd
}

// printSandboxExec says what is not known of what a command did.
func printSandboxExec(w io.Writer, result *SandboxExecResult) {
	if len(result.Unmodelled) > 0 {
		fmt.Fprintf(w, "\nThe sandbox does not model %s: it followed their schema alone.\n", strings.Join(result.Unmodelled, ", "))
	}
	for _, sentence := range result.Newer {
		fmt.Fprintf(w, "\n%s.\n", sentence)
	}
	for _, sentence := range result.Undecided {
		fmt.Fprintf(w, "\nPermission not decided: %s.\n", sentence)
	}
	for _, sentence := range result.Findings {
		fmt.Fprintf(w, "\nWarning: %s\n", sentence)
	}
	for _, release := range result.Unrendered {
		fmt.Fprintf(w, "\nThe chart %s %s of release %s could not be fetched, so that its objects are not known: %s\n",
			release.Chart, release.Version, release.Name, release.Unrendered)
	}
}

// wait runs a command to its end, whatever signals come: it needs the sandbox as long as it lives. An interrupt of the terminal goes to the
// whole process group, and so to the command as well; a request to terminate comes to this process alone and is passed on.
func (deps *Deps) wait(command *exec.Cmd) error {
	caught, release := deps.Signals()
	defer release()
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for {
		select {
		case err := <-ended:
			return err
		case signal := <-caught:
			if signal == syscall.SIGTERM {
				_ = command.Process.Signal(signal) // it may have ended meanwhile
			}
		}
	}
}

// region is the one that the user's environment names, as the AWS provider reads it; "" if none.
func (deps *Deps) region() string {
	if region := deps.variable("AWS_REGION"); region != "" {
		return region
	}
	return deps.variable("AWS_DEFAULT_REGION")
}

// terraformDirectories are the places whose files say which types to serve: the current directory, and the one that -chdir names.
func terraformDirectories(args []string) []string {
	directories := []string{"."}
	for _, arg := range args {
		if dir, ok := strings.CutPrefix(arg, "-chdir="); ok {
			directories = append(directories, dir)
		}
	}
	return directories
}
