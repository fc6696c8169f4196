package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Row is one line of a time line that is shown to people: a step, or several of one kind that run at the same time.
type Row struct {
	Label      string
	Start, End time.Duration
	// Span is how long the work takes, at its typical, least and most.
	Span     Span
	Critical bool
}

// Length is how long the row takes.
func (r Row) Length() time.Duration { return r.End - r.Start }

// Folded is a time line without what is too short to be seen.
type Folded struct {
	// Rows are in the order of their start.
	Rows []Row
	// Short are the rows that were left out, and Limit the length below which they were.
	Short []Row
	Limit time.Duration
}

// Entry is a step with what is needed to show it.
type Entry struct {
	Step
	Span Span
	// Kind is what steps have in common that may be shown as one, such as the address without instance keys.
	Kind string
}

// together is how far apart steps of one kind and length may start to be shown as one.
const together = 5 * time.Second

// Fold keeps what takes at least limit, and the steps of the critical path that take a third of it. Steps of one kind and length that
// run at about the same time become one row, which is critical if one of them is.
func Fold(entries []Entry, limit time.Duration) Folded {
	folded := Folded{Limit: limit}
	for _, group := range groups(entries) {
		first := group[0]
		row := Row{first.Address, first.Start, first.End, first.Span, false}
		for _, entry := range group {
			row.End = max(row.End, entry.End)
			row.Critical = row.Critical || entry.Critical
		}
		length := first.End - first.Start
		if length < limit && (!row.Critical || length < limit/3) {
			for _, entry := range group {
				folded.Short = append(folded.Short, Row{entry.Address, entry.Start, entry.End, entry.Span, entry.Critical})
			}
			continue
		}
		if len(group) > 1 {
			row.Label = fmt.Sprintf("%s (%d)", first.Kind, len(group))
		}
		folded.Rows = append(folded.Rows, row)
	}
	return folded
}

// groups puts together what is shown as one, in the order of the first start.
func groups(entries []Entry) [][]Entry {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Start, b.Start) })
	type alike struct {
		kind   string
		length time.Duration
	}
	var all [][]Entry
	last := map[alike]int{} // the group of a kind and length that was begun last: all before it began too early
	for _, entry := range entries {
		key := alike{entry.Kind, entry.End - entry.Start}
		at, ok := last[key]
		if !ok || entry.Start-all[at][0].Start > together {
			at, all = len(all), append(all, nil)
			last[key] = at
		}
		all[at] = append(all[at], entry)
	}
	return all
}

// Clock words a moment of a run as minutes and seconds, with hours where it needs them.
func Clock(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// Words words a length: seconds below two minutes, minutes and seconds above.
func Words(d time.Duration) string {
	d = d.Round(time.Second)
	if d < 2*time.Minute {
		return fmt.Sprintf("%d s", int(d/time.Second))
	}
	if seconds := int(d/time.Second) % 60; seconds != 0 {
		return fmt.Sprintf("%d min %d s", int(d/time.Minute), seconds)
	}
	return fmt.Sprintf("%d min", int(d/time.Minute))
}
