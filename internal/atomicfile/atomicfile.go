// Package atomicfile writes files as a whole or not at all: a reader, a full disk, a killed process or a power failure finds the old
// content or the new one, never a part. It knows nothing of what is written. Whatever in this module keeps a file that matters writes it
// through this package; it imports nothing of this module.
package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// abandoned is the age at which a temporary file is nobody's any more: no write takes so long.
const abandoned = time.Hour

// Write replaces a file, or makes it, with the permissions of mode less the umask, and returns once it is on the disk. Where file is a
// link, what it leads to is replaced; a device or a pipe is written to. Errors are those of the file system and name file.
func Write(file string, content []byte, mode fs.FileMode) error {
	return place(file, mode, true, filled(content), os.Rename)
}

// WriteCopy is Write for what can be made again, such as a cache: it does not wait for the disk. After a power failure the file
// may be empty, so its readers have to notice that.
func WriteCopy(file string, content []byte, mode fs.FileMode) error {
	return place(file, mode, false, filled(content), os.Rename)
}

// Stream is Write for content that does not fit into memory: fill writes it, and what it fails with is the error.
func Stream(file string, mode fs.FileMode, fill func(io.Writer) error) error {
	return place(file, mode, true, func(temp *os.File) error { return fill(temp) }, os.Rename)
}

// Create is Write for a new file. It fails with fs.ErrExist if there is one of that name, even one that appeared meanwhile.
func Create(file string, content []byte, mode fs.FileMode) error {
	if _, err := os.Lstat(file); err == nil {
		return &fs.PathError{Op: "create", Path: file, Err: fs.ErrExist}
	}
	return place(file, mode, true, filled(content), link)
}

// Rename gives a file that is on the disk another name, in place of what has that name, and returns once that is on the disk too.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(to))
}

// filled returns how a temporary file gets its content.
func filled(content []byte) func(*os.File) error {
	return func(temp *os.File) error {
		_, err := temp.Write(content)
		return err
	}
}

// place writes a temporary file beside the one that it becomes, and gives it its name by commit. What fails leaves nothing.
func place(file string, mode fs.FileMode, durable bool, fill func(*os.File) error, commit func(temp, file string) error) error {
	target, special := resolve(file)
	if special {
		return named(file, overwrite(target, fill))
	}
	temp, err := open(target, mode)
	if err != nil {
		return named(file, err)
	}
	err = fill(temp)
	if err == nil && durable {
		err = temp.Sync()
	}
	made, statErr := temp.Stat()
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = commit(temp.Name(), target)
	}
	if err != nil {
		_ = os.Remove(temp.Name()) // the first error says more
		return named(file, err)
	}
	if statErr == nil {
		sweep(target, made.ModTime().Add(-abandoned))
	}
	if durable {
		return named(file, syncDirectory(filepath.Dir(target)))
	}
	return nil
}

// resolve follows links, and tells whether there is something that is no file, such as a device.
func resolve(file string) (target string, special bool) {
	target = file
	if followed, err := filepath.EvalSymlinks(file); err == nil {
		target = followed
	}
	info, err := os.Stat(target)
	return target, err == nil && !info.Mode().IsRegular()
}

// overwrite writes to a device or a pipe, which has no content to lose. A directory is refused by the system.
func overwrite(file string, fill func(*os.File) error) error {
	out, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(fill(out), out.Close())
}

// open makes the temporary file. os.CreateTemp would not do: its files have the permissions 0600, and the umask can be asked of nobody.
func open(file string, mode fs.FileMode) (*os.File, error) {
	for n := 0; ; n++ {
		name := filepath.Join(filepath.Dir(file), prefix(file)+strconv.Itoa(os.Getpid())+"-"+strconv.Itoa(n)+suffix)
		temp, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, fs.ErrExist) {
			return temp, err
		}
	}
}

const suffix = ".tmp"

func prefix(file string) string { return "." + filepath.Base(file) + "." }

// link gives a file its name unless the name is taken: unlike a rename, it replaces nothing.
func link(temp, file string) error {
	err := os.Link(temp, file)
	if err == nil {
		_ = os.Remove(temp) // the content has its own name now
		return nil
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	// Some file systems have no links.
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fs.ErrExist
	}
	return os.Rename(temp, file)
}

// sweep removes what writers of this file left behind when they were killed before the given time, by the clock of the file system.
func sweep(file string, before time.Time) {
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasPrefix(name, prefix(file)) || !strings.HasSuffix(name, suffix) {
			continue
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) {
			_ = os.Remove(filepath.Join(filepath.Dir(file), name))
		}
	}
}

// syncDirectory makes the names in a directory durable. File systems that cannot do so are no error.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil // one may be allowed to write in a directory and not to read it
	}
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// named lets an error speak of the file, since nobody knows of the temporary one.
func named(file string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &fs.PathError{Op: "write", Path: file, Err: err}
}
