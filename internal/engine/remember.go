package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"coderaws/internal/atomicfile"
)

// Where all providers already run, all modules are in the source and the state is a file or in the memory of this process, init leaves
// nothing behind but the list of modules, which the same source always has, and the record of the backend. It takes a fifth of the time of
// a first plan, so that it is remembered from one deployment to the next: the engine's own files, as they were written.

const (
	// dataDir is the directory in which the engines keep what init makes.
	dataDir = ".terraform"
	// moduleList is the list of modules in it.
	moduleList = "modules/modules.json"
	// backendList is the record of the backend in it.
	backendList = "terraform.tfstate"
)

// initMemory is what is remembered of a good init.
type initMemory struct {
	// Causes are what it depended on.
	Causes string `json:"causes"`
	// Files are those that it has left in dataDir, by name: no more than moduleList and backendList.
	Files map[string]string `json:"files"`
}

// memoryFile keeps one memory for each stack by name and way of keeping its state, so that the directory does not grow; "" if none is to
// be kept.
func (s *Stack) memoryFile() string {
	switch {
	case s.CacheDir == "":
		return ""
	case s.isFleeting():
		return filepath.Join(s.CacheDir, "init-"+s.Name+"-in-memory.json")
	}
	return filepath.Join(s.CacheDir, "init-"+s.Name+".json")
}

// isForgotten tells whether init does more than can be remembered: it has a state elsewhere to look for.
func (s *Stack) isForgotten() bool { return s.memoryFile() == "" || s.isRemote() && !s.isFleeting() }

// recall leaves what init would leave in a directory that is new, and tells whether it could.
func (s *Stack) recall() bool {
	if s.isForgotten() {
		return false
	}
	data := filepath.Join(s.Dir(), dataDir)
	if _, err := os.Lstat(data); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	text, err := os.ReadFile(s.memoryFile())
	if err != nil {
		return false
	}
	var memory initMemory
	if json.Unmarshal(text, &memory) != nil || memory.Causes != s.initCauses() {
		return false
	}
	for name, text := range memory.Files {
		file := filepath.Join(data, filepath.FromSlash(name))
		if !isRemembered(name) || os.MkdirAll(filepath.Dir(file), 0o755) != nil || atomicfile.WriteCopy(file, []byte(text), 0o644) != nil {
			return false // init finds out what is wrong
		}
	}
	return s.recordBackend() == nil && writeIfChanged(s.runFile(".init"), []byte(s.initKey())) == nil
}

// isRemembered tells whether a file of dataDir is the same after every init.
func isRemembered(name string) bool { return name == moduleList || name == backendList }

// remember keeps what an init has left that had these causes, if it is no more than what is the same after every init. It may fail in
// silence: without it, the next init takes its time.
func (s *Stack) remember(causes string) {
	if s.isForgotten() || causes != s.initCauses() {
		return
	}
	data := os.DirFS(filepath.Join(s.Dir(), dataDir))
	memory := initMemory{Causes: causes, Files: map[string]string{}}
	err := fs.WalkDir(data, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case name == "." && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case err != nil || entry.IsDir():
			return err
		case !isRemembered(name):
			return errors.New(name + " is not remembered")
		}
		text, err := fs.ReadFile(data, name)
		memory.Files[name] = string(text)
		return err
	})
	if err != nil {
		return
	}
	text, err := json.Marshal(memory)
	if err != nil || os.MkdirAll(s.CacheDir, 0o700) != nil {
		return
	}
	if old, err := os.ReadFile(s.memoryFile()); err == nil && bytes.Equal(old, text) {
		return
	}
	_ = atomicfile.WriteCopy(s.memoryFile(), text, 0o600)
}
