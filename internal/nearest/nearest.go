// Package nearest finds what somebody most likely meant by a name that does not exist, for the errors that say so. Every
// package that refuses names imports it; what a name is, and which exist, belongs to them.
package nearest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// Name returns the known name that was most likely meant; "" if none is near. Of two that are as near it is the first.
func Name(name string, known []string) string {
	if near := Names(name, known, 1); len(near) > 0 {
		return near[0]
	}
	return ""
}

// Names returns the known names that may have been meant, the nearest first, most of them at most; of two that are as near, the first of
// known comes first.
func Names(name string, known []string, most int) []string {
	type candidate struct {
		name  string
		apart int
	}
	var near []candidate
	for _, other := range known {
		if apart, is := Apart(name, other); is {
			near = append(near, candidate{other, apart})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.apart, b.apart) })
	var names []string
	for _, c := range near[:min(most, len(near))] {
		names = append(names, c.name)
	}
	return names
}

// Apart returns how many letters two names differ by, and whether one may have been meant by the other: a third of the letters at most (two
// of a short name, though not all). Case, hyphens, underscores and dots are not counted, since `min-acu` and `minACU`
// are the commonest slips of all.
func Apart(name, other string) (letters int, near bool) {
	a, b := plain(name), plain(other)
	letters = levenshtein.Distance(a, b, nil)
	// A word of three letters is two edits from nearly every other.
	return letters, letters == 0 || letters <= max(2, len(name)/3) && letters < min(len(a), len(b))
}

// plain leaves of a name what people remember of it.
func plain(name string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(name))
}
