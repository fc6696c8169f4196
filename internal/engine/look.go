package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
)

// OnlyLooked reports whether an error of Lock leaves a deployment to be looked at, in a copy: another run works on it, or this user may not
// write it.
func OnlyLooked(err error) bool {
	return err != nil && slices.ContainsFunc(diagnostic.From(err), func(d *diagnostic.Diagnostic) bool {
		return slices.Contains([]string{"engine.locked", "engine.permission_denied", "engine.read_only"}, d.Code)
	})
}

const (
	// stateTries is how often a state is read that does not end, and statePause how long it is waited in between: the engines write
	// a state in its place, which takes them some milliseconds.
	stateTries = 100
	statePause = 20 * time.Millisecond
)

// CopyKept copies what is kept of a deployment's target, as it is at this moment, to another directory, whether or not somebody works on
// it: to look at what exists without a lock. Providers are not copied, but found where they are.
func CopyKept(ctx context.Context, deployment, target, to string) error {
	from, err := filepath.Abs(filepath.Join(deployment, stateDir, target))
	if err != nil {
		return err
	}
	place := filepath.Join(to, stateDir, target)
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // nothing is kept, or no longer
		}
		if err != nil {
			return fileFinding(err, path)
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		copied := filepath.Join(place, relative)
		switch {
		case entry.IsDir() && entry.Name() == "providers" && filepath.Base(filepath.Dir(path)) == ".terraform":
			if err := os.Symlink(path, copied); err != nil {
				return err
			}
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(copied, 0o700)
		case !entry.Type().IsRegular() || strings.Contains(entry.Name(), ".lock") && entry.Name() != lockHCL:
			return nil
		}
		text, err := readWhole(ctx, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return fileFinding(err, path)
		}
		return atomicfile.WriteCopy(copied, text, 0o600)
	})
}

// readWhole reads a file, and one that is a state when it is whole, or when ctx is done, which is an error.
func readWhole(ctx context.Context, path string) (text []byte, err error) {
	for range stateTries {
		if text, err = os.ReadFile(path); err != nil || filepath.Ext(path) != ".tfstate" || json.Valid(text) {
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(statePause):
		}
	}
	return text, err // what never becomes whole is damaged, and whoever looks at it says so
}
