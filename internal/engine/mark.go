package engine

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// The texts of the mark, which the run file with appliedSuffix begins with. Away from the Workdir the engines save the state at intervals,
// so that a first apply that was killed may leave none: what it made is in the journal, and nothing is gone.
const (
	firstMark = "a first apply has begun\n"
	laterMark = "an apply has begun\n"
)

// noted is what the mark tells of the state that an apply has left last, so that one that was emptied or lost can be told from one of a
// deployment that has nothing.
type noted struct {
	Serial    uint64 `json:"serial"`
	Lineage   string `json:"lineage"`
	Resources int    `json:"resources"`
}

// isMarked tells whether an apply has begun here, and did something.
func (s *Stack) isMarked() bool {
	_, err := os.Stat(s.runFile(appliedSuffix))
	return err == nil
}

// isInFirst tells whether no apply has come to an end here yet, so that there may be no state.
func (s *Stack) isInFirst() bool {
	text, err := os.ReadFile(s.runFile(appliedSuffix))
	return err == nil && string(text) == firstMark
}

// isSaved tells whether an apply has come to an end here, so that there must be a state.
func (s *Stack) isSaved() bool { return s.isMarked() && !s.isInFirst() }

// markApplied records that an apply begins, so that an empty state can be told from one that was lost. Where the disk is full
// this fails, and nothing is created that could not be recorded.
func (s *Stack) markApplied() error {
	if s.isMarked() {
		return nil
	}
	return writeIfChanged(s.runFile(appliedSuffix), []byte(firstMark))
}

// unmarkApplied takes that back after an apply that did nothing. was says whether the mark was there before.
func (s *Stack) unmarkApplied(result outcome, was bool) error {
	if result.completed > 0 && result.code >= 0 && !result.unsaved {
		return s.markSaved() // the engine has ended by itself, and saved a state
	}
	if result.completed > 0 || s.isRemote() && was || !s.isRemote() && s.Workdir.HasState(s.Name) {
		return nil
	}
	return removeFile(s.runFile(appliedSuffix))
}

// markSaved records that there is a state, and what it is like where it is at hand. One that is kept elsewhere is noted when it is read.
func (s *Stack) markSaved() error {
	if !s.isRemote() {
		if text, err := os.ReadFile(filepath.Join(s.Dir(), stateFile)); err == nil {
			return s.note(text)
		}
	}
	if s.isSaved() {
		return nil
	}
	return writeIfChanged(s.runFile(appliedSuffix), []byte(laterMark))
}

// note writes down what a state is like that an apply has left.
func (s *Stack) note(state []byte) error {
	text, err := json.Marshal(describe(state))
	if err != nil {
		return err
	}
	return writeIfChanged(s.runFile(appliedSuffix), []byte(laterMark+string(text)+"\n"))
}

// describe is what a state is like. Of one that is encrypted (OpenTofu) nobody knows what is in it.
func describe(state []byte) noted {
	var read struct {
		noted
		Resources []json.RawMessage `json:"resources"`
	}
	_ = json.Unmarshal(state, &read) // what cannot be read is told elsewhere
	read.noted.Resources = len(read.Resources)
	return read.noted
}

// isEmptied tells whether there is nothing in a state although there was when an apply last left it, and no later apply, be it by hand, can
// have taken that away: it is of another lineage, or no newer.
func (s *Stack) isEmptied(state []byte) bool {
	text, err := os.ReadFile(s.runFile(appliedSuffix))
	rest, ok := strings.CutPrefix(string(text), laterMark)
	var left noted
	if err != nil || !ok || json.Unmarshal([]byte(rest), &left) != nil || left.Resources == 0 || isEncrypted(state) {
		return false
	}
	have := describe(state)
	return have.Resources == 0 && (have.Lineage != left.Lineage || have.Serial <= left.Serial)
}
