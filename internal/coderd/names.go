package coderd

import (
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// distance is how far apart two names are, and whether one may have been meant by the other: they have the same words in another order, or
// all words of the one are among those of the other, or few letters differ.
func distance(name, other string) (apart int, near bool) {
	a, b := words(name), words(other)
	letters := levenshtein.Distance(strings.Join(a, ""), strings.Join(b, ""), nil)
	sortedA, sortedB := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	switch {
	case slices.Equal(sortedA, sortedB):
		return 0, true
	case letters <= 2:
		return letters, true
	case len(a) > 1 && len(b) > 1 && (within(a, b) || within(b, a)):
		return 2 + letters, true
	case letters <= len(strings.Join(a, ""))/4:
		return 2 + letters, true
	default:
		return 0, false
	}
}

// words are the parts of a name behind CODER_.
func words(name string) []string { return strings.Split(strings.TrimPrefix(name, "CODER_"), "_") }

// within reports whether all words of a are among those of b.
func within(a, b []string) bool {
	for _, word := range a {
		if !slices.Contains(b, word) {
			return false
		}
	}
	return true
}
