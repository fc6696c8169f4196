package rehearsal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox/world"
)

// WorldFile is where a deployment's sandbox is kept.
func WorldFile(dir string) string {
	return filepath.Join(dir, ".coderaws", lifecycle.SandboxTarget, "world.json")
}

// openFile opens the sandbox that is kept in a file, or begins one there.
func openFile(file string, options world.Options) (*Embedded, error) {
	w, err := world.Open(file, options)
	if err != nil {
		return nil, finding(file, err)
	}
	return &Embedded{world: w}, nil
}

// finding says what is wrong with the sandbox that is kept in a file, and what to do.
func finding(file string, err error) error {
	d := diagnostic.Errorf("%v", err)
	d.Where = &diagnostic.Range{File: file}
	var damaged *world.DamagedError
	var newer *world.NewerFormatError
	switch {
	case errors.Is(err, world.ErrLocked):
		d.Code = "sandbox.locked"
		d.Todo = "wait until the other run has ended"
	case errors.As(err, &damaged):
		d.Code = "sandbox.damaged"
		d.Summary, d.Why = "the sandbox cannot be read", damaged.Err.Error()
		d.Todo = "remove the file and run Terraform again, which makes everything anew: a sandbox holds nothing but a rehearsal"
	case errors.As(err, &newer):
		d.Code = "sandbox.newer"
		d.Todo = "use the newer coderaws that wrote it, or remove the file to begin anew"
	default:
		d.Code = "sandbox.unusable"
		d.Summary, d.Why = "the sandbox cannot be opened", err.Error()
		d.Todo = "make " + filepath.Dir(file) + " readable and writable"
	}
	return d
}

// mustExist complains of a deployment directory that keeps no sandbox.
func mustExist(dir string) error {
	_, err := os.Stat(WorldFile(dir))
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return diagnostic.From(err)
	}
	d := diagnostic.Errorf("%s has no sandbox", dir)
	d.Code, d.Why = "sandbox.none", WorldFile(dir)+" does not exist"
	d.Todo = fmt.Sprintf("make one with `coderaws up %s`", diagnostic.Word(dir))
	return diagnostic.WithExit(diagnostic.ExitInvalid, d)
}
