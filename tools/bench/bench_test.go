package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	got := table([]result{
		{bound: bound{name: "`fast`", longest: time.Second}, median: 250 * time.Millisecond, worst: 300 * time.Millisecond,
			processor: 1500 * time.Millisecond, memory: 50 << 20},
		{bound: bound{name: "`slow`", longest: time.Second}, median: 1500 * time.Millisecond, worst: 2 * time.Second, processor: 2 * time.Second},
	})
	want := strings.TrimPrefix(`
| what   | bound | median |  of bound | slowest | processor time |  memory | of 250 MiB |
|--------|------:|-------:|----------:|--------:|---------------:|--------:|-----------:|
| `+"`fast`"+` | 1.0 s | 250 ms |      25 % |  300 ms |          1.5 s |  50 MiB |       20 % |
| `+"`slow`"+` | 1.0 s |  1.5 s | **150 %** |   2.0 s |          2.0 s | unknown |            |
`, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		name   string
		median time.Duration
		memory int64
		want   bool
	}{
		{"at both bounds", time.Second, memoryBound, true},
		{"too slow", time.Second + 1, memoryBound, false},
		{"too large", time.Second, memoryBound + 1, false},
		{"memory that cannot be known", time.Second, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := result{bound: bound{longest: time.Second}, median: tt.median, memory: tt.memory}
			if got := r.within(); got != tt.want {
				t.Errorf("within() = %t, want %t", got, tt.want)
			}
		})
	}
}

func TestField(t *testing.T) {
	const status = "Name:\tcoderaws\nVmPeak:\t    9 kB\nVmHWM:\t  2048 kB\n"
	if got, err := field(status, "VmHWM"); got != 2<<20 || err != nil {
		t.Errorf("field = %d, %v, want 2 MiB", got, err)
	}
	if _, err := field("Name:\tzombie\n", "VmHWM"); err == nil {
		t.Error("a process without memory has a peak")
	}
}
