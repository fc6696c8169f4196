package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
)

// How a state moves: it is set aside in a file of the run, the engine is told of the new place, and the state is pushed
// there. The engines can do that themselves (init -migrate-state), but where nobody answers their questions they
// overwrite whatever the new place holds; a push refuses to replace a state of other lineage or of a higher serial. A
// run that is killed in between leaves the file, and the next goes on.

// movingSuffix names the run file with a state that is on its way.
const movingSuffix = ".moving.tfstate"

// HasState tells whether there is a state: the stack was applied before, if only in part. For a state in the Workdir no process starts,
// and one that was cut short is put back first.
func (s *Stack) HasState(ctx context.Context) (bool, error) {
	if !s.isRemote() {
		if err := s.checkState(ctx); err != nil {
			return false, err
		}
		return s.Workdir.HasState(s.Name), nil
	}
	if err := s.Init(ctx); err != nil {
		return false, err
	}
	text, have, err := s.pull(ctx)
	if err != nil {
		return false, err
	}
	if have.Lineage == "" && s.isSaved() && !s.Anew {
		return false, s.missing(s.Backend.Place)
	}
	if have.Lineage != "" && s.isSaved() {
		if err := s.checkNoted(text); err != nil {
			return false, err
		}
	}
	return have.Lineage != "", s.checkWriter(text, s.Backend.Place)
}

// checkNoted refuses a state elsewhere that has been emptied, and notes what any other is like.
func (s *Stack) checkNoted(state []byte) error {
	if s.Backend.Fleeting {
		return nil
	}
	if !s.isEmptied(state) {
		return s.note(state)
	}
	if s.Anew {
		return nil
	}
	return s.emptied(s.Backend.Place)
}

// pull reads the state from the backend, and what orders its versions. Where there is none, some backends give a state without lineage,
// and some nothing at all.
func (s *Stack) pull(ctx context.Context) (text []byte, have statePosition, err error) {
	if text, err = s.output(ctx, "reading the state of", []string{"state", "pull"}); err != nil {
		return nil, have, err
	}
	if text = documentIn(text); !bytes.HasPrefix(text, []byte("{")) {
		return nil, have, nil // what is left are warnings, at most
	}
	return text, have, s.decode("state pull", text, &have)
}

// setAside puts a state that has to move into the run's file, after Move has agreed. record is where the last run kept it.
func (s *Stack) setAside(ctx context.Context, record backendRecord, to *Backend) error {
	local := filepath.Join(s.Dir(), stateFile)
	moving := s.runFile(movingSuffix)
	if to != nil && s.Workdir.HasState(s.Name) {
		if _, err := os.Stat(moving); err == nil {
			return s.twoStates(moving, local)
		}
		if err := s.checkLocal(); err != nil {
			return err
		}
		if err := s.Move(local, to.Place); err != nil {
			return err
		}
		if err := atomicfile.Rename(local, moving); err != nil {
			return fileFinding(err, local)
		}
		return nil
	}
	if record.Key == "" || to != nil && record.Place == to.Place {
		return nil // it is the first run, or the same place is reached in another way
	}
	if to == nil || s.Move == nil {
		if !s.isMarked() {
			return nil // nothing was made from here, so nothing can be lost from sight
		}
		d := diagnostic.Errorf("the state of stack %s is in %s, and the deployment says otherwise now", s.Name, record.Place)
		d.Code = "engine.backend_changed"
		d.Why = "settings or account have changed since the last run, or the place is gone"
		d.Todo = "change them back, or run `coderaws up`, which moves the state after a question"
		return d
	}
	// With this the directory is as init last left it, so that the former place can be read.
	if err := writeIfChanged(filepath.Join(s.Dir(), backendFile), []byte(record.Override)); err != nil {
		return err
	}
	old, have, err := s.pull(ctx)
	if err != nil {
		if _, missing := os.Stat(moving); missing == nil || !s.isMarked() {
			return nil // it was set aside before, or nothing was made from here
		}
		d := diagnostic.Errorf("the state of stack %s cannot be read where the last run kept it, in %s", s.Name, record.Place)
		d.Code = "engine.backend_changed"
		d.Why = "the deployment says that it is kept in " + to.Place + " now, so it has to be moved"
		d.Todo = "make the former place readable (sign in to the account that it is in); if the state is in the new place already, remove " +
			s.runFile(backendSuffix)
		return append(diagnostic.List{d}, diagnostic.From(err)...)
	}
	if have.Lineage == "" {
		return nil
	}
	if err := s.Move(record.Place, to.Place); err != nil {
		return err
	}
	return writeIfChanged(moving, old)
}

// deliver pushes states that wait in files: one that a run could not save, and one that moves. It comes after init.
func (s *Stack) deliver(ctx context.Context) error {
	if err := s.push(ctx, filepath.Join(s.Dir(), erroredFile)); err != nil {
		return err
	}
	moving := s.runFile(movingSuffix)
	if _, err := os.Stat(moving); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := s.push(ctx, moving); err != nil {
		return err
	}
	// The state is where it belongs. What the engine kept beside the former one is as good as a state.
	return removeFile(filepath.Join(s.Dir(), backupFile))
}

// push brings the state in a file to the backend, unless it is there already, and removes the file. Where it is not certain that nothing
// is lost, the user has to decide.
func (s *Stack) push(ctx context.Context, file string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fileFinding(err, file)
	}
	if len(text) == 0 {
		return removeFile(file) // the disk was full for it as well
	}
	var from statePosition
	if err := json.Unmarshal(text, &from); err != nil || from.Version == 0 {
		d := diagnostic.Errorf("a state that has to be brought to %s cannot be read", s.Backend.Place)
		d.Code, d.Where = "engine.state_damaged", &diagnostic.Range{File: file}
		d.Why = "it is no plain state file; it may be encrypted or cut short"
		d.Todo = "bring it there by hand (`" + s.command() + " state push`), then remove the file"
		return d
	}
	there, to, err := s.pull(ctx)
	switch {
	case err != nil:
		return err
	case to.Lineage != "" && sameResources(text, there):
		return removeFile(file)
	case to.Lineage != "" && (to.Lineage != from.Lineage || to.Serial >= from.Serial):
		return s.twoStates(file, s.Backend.Place)
	}
	if _, err := s.output(ctx, "moving the state of", []string{"state", "push", file}); err != nil {
		return err
	}
	if there, _, err = s.pull(ctx); err != nil {
		return err
	}
	if !sameInstances(text, there) {
		d := diagnostic.Errorf("the state is not in %s although it was brought there", s.Backend.Place)
		d.Code, d.Where = "engine.state_unsaved", &diagnostic.Range{File: file}
		d.Todo = "run the same command again: the state is kept in the file above until it is there"
		return d
	}
	return removeFile(file)
}

// sameResources tells whether two states record the same in every detail. Lineages do not tell: in an empty place of most kinds, S3 among
// them, both products give a state that is pushed there a new one.
func sameResources(a, b []byte) bool {
	type state struct{ Resources, Outputs any }
	var one, other state
	return json.Unmarshal(a, &one) == nil && json.Unmarshal(b, &other) == nil && reflect.DeepEqual(one, other)
}

// sameInstances tells whether two states record the same things under the same addresses, though a version of the engine may write their
// details otherwise than another.
func sameInstances(a, b []byte) bool {
	type state struct {
		Resources []struct {
			Module, Mode, Type, Name string
			Instances                []struct {
				IndexKey   any `json:"index_key"`
				Attributes struct {
					ID any
				}
			}
		}
	}
	var one, other state
	return json.Unmarshal(a, &one) == nil && json.Unmarshal(b, &other) == nil && reflect.DeepEqual(one, other)
}

func (s *Stack) twoStates(file, other string) error {
	d := diagnostic.Errorf("there are two states of stack %s, of which only one can be right", s.Name)
	d.Code, d.Where = "engine.two_states", &diagnostic.Range{File: file}
	d.Why = "one is in this file, and another in " + other +
		"; that may be of a deployment of the same name, or it was moved there and changed since"
	d.Todo = "if it is of another deployment, give this one another name; if it is this one's, and newer, move the file away"
	if filepath.Base(file) == erroredFile {
		d.Why = "the one in this file could not be saved by a run, and the one in " + other + " was written since"
		d.Todo = fmt.Sprintf("compare the two; to use the former: %s -chdir=%s state push -force %s; then remove the file",
			s.command(), diagnostic.Word(s.Dir()), erroredFile)
	}
	return diagnostic.WithExit(diagnostic.ExitRefused, d)
}
