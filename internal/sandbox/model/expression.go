package model

import (
	"regexp"
	"sync"
)

// Expression is a regular expression that is compiled when it is first needed: a command that makes nothing does not wait for the shapes
// of all names that AWS knows.
func Expression(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
