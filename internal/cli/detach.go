package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"coderaws/internal/detached"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"

	"github.com/spf13/cobra"
)

// DetachResult is a run that goes on by itself. Its JSON form only grows.
type DetachResult struct {
	detached.Run
	// Directory is where it leaves what it says.
	Directory string `json:"directory"`
	Version   int    `json:"version"`
}

// Detach lets a change go on by itself: args are the command line of the same change. What nobody could be asked about then is refused, and
// what can be told of a deployment at once is told.
func Detach(deps *Deps, o ChangeOptions, agreed bool, args []string) (*DetachResult, error) {
	if o.Target != lifecycle.SandboxTarget && !agreed {
		d := diagnostic.Errorf("nobody would be there to agree to what a detached run does on AWS")
		d.Code, d.Why = "gate.consent", "it asks before it makes what costs money, and a detached run has no terminal"
		d.Todo = "read `coderaws plan " + diagnostic.Word(o.Dir) + " --target aws`, then run the command again with --yes"
		return nil, diagnostic.WithExit(diagnostic.ExitRefused, d)
	}
	if deps.Executable == "" {
		return nil, diagnostic.Errorf("the program cannot be found to be started once more; leave out --detach")
	}
	if _, err := deps.load(o.Dir); err != nil {
		return nil, err
	}
	unlock, err := engine.Lock(o.Dir, deps.Now())
	if err != nil {
		return nil, err
	}
	if err := unlock(); err != nil {
		return nil, err
	}
	run, err := detached.Start(o.Dir, detached.Command{Program: deps.Executable, Args: args, Environ: deps.Environ}, deps.Now())
	if err != nil {
		return nil, err
	}
	return &DetachResult{Version: 1, Run: run, Directory: detached.Directory(o.Dir)}, nil
}

// Follow writes what the run says that was detached last, until it ends. Its error has the exit status of the run. An interrupt ends the
// following, and not the run.
func Follow(parent context.Context, deps *Deps, dir string, results, messages io.Writer) error {
	run, err := detached.Find(dir)
	if err != nil {
		return err
	}
	signals, release := deps.Signals()
	defer release()
	ctx, _, stop := engine.Interrupts(parent, signals, nil)
	defer stop()
	status, err := detached.Follow(ctx, dir, results, messages)
	switch {
	case errors.Is(err, context.Canceled):
		d := diagnostic.Errorf("interrupted; the run goes on")
		d.Code, d.Todo = "detached.goes_on", fmt.Sprintf("follow it again, or stop it in order with `kill -INT %d`", run.Process)
		return diagnostic.WithExit(diagnostic.ExitInterrupted, d)
	case err != nil || status == diagnostic.ExitDone:
		return err
	}
	return diagnostic.WithExit(status, diagnostic.Errorf("the run ended with exit status %d", status))
}

// detachFlag registers the flag of commands that can go on by themselves.
func detachFlag(cmd *cobra.Command, detach *bool) {
	cmd.Flags().BoolVar(detach, "detach", false,
		"let the run go on without this terminal; 'coderaws status DIR --follow' shows it, and ends with its exit status")
}

// away starts the change as a run that goes on by itself, if that is wanted, and reports whether it has. The run itself comes by here, too.
func (f *changeFlags) away(sh *shell, dir string) (bool, error) {
	if !f.detach {
		return false, nil
	}
	if place := sh.variable(detached.Variable); place != "" {
		detached.Begin()
		sh.leaves = place
		return false, nil
	}
	f.Dir = dir
	result, err := Detach(sh.deps(), f.ChangeOptions, f.yes, sh.Args)
	return true, present(sh, result, err, func(w io.Writer, result *DetachResult) error {
		_, err := fmt.Fprintf(w, "The run goes on as process %d, and ends with no terminal.\n"+
			"See it with `coderaws status %s --follow`, stop it in order with `kill -INT %d`.\n",
			result.Process, diagnostic.Word(dir), result.Process)
		return err
	})
}
