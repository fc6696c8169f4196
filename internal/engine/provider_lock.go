package engine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"coderaws/internal/atomicfile"
)

// sharedLock is the file in which a deployment keeps which providers a stack uses, with their checksums: beside its settings, where it
// comes under version control with them, and where another machine takes the same. It is "" for providers that already run, which init
// gets nowhere.
func (s *Stack) sharedLock() string {
	if s.Providers != nil {
		return ""
	}
	deployment := filepath.Dir(filepath.Dir(filepath.Dir(s.Workdir.Root))) // see Root
	return filepath.Join(deployment, s.Name+".lock.hcl")
}

// takeLock puts the deployment's lock where the engine looks for it. Where there is none, the one that the Workdir has stays.
func (s *Stack) takeLock() error {
	shared := s.sharedLock()
	if shared == "" {
		return nil
	}
	text, err := os.ReadFile(shared)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fileFinding(err, shared)
	}
	if other := otherProduct(string(text), s.Binary.Product); other != "" {
		if s.ChangeEngine {
			return removeFile(filepath.Join(s.Dir(), lockHCL)) // init makes another, which takes the place of this one
		}
		return s.refuseProduct(other, shared)
	}
	return writeIfChanged(filepath.Join(s.Dir(), lockHCL), text)
}

// shareLock keeps for the deployment what init has made of the lock: a first one, or one with the checksums of a further system.
func (s *Stack) shareLock() error {
	shared := s.sharedLock()
	text, err := os.ReadFile(filepath.Join(s.Dir(), lockHCL))
	if shared == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fileFinding(err, s.Dir())
	}
	return changed(shared, text, func(file string, text []byte, _ fs.FileMode) error { return atomicfile.Write(file, text, 0o644) })
}
