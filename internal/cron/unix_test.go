package cron

import (
	"strings"
	"testing"
	"time"
)

func TestUnixNext(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		recurrence, after, want string
		in                      *time.Location
	}{
		{"0 8 * * *", "2026-11-22T07:59:00Z", "2026-11-22T08:00:00Z", time.UTC},
		{"0 8 * * *", "2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z", time.UTC},
		{"*/15 * * * *", "2026-11-22T23:50:00Z", "2026-11-23T00:00:00Z", time.UTC},
		{"0 8 * * MON-FRI", "2026-11-20T09:00:00Z", "2026-11-23T08:00:00Z", time.UTC},
		{"0 8 * * 7", "2026-11-20T09:00:00Z", "2026-11-22T08:00:00Z", time.UTC},
		{"0 0 29 2 *", "2026-11-22T00:00:00Z", "2028-02-29T00:00:00Z", time.UTC},
		{"0 0 1 * 1", "2026-11-22T12:00:00Z", "2026-11-23T00:00:00Z", time.UTC},  // the first of the month or a Monday
		{"0 8 * * *", "2026-07-01T07:00:00Z", "2026-07-02T06:00:00Z", berlin},    // two hours ahead in summer
		{"30 2 29 3 *", "2026-01-01T00:00:00Z", "2027-03-29T00:30:00Z", berlin},  // no half past two on 2026-03-29: the clock goes forward
		{"30 2 * * *", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z", berlin},   // the first of two half past two
		{"0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z", time.UTC}, // 2100 is no leap year
		{"59 23 31 12 *", "2026-11-22T00:00:00Z", "2026-12-31T23:59:00Z", time.UTC},
		{"0 0 1 JAN *", "2026-11-22T00:00:00Z", "2027-01-01T00:00:00Z", time.UTC},
		{"0 8 * * SUN", "2026-11-20T09:00:00Z", "2026-11-22T08:00:00Z", time.UTC},
		{"0 8 * * 6", "2026-11-20T09:00:00Z", "2026-11-21T08:00:00Z", time.UTC},
		{"0 8 15 * *", "2026-11-20T09:00:00Z", "2026-12-15T08:00:00Z", time.UTC},
		{"0 8 * * *", "2199-12-31T07:00:00Z", "2199-12-31T08:00:00Z", time.UTC},
		{"0 8 * * *", "2199-12-31T08:00:00Z", "", time.UTC}, // the search ends somewhere
		{"0 0 31 2 *", "2026-01-01T00:00:00Z", "", time.UTC},
	} {
		schedule, err := ParseUnix(test.recurrence)
		if err != nil {
			t.Errorf("%q: %v", test.recurrence, err)
			continue
		}
		after, err := time.Parse(time.RFC3339, test.after)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if next, ok := schedule.Next(after.In(test.in)); ok {
			got = next.UTC().Format(time.RFC3339)
		}
		if got != test.want {
			t.Errorf("%q after %s is %q, want %q", test.recurrence, test.after, got, test.want)
		}
	}
}

func TestUnixRefused(t *testing.T) {
	for text, want := range map[string]string{
		"0 8 * *":     "4 fields instead of minute, hour, day of month, month, day of week",
		"0 8 * * * *": "6 fields instead of minute",
		"60 8 * * *":  `"60" is not between 0 and 59`,
		"0 24 * * *":  `"24" is not between 0 and 23`,
		"0 8 0 * *":   `"0" is not between 1 and 31`,
		"0 8 32 * *":  `"32" is not between 1 and 31`,
		"0 8 * 0 *":   `"0" is not between 1 and 12`,
		"0 8 * 13 *":  `"13" is not between 1 and 12`,
		"0 8 * * 8":   `"8" is not between 0 and 7`,
		"0 8 ? * *":   `"?" is not between 1 and 31`,
		strings.Repeat("0,", 60_000) + "0 8 * * *": "120009 characters, of which 255 are taken",
	} {
		if _, err := ParseUnix(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func FuzzUnix(f *testing.F) {
	f.Add("0 8 * * MON-FRI")
	f.Add("*/5,7-9/2 1-3 * JAN-MAR,12 SUN")
	f.Fuzz(func(t *testing.T, text string) {
		schedule, err := ParseUnix(text)
		if err != nil {
			return
		}
		after := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		next, ok := schedule.Next(after)
		if ok && (!next.After(after) || !schedule.minutes[next.Minute()] || !schedule.hours[next.Hour()] || !schedule.months[int(next.Month())]) {
			t.Errorf("%q goes on at %v, which it does not name", text, next)
		}
	})
}
