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
	"coderaws/internal/rehearsal"
)

// isEnginePlan reports whether a file holds a plan in the engine's own form, which is a zip archive.
func isEnginePlan(file string) bool {
	opened, err := os.Open(file)
	if err != nil {
		return false
	}
	defer func() { _ = opened.Close() }() // it was only read
	start := make([]byte, 4)
	_, err = io.ReadFull(opened, start)
	return err == nil && string(start) == "PK\x03\x04"
}

// showEnginePlan has the engine turn a plan in its own form into JSON, in the plan's directory, where an init has been. The embedded AWS serves the
// schemas of the AWS provider meanwhile; nothing is planned or made.
func (sh *shell) showEnginePlan(ctx context.Context, file, dir string) (_ rehearsal.Preview, err error) {
	binary, err := sh.engine(ctx)
	if err != nil {
		return rehearsal.Preview{}, err
	}
	if dir == "" {
		dir = filepath.Dir(file)
	}
	served, err := rehearsal.Serve(rehearsal.ServeOptions{Directories: []string{dir}, Region: sh.region(), Environ: sh.Environ, Now: sh.Now})
	if err != nil {
		return rehearsal.Preview{}, err
	}
	defer func() { err = errors.Join(err, served.Close()) }()
	absolute, err := filepath.Abs(file)
	if err != nil {
		return rehearsal.Preview{}, err
	}
	command := exec.CommandContext(ctx, binary.Path, "-chdir="+dir, "show", "-json", "-no-color", absolute)
	command.Env = append(sh.Environ, served.Environ...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		d := diagnostic.Errorf("%s cannot show the plan %s", binary.Product, file)
		d.Code, d.Why = "plan.binary", lastLines(stderr.String())
		d.Todo = "write it as JSON where it was made, with the engine that made it: `terraform show -json FILE > plan.json`, and price plan.json"
		return rehearsal.Preview{}, diagnostic.WithExit(diagnostic.ExitInvalid, d)
	}
	scratch, remove, err := sh.scratch()
	if err != nil {
		return rehearsal.Preview{}, err
	}
	defer remove()
	shown := filepath.Join(scratch, filepath.Base(file)+".json")
	if err := os.WriteFile(shown, stdout.Bytes(), 0o600); err != nil {
		return rehearsal.Preview{}, err
	}
	return readPreview(shown, dir)
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
