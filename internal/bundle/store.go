package bundle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"coderaws/internal/atomicfile"
)

// store is the directory in which a bundle comes together. What is in it is whole and right, so that whoever was interrupted goes on with
// it. It holds no secret: what credentials opened is in it, and they are not.
type store struct{ dir string }

// attempts are how often a file is fetched whose registry breaks off, and pause what is waited before the second; it doubles.
const (
	attempts = 3
	pause    = 200 * time.Millisecond
)

func (s store) local(path string) string { return filepath.Join(s.dir, filepath.FromSlash(path)) }

// has reports whether a file is there; nothing is given its name before it is whole.
func (s store) has(path string, size int64) bool {
	info, err := os.Stat(s.local(path))
	return err == nil && info.Mode().IsRegular() && info.Size() == size
}

func (s store) open(path string) (io.ReadCloser, error) { return os.Open(s.local(path)) }

// put writes a file whose digest is known, unless it is there.
func (s store) put(ctx context.Context, f File, fetch func() (io.ReadCloser, error)) error {
	if s.has(f.Path, f.Size) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(s.local(f.Path)), 0o755); err != nil {
		return err
	}
	for tries := 1; ; tries++ {
		err := s.once(f, fetch)
		var broken *brokenError
		if !errors.As(err, &broken) || tries == attempts {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause << (tries - 1)):
		}
	}
}

// brokenError is a transfer that ended too early.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// once fetches a file. A *brokenError is worth another attempt; a *digestError is other content than what was asked for; any other
// *fs.PathError is the disk's.
func (s store) once(f File, fetch func() (io.ReadCloser, error)) error {
	from, err := fetch()
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }() // it was read to its end, or failed
	return atomicfile.Stream(s.local(f.Path), 0o644, func(to io.Writer) error {
		sum := sha256.New()
		read, err := io.Copy(io.MultiWriter(to, sum), io.LimitReader(from, f.Size+1))
		var full *fs.PathError
		switch {
		case errors.As(err, &full): // the disk's, not the registry's
			return err
		case read < f.Size && err == nil:
			return &brokenError{io.ErrUnexpectedEOF}
		case read < f.Size:
			return &brokenError{err}
		}
		// A reader that checks what it reads says so in an error, too; the digest says it better.
		if got := hex.EncodeToString(sum.Sum(nil)); got != f.SHA256 {
			return &digestError{f.Path, f.SHA256, got}
		}
		return nil // whatever came after the last byte: what is there is what was asked for
	})
}
