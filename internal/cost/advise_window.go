package cost

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/inventory"

	"github.com/shopspring/decimal"
)

// officeWindow is what our stacks call the window that start_time and stop_time of scaling_schedule make.
const officeWindow = "office"

// quietPart is the divisor of the busiest hour's users that makes an hour quiet: the autoscaler follows so few by itself.
const quietPart = 5

// window closes the window of working hours earlier, and opens it later, over hours in which few are there.
func (a *adviser) window() {
	office, ok := a.in.officeHours()
	usage := cmp.Or(a.options.Usage, NewUsage())
	if !ok || usage.Timezone != "" && usage.Timezone != a.in.hours.Timezone {
		return // the hours of users are by another clock
	}
	start, stop := hourOf(office.Start), hourOf(office.Stop)
	earlier, later := stop, start
	for earlier-1 > start && usage.quiet(earlier-1, stop) {
		earlier--
	}
	for later+1 < stop && usage.quiet(start, later+1) {
		later++
	}
	move := func(edge, setting, expression string, from, to int) {
		if from == to {
			return
		}
		moved := atHour(expression, to)
		why := fmt.Sprintf("nodes do not wait from %s to %s, with at most a fifth of the users there; the autoscaler adds those that people "+
			"need, some minutes later",
			clock(expression, min(from, to)), clock(expression, max(from, to)))
		a.try(why, []Setting{{"scaling_schedule." + setting, strconv.Quote(moved)}}, func(in *Input) {
			for i := range in.Inventory.Schedules {
				if in.Inventory.Schedules[i].Name == officeWindow+edge {
					in.Inventory.Schedules[i].Expression = moved
				}
			}
		})
	}
	move("-stop", "stop_time", office.Stop, stop, earlier)
	move("-start", "start_time", office.Start, start, later)
}

// officeHours are the times of the window, if the plan has schedules for it that open and close it on one day.
func (in *Input) officeHours() (window, bool) {
	if in.hours == nil {
		return window{}, false
	}
	office := in.hours.Windows[officeWindow]
	has := func(edge string) bool {
		return slices.ContainsFunc(in.Inventory.Schedules, func(s inventory.Schedule) bool {
			_, moves := in.scheduleOf(s)
			return moves && s.Name == officeWindow+edge && s.Timezone == in.hours.Timezone
		})
	}
	start, stop := hourOf(office.Start), hourOf(office.Stop)
	return office, start >= 0 && start < stop && has("-start") && has("-stop")
}

// hourOf is the hour of a time in cron of five fields; -1 if it is not a single one.
func hourOf(expression string) int {
	fields := strings.Fields(expression)
	if len(fields) != 5 {
		return -1
	}
	hour, err := strconv.Atoi(fields[1])
	if err != nil {
		return -1
	}
	return hour
}

// atHour is a time in cron of five fields at another hour.
func atHour(expression string, hour int) string {
	fields := strings.Fields(expression)
	fields[1] = strconv.Itoa(hour)
	return strings.Join(fields, " ")
}

// clock is an hour with the minute of a time in cron of five fields.
func clock(expression string, hour int) string {
	minute := strings.Fields(expression)[0]
	return fmt.Sprintf("%02d:%s%s", hour, strings.Repeat("0", max(0, 2-len(minute))), minute)
}

// quiet reports whether few are there in all hours of a day from one to another, on any day, as a part of the busiest hour's.
func (u *Usage) quiet(from, to int) bool {
	busiest := decimal.Zero
	for _, percent := range u.Workday {
		busiest = decimal.Max(busiest, percent)
	}
	if busiest.IsZero() {
		return false // nobody is ever there, so that it is not the hours that are wrong
	}
	few := busiest.Div(decimal.NewFromInt(quietPart))
	for hour := from; hour <= to; hour++ {
		if u.Workday[hour].GreaterThan(few) || u.Weekend[hour].GreaterThan(few) {
			return false
		}
	}
	return true
}
