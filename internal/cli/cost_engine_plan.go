package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"
)

// isEnginePlan reports whether a file holds a plan in the engine's own form, which is a zip archive. What is no regular file is none:
// looking into a pipe would take from it what is to be read.
func isEnginePlan(file string) bool {
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return false
	}
	opened, err := os.Open(file)
	if err != nil {
		return false
	}
	defer func() { _ = opened.Close() }() // it was only read
	start := make([]byte, 4)
	_, err = io.ReadFull(opened, start)
	return err == nil && string(start) == "PK\x03\x04"
}

// showEnginePlan has the engine turn a plan in its own form into JSON, in the plan's directory, where an init has been. The embedded AWS
// serves the schemas of the AWS provider meanwhile; nothing is planned or made.
func (deps *Deps) showEnginePlan(ctx context.Context, o ReportOptions) (_ rehearsal.Preview, err error) {
	file, dir := o.What, o.Configuration
	binary, err := deps.engine(ctx)
	if err != nil {
		return rehearsal.Preview{}, err
	}
	if dir == "" {
		dir = filepath.Dir(file)
	}
	served, err := rehearsal.Serve(rehearsal.ServeOptions{Directories: []string{dir}, Region: deps.region(), Environ: deps.Environ,
		Renderer: deps.renderer(), Now: deps.Now})
	if err != nil {
		return rehearsal.Preview{}, err
	}
	defer func() { err = errors.Join(err, served.Close()) }()
	absolute, err := filepath.Abs(file)
	if err != nil {
		return rehearsal.Preview{}, err
	}
	scratch, remove, err := deps.scratch()
	if err != nil {
		return rehearsal.Preview{}, err
	}
	defer remove()
	shown, err := os.OpenFile(filepath.Join(scratch, filepath.Base(file)+".json"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return rehearsal.Preview{}, err
	}
	defer func() { err = errors.Join(err, shown.Close()) }()
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	command := exec.CommandContext(ctx, binary.Path, "-chdir="+dir, "show", "-json", "-no-color", absolute)
	command.Env = append(engine.WithoutSecrets(deps.Environ), served.Environ...)
	var stderr bytes.Buffer
	stdout := &bounded{to: shown, left: plan.MaxSize, full: enough}
	command.Stdout, command.Stderr = stdout, &stderr
	err = command.Run()
	if stdout.left < 0 {
		return rehearsal.Preview{}, diagnostic.WithExit(diagnostic.ExitInvalid, plan.TooLarge(file))
	}
	if err != nil {
		d := diagnostic.Errorf("%s cannot show the plan %s", binary.Product, file)
		d.Code, d.Why = "plan.binary", lastLines(stderr.String())
		d.Todo = "write it as JSON where it was made, with the engine that made it: `terraform show -json FILE > plan.json`, and price plan.json"
		return rehearsal.Preview{}, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	return readPreview(shown.Name(), dir)
}

// bounded passes on what is written until it is more than may be left; then it calls full and keeps nothing more.
type bounded struct {
	to   io.Writer
	left int64
	full func()
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left < 0 {
		return len(p), nil
	}
	if b.left -= int64(len(p)); b.left < 0 {
		b.full()
		return len(p), nil
	}
	return b.to.Write(p)
}

// mostShown is how many bytes of an engine's complaint are passed on.
const mostShown = 600

func lastLines(text string) string {
	text = string(bytes.TrimSpace([]byte(text)))
	if len(text) > mostShown {
		text = "…" + text[len(text)-mostShown:]
	}
	return text
}
