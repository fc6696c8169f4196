package cron

import (
	"strings"
	"testing"
	"time"
)

func TestExpressionNext(t *testing.T) {
	for _, test := range []struct{ expression, zone, after, want string }{
		{"cron(45 6 ? * MON-FRI *)", "America/New_York", "2026-11-22T12:00:00Z", "2026-11-23T11:45:00Z"},
		{"cron(45 6 ? * 2-6 *)", "America/New_York", "2026-11-22T12:00:00Z", "2026-11-23T11:45:00Z"}, // weekdays count from Sunday as 1
		{"cron(45 6 ? * MON-FRI *)", "America/New_York", "2026-11-27T11:45:00Z", "2026-11-30T11:45:00Z"},
		{"cron(45 6 ? * MON-FRI *)", "America/New_York", "2026-07-01T00:00:00Z", "2026-07-01T10:45:00Z"}, // an hour earlier by UTC in summer
		{"cron(0/15 * * * ? *)", "UTC", "2026-11-22T23:50:00Z", "2026-11-23T00:00:00Z"},
		{"cron(0 8 L * ? *)", "UTC", "2026-02-01T00:00:00Z", "2026-02-28T08:00:00Z"},
		{"cron(0 8 15W * ? *)", "UTC", "2026-08-01T00:00:00Z", "2026-08-14T08:00:00Z"}, // August 15 is a Saturday
		{"cron(0 8 1W * ? *)", "UTC", "2026-08-01T00:00:00Z", "2026-08-03T08:00:00Z"},  // and does not leave its month
		{"cron(0 8 LW * ? *)", "UTC", "2026-05-30T00:00:00Z", "2026-06-30T08:00:00Z"},  // May 31 is a Sunday: it was the 29th
		{"cron(0 8 15W * ? *)", "UTC", "2026-11-01T00:00:00Z", "2026-11-16T08:00:00Z"}, // November 15 is a Sunday
		{"cron(0 8 15W * ? *)", "UTC", "2026-12-01T00:00:00Z", "2026-12-15T08:00:00Z"}, // December 15 is a Tuesday
		{"cron(0 8 1W * ? *)", "UTC", "2026-11-01T00:00:00Z", "2026-11-02T08:00:00Z"},  // November 1 is a Sunday
		{"cron(0 8 LW * ? *)", "UTC", "2026-05-01T00:00:00Z", "2026-05-29T08:00:00Z"},
		{"cron(0 8 LW * ? *)", "UTC", "2026-02-01T00:00:00Z", "2026-02-27T08:00:00Z"},  // February 28 is a Saturday
		{"cron(0 8 31W * ? *)", "UTC", "2026-02-01T00:00:00Z", "2026-03-31T08:00:00Z"}, // February has no 31st
		{"cron(0 8 28W 2 ? *)", "UTC", "2027-01-01T00:00:00Z", "2027-02-26T08:00:00Z"}, // the 28th is a Sunday and the last
		{"cron(0 8 L 12 ? *)", "UTC", "2026-01-01T00:00:00Z", "2026-12-31T08:00:00Z"},
		{"cron(0 8 31 * ? *)", "UTC", "2026-04-01T00:00:00Z", "2026-05-31T08:00:00Z"},
		{"cron(0 8 1-2 * ? *)", "UTC", "2026-11-02T08:00:00Z", "2026-12-01T08:00:00Z"},
		{"cron(0 8 ? * L *)", "UTC", "2026-11-01T00:00:00Z", "2026-11-07T08:00:00Z"}, // the last day of a week is Saturday
		{"cron(0 8 ? * 1 *)", "UTC", "2026-11-02T00:00:00Z", "2026-11-08T08:00:00Z"},
		{"cron(0 8 ? * SAT *)", "UTC", "2026-11-01T00:00:00Z", "2026-11-07T08:00:00Z"},
		{"cron(0 8 ? * SUN#5 *)", "UTC", "2026-11-01T08:00:00Z", "2026-11-29T08:00:00Z"},
		{"cron(0 8 ? * SUN#1 *)", "UTC", "2026-10-31T00:00:00Z", "2026-11-01T08:00:00Z"},
		{"cron(0 8 ? * SAT#1 *)", "UTC", "2026-11-01T00:00:00Z", "2026-11-07T08:00:00Z"},
		{"cron(0 8 ? * SUNL *)", "UTC", "2026-11-22T08:00:00Z", "2026-11-29T08:00:00Z"},
		{"cron(0 8 ? * MONL *)", "UTC", "2026-11-01T00:00:00Z", "2026-11-30T08:00:00Z"},
		{"cron(0 8 ? JAN-MAR MON *)", "UTC", "2026-11-01T00:00:00Z", "2027-01-04T08:00:00Z"},
		{"cron(0 8 1 DEC ? *)", "UTC", "2026-11-01T00:00:00Z", "2026-12-01T08:00:00Z"},
		{"cron(0,59 0,23 1 1 ? 1970)", "UTC", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"},
		{"cron(0,59 0,23 1 1 ? 1970)", "UTC", "1970-01-01T00:59:00Z", "1970-01-01T23:00:00Z"},
		{"cron(59 23 31 12 ? 2199)", "UTC", "2026-11-01T00:00:00Z", "2199-12-31T23:59:00Z"},
		{"cron(59 23 31 12 ? 2199)", "UTC", "2199-12-31T23:59:00Z", ""},
		{"cron(50-58/4 8 1 1 ? *)", "UTC", "2027-01-01T08:50:00Z", "2027-01-01T08:54:00Z"},
		{"cron(50/4 8 1 1 ? *)", "UTC", "2027-01-01T08:54:00Z", "2027-01-01T08:58:00Z"},
		{"cron(7-7 8 1 1 ? *)", "UTC", "2027-01-01T08:00:00Z", "2027-01-01T08:07:00Z"},
		{"cron(0/1 * * * ? *)", "UTC", "2026-11-22T12:00:00Z", "2026-11-22T12:01:00Z"},
		{"cron(0 8 ? * MON#1 *)", "UTC", "2026-09-07T08:00:00Z", "2026-10-05T08:00:00Z"},
		{"cron(0 8 ? * 6L *)", "UTC", "2026-11-01T00:00:00Z", "2026-11-27T08:00:00Z"},
		{"cron(0 8 1 1 ? 2030)", "UTC", "2026-11-01T00:00:00Z", "2030-01-01T08:00:00Z"},
		{"cron(0 8 1 1 ? 2020)", "UTC", "2026-11-01T00:00:00Z", ""},
		// The clock goes forward over 02:30 on March 8, and shows 01:30 twice on November 1.
		{"cron(30 2 * * ? *)", "America/New_York", "2026-03-07T12:00:00Z", "2026-03-09T06:30:00Z"},
		{"cron(30 1 * * ? *)", "America/New_York", "2026-11-01T00:00:00Z", "2026-11-01T05:30:00Z"},
		{"cron(30 1 * * ? *)", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"},
		// Lord Howe Island moves by half an hour: 02:15 does not happen on October 4, and 01:45 twice on April 5.
		{"cron(15 2 * * ? *)", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-04T15:15:00Z"},
		{"cron(45 1 * * ? *)", "Australia/Lord_Howe", "2026-04-04T12:00:00Z", "2026-04-04T14:45:00Z"},
		{"cron(45 1 * * ? *)", "Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"},
		{"rate(1 hour)", "UTC", "2026-11-22T12:10:00Z", "2026-11-22T13:00:00Z"},
		{"rate(1 hour)", "UTC", "2026-11-22T13:00:00Z", "2026-11-22T14:00:00Z"},
		{"rate(90 minutes)", "UTC", "2026-11-22T14:00:00Z", "2026-11-22T15:00:00Z"},
		{"rate(1 hour)", "UTC", "2026-11-22T11:59:59Z", "2026-11-22T12:00:00Z"}, // not before it was made
		{"rate(1 hour)", "UTC", "2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z"},
		{"at(2026-10-25T02:30:00)", "Europe/Berlin", "2026-01-01T00:00:00Z", "2026-10-25T00:30:00Z"}, // the first of the two
		{"at(2026-03-29T02:30:00)", "Europe/Berlin", "2026-01-01T00:00:00Z", ""},                     // the clock skips it
		{"at(2026-03-29T03:00:00)", "Europe/Berlin", "2026-01-01T00:00:00Z", "2026-03-29T01:00:00Z"},
		{"at(2026-10-25T03:00:00)", "Europe/Berlin", "2026-01-01T00:00:00Z", "2026-10-25T02:00:00Z"},
		{"rate(1 days)", "America/New_York", "2026-11-22T12:10:00Z", "2026-11-23T12:00:00Z"},
		{"at(2026-12-25T08:00:00)", "Europe/Berlin", "2026-11-22T12:00:00Z", "2026-12-25T07:00:00Z"},
		{"at(2026-12-25T08:00:00)", "Europe/Berlin", "2026-12-25T07:00:00Z", ""},
	} {
		e, err := Parse(test.expression)
		if err != nil {
			t.Errorf("%s: %v", test.expression, err)
			continue
		}
		zone, err := Zone(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		after, err := time.Parse(time.RFC3339, test.after)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if next, ok := e.Next(after, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), zone); ok {
			got = next.UTC().Format(time.RFC3339)
		}
		if got != test.want {
			t.Errorf("%s in %s after %s is %q, want %q", test.expression, test.zone, test.after, got, test.want)
		}
	}
}

func TestExpressionsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"45 6 * * MON-FRI":          "is none of cron(...), rate(...) and at(...)",
		"every(1 day)":              "is none of cron(...), rate(...) and at(...)",
		"cron(45 6 * * MON-FRI)":    "5 fields instead of minute",
		"cron(45 6 * * MON-FRI *)":  "exactly one of day of month and day of week",
		"cron(45 6 ? * ? *)":        "exactly one of day of month and day of week",
		"cron(60 6 ? * MON *)":      `"60" is not between 0 and 59`,
		"cron(0 6 ? * 0 *)":         `"0" is not between 1 and 7`,
		"cron(0 6 ? * MOON *)":      `"MOON" is not between 1 and 7`,
		"cron(0 6 32 * ? *)":        `"32" is not between 1 and 31`,
		"cron(0 6 32W * ? *)":       `"32" is no day of a month`,
		"cron(0 6 ? * MON#6 *)":     `"6" is not from 1 to 5`,
		"cron(0 6 ? * MON-FRI#1 *)": "is not one weekday",
		"cron(0 6 ? * MON 1969)":    `"1969" is not between 1970 and 2199`,
		"cron(0 6 ? * MON 2200)":    `"2200" is not between 1970 and 2199`,
		"cron(0 24 ? * MON *)":      `"24" is not between 0 and 23`,
		"cron(0 6 ? 0 MON *)":       `"0" is not between 1 and 12`,
		"cron(0 6 ? 13 MON *)":      `"13" is not between 1 and 12`,
		"cron(-1 6 ? * MON *)":      `"" is not between 0 and 59`,
		"cron(0 6 0 * ? *)":         `"0" is not between 1 and 31`,
		"cron(0 6 0W * ? *)":        `"0" is no day of a month`,
		"cron(0 6 xW * ? *)":        `"x" is no day of a month`,
		"cron(0 6 ? * 8 *)":         `"8" is not between 1 and 7`,
		"cron(0 6 ? * MON#0 *)":     `"0" is not from 1 to 5`,
		"cron(0 6 ? * MON#x *)":     `"x" is not from 1 to 5`,
		"cron(0 6 ? * MOON#1 *)":    `"MOON" is not between 1 and 7`,
		"cron(0 6 ? * MOONL *)":     `"MOON" is not between 1 and 7`,
		"cron(0/0 6 ? * MON *)":     `step "0"`,
		"cron(0/x 6 ? * MON *)":     `step "x"`,
		"cron(9-8 6 ? * MON *)":     `range "9-8" runs backwards`,
		"cron(0-60 6 ? * MON *)":    `"60" is not between 0 and 59`,
		"cron(0 6 ? * MON * *)":     "7 fields instead of minute",
		"rate(x hours)":             "no positive whole number",
		"rate(0 hours)":             "no positive whole number",
		"rate(30 seconds)":          "is none of minutes, hours and days",
		"at(tomorrow)":              "cannot parse",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestRecurs is what AWS Backup and EventBridge take: nothing that is due once, and singular for one alone.
func TestRecurs(t *testing.T) {
	for text, want := range map[string]bool{
		"cron(45 6 ? * MON-FRI *)": true, "rate(1 hour)": true, "rate(2 hours)": true, "rate(12 hours)": true,
		"rate(1 hours)": false, "rate(2 hour)": false, "at(2026-12-25T08:00:00)": false, "cron(45 6 * * *)": false, "hourly": false,
	} {
		if Recurs(text) != want {
			t.Errorf("Recurs(%s) is %t", text, !want)
		}
	}
	for text, want := range map[string]bool{"at(2026-12-25T08:00:00)": true, "rate(1 hour)": false, "cron(0 0 * * ? *)": false} {
		if e, err := Parse(text); err != nil || e.Once() != want {
			t.Errorf("%s is due once: %t (%v)", text, !want, err)
		}
	}
}

func TestZone(t *testing.T) {
	for name, known := range map[string]bool{
		"": true, "UTC": true, "America/New_York": true, "Asia/Kolkata": true, "Local": false, "America/New York": false, "Mars/Olympus": false,
	} {
		if _, err := Zone(name); (err == nil) != known {
			t.Errorf("Zone(%q): %v", name, err)
		}
	}
}

func FuzzExpression(f *testing.F) {
	for _, text := range []string{"cron(45 6 ? * MON-FRI *)", "cron(0/7,3-9/2 1 LW JAN,12 ? 2026-2030)",
		"cron(0 0 ? * SUN#5 *)", "rate(90 minutes)", "at(2026-12-24T18:00:00)"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text)
		if err != nil {
			return
		}
		after := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		next, ok := e.Next(after, after, time.UTC)
		if ok && !next.After(after) {
			t.Errorf("%q is due at %v, not after %v", text, next, after)
		}
		if ok && e.fields != nil && !(e.fields.minutes[next.Minute()] && e.fields.hours[next.Hour()] &&
			e.fields.months[int(next.Month())] && e.fields.years[next.Year()] && e.fields.matches(next)) {
			t.Errorf("%q is due at %v, which it does not name", text, next)
		}
	})
}
