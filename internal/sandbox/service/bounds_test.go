package service_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"
)

// TestBounds looks for the least and the most that AWS accepts of every argument, around the example of its type, or for those that it
// accepts at all: numbers, characters of a text, elements of a list. testdata/answers/TestBounds.txt has those that are bounded, one a
// line, so that it can be read beside AWS's documentation.
func TestBounds(t *testing.T) {
	known := answersOf(t)
	m := sandboxtest.NewMuseum(t)
	var names []string
	seen := map[string]bool{}
	for _, s := range examples() {
		planned, err := m.Plan(s.TypeName, nil, m.Fill(t, s.Arguments).(object))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, a := range argumentsOf(planned, "") {
			if seen[s.TypeName+"."+a.path] || a.path == "region" {
				continue
			}
			seen[s.TypeName+"."+a.path] = true
			b.WriteString(bounds(a, func(value any) bool {
				return a.with(value, func() bool { return m.Answer(s.TypeName, planned) == nil })
			}))
		}
		if b.Len() > 0 {
			names = append(names, s.Name)
			known.hold(t, s.Name, s.TypeName+"\n"+b.String())
		}
		m.Add(t, s)
	}
	known.end(t, names)
}

// argument is a place in a configuration.
type argument struct {
	path string
	of   object
	name string
}

// with does something while the argument has another value.
func (a argument) with(value any, do func() bool) bool {
	before := a.of[a.name]
	defer func() { a.of[a.name] = before }()
	a.of[a.name] = value
	return do()
}

// argumentsOf lists the arguments of a configuration, and those of the first of each kind of block.
func argumentsOf(o object, path string) []argument {
	var all []argument
	for _, name := range slices.Sorted(maps.Keys(o)) {
		all = append(all, argument{strings.TrimPrefix(path+"."+name, "."), o, name})
		if list, ok := o[name].([]any); ok && len(list) > 0 {
			if block, ok := list[0].(object); ok {
				all = append(all, argumentsOf(block, path+"."+name)...)
			}
		}
	}
	return all
}

// bounds says between what an argument has to be; nothing where it may be anything, or only what it is.
func bounds(a argument, accepted func(value any) bool) string {
	var found []string
	note := func(unit string, at, least, most int, value func(n int) any) {
		of := func(n int) bool { return n >= least && accepted(value(n)) }
		if !of(at) || !of(at+1) && !of(at-1) {
			return
		}
		low, high := "any", "any"
		if !of(least) {
			low = fmt.Sprint(at - sort.Search(at-least, func(n int) bool { return !of(at - n) }) + 1)
		}
		if !of(most) {
			high = fmt.Sprint(at + sort.Search(most-at, func(n int) bool { return !of(at + n) }) - 1)
		}
		if low != "any" || high != "any" {
			found = append(found, fmt.Sprintf("  %s: %s to %s%s\n", a.path, low, high, unit))
		}
	}
	number := func(at int) {
		if some := listed(func(n int) bool { return accepted(float64(n)) }); some != "" {
			found = append(found, fmt.Sprintf("  %s: %s\n", a.path, some))
		}
		note("", at, -math.MaxInt32, math.MaxInt32, func(n int) any { return float64(n) })
	}
	text := func(given, pad string) {
		note(" characters", len(given), 0, 1<<17, func(n int) any {
			return given[:min(n, len(given))] + strings.Repeat(pad, max(n-len(given), 0))
		})
	}
	switch value := a.of[a.name].(type) {
	case float64:
		number(int(value))
	case string:
		for _, pad := range []string{"a", " "} {
			if len(found) == 0 {
				text(value, pad)
			}
		}
	case nil, world.Unknown:
		for _, at := range []int{1, 10, 60, 1000} {
			if accepted(float64(at)) {
				number(at)
				break
			}
		}
		if len(found) == 0 {
			text("aaa", "a")
		}
	case []any:
		if len(value) > 0 {
			note(" elements", len(value), 0, 1<<9, func(n int) any { return repeated(value, n) })
		}
	}
	return strings.Join(found, "")
}

// listed are the ranges of numbers up to 4000 that are accepted, the first thirty, where there is more than one; nothing where all is
// accepted that is between a least and a most.
func listed(accepted func(n int) bool) string {
	const near, far, most = 130, 4000, 30
	var ranges []string
	begin := -1
	for n := 0; n <= far && (n <= near || len(ranges) > 0) && len(ranges) < most; n++ {
		switch is := accepted(n); {
		case is && begin < 0:
			begin = n
		case !is && begin >= 0:
			some := fmt.Sprintf("%d to %d", begin, n-1)
			if begin == n-1 {
				some = fmt.Sprint(begin)
			}
			ranges, begin = append(ranges, some), -1
		}
	}
	if begin >= 0 {
		ranges = append(ranges, fmt.Sprintf("%d and more", begin))
	}
	if len(ranges) < 2 {
		return ""
	}
	return strings.Join(ranges, ", ")
}

// repeated is a list of n elements, in which those that there are come again.
func repeated(list []any, n int) any {
	all := slices.Clone(list[:min(n, len(list))])
	for i := len(all); i < n; i++ {
		all = append(all, list[i%len(list)])
	}
	return all
}
