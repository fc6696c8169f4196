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
		return nil
	}
	if err != nil {
		return fileFinding(err, file)
	}
	empty := len(bytes.TrimSpace(text)) == 0
	// An encrypted state (OpenTofu) is a JSON object too; more than that is the engine's to judge.
	var object map[string]json.RawMessage
	bad := json.Unmarshal(text, &object)
	if !empty && bad == nil {
		return s.checkWriter(text, file)
	}
	journal, err := os.ReadFile(s.runFile(journalSuffix))
	switch {
	case err == nil || s.hasBefore():
		return s.putBack(file, traces(journal))
	case !errors.Is(err, fs.ErrNotExist):
		return fileFinding(err, s.runFile(journalSuffix))
	case empty && !s.hadState():
		return nil // an engine that was killed before its first apply leaves an empty file, with which it locks
	case empty:
		return s.damaged(file, "the file is empty, although there was an apply: that happens when a disk is full while it is written")
	}
	return s.damaged(file, "it is not the JSON object that it should be: "+bad.Error())
}

// putBack takes the state before the last apply for one that was cut short when that apply was killed: the engines empty
// the file before they write it anew. What the apply has done since is in the journal, and what it has deleted will be
// missed. Before a first apply there was no state. The engines' own backup may be much older: it is left to people.
func (s *Stack) putBack(file string, made []Trace) error {
	before, err := os.ReadFile(s.runFile(beforeSuffix))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileFinding(err, s.runFile(beforeSuffix))
	}
	if json.Valid(before) {
		if err := atomicfile.Write(file, before, 0o600); err != nil {
			return fileFinding(err, file)
		}
		return nil
	}
	backup, err := os.ReadFile(filepath.Join(s.Dir(), backupFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileFinding(err, filepath.Join(s.Dir(), backupFile))
	}
	if json.Valid(backup) || s.isMarked() && !s.isInFirst() {
		return s.damaged(file, "it was cut short when an apply was killed, and there is no copy of what it was before")
	}
	if err := removeFile(file); err != nil || len(made) > 0 {
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

// isMarked tells whether an apply has begun here, and did something.
func (s *Stack) isMarked() bool {
	_, err := os.Stat(s.runFile(appliedSuffix))
	return err == nil
}

// hadState tells whether there should be something in the state.
func (s *Stack) hadState() bool {
	if s.isMarked() {
		return true
	}
	info, err := os.Stat(filepath.Join(s.Dir(), backupFile))
	return err == nil && info.Size() > 0
}

// The texts of the mark. Away from the Workdir the engines save the state at intervals, so that a first apply that was
// killed may leave none: what it made is in the journal, and nothing is gone.
const (
	firstMark = "a first apply has begun\n"
	laterMark = "an apply has begun\n"
)

// markApplied records that an apply begins, so that an empty state can be told from one that was lost. Where the disk is full
// this fails, and nothing is created that could not be recorded.
func (s *Stack) markApplied() error {
	if s.isMarked() {
		return nil
	}
	return writeIfChanged(s.runFile(appliedSuffix), []byte(firstMark))
}

// isInFirst tells whether no apply has come to an end here yet, so that there may be no state.
func (s *Stack) isInFirst() bool {
	text, err := os.ReadFile(s.runFile(appliedSuffix))
	return err == nil && string(text) == firstMark
}

// unmarkApplied takes that back after an apply that did nothing. was says whether the mark was there before.
func (s *Stack) unmarkApplied(result outcome, was bool) error {
	if result.completed > 0 && result.code >= 0 && !result.unsaved {
		return writeIfChanged(s.runFile(appliedSuffix), []byte(laterMark)) // the engine has ended by itself, and saved a state
	}
	if result.completed > 0 || s.isRemote() && was || !s.isRemote() && s.Workdir.HasState(s.Name) {
		return nil
	}
	return removeFile(s.runFile(appliedSuffix))
}

func (s *Stack) damaged(file, why string) error {
	d := diagnostic.Errorf("the state file is damaged")
	d.Code = "engine.state_damaged"
	d.Why = why
	d.Todo = "restore the file from a backup of yours"
	if info, err := os.Stat(filepath.Join(s.Dir(), backupFile)); err == nil && info.Size() > 0 {
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
