package cron

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Expression is a schedule expression of EventBridge Scheduler: cron(...), rate(...) or at(...). Source: its user guide, "Schedule types".
type Expression struct {
	// once is the local time of at(...), nil for the others.
	once *time.Time
	// every is the interval of rate(...), 0 for the others.
	every time.Duration
	// fields are those of cron(...), nil for the others.
	fields *fields
}

const onceLayout = "2006-01-02T15:04:05"

// longest is how many characters EventBridge Scheduler takes, and EventBridge, too (API references, CreateSchedule and PutRule,
// ScheduleExpression).
const longest = 256

// Parse reads an expression. The error says what is wrong with it.
func Parse(text string) (*Expression, error) {
	if len(text) > longest {
		return nil, fmt.Errorf("%d characters, of which %d are taken", len(text), longest)
	}
	kind, rest, _ := strings.Cut(text, "(")
	inner, closed := strings.CutSuffix(rest, ")")
	if !closed {
		return nil, fmt.Errorf("%q is none of cron(...), rate(...) and at(...)", text)
	}
	switch kind {
	case "cron":
		f, err := parseFields(inner)
		return &Expression{fields: f}, err
	case "rate":
		every, err := parseRate(inner)
		return &Expression{every: every}, err
	case "at":
		once, err := time.Parse(onceLayout, inner)
		return &Expression{once: &once}, err
	}
	return nil, fmt.Errorf("%q is none of cron(...), rate(...) and at(...)", text)
}

// parseRate reads a value and a unit. EventBridge Scheduler takes singular and plural for any value; a day is 24 hours,
// whatever the clock does.
func parseRate(text string) (time.Duration, error) {
	value, unit, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("rate %q is no positive whole number", value)
	}
	switch strings.TrimSuffix(unit, "s") {
	case "minute":
		return time.Duration(n) * time.Minute, nil
	case "hour":
		return time.Duration(n) * time.Hour, nil
	case "day":
		return time.Duration(n) * 24 * time.Hour, nil
	}
	return 0, fmt.Errorf("unit %q is none of minutes, hours and days", unit)
}

// Once reports whether the expression is due a single time.
func (e *Expression) Once() bool { return e.once != nil }

// Next finds the first time after a moment at which the schedule is due, by the clock of a zone. A time that the clock skips in
// spring is left out; one that it shows twice in autumn is due the first time alone. A rate counts from start, when the schedule was
// made. It is false if the schedule is not due again.
func (e *Expression) Next(after, start time.Time, zone *time.Location) (time.Time, bool) {
	switch {
	case e.once != nil:
		t := at(e.once.Year(), e.once.Month(), e.once.Day(), e.once.Hour(), e.once.Minute(), zone)
		return t, t.After(after)
	case e.every > 0:
		if after.Before(start) {
			return start, true
		}
		return start.Add((after.Sub(start)/e.every + 1) * e.every), true
	default:
		return e.fields.next(after.In(zone))
	}
}

// Recurs reports whether a text is an expression that is due again and again, cron(...) or rate(...), as AWS Backup, EventBridge and others
// take them: they know no at(...), and hold a rate to singular for one and plural for more.
func Recurs(text string) bool {
	e, err := Parse(text)
	if err != nil || e.Once() {
		return false
	}
	return e.every == 0 || strings.HasPrefix(text, "rate(1 ") != strings.HasSuffix(text, "s)")
}
