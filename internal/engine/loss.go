package engine

import (
	"slices"

	"coderaws/internal/diagnostic"
)

// The codes of findings on a state that is lost: what it recorded may still exist.
const (
	stateMissing = "engine.state_missing"
	stateEmptied = "engine.state_emptied"
	stateDamaged = "engine.state_damaged"
)

// anewTodo is the way on without the state.
const anewTodo = "without one, name with `coderaws up --adopt ADDRESS=ID` what exists, or delete it by hand"

// IsStateLost reports whether an error says that a state is gone, emptied or damaged.
func IsStateLost(err error) bool {
	return err != nil && slices.ContainsFunc(diagnostic.From(err), func(d *diagnostic.Diagnostic) bool {
		return slices.Contains([]string{stateMissing, stateEmptied, stateDamaged}, d.Code)
	})
}

// missing reports that there is no state although there was an apply.
func (s *Stack) missing(place string) error {
	d := diagnostic.Errorf("the state of stack %s is gone from %s", s.Name, place)
	d.Code = stateMissing
	d.Why = "an apply of this directory has written it; what it recorded may still exist, and would be made a second time"
	d.Todo = s.restoreTodo(place)
	return d
}

// emptied reports that there is nothing in a state although the last apply has left something.
func (s *Stack) emptied(place string) error {
	d := diagnostic.Errorf("the state of stack %s has been emptied", s.Name)
	d.Code, d.Where = stateEmptied, &diagnostic.Range{File: place}
	d.Why = "the last apply of this directory has left resources in it, and this one has none and is not newer; what it recorded may still " +
		"exist, and would be made a second time"
	d.Todo = s.restoreTodo(place)
	return d
}

// restoreTodo says how a lost state comes back, and how to begin anew on purpose.
func (s *Stack) restoreTodo(place string) string {
	from := "restore it from a backup of yours"
	switch {
	case s.isRemote():
		from = "bring it back from a former version of the object"
	case s.hasBackup():
		from = "restore it from a backup of yours, or copy " + backupFile + " (the state before the last change) to " + place
	}
	return from + "; " + anewTodo + "; if everything is gone on purpose, remove " + s.runFile(appliedSuffix)
}
