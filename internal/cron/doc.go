// Package cron knows when a schedule is due: the recurrences of Unix, as EC2 Auto Scaling takes them, and the expressions of Amazon
// EventBridge Scheduler, in any time zone and across the changes to and from daylight saving time. It knows neither resources
// nor what a schedule starts. The embedded AWS and what prices schedules import it; it imports nothing of this module.
package cron

import (
	"errors"
	"time"
	_ "time/tzdata" // schedules name time zones, which the machine may not know
)

// Zone finds a time zone by its name in the IANA database, such as America/New_York; "" is UTC. It is an error if there is none.
func Zone(name string) (*time.Location, error) {
	if name == "Local" { // a word of Go's, not a zone
		return nil, errors.New("unknown time zone Local")
	}
	return time.LoadLocation(name)
}

// at is the moment at which a clock in a zone shows a time; the first of the two where the clock is put back past it. It is zero where the
// clock is put forward past it, and never shows it.
func at(year int, month time.Month, day, hour, minute int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, hour, minute, 0, 0, zone)
	if t.Day() != day || t.Hour() != hour || t.Minute() != minute {
		return time.Time{}
	}
	if start, _ := t.ZoneBounds(); !start.IsZero() {
		_, before := start.Add(-time.Second).Zone()
		_, now := t.Zone()
		// With the offset that was before: it is a time of that offset only if the clock was put back.
		if earlier := t.Add(time.Duration(now-before) * time.Second); earlier.Before(start) {
			return earlier
		}
	}
	return t
}

// noon of a day, which no zone skips.
func noon(year int, month time.Month, day int, zone *time.Location) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, zone)
}
