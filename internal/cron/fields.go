package cron

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// fields are the six of cron(...): minute, hour, day of month, month, day of week, year. Unlike those of Unix, weekdays count from Sunday
// as 1, and one of the two fields of days has to be the mark ?.
type fields struct {
	minutes, hours, months, years map[int]bool
	// matches reports whether a day is one of those meant by the day of month or of week, whichever is not ?.
	matches func(day time.Time) bool
}

// The first and the last that AWS takes.
const firstYear, lastYear = 1970, 2199

func parseFields(text string) (*fields, error) {
	parts := strings.Fields(text)
	if len(parts) != 6 {
		return nil, fmt.Errorf("%d fields instead of minute, hour, day of month, month, day of week, year", len(parts))
	}
	f := &fields{}
	for _, field := range []struct {
		into        *map[int]bool
		text        string
		least, most int
		names       []string
	}{
		{&f.minutes, parts[0], 0, 59, nil}, {&f.hours, parts[1], 0, 23, nil},
		{&f.months, parts[3], 1, 12, monthNames}, {&f.years, parts[5], firstYear, lastYear, nil},
	} {
		set, err := parseField(field.text, field.least, field.most, field.names)
		if err != nil {
			return nil, err
		}
		*field.into = set
	}
	var err error
	switch ofMonth, ofWeek := parts[2], parts[4]; {
	case (ofMonth == "?") == (ofWeek == "?"):
		return nil, errors.New("exactly one of day of month and day of week has to be ?")
	case ofWeek == "?":
		f.matches, err = parseDayOfMonth(ofMonth)
	default:
		f.matches, err = parseDayOfWeek(ofWeek)
	}
	return f, err
}

// parseDayOfMonth reads numbers, and the marks L for the last day and W for the weekday nearest to a day of the same month.
func parseDayOfMonth(text string) (func(time.Time) bool, error) {
	switch number, nearest := strings.CutSuffix(text, "W"); {
	case text == "L":
		return func(day time.Time) bool { return day.AddDate(0, 0, 1).Day() == 1 }, nil
	case nearest && number == "L":
		return func(day time.Time) bool { return day.Day() == weekdayNearest(day, lastOf(day)) }, nil
	case nearest:
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > 31 {
			return nil, fmt.Errorf("%q is no day of a month", number)
		}
		return func(day time.Time) bool { return n <= lastOf(day) && day.Day() == weekdayNearest(day, n) }, nil
	}
	set, err := parseField(text, 1, 31, nil)
	return func(day time.Time) bool { return set[day.Day()] }, err
}

func lastOf(day time.Time) int {
	return noon(day.Year(), day.Month()+1, 0, time.UTC).Day()
}

// weekdayNearest is the day of a month from Monday to Friday that is nearest to day n of it.
func weekdayNearest(in time.Time, n int) int {
	switch noon(in.Year(), in.Month(), n, time.UTC).Weekday() {
	case time.Saturday:
		if n == 1 {
			return 3
		}
		return n - 1
	case time.Sunday:
		if n == lastOf(in) {
			return n - 2
		}
		return n + 1
	default:
		return n
	}
}

// parseDayOfWeek reads names and numbers, and the marks L for the last such day of a month and # for the nth.
func parseDayOfWeek(text string) (func(time.Time) bool, error) {
	one := func(name string) (int, error) {
		set, err := parseField(name, 1, 7, weekdayNames)
		if err == nil && len(set) != 1 {
			err = fmt.Errorf("%q is not one weekday", name)
		}
		for n := range set {
			return n, err
		}
		return 0, err
	}
	of := func(day time.Time) int { return int(day.Weekday()) + 1 }
	if text == "L" { // the last day of a week
		return func(day time.Time) bool { return day.Weekday() == time.Saturday }, nil
	}
	if name, last := strings.CutSuffix(text, "L"); last {
		weekday, err := one(name)
		return func(day time.Time) bool { return of(day) == weekday && day.AddDate(0, 0, 7).Month() != day.Month() }, err
	}
	if name, nth, numbered := strings.Cut(text, "#"); numbered {
		weekday, err := one(name)
		n, wrong := strconv.Atoi(nth)
		if err == nil && (wrong != nil || n < 1 || n > 5) {
			err = fmt.Errorf("%q is not from 1 to 5", nth)
		}
		return func(day time.Time) bool { return of(day) == weekday && (day.Day()+6)/7 == n }, err
	}
	set, err := parseField(text, 1, 7, weekdayNames)
	return func(day time.Time) bool { return set[of(day)] }, err
}

// next finds the first minute after a time, in its zone, that matches.
func (f *fields) next(after time.Time) (time.Time, bool) {
	return search(after, f.hours, f.minutes, func(day time.Time) bool {
		return f.years[day.Year()] && f.months[int(day.Month())] && f.matches(day)
	})
}

// search finds the first minute after a time, in its zone, of some days until the last year that AWS takes.
func search(after time.Time, hours, minutes map[int]bool, matches func(day time.Time) bool) (time.Time, bool) {
	day := noon(after.Year(), after.Month(), after.Day(), after.Location())
	for ; day.Year() <= lastYear; day = day.AddDate(0, 0, 1) {
		if !matches(day) {
			continue
		}
		for hour := range 24 {
			if !hours[hour] {
				continue
			}
			for minute := range 60 {
				if !minutes[minute] {
					continue
				}
				if t := at(day.Year(), day.Month(), day.Day(), hour, minute, after.Location()); t.After(after) {
					return t, true
				}
			}
		}
	}
	return time.Time{}, false
}
