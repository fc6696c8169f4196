// Package sample is mutated by the test of the tool: every kind of mutant is in it, and compiles.
package sample

import (
	"errors"
	"strings"
	"time"
)

type level int

type rule struct {
	name     string
	most     level
	computed bool
}

const limit = 10 * 2

var rules = []rule{{name: "a", most: 3, computed: true}, {name: "b", most: limit}}

var errTooMany = errors.New("too many")

// Check is noticed by a test in all that it does.
func Check(name string, count level) error {
	for _, r := range rules {
		if r.name == name &&
			count > r.most {
			return errTooMany
		}
	}
	return nil
}

// Sum is called, and nobody looks at what comes of it.
func Sum(all ...float64) (total float64) {
	for i := 0; i < len(all); i++ {
		if all[i]*2 >= 0 || all[i] <= -1 {
			total += all[i]
		}
	}
	return total - 1
}

// Never is not called by a test.
func Never(text string, wait time.Duration, kinds [2]int) bool {
	switch {
	case strings.HasPrefix(text, "x"), kinds[0] == 1:
		wait++
	case text < "y":
		return wait != 2*time.Second
	}
	b := strings.Builder{}
	b.WriteString(text)
	return !(b.Len()/2 < 3) || make([]bool, 1)[0]
}

// Half is not called either: what it returns beside an error is not mutated.
func Half(n int) (int, error) {
	if n%2 == 1 {
		return 0, errors.New("odd")
	}
	return n / 2, nil
}
