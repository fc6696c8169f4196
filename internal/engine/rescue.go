package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"coderaws/internal/atomicfile"
	"coderaws/internal/diagnostic"
)

// emergencyMessage is the log event in which both products write out a state that they could save nowhere.
const emergencyMessage = "Emergency state dump"

// minimumReserve is enough room for the state of a few hundred resources.
const minimumReserve = 1 << 20

// reserve takes room on the disk before an apply, for the state to be saved in should the disk fill up meanwhile. Where there
// is none the apply does not begin.
func (s *Stack) reserve() error {
	size := minimumReserve
	if info, err := os.Stat(filepath.Join(s.Dir(), stateFile)); err == nil {
		size = max(size, 2*int(info.Size()))
	}
	file := s.runFile(".reserve")
	if err := atomicfile.Write(file, make([]byte, size), 0o600); err != nil {
		return fileFinding(err, file)
	}
	return nil
}

func (s *Stack) release() error {
	file := s.runFile(".reserve")
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileFinding(err, file)
	}
	return nil
}

// emergencyState returns the state that an event writes out; nil for every other event.
func emergencyState(e Event) json.RawMessage {
	if e.Type != EventLog || e.Message != emergencyMessage {
		return nil
	}
	var body struct{ State json.RawMessage }
	if json.Unmarshal(e.Raw, &body) != nil {
		return nil
	}
	return body.State
}

// rescue keeps a state that the engine could not save, where the next run finds it, and says so. If the reserved room does not
// suffice, the temporary directory has to; as the last resort the state is part of the message, for losing it is worse.
func (s *Stack) rescue(state json.RawMessage) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("%s could not save the state of stack %s", s.Binary.Product, s.Name)
	d.Code = "engine.state_unsaved"
	d.Todo = "free some space, then run the same command again: it puts the state in its place first"
	kept := filepath.Join(s.Dir(), erroredFile)
	_ = s.release() // if this fails, so does the writing
	err := atomicfile.Write(kept, state, 0o600)
	if err == nil {
		d.Why = "what was created is recorded in " + kept
		return d
	}
	other, tempErr := os.CreateTemp("", "coderaws-"+s.Name+"-*.tfstate")
	if tempErr == nil {
		_, writeErr := other.Write(state)
		tempErr = errors.Join(writeErr, other.Sync(), other.Close())
	}
	if tempErr == nil {
		d.Why = "what was created is recorded in " + other.Name() + " only (" + err.Error() + ")"
		d.Todo = "free some space, move that file to " + kept + ", then run the same command again"
		return d
	}
	d.Why = errors.Join(err, tempErr).Error() + "; what was created is recorded nowhere but here:\n" + string(state)
	d.Todo = "free some space, save the JSON object above as " + kept + ", then run the same command again"
	return d
}

// statePosition is what orders two versions of one state.
type statePosition struct {
	Version int    `json:"version"`
	Serial  uint64 `json:"serial"`
	Lineage string `json:"lineage"`
}

// recover puts a state that an earlier run could not save in its place, if it is certain that it belongs there: the one there
// is missing or cut short, or older and of the same lineage. Otherwise the user has to decide.
func (s *Stack) recover() error {
	errored := filepath.Join(s.Dir(), erroredFile)
	saved, err := os.ReadFile(errored)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(bytes.TrimSpace(saved)) == 0 {
		return nil // an empty one holds nothing: the disk was full for it as well
	}
	if err != nil {
		return fileFinding(err, errored)
	}
	file := filepath.Join(s.Dir(), stateFile)
	current, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileFinding(err, file)
	}
	var from, to statePosition
	known := json.Unmarshal(saved, &from) == nil && from.Version > 0
	usable := json.Unmarshal(current, &to) == nil
	if !known || usable && (to.Lineage != from.Lineage || to.Serial > from.Serial) {
		d := diagnostic.Errorf("an earlier run could not save its state in %s", stateFile)
		d.Code = "engine.state_unsaved"
		d.Why = "it is in " + erroredFile + ", and " + stateFile + " has changed since or belongs to another deployment"
		d.Todo = "compare the two; to use the former, run `" + s.command() + " state push " + erroredFile + "` in " + s.Dir() +
			"; then remove " + erroredFile
		d.Where = &diagnostic.Range{File: errored}
		return d
	}
	if usable {
		if err := atomicfile.Rename(file, filepath.Join(s.Dir(), backupFile)); err != nil {
			return fileFinding(err, file)
		}
	}
	if err := atomicfile.Rename(errored, file); err != nil {
		return fileFinding(err, file)
	}
	return nil
}
