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

// Where all providers already run, all modules are in the source and the state is a file, init leaves nothing behind but the list of
// modules, which the same source always has. It takes a fifth of the time of a first plan, so that it is remembered from one deployment to
// the next: the engine's own list, as it was written.

const (
	// dataDir is the directory in which the engines keep what init makes.
	dataDir = ".terraform"
	// moduleList is the list of modules in it.
	moduleList = "modules/modules.json"
)

// initMemory is what is remembered of a good init.
type initMemory struct {
	// Causes are what it depended on.
	Causes string `json:"causes"`
	// Modules is the list that it has left; empty if the stack has no modules.
	Modules string `json:"modules"`
}

// memoryFile keeps one memory for each stack by name, so that the directory does not grow; "" if none is to be kept.
func (s *Stack) memoryFile() string {
	if s.CacheDir == "" {
		return ""
	}
	return filepath.Join(s.CacheDir, "init-"+s.Name+".json")
}

// recall leaves what init would leave in a directory that is new, and tells whether it could.
func (s *Stack) recall() bool {
	if s.memoryFile() == "" || s.isRemote() {
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
	if memory.Modules != "" {
		list := filepath.Join(data, filepath.FromSlash(moduleList))
		if os.MkdirAll(filepath.Dir(list), 0o755) != nil || atomicfile.WriteCopy(list, []byte(memory.Modules), 0o644) != nil {
			return false // init finds out what is wrong
		}
	}
	return writeIfChanged(s.runFile(".init"), []byte(s.initKey())) == nil
}

// remember keeps what an init has left that had these causes, if it is no more than the list of modules. It may fail in silence: without
// it, the next init takes its time.
func (s *Stack) remember(causes string) {
	if s.memoryFile() == "" || s.isRemote() || causes != s.initCauses() {
		return
	}
	data := os.DirFS(filepath.Join(s.Dir(), dataDir))
	memory := initMemory{Causes: causes}
	err := fs.WalkDir(data, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case name == "." && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case err != nil || entry.IsDir():
			return err
		case name != moduleList:
			return errors.New(name + " is more than the list of modules")
		}
		list, err := fs.ReadFile(data, name)
		memory.Modules = string(list)
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
