package chart

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	"github.com/agext/levenshtein"
)

// shown is how many names or versions an error lists: enough to see the right one, not so many that it is buried.
const shown = 5

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// nearest lists the candidates that are like a name, the most like first, count at most.
func nearest(name string, candidates []string, count int) []string {
	type scored struct {
		candidate string
		distance  int
	}
	var like []scored
	for _, c := range candidates {
		if d, ok := likeness(name, c); ok {
			like = append(like, scored{c, d})
		}
	}
	slices.SortStableFunc(like, func(a, b scored) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, s := range like[:min(count, len(like))] {
		names = append(names, s.candidate)
	}
	return names
}

// likeness is how far two names are from each other, 0 for the same, and whether one may have been meant for the other: a few letters
// differ, or their case and dashes alone, or one is the end of the other.
func likeness(name, candidate string) (distance int, ok bool) {
	a, b := plain(name), plain(candidate)
	if a == b {
		return 0, true
	}
	distance = levenshtein.Distance(a, b, nil)
	if distance <= max(1, min(len(a), len(b))/3) {
		return distance, true
	}
	// args is meant for commandArgs, and replicas for replicaCount; but service is not meant for serviceAccount.
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) >= 4 && strings.HasSuffix(long, short) {
		return distance, true
	}
	if stem := strings.TrimSuffix(short, "s"); len(stem) >= 4 && stem != short && strings.HasPrefix(long, stem) {
		return distance, true
	}
	return distance, false
}

// plain leaves of a name what people remember of it.
func plain(name string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(name))
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
