package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"coderaws/internal/diagnostic"
)

const (
	stateFile  = "terraform.tfstate"
	backupFile = "terraform.tfstate.backup"
	// erroredFile is where an engine leaves a state that it could not save in its place.
	erroredFile = "errored.tfstate"
)

// checkState refuses to run on a state that is damaged or not the latest. The engines themselves report a damaged state as a
// lock that cannot be had, and take an empty file, which a full disk leaves behind, for a deployment that has nothing.
func (s *Stack) checkState() error {
	errored := filepath.Join(s.Dir(), erroredFile)
	if _, err := os.Stat(errored); err == nil {
		d := diagnostic.Errorf("an earlier run could not save its state in %s", stateFile)
		d.Code = "engine.state_unsaved"
		d.Why = "the resources that it created are recorded in " + erroredFile + " only; a new run would create them again"
		d.Todo = "in " + s.Dir() + ", run `" + s.command() + " state push " + erroredFile + "`, then remove " + erroredFile
		d.Where = &diagnostic.Range{File: errored}
		return d
	}
	file := filepath.Join(s.Dir(), stateFile)
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fileFinding(err, file)
	case len(bytes.TrimSpace(text)) == 0:
		return s.damaged(file, "the file is empty, which happens when a disk is full while it is written")
	}
	// An encrypted state (OpenTofu) is a JSON object too; more than that is the engine's to judge.
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return s.damaged(file, "it is not the JSON object that it should be: "+err.Error())
	}
	return nil
}

func (s *Stack) damaged(file, why string) error {
	d := diagnostic.Errorf("the state file is damaged")
	d.Code = "engine.state_damaged"
	d.Why = why
	d.Todo = "restore the file from a backup of yours"
	if info, err := os.Stat(filepath.Join(s.Dir(), backupFile)); err == nil && info.Size() > 0 {
		d.Todo = "copy " + backupFile + " beside it over it (it is the state before the last change), then plan again and import what that change created"
	}
	d.Where = &diagnostic.Range{File: file}
	return d
}

// protectState takes the state files from the eyes of others; the engines create them readable for all. Files that are not
// there, and those of another owner, stay as they are: the directory above is closed as well.
func (s *Stack) protectState() {
	for _, name := range []string{stateFile, backupFile, erroredFile} {
		file := filepath.Join(s.Dir(), name)
		if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o077 != 0 {
			_ = os.Chmod(file, 0o600)
		}
	}
}

// command is the engine's name on a command line.
func (s *Stack) command() string {
	if s.Binary.Product == OpenTofu {
		return "tofu"
	}
	return "terraform"
}
