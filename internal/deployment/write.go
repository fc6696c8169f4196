package deployment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"coderaws/internal/diagnostic"
)

// makeDirectory makes dir and its parents, and returns those that were not there, the outermost first.
func makeDirectory(dir string) (made []string, err error) {
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append([]string{d}, made...)
		if d == filepath.Dir(d) {
			break
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		removeAll(made)
		return nil, err
	}
	return made, nil
}

// removeAll removes directories that makeDirectory made, as far as they are empty.
func removeAll(made []string) {
	for i := len(made) - 1; i >= 0; i-- {
		_ = os.Remove(made[i])
	}
}

// writeFinding says in the user's terms why a file or directory could not be written.
func writeFinding(file string, err error) *diagnostic.Diagnostic {
	if errors.Is(err, fs.ErrExist) {
		return exists(file)
	}
	e := diagnostic.Errorf("%s cannot be written", file)
	e.Code, e.Where, e.Why = "deployment.not_writable", &diagnostic.Range{File: file}, reason(err)
	e.Todo = "Check the path."
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e.Todo = "Free some space, or choose a directory on another disk. Nothing was written."
	case errors.Is(err, syscall.EROFS):
		e.Todo = "Choose a directory on a disk that is mounted for writing."
	case errors.Is(err, fs.ErrPermission):
		e.Todo = fmt.Sprintf("Choose a directory of your own, or ask for the right to write in %s.", filepath.Dir(file))
	case errors.Is(err, syscall.ENOTDIR):
		e.Todo = "Choose another directory: a part of this path is a file."
	}
	return e
}
