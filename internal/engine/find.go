package engine

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
)

// BinaryVariable names the engine explicitly; nothing else is tried when it is set.
const BinaryVariable = "CODERAWS_TERRAFORM"

// Lookup says where to look for an engine.
type Lookup struct {
	// Environ is the user's environment, NAME=value. CODERAWS_TERRAFORM and PATH are read from it.
	Environ []string
	// Executable is the path of the running program; empty means that nothing is looked for beside it.
	Executable string
	// CacheDir keeps the versions of programs seen before, so that most runs need not ask; empty keeps none.
	CacheDir string
	// Timeout bounds how long a program may take to tell its version; zero means 20 seconds.
	Timeout time.Duration
}

// Binary is an engine that was found and is recent enough.
type Binary struct {
	// Path is absolute.
	Path    string
	Product Product
	// Version has no leading v, such as 1.11.4.
	Version string
}

// Find returns the first engine that works: the one that CODERAWS_TERRAFORM names, else bin/tofu beside the running program,
// tofu right beside it, then tofu and terraform on PATH. Its error is a *diagnostic.Diagnostic that lists each place looked at.
func Find(ctx context.Context, lookup Lookup) (Binary, error) {
	if path := variable(lookup.Environ, BinaryVariable); path != "" {
		return findNamed(ctx, lookup, path)
	}
	var tried []string
	for _, path := range lookup.candidates() {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			tried = append(tried, path+": not there")
			continue
		}
		binary, err := inspect(ctx, lookup, path)
		if err == nil {
			return binary, nil
		}
		if ctx.Err() != nil {
			return Binary{}, ctx.Err()
		}
		tried = append(tried, path+": "+err.Error())
	}
	for _, name := range []string{"tofu", "terraform"} {
		paths := onPath(variable(lookup.Environ, "PATH"), name)
		if len(paths) == 0 {
			tried = append(tried, name+": not on PATH")
		}
		for _, path := range paths {
			binary, err := inspect(ctx, lookup, path)
			if err == nil {
				return binary, nil
			}
			if ctx.Err() != nil {
				return Binary{}, ctx.Err()
			}
			tried = append(tried, path+": "+err.Error())
		}
	}
	d := diagnostic.Errorf("no usable Terraform or OpenTofu was found")
	d.Code = "engine.not_found"
	d.Why = "looked at:\n" + strings.Join(tried, "\n")
	d.Todo = howToGet
	return Binary{}, d
}

const howToGet = "install OpenTofu " + minimumOpenTofu + " or later (package tofu, https://opentofu.org/docs/intro/install) or Terraform " +
	minimumTerraform + " or later (package terraform, https://developer.hashicorp.com/terraform/install); or, in the source tree, run " +
	"`make tools`, which builds OpenTofu into bin/; or set " + BinaryVariable + " to a program that you have"

func findNamed(ctx context.Context, lookup Lookup, path string) (Binary, error) {
	if !strings.ContainsRune(path, filepath.Separator) {
		// A bare name means a program on PATH, as in a shell.
		if paths := onPath(variable(lookup.Environ, "PATH"), path); len(paths) > 0 {
			path = paths[0]
		}
	}
	binary, err := inspect(ctx, lookup, path)
	if err == nil {
		return binary, nil
	}
	if ctx.Err() != nil {
		return Binary{}, ctx.Err()
	}
	d := diagnostic.Errorf("%s names a program that cannot be used: %s", BinaryVariable, path)
	d.Code = "engine.unusable"
	d.Why = err.Error()
	d.Todo = "correct or unset " + BinaryVariable + "; to get an engine, " + howToGet
	return Binary{}, d
}

func (l Lookup) candidates() []string {
	if l.Executable == "" {
		return nil
	}
	dir := filepath.Dir(l.Executable)
	return []string{filepath.Join(dir, "bin", executableName("tofu")), filepath.Join(dir, executableName("tofu"))}
}

// onPath lists every program of a name on PATH, so that an old one does not hide a good one. Relative entries are skipped, as
// os/exec does: a program of the current directory must not run by accident.
func onPath(path, name string) []string {
	var found []string
	for _, dir := range filepath.SplitList(path) {
		if !filepath.IsAbs(dir) {
			continue
		}
		candidate := filepath.Join(dir, executableName(name))
		if info, err := os.Stat(candidate); err == nil && !info.IsDir() {
			found = append(found, candidate)
		}
	}
	return found
}

// inspect makes sure that path is an engine recent enough.
func inspect(ctx context.Context, lookup Lookup, path string) (Binary, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Binary{}, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Binary{}, errors.New("there is no such file")
	case err != nil:
		return Binary{}, err
	case info.IsDir():
		return Binary{}, errors.New("it is a directory, not a program")
	}
	if _, err := exec.LookPath(path); err != nil {
		return Binary{}, errors.New("it is not executable (chmod +x makes it so)")
	}
	cache := newVersionCache(lookup.CacheDir, path, info)
	binary, ok := cache.get()
	if !ok {
		if binary, err = askVersion(ctx, lookup, path); err != nil {
			return Binary{}, err
		}
		cache.put(binary)
	}
	return binary, checkVersion(binary)
}
