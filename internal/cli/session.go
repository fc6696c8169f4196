package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/environment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"
	"coderaws/internal/versions"

	"golang.org/x/term"
)

// load reads and checks a deployment directory, and shows its warnings.
func (sh *shell) load(dir string) (*deployment.Deployment, error) {
	d, findings := deployment.Load(dir, sh.Source)
	findings = append(findings, sh.beforehand(d)...)
	if err := invalid(findings); err != nil {
		return nil, err
	}
	if len(findings) > 0 {
		sh.show(sh.Stderr, findings)
	}
	return d, nil
}

// beforehand are the findings on a valid deployment that need neither an engine nor an account: what Coder does not read, versions that are newer than known
// or out of support, and what is stale of all that a rehearsal leans on.
func (sh *shell) beforehand(d *deployment.Deployment) diagnostic.List {
	if d == nil {
		return nil
	}
	return slices.Concat(environment.Check(d), versions.Check(d, sh.Now()), versions.Stale(sh.Now(), versions.Planned()...))
}

// run gives f a runner for a target, with the signals wired: the first interrupt stops in order, the second at once.
func (sh *shell) run(parent context.Context, target lifecycle.Target, f func(context.Context, *lifecycle.Runner) error) error {
	binary, err := sh.engine(parent)
	if err != nil {
		return err
	}
	reporter, stopTicks := sh.reporter()
	defer stopTicks()
	signals, release := sh.Signals()
	defer release()
	ctx, kill, stop := engine.Interrupts(parent, signals, func(count int) {
		if count == 1 {
			reporter.Notice("Interrupted: stopping in order, what was begun is finished. Interrupt again to stop at once.")
		} else {
			reporter.Notice("Interrupted twice: stopping now.")
		}
	})
	defer stop()
	err = f(ctx, &lifecycle.Runner{
		Source: sh.Source, Program: version(), Binary: binary, Environ: sh.Environ,
		Target: target, Reporter: reporter, Kill: kill, Now: sh.Now, Random: sh.Random,
	})
	if ctx.Err() != nil && err != nil {
		return exitOr(diagnostic.ExitInterrupted, err)
	}
	return err
}

// engine finds Terraform or OpenTofu.
func (sh *shell) engine(ctx context.Context) (engine.Binary, error) {
	return engine.Find(ctx, engine.Lookup{Environ: sh.Environ, Executable: sh.Executable, CacheDir: sh.cacheDir()})
}

// cacheDir is where small things are remembered between runs; "" if the system has no place for them.
func (sh *shell) cacheDir() string {
	base := sh.variable("XDG_CACHE_HOME")
	if base == "" && sh.variable("HOME") != "" {
		base = filepath.Join(sh.variable("HOME"), ".cache")
	}
	if base == "" {
		return ""
	}
	return filepath.Join(base, "coderaws")
}

// reporter shows progress on standard error: redrawn on a terminal, as JSON lines where JSON was asked for, plain elsewhere.
func (sh *shell) reporter() (progress.Reporter, func()) {
	switch {
	case sh.output == jsonOutput:
		return progress.NewJSON(sh.Stderr, sh.Now), func() {}
	case !sh.isTerminal(sh.Stderr) || sh.variable("TERM") == "dumb":
		return progress.NewPlain(sh.Stderr, sh.Now), func() {}
	}
	ticker := time.NewTicker(500 * time.Millisecond)
	return progress.NewTerminal(sh.Stderr, progress.TerminalOptions{
		Now: sh.Now, Ticks: ticker.C, Color: sh.colors(sh.Stderr),
		Size: func() (int, int) {
			columns, rows, err := term.GetSize(int(sh.Stderr.Fd()))
			if err != nil {
				return 0, 0
			}
			return columns, rows
		},
	}), ticker.Stop
}

// openTarget opens the target that a deployment lives on.
func (sh *shell) openTarget(name, dir string) (lifecycle.Target, error) {
	switch name {
	case lifecycle.SandboxTarget:
		return rehearsal.Open(dir, sh.Now)
	case lifecycle.AWSTarget:
		return &lifecycle.AWS{Aside: func(dir string) lifecycle.Target { return rehearsal.Aside(dir, sh.Now) }}, nil
	}
	d := diagnostic.Errorf("there is no target %q", name)
	d.Code, d.Why = "usage.target", "a deployment lives on the embedded AWS (sandbox) or on AWS itself (aws)"
	d.Todo = "write --target sandbox or --target aws"
	return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// onTarget loads a deployment, locks it, opens its target and runs f there.
func (sh *shell) onTarget(ctx context.Context, dir, name string, f func(context.Context, *lifecycle.Runner, *deployment.Deployment) error) (err error) {
	d, err := sh.load(dir)
	if err != nil {
		return err
	}
	unlock, err := engine.Lock(dir, sh.Now())
	if err != nil {
		return err
	}
	defer func() {
		if unlockErr := unlock(); err == nil {
			err = unlockErr
		}
	}()
	target, err := sh.openTarget(name, dir)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := target.Close(); err == nil {
			err = closeErr
		}
	}()
	return sh.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error {
		if name == lifecycle.AWSTarget {
			r.Derived = sh.derived(d)
		}
		return f(ctx, r, d)
	})
}

// scratch makes a directory for a rehearsal and returns how to remove it.
func (sh *shell) scratch() (string, func(), error) {
	dir, err := os.MkdirTemp(sh.variable("TMPDIR"), "coderaws-rehearsal-")
	if err != nil {
		d := diagnostic.Errorf("there is no room for a rehearsal: %v", err)
		d.Code, d.Todo = "rehearse.no_space", "make the directory for temporary files writable, or name another one in TMPDIR"
		return "", nil, d
	}
	return dir, func() {
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintf(sh.Stderr, "the rehearsal's directory %s could not be removed: %v\n", dir, err)
		}
	}, nil
}
