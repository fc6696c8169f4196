package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/environment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"
	"coderaws/internal/versions"
)

// load reads and checks a deployment directory, and shows its warnings.
func (deps *Deps) load(dir string) (*deployment.Deployment, error) {
	d, findings := deployment.Load(dir, deps.Source)
	findings = append(findings, deps.beforehand(d)...)
	if err := invalid(findings); err != nil {
		return nil, err
	}
	deps.warn(findings)
	return d, nil
}

// beforehand are the findings on a valid deployment that need neither an engine nor an account: what Coder does not read, versions that are
// newer than known or out of support, and what is stale of all that a rehearsal leans on.
func (deps *Deps) beforehand(d *deployment.Deployment) diagnostic.List {
	if d == nil {
		return nil
	}
	return slices.Concat(environment.Check(d), versions.Check(d, deps.Now()), versions.Stale(deps.Now(), versions.Planned()...))
}

// run gives f a runner for a target, with the signals wired: the first interrupt stops in order, the second at once.
func (deps *Deps) run(parent context.Context, target lifecycle.Target, f func(context.Context, *lifecycle.Runner) error) error {
	binary, err := deps.engine(parent)
	if err != nil {
		return err
	}
	reporter, stopTicks := deps.Progress()
	defer stopTicks()
	signals, release := deps.Signals()
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
		Source: deps.Source, Program: version(), Binary: binary, Environ: deps.Environ, CacheDir: deps.cacheDir(),
		Target: target, Reporter: reporter, Kill: kill, Now: deps.Now, Random: deps.Random, Warn: deps.Warn, Notice: deps.Notice,
	})
	if ctx.Err() != nil && err != nil {
		return exitOr(diagnostic.ExitInterrupted, err)
	}
	return err
}

// engine finds Terraform or OpenTofu.
func (deps *Deps) engine(ctx context.Context) (engine.Binary, error) {
	return engine.Find(ctx, engine.Lookup{Environ: deps.Environ, Executable: deps.Executable, CacheDir: deps.cacheDir()})
}

// openTarget opens the target that a deployment lives on.
func (deps *Deps) openTarget(name, dir string) (lifecycle.Target, error) {
	switch name {
	case lifecycle.SandboxTarget:
		kept, err := rehearsal.Open(dir, deps.Now)
		if err != nil {
			return nil, err
		}
		return kept.RenderBy(deps.renderer()), nil
	case lifecycle.AWSTarget:
		return &lifecycle.AWS{
			Aside: func(dir string) lifecycle.Target { return rehearsal.Aside(dir, deps.Now, deps.renderer()) },
			Token: deps.variable("CODER_SESSION_TOKEN"), Agent: "coderaws/" + version(), Now: deps.Now, Random: deps.Random,
		}, nil
	}
	d := diagnostic.Errorf("there is no target %q", name)
	d.Code, d.Why = "usage.target", "a deployment lives on the embedded AWS (sandbox) or on AWS itself (aws)"
	d.Todo = "write --target sandbox or --target aws"
	return nil, diagnostic.WithExit(diagnostic.ExitInvalid, d)
}

// onTarget loads a deployment, locks it, opens its target and runs f there.
func (deps *Deps) onTarget(ctx context.Context, dir, name string,
	f func(context.Context, *lifecycle.Runner, *deployment.Deployment) error) (err error) {
	d, err := deps.load(dir)
	if err != nil {
		return err
	}
	unlock, err := engine.Lock(dir, deps.Now())
	if err != nil {
		return err
	}
	defer func() {
		if unlockErr := unlock(); err == nil {
			err = unlockErr
		}
	}()
	return deps.open(ctx, d, name, f)
}

// lookAt is onTarget for what changes nothing: a deployment on which somebody works, or that this user may not write, is looked at in a
// copy of what is kept there.
func (deps *Deps) lookAt(ctx context.Context, dir, name string,
	f func(context.Context, *lifecycle.Runner, *deployment.Deployment) error) error {
	d, err := deps.load(dir)
	if err != nil {
		return err
	}
	unlock, taken := engine.Lock(dir, deps.Now())
	if taken == nil {
		return errors.Join(deps.open(ctx, d, name, f), unlock())
	}
	if !engine.OnlyLooked(taken) {
		return taken
	}
	scratch, remove, err := deps.scratch()
	if err != nil {
		return err
	}
	defer remove()
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	place := filepath.Join(scratch, filepath.Base(absolute)) // of the same name: what a sandbox makes up comes of it
	if err := errors.Join(os.Mkdir(place, 0o700), engine.CopyKept(ctx, dir, name, place)); err != nil {
		return err
	}
	deps.Notice(diagnostic.From(taken)[0].Summary + ": this looks at a copy of what is kept there.")
	return deps.open(ctx, &deployment.Deployment{Dir: place, Regions: d.Regions}, name, f)
}

// open opens the target of a deployment and runs f there.
func (deps *Deps) open(ctx context.Context, d *deployment.Deployment, name string,
	f func(context.Context, *lifecycle.Runner, *deployment.Deployment) error) (err error) {
	target, err := deps.openTarget(name, d.Dir)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := target.Close(); err == nil {
			err = closeErr
		}
	}()
	return deps.run(ctx, target, func(ctx context.Context, r *lifecycle.Runner) error { return f(ctx, r, d) })
}

// scratchName begins the names of directories for rehearsals.
const scratchName = "coderaws-rehearsal-"

// scratch makes a directory for a rehearsal and returns how to remove it. It is locked as long as this process lives, so that those that
// killed runs left behind can be told and are removed before.
func (deps *Deps) scratch() (string, func(), error) {
	deps.sweep()
	dir, err := os.MkdirTemp(deps.variable("TMPDIR"), scratchName)
	unlock := engine.Unlock(nil)
	if err == nil {
		unlock, err = engine.Lock(dir, deps.Now())
	}
	if err != nil {
		d := diagnostic.Errorf("there is no room for a rehearsal: %v", err)
		d.Code, d.Todo = "rehearse.no_space", "make the directory for temporary files writable, or name another one in TMPDIR"
		return "", nil, d
	}
	return dir, func() {
		if err := os.RemoveAll(dir); err != nil {
			deps.Notice(fmt.Sprintf("the rehearsal's directory %s could not be removed: %v", dir, err))
		}
		_ = unlock() // of what is gone
	}, nil
}

// namesake makes an empty directory aside, of the same name as dir: what a sandbox makes up comes of that name.
func (deps *Deps) namesake(dir string) (string, func(), error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return "", nil, err
	}
	scratch, remove, err := deps.scratch()
	if err != nil {
		return "", nil, err
	}
	place := filepath.Join(scratch, filepath.Base(absolute))
	if err := os.Mkdir(place, 0o700); err != nil {
		remove()
		return "", nil, err
	}
	return place, remove, nil
}

// sweep removes the directories of rehearsals whose process has died. What cannot be removed costs some room, and nobody's time.
func (deps *Deps) sweep() {
	base := deps.variable("TMPDIR")
	if base == "" {
		base = os.TempDir()
	}
	left, _ := filepath.Glob(filepath.Join(base, scratchName+"*")) // the pattern is well-formed, or nothing is swept
	for _, dir := range left {
		if !engine.IsLeft(dir) {
			continue
		}
		if unlock, err := engine.Lock(dir, deps.Now()); err == nil {
			_ = os.RemoveAll(dir)
			_ = unlock()
		}
	}
}
