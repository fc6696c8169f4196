package cron

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unix is a recurrence in the form of Unix cron with five fields, as Auto Scaling takes it: no seconds, no years, none of the marks ?, L,
// W and # of other schedulers. Weekdays count from Sunday, which is 0 and 7.
type Unix struct {
	minutes, hours, days, months, weekdays map[int]bool
	// anyDay and anyWeekday say that the field is *: where both name days, either may match.
	anyDay, anyWeekday bool
}

var (
	monthNames   = []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}
	weekdayNames = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}
)

// longestUnix is how many characters Auto Scaling takes (API reference, PutScheduledUpdateGroupAction, Recurrence).
const longestUnix = 255

// ParseUnix reads a recurrence such as "0 8 * * MON-FRI". The error says which field is wrong.
func ParseUnix(text string) (*Unix, error) {
	if len(text) > longestUnix {
		return nil, fmt.Errorf("%d characters, of which %d are taken", len(text), longestUnix)
	}
	fields := strings.Fields(text)
	if len(fields) != 5 {
		return nil, fmt.Errorf("%d fields instead of minute, hour, day of month, month, day of week", len(fields))
	}
	c := &Unix{anyDay: fields[2] == "*", anyWeekday: fields[4] == "*"}
	for i, field := range []struct {
		into        *map[int]bool
		least, most int
		names       []string
	}{
		{&c.minutes, 0, 59, nil}, {&c.hours, 0, 23, nil}, {&c.days, 1, 31, nil},
		{&c.months, 1, 12, monthNames}, {&c.weekdays, 0, 7, weekdayNames},
	} {
		set, err := parseField(fields[i], field.least, field.most, field.names)
		if err != nil {
			return nil, err
		}
		*field.into = set
	}
	if c.weekdays[7] { // Sunday is 0 and 7
		c.weekdays[0] = true
	}
	return c, nil
}

// parseField reads a list of values, ranges and steps, such as 1-5,10 or */15. The first name stands for the least value.
func parseField(field string, least, most int, names []string) (map[int]bool, error) {
	value := func(text string) (int, error) {
		for i, name := range names {
			if strings.EqualFold(name, text) {
				return i + least, nil
			}
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return 0, fmt.Errorf("%q is not between %d and %d", text, least, most)
		}
		return n, nil
	}
	set := map[int]bool{}
	for _, part := range strings.Split(field, ",") {
		span, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			var err error
			if step, err = strconv.Atoi(stepText); err != nil || step < 1 {
				return nil, fmt.Errorf("step %q", stepText)
			}
			step = min(step, most+1) // a longer one leads nowhere, and a very long one past all numbers
		}
		from, to := least, most
		if span != "*" {
			low, high, ranged := strings.Cut(span, "-")
			var err error
			if from, err = value(low); err != nil {
				return nil, err
			}
			if to = from; ranged {
				if to, err = value(high); err != nil {
					return nil, err
				}
			} else if stepped {
				to = most
			}
			if from > to {
				return nil, fmt.Errorf("range %q runs backwards", span)
			}
		}
		for n := from; n <= to; n += step {
			set[n] = true
		}
	}
	return set, nil
}

// Next finds the first minute after a time that matches. A clock put forward skips an hour; what falls into it does not happen that day.
func (c *Unix) Next(after time.Time) (time.Time, bool) {
	return search(after, c.hours, c.minutes, c.matchesDay)
}

func (c *Unix) matchesDay(day time.Time) bool {
	if !c.months[int(day.Month())] {
		return false
	}
	ofMonth, ofWeek := c.days[day.Day()], c.weekdays[int(day.Weekday())]
	if c.anyDay || c.anyWeekday {
		return ofMonth && ofWeek
	}
	return ofMonth || ofWeek
}
