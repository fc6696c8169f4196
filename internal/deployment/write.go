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

// create writes a new file, whole or not at all, and fails with fs.ErrExist if there is one of that name.
func create(file string, content []byte) error {
	temp, err := writeTemp(file, content)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	// A link, unlike a rename, does not replace a file that appeared meanwhile.
	err = os.Link(temp, file)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		// Some file systems have no links.
		if _, statErr := os.Lstat(file); !errors.Is(statErr, fs.ErrNotExist) {
			return fs.ErrExist
		}
		err = os.Rename(temp, file)
	}
	if err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(file))
}

// replace writes a file in place of the one there, whole or not at all.
func replace(file string, content []byte) error {
	temp, err := writeTemp(file, content)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, file); err != nil {
		_ = os.Remove(temp)
		return err
	}
	return syncDirectory(filepath.Dir(file))
}

// writeTemp writes the content to a hidden file beside the one that it will become, and to the disk.
func writeTemp(file string, content []byte) (name string, err error) {
	temp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*.tmp")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
		}
	}()
	if _, err = temp.Write(content); err != nil {
		return "", err
	}
	if err = temp.Chmod(0o644); err != nil {
		return "", err
	}
	if err = temp.Sync(); err != nil {
		return "", err
	}
	return temp.Name(), temp.Close()
}

// syncDirectory makes the names in a directory durable. File systems that cannot do so are no error.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

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
