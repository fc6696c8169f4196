package deployment

import (
	"maps"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// nearest returns the candidate that a reader most likely meant by name: the one with the fewest edits, if those are at
// most a third of the name (and two for short names), else "". Hyphens and case are not counted, since `min-acu` and
// `minACU` are the commonest slips of all.
func nearest(name string, candidates []string) string {
	best, distance := "", max(2, len(name)/3)+1
	for _, c := range candidates {
		d := levenshtein.Distance(plain(name), plain(c), nil)
		// A word of three letters is two edits from nearly every other.
		if d < distance && d < len(plain(c)) && d < len(plain(name)) {
			best, distance = c, d
		}
	}
	return best
}

func plain(name string) string {
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
