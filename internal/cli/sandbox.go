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

func (sh *shell) sandboxCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Use the embedded AWS by itself",
		RunE:  group,
	}
	cmd.AddCommand(sh.sandboxExecCommand(), sh.sandboxListCommand(), sh.sandboxDriftCommand(), sh.sandboxDeleteCommand(), sh.sandboxHostedZoneCommand())
	return cmd
}

func (sh *shell) sandboxExecCommand() *cobra.Command {
	var file string
	var all bool
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
		RunE: func(cmd *cobra.Command, args []string) error { return sh.sandboxExec(cmd.Context(), args, file, all) },
	}
	cmd.Flags().StringVar(&file, "world", "", "the file that keeps the sandbox (default .coderaws/sandbox/world.json)")
	cmd.Flags().BoolVar(&all, "all-types", false, "serve all types of the provider, not only those named in Terraform files below the current directory")
	return cmd
}

func (sh *shell) sandboxExec(ctx context.Context, args []string, file string, all bool) (err error) {
	if file == "" {
		file = rehearsal.WorldFile(".")
	}
	name, err := exec.LookPath(args[0])
	if err != nil {
		d := diagnostic.Errorf("the command %s cannot be run: %v", args[0], err)
		d.Code, d.Todo = "usage.command", "write a command that is on PATH after --"
		return diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	directories := terraformDirectories(args)
	if all {
		directories = nil
	}
	served, err := rehearsal.Serve(rehearsal.ServeOptions{File: file, Directories: directories, Region: sh.deps().region(), Environ: sh.Environ, Now: sh.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, served.Close()) }()
	command := exec.CommandContext(ctx, name, args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = sh.Stdin, sh.Stdout, sh.Stderr
	command.Env = append(sh.Environ, served.Environ...)
	err = sh.wait(command)
	if unmodelled := served.Unmodelled(); len(unmodelled) > 0 {
		fmt.Fprintf(sh.Stderr, "\nThe sandbox does not model %s: it followed their schema alone.\n", strings.Join(unmodelled, ", "))
	}
	for _, release := range served.Unrendered() {
		fmt.Fprintf(sh.Stderr, "\nThe chart %s %s of release %s could not be fetched, so that its objects are not known: %s\n", release.Chart, release.Version, release.Name, release.Unrendered)
	}
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		d := diagnostic.Errorf("%s ended with exit status %d", args[0], exited.ExitCode())
		return diagnostic.WithExit(diagnostic.ExitCode(max(exited.ExitCode(), 1)), d)
	}
	return err
}

// wait runs a command to its end, whatever signals come: it needs the sandbox as long as it lives. An interrupt of the terminal goes to the
// whole process group, and so to the command as well; a request to terminate comes to this process alone and is passed on.
func (sh *shell) wait(command *exec.Cmd) error {
	caught, release := sh.Signals()
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

func (sh *shell) sandboxListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list [DIR]",
		Short: "List what exists in a deployment's sandbox",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := SandboxList(sh.deps(), directory(args))
			return present(sh, result, err, printSandbox)
		},
	}
}

// directory is the argument that names a directory, the current one if there is none.
func directory(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

// SandboxResult is what exists in a deployment's sandbox. Its JSON form only grows.
type SandboxResult struct {
	Resources []rehearsal.Resource `json:"resources"`
	Version   int                  `json:"version"`
}

// SandboxList lists what exists in the sandbox of a deployment's directory.
func SandboxList(deps *Deps, dir string) (*SandboxResult, error) {
	resources, err := rehearsal.List(dir, deps.Now)
	if err != nil {
		return nil, err
	}
	return &SandboxResult{Version: 1, Resources: resources}, nil
}

func printSandbox(w io.Writer, result *SandboxResult) error {
	rows := [][]string{}
	for _, r := range result.Resources {
		by := ""
		if r.MadeByAWS {
			by = "made by AWS"
		}
		rows = append(rows, []string{r.Type, r.ID, r.Region, by})
	}
	return table(w, rows)
}

func (sh *shell) sandboxDriftCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "drift DIR TYPE ID ATTRIBUTE=VALUE...",
		Short: "Change a resource of a deployment's sandbox behind Terraform's back",
		Long: `Change a resource of a deployment's sandbox behind Terraform's back, as somebody with the console would. The next plan shows it. A value
is JSON, or else taken as a text:

  coderaws sandbox drift my-coder aws_rds_cluster coder backup_retention_period=1`,
		Args: cobra.MinimumNArgs(4),
		RunE: func(_ *cobra.Command, args []string) error {
			return sh.meddled(args[0], rehearsal.Drift(args[0], args[1], args[2], args[3:], sh.Now))
		},
	}
}

func (sh *shell) sandboxDeleteCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "delete DIR TYPE ID",
		Short: "Delete a resource of a deployment's sandbox behind Terraform's back",
		Args:  cobra.ExactArgs(3),
		RunE: func(_ *cobra.Command, args []string) error {
			return sh.meddled(args[0], rehearsal.Delete(args[0], args[1], args[2], sh.Now))
		},
	}
}

// meddled says that a sandbox was changed, or why it was not.
func (sh *shell) meddled(dir string, err error) error {
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(sh.Stdout, "Done. `coderaws plan %s` shows what Terraform makes of it.\n", dir)
	return err
}

func (sh *shell) sandboxHostedZoneCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "hosted-zone DIR NAME[=ID]...",
		Short: "Put public hosted zones into a deployment's sandbox, as if they had been there before",
		Long: `Put public hosted zones into a deployment's sandbox, as if they had been there before. A sandbox starts empty, and a deployment that looks
its zone up (dns = {}) or names it (dns.zone_id) needs one:

  coderaws sandbox hosted-zone my-coder example.com
  coderaws up my-coder`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error { return sh.sandboxHostedZone(args[0], args[1:]) },
	}
}

func (sh *shell) sandboxHostedZone(dir string, zones []string) error {
	if _, err := sh.deps().load(dir); err != nil {
		return err
	}
	target, err := rehearsal.Open(dir, sh.Now)
	if err != nil {
		return err
	}
	if err := errors.Join(target.AddHostedZones(zones), target.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(sh.Stdout, "%s is there now.\n", strings.Join(zones, ", "))
	return err
}
