package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
)

const (
	stateFile  = "terraform.tfstate"
	backupFile = "terraform.tfstate.backup"
	// erroredFile is where an engine leaves a state that it could not save in its place.
	erroredFile = "errored.tfstate"
	// beforeSuffix names the run file that holds the state as it was before the apply that runs, or that was killed.
	beforeSuffix = ".before"
	// appliedSuffix names the run file that exists from the first apply on.
	appliedSuffix = ".applied"
)

// checkState refuses to run on a state that is damaged, and puts one that could not be saved in its place. The engines
// themselves report a damaged state as a lock that cannot be had, and take an empty file, which a full disk leaves
// behind, for a deployment that has nothing. An engine that a killed run has left behind is waited for: it is about to save its state.
func (s *Stack) checkState(ctx context.Context) error {
	if err := wait(ctx, s.runFile(journalSuffix)); err != nil {
		return err
	}
	if s.isRemote() {
		return nil // what waits to be saved there is brought after init
	}
	return s.checkLocal()
}

// checkLocal is checkState for a state in the Workdir.
func (s *Stack) checkLocal() error {
	if err := s.recover(); err != nil {
		return err
	}
	file := filepath.Join(s.Dir(), stateFile)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return s.checkAbsence(file)
	}
	if err != nil {
		return fileFinding(err, file)
	}
	if isWhole(text) {
		return s.checkWhole(text, file)
	}
	empty := len(bytes.TrimSpace(text)) == 0
	journal, err := os.ReadFile(s.runFile(journalSuffix))
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fileFinding(err, s.runFile(journalSuffix))
	case err == nil || s.hasBefore():
		return s.putBack(file, journal)
	case empty && (!s.hadState() || s.Anew):
		return nil // an engine that was killed before its first apply leaves an empty file, with which it locks
	case empty:
		return s.damaged(file, "the file is empty, although there was an apply: that happens when a disk is full while it is written")
	}
	return s.damaged(file, misformed(text))
}

// isWhole tells whether a state was written to its end, whatever is in it.
func isWhole(text []byte) bool { return json.Valid(text) }

// checkWhole refuses a state that no engine can read, that another one has written, or that has been emptied.
func (s *Stack) checkWhole(text []byte, file string) error {
	if why := misformed(text); why != "" {
		return s.damaged(file, why)
	}
	if s.isEmptied(text) && !s.Anew {
		return s.emptied(file)
	}
	return s.checkWriter(text, file)
}

// checkAbsence refuses to take a deployment of which the state is gone for one that has nothing. A copy that we have made is put back.
func (s *Stack) checkAbsence(file string) error {
	record, err := s.readBackendRecord()
	if err != nil || record.Key != "" || !s.isSaved() {
		return err // it was kept elsewhere, or there never was one
	}
	if s.Anew {
		return nil
	}
	if s.hasBefore() {
		return s.putBack(file, nil)
	}
	return s.missing(file)
}

// putBack takes the state before the last apply for one that was cut short when that apply was killed: the engines empty
// the file before they write it anew. What the apply has done since is in the journal, and what it has deleted will be
// missed. Before a first apply there was no state. The engines' own backup may be much older: it is left to people.
func (s *Stack) putBack(file string, journal []byte) error {
	before, err := os.ReadFile(s.runFile(beforeSuffix))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileFinding(err, s.runFile(beforeSuffix))
	}
	if isWhole(before) && misformed(before) == "" && !s.isEmptied(before) {
		if err := atomicfile.Write(file, before, 0o600); err != nil {
			return fileFinding(err, file)
		}
		return nil
	}
	backup, err := os.ReadFile(filepath.Join(s.Dir(), backupFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileFinding(err, filepath.Join(s.Dir(), backupFile))
	}
	if !s.Anew && (json.Valid(backup) || s.isSaved()) {
		return s.damaged(file, "it was cut short when an apply was killed, and there is no good copy of what it was before")
	}
	if err := removeFile(file); err != nil || len(traces(journal)) > 0 || damageOf(journal) != "" {
		return err
	}
	return errors.Join(removeFile(s.runFile(appliedSuffix)), removeFile(s.runFile(journalSuffix)))
}

// keepBefore keeps a copy of the state until an apply has ended. The engines' own backup is not enough: they write none before the state
// differs from what they have read, though they write the state anew before that, and an older one stays where it is.
func (s *Stack) keepBefore() error {
	file := filepath.Join(s.Dir(), stateFile)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(text) == 0 {
		return removeFile(s.runFile(beforeSuffix))
	}
	if err != nil {
		return fileFinding(err, file)
	}
	if err := atomicfile.Write(s.runFile(beforeSuffix), text, 0o600); err != nil {
		return fileFinding(err, s.runFile(beforeSuffix))
	}
	return nil
}

// dropBefore ends that where the engine has ended by itself and has saved the state: one that crashed may have left half of it.
func (s *Stack) dropBefore(result outcome) error {
	text, err := os.ReadFile(filepath.Join(s.Dir(), stateFile))
	if result.code < 0 || result.unsaved || err == nil && !json.Valid(text) {
		return nil
	}
	return removeFile(s.runFile(beforeSuffix))
}

func (s *Stack) hasBefore() bool {
	_, err := os.Stat(s.runFile(beforeSuffix))
	return err == nil
}

// hadState tells whether there should be something in the state.
func (s *Stack) hadState() bool {
	if s.isMarked() {
		return true
	}
	return s.hasBackup()
}

// hasBackup tells whether the engines have left a copy of the state before the last change.
func (s *Stack) hasBackup() bool {
	info, err := os.Stat(filepath.Join(s.Dir(), backupFile))
	return err == nil && info.Size() > 0
}

func (s *Stack) damaged(file, why string) error {
	d := diagnostic.Errorf("the state file is damaged")
	d.Code = "engine.state_damaged"
	d.Why = why
	d.Todo = "restore the file from a backup of yours; " + anewTodo
	if s.hasBackup() {
		d.Todo = "copy " + backupFile + " beside it over it (it is the state before the last change), then plan again and " +
			"import what that change created"
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

// Command is a command line that runs the engine in the stack's directory, for people who have to.
func (s *Stack) Command(args ...string) string {
	return strings.Join(append([]string{s.command(), "-chdir=" + diagnostic.Word(s.Dir())}, args...), " ")
}

// command is the engine's name on a command line.
func (s *Stack) command() string {
	if s.Binary.Product == OpenTofu {
		return "tofu"
	}
	return "terraform"
}
