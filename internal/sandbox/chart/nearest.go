package chart

import (
	"maps"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"

	"coderaws/internal/nearest"
)

// shown is how many names or versions an error lists: enough to see the right one, not so many that it is buried.
const shown = 5

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// alike lists the keys that may have been meant by one, the most like first, count at most: those that differ in letters, in case or in
// dashes, and those that one is the end or the singular of.
func alike(key string, known []string, count int) []string {
	whole := nearest.Names(key, known, count)
	for _, other := range known {
		if len(whole) < count && !slices.Contains(whole, other) && (partOf(key, other) || partOf(other, key)) {
			whole = append(whole, other)
		}
	}
	return whole
}

// partOf tells whether one key is how people shorten another: args is meant for commandArgs, and replicas for replicaCount; but service is
// not meant for serviceAccount.
func partOf(short, long string) bool {
	short, long = strings.ToLower(short), strings.ToLower(long)
	stem := strings.TrimSuffix(short, "s")
	return len(short) >= 4 && strings.HasSuffix(long, short) || len(stem) >= 4 && stem != short && strings.HasPrefix(long, stem)
}

// nearestVersions lists versions of a chart by their distance from a wanted one, and the newest if the wanted one is a constraint. all has
// the newest first.
func nearestVersions(want string, all []entry) []string {
	if len(all) == 0 {
		return nil
	}
	sorted := slices.Clone(all)
	if v, err := semver.NewVersion(want); err == nil {
		slices.SortStableFunc(sorted, func(a, b entry) int {
			return slices.Compare(apart(v, a.parsed), apart(v, b.parsed))
		})
	}
	var names []string
	for _, e := range sorted[:min(shown-1, len(sorted))] {
		names = append(names, e.Version)
	}
	if newest := all[0].Version; !slices.Contains(names, newest) {
		names = append(names, newest)
	}
	return names
}

// apart is how far two versions are from each other, part by part.
func apart(a, b *semver.Version) []uint64 {
	difference := func(x, y uint64) uint64 { return max(x, y) - min(x, y) }
	return []uint64{difference(a.Major(), b.Major()), difference(a.Minor(), b.Minor()), difference(a.Patch(), b.Patch())}
}
