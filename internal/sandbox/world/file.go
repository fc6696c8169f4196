package world

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"coderaws/internal/atomicfile"
)

// fileFormat is the version of the world file that this program reads and writes.
const fileFormat = 1

// file is the place where a world is kept: one JSON file, replaced as a whole, held under a lock while the world is open.
type file struct {
	path string
	lock *flock.Flock
}

// ErrLocked means that another process has the world open.
var ErrLocked = errors.New("the sandbox is in use by another process")

// DamagedError means that a world file cannot be read as one.
type DamagedError struct {
	Path string
	Err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("the sandbox file %s is damaged: %v", e.Path, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// NewerFormatError means that a later version of the program wrote the world file.
type NewerFormatError struct {
	Path   string
	Format int
}

func (e *NewerFormatError) Error() string {
	return fmt.Sprintf("the sandbox file %s has format %d; this program reads format %d", e.Path, e.Format, fileFormat)
}

// Open reads the world kept in path, or makes a new one there with the given options, and locks it against other processes
// until Close. Errors: ErrLocked, *DamagedError, *NewerFormatError, and those of the file system.
func Open(path string, o Options) (*World, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	lock := flock.New(path + ".lock")
	held, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !held {
		return nil, ErrLocked
	}
	w := New(o)
	w.file = &file{path: path, lock: lock}
	if err := w.file.load(&w.state); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return w, nil
}

// Peek reads the world kept in path without locking it: a look at a world that may be in use. A missing file is an empty world.
func Peek(path string, now func() time.Time) (*World, error) {
	w := New(Options{Now: now})
	f := file{path: path}
	return w, f.load(&w.state)
}

// Directory is where the world is kept; "" if it lives in memory.
func (w *World) Directory() string {
	if w.file == nil {
		return ""
	}
	return filepath.Dir(w.file.path)
}

// Close gives the world free. A world in memory needs no Close.
func (w *World) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file == nil {
		return nil
	}
	err := w.file.lock.Unlock()
	w.file = nil
	return err
}

func (f *file) load(s *state) error {
	// A pipe would be read until somebody writes to it, and a device for ever.
	if info, err := os.Stat(f.path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return &DamagedError{f.path, errors.New("it is not a file")}
	}
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := verify(text); err != nil {
		return &DamagedError{f.path, err}
	}
	var loaded state
	if err := json.Unmarshal(text, &loaded); err != nil {
		return &DamagedError{f.path, err}
	}
	switch {
	case loaded.Format > fileFormat:
		return &NewerFormatError{f.path, loaded.Format}
	case loaded.Format != fileFormat || loaded.Account == "":
		return &DamagedError{f.path, errors.New("it is JSON, but not a sandbox")}
	}
	for key, r := range loaded.Resources {
		if r == nil || r.Key() != key {
			return &DamagedError{f.path, fmt.Errorf("resource %q does not match its key", key)}
		}
		if r.Attributes == nil {
			return &DamagedError{f.path, fmt.Errorf("resource %q has no attributes", key)}
		}
	}
	if loaded.Resources == nil {
		loaded.Resources = map[string]*Resource{}
	}
	if loaded.Generations == nil {
		loaded.Generations = map[string]int{}
	}
	if loaded.Quotas == nil {
		loaded.Quotas = map[string]float64{}
	}
	*s = loaded
	return nil
}

// save replaces the file as a whole, so that a reader or a crash sees either the old world or the new one.
func (f *file) save(s *state) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return atomicfile.Write(f.path, seal(text), 0o600)
}

// checksum begins a world file: the SHA-256 of all that comes after its comma follows, in hexadecimal digits.
const checksum = `{"checksum":"`

// seal writes its checksum into a JSON object, as the first of its attributes, so that the file stays JSON for others who read it.
func seal(text []byte) []byte {
	rest := text[len("{"):]
	sum := sha256.Sum256(rest)
	return slices.Concat([]byte(checksum), hex.AppendEncode(nil, sum[:]), []byte(`",`), rest)
}

// verify compares a file with its checksum. One that has none was written by an earlier version of this program, or by hand.
func verify(text []byte) error {
	sealed, found := bytes.CutPrefix(text, []byte(checksum))
	if !found {
		return nil
	}
	sum, rest, _ := bytes.Cut(sealed, []byte(`",`))
	if want := sha256.Sum256(rest); string(sum) != hex.EncodeToString(want[:]) {
		return errors.New("it does not match its checksum: a disk or a person has changed it")
	}
	return nil
}
