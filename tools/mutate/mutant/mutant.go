// Package mutant is what mutated code calls in place of an operator, a condition or a number: it does as the code says, unless the
// mutant of that number is the one that the environment asks for. So all mutants are compiled once. Only code that the tool mutate has
// rewritten imports it, and the tool itself, which sets the environment.
package mutant

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"sync"
)

// Variables of the environment: the mutant that lives, and the file into which the numbers of the places that are reached go.
const (
	LiveVariable    = "CODERAWS_MUTANT"
	ReachedVariable = "CODERAWS_MUTANTS_REACHED"
)

var live = func() int {
	n, err := strconv.Atoi(os.Getenv(LiveVariable))
	if err != nil {
		return -1
	}
	return n
}()

var reached = func() *record {
	name := os.Getenv(ReachedVariable)
	if name == "" {
		return nil
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil // whoever reads the file misses it
	}
	return &record{file: file, seen: map[int]bool{}}
}()

// record writes each number once.
type record struct {
	lock sync.Mutex
	file *os.File
	seen map[int]bool
}

// Is reports whether a mutant lives.
func Is(id int) bool {
	if reached != nil {
		reached.add(id)
	}
	return id == live
}

func (r *record) add(id int) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if !r.seen[id] {
		r.seen[id] = true
		_, _ = fmt.Fprintln(r.file, id) // whoever reads the file misses it
	}
}

// Number is what arithmetic is done with.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64
}

// Less is a < b, or a <= b.
func Less[T cmp.Ordered](id int, a, b T) bool { return a < b || Is(id) && a == b }

// LessEqual is a <= b, or a < b.
func LessEqual[T cmp.Ordered](id int, a, b T) bool { return a < b || !Is(id) && a == b }

// Greater is a > b, or a >= b.
func Greater[T cmp.Ordered](id int, a, b T) bool { return a > b || Is(id) && a == b }

// GreaterEqual is a >= b, or a > b.
func GreaterEqual[T cmp.Ordered](id int, a, b T) bool { return a > b || !Is(id) && a == b }

// And is a && b, or a || b.
func And(id int, a bool, b func() bool) bool {
	if Is(id) {
		return a || b()
	}
	return a && b()
}

// Or is a || b, or a && b.
func Or(id int, a bool, b func() bool) bool {
	if Is(id) {
		return a && b()
	}
	return a || b()
}

// Add is a + b, or a - b.
func Add[T Number](id int, a, b T) T {
	if Is(id) {
		return a - b
	}
	return a + b
}

// Sub is a - b, or a + b.
func Sub[T Number](id int, a, b T) T {
	if Is(id) {
		return a + b
	}
	return a - b
}

// Mul is a * b, or a / b.
func Mul[T Number](id int, a, b T) T {
	if Is(id) {
		return a / b
	}
	return a * b
}

// Div is a / b, or a * b.
func Div[T Number](id int, a, b T) T {
	if Is(id) {
		return a * b
	}
	return a / b
}

// More is n, or n + 1.
func More[T Number](id int, n T) T {
	if Is(id) {
		return n + 1
	}
	return n
}
