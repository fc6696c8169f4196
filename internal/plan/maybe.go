package plan

import "encoding/json"

// State says what a plan knows of a value.
type State uint8

// The states; the zero State is that of a value that is not there.
const (
	// IsNull values are not set: AWS's default counts.
	IsNull State = iota
	IsKnown
	// IsUnknown values are decided when the plan is applied. They must not be taken for null, or for 0.
	IsUnknown
)

// Maybe is a value of one type that a plan knows, that is null, or that the plan does not know yet. Whoever reads it has to say what null
// and unknown mean. The zero Maybe is null.
type Maybe[T any] struct {
	value T
	state State
}

// Known, Null and Unknown make a Maybe.
func Known[T any](value T) Maybe[T] { return Maybe[T]{value, IsKnown} }

// Null is a value that is not set.
func Null[T any]() Maybe[T] { return Maybe[T]{} }

// Unknown is a value that the plan does not know yet.
func Unknown[T any]() Maybe[T] { return Maybe[T]{state: IsUnknown} }

// Get is the value with its state; the value is zero unless it is known.
func (m Maybe[T]) Get() (T, State) { return m.value, m.state }

// IsUnknown reports whether the plan does not know the value yet.
func (m Maybe[T]) IsUnknown() bool { return m.state == IsUnknown }

// IsKnown reports whether there is a value, and the plan knows it.
func (m Maybe[T]) IsKnown() bool { return m.state == IsKnown }

// Default decides what null means. What is unknown stays so.
func (m Maybe[T]) Default(value T) Maybe[T] {
	if m.state == IsNull {
		return Known(value)
	}
	return m
}

// Else decides what null and what unknown mean.
func (m Maybe[T]) Else(null, unknown T) T {
	switch m.state {
	case IsNull:
		return null
	case IsUnknown:
		return unknown
	}
	return m.value
}

// IsZero reports whether the value is null, so that JSON documents can leave it out.
func (m Maybe[T]) IsZero() bool { return m.state == IsNull }

// MarshalJSON writes the value if it is known, and null otherwise.
func (m Maybe[T]) MarshalJSON() ([]byte, error) {
	if m.state != IsKnown {
		return []byte("null"), nil
	}
	return json.Marshal(m.value)
}
