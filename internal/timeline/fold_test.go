package timeline

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func entry(kind, key string, start, length int, critical bool) Entry {
	s := func(n int) time.Duration { return time.Duration(n) * time.Second }
	return Entry{
		Step: Step{Address: kind + key, Start: s(start), End: s(start + length), Critical: critical},
		Span: Span{Typical: s(length), Min: s(length / 2), Max: s(length * 2)}, Kind: kind,
	}
}

// TestFold is the specification of what a time line shows.
func TestFold(t *testing.T) {
	for _, test := range []struct {
		name    string
		entries []Entry
		// rows have a star where they are critical.
		rows  []string
		short int
	}{
		{"what is long has a row", []Entry{entry("cluster", "", 0, 570, true)}, []string{"cluster *"}, 0},
		{"what is short has none", []Entry{entry("role", "", 0, 1, false), entry("cluster", "", 1, 570, true)}, []string{"cluster *"}, 1},
		{"what is critical may be shorter", []Entry{entry("alias", "", 0, 6, true)}, []string{"alias *"}, 0},
		{"but not as short as nothing", []Entry{entry("alias", "", 0, 4, true)}, nil, 1},
		{"what is alike at about the same time is one row",
			[]Entry{entry("nat", "[0]", 0, 105, false), entry("nat", "[1]", 4, 105, false), entry("nat", "[2]", 60, 105, false)},
			[]string{"nat (2)", "nat[2]"}, 0},
		{"and is critical if one of it is", []Entry{entry("key", "[0]", 0, 20, false), entry("key", "[1]", 0, 20, true)},
			[]string{"key (2) *"}, 0},
		{"rows are in the order of their start", []Entry{entry("late", "", 30, 20, false), entry("early", "", 0, 20, false)},
			[]string{"early", "late"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			folded := Fold(test.entries, 15*time.Second)
			var rows []string
			for _, row := range folded.Rows {
				label := row.Label
				if row.Critical {
					label += " *"
				}
				rows = append(rows, label)
			}
			if diff := cmp.Diff(test.rows, rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if len(folded.Short) != test.short {
				t.Errorf("%d short steps, want %d", len(folded.Short), test.short)
			}
		})
	}
}

func TestWords(t *testing.T) {
	for length, want := range map[time.Duration][2]string{
		0: {"0:00", "0 s"}, 1500 * time.Millisecond: {"0:02", "2 s"}, 105 * time.Second: {"1:45", "105 s"},
		2 * time.Minute: {"2:00", "2 min"}, 570 * time.Second: {"9:30", "9 min 30 s"}, 3723 * time.Second: {"1:02:03", "62 min 3 s"},
	} {
		if got := [2]string{Clock(length), Words(length)}; got != want {
			t.Errorf("%s is %q, want %q", length, got, want)
		}
	}
}
