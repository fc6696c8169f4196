package cost

import (
	"slices"
	"time"

	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// hoursOfWeek is how many there are; the first is the one after midnight on Monday.
const hoursOfWeek = 7 * 24

// week is a quantity for each hour of a week.
type week [hoursOfWeek]decimal.Decimal

// rate is how much there is of something at a moment, or how much is used in an hour of it.
type rate func(moment) decimal.Decimal

// event changes the least number of nodes of groups at a moment.
type event struct {
	at time.Time
	// sizes are by the index of the group.
	sizes map[int]int
}

// moment tells stretches of time apart in which everything is the same.
type moment struct {
	// state is the index in year.states, slot the hour of the week.
	state, slot int
	// off says that people behave as on a weekend.
	off bool
}

func (m moment) hour() int { return m.slot % 24 }

// year is a calendar year, put together from moments.
type year struct {
	// states are the least numbers of nodes, by group, that occur.
	states [][]int
	// minutes is how long each moment lasts in the year, and total how long the year is.
	minutes map[moment]int64
	total   int64
	// slots is how long each hour of the week lasts.
	slots [hoursOfWeek]int64
	// alike is minutes with the moments put together in which every rate is the same: those of one state, hour of the day and kind of day.
	alike map[moment]int64
	// sums find a state again by what its sizes add up to, each by a weight of its own.
	sums map[uint64][]int
}

// walk goes through a calendar year by the clock of a zone. The events are in order, and begin before the year, so that its first hours are
// right. Holidays are dates such as 2026-12-25.
func walk(number int, zone *time.Location, first []int, events []event, holidays map[string]bool) *year {
	y := &year{minutes: map[moment]int64{}, alike: map[moment]int64{}, sums: map[uint64][]int{}}
	state, sum := slices.Clone(first), uint64(0)
	for group, size := range state {
		sum += weight(group, size)
	}
	current := y.state(state, sum)
	start := time.Date(number, 1, 1, 0, 0, 0, 0, zone)
	end := time.Date(number+1, 1, 1, 0, 0, 0, 0, zone)
	apply := func(until time.Time) {
		changed := false
		for len(events) > 0 && !events[0].at.After(until) {
			for group, size := range events[0].sizes {
				changed = changed || state[group] != size
				sum += weight(group, size) - weight(group, state[group])
				state[group] = size
			}
			events = events[1:]
		}
		if changed {
			current = y.state(state, sum)
		}
	}
	step := stepOf(number, zone)
	for t := start; t.Before(end); {
		apply(t)
		next := t.Truncate(step).Add(step)
		if len(events) > 0 && events[0].at.Before(next) {
			next = events[0].at
		}
		if next.After(end) {
			next = end
		}
		local := t.In(zone)
		day := (int(local.Weekday()) + 6) % 7
		m := moment{state: current, slot: day*24 + local.Hour(), off: day >= 5}
		if !m.off && len(holidays) > 0 {
			m.off = holidays[local.Format(time.DateOnly)]
		}
		minutes := int64(next.Sub(t) / time.Minute)
		y.minutes[m] += minutes
		y.slots[m.slot] += minutes
		y.total += minutes
		t = next
	}
	for m, lasts := range y.minutes {
		m.slot = m.hour()
		y.alike[m] += lasts
	}
	return y
}

// weight spreads the sizes of groups over the numbers that a sum can be, so that two states seldom have the same.
func weight(group, size int) uint64 {
	h := uint64(group)<<32 ^ uint64(size)
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// stepOf is a length of time at whose multiples all hours of a zone begin: an hour, or a quarter of it in zones that are not whole hours
// from UTC.
func stepOf(number int, zone *time.Location) time.Duration {
	for _, month := range []time.Month{time.January, time.July} {
		if _, offset := time.Date(number, month, 1, 0, 0, 0, 0, zone).Zone(); offset%int(time.Hour/time.Second) != 0 {
			return 15 * time.Minute
		}
	}
	return time.Hour
}

// state is the index of a state, which is kept if it is new.
func (y *year) state(state []int, sum uint64) int {
	for _, index := range y.sums[sum] {
		if slices.Equal(y.states[index], state) {
			return index
		}
	}
	index := len(y.states)
	y.sums[sum] = append(y.sums[sum], index)
	y.states = append(y.states, slices.Clone(state))
	return index
}

// month is the average month of a quantity that is given by the hour. What is given depends on the state, on the hour of the day and on
// whether the day is off, and on nothing else of a moment.
func (y *year) month(of rate) decimal.Decimal {
	total := decimal.Zero
	for m, lasts := range y.alike {
		total = total.Add(of(m).Mul(decimal.NewFromInt(lasts)))
	}
	return y.average(total)
}

// average is the average month of what adds up, over the minutes of the year, to a total.
func (y *year) average(total decimal.Decimal) decimal.Decimal {
	return total.Mul(decimal.NewFromInt(pricing.HoursPerMonth)).Div(decimal.NewFromInt(y.total))
}

// week is the average of a quantity in each hour of the week, per hour.
func (y *year) week(of rate) week {
	var spread week
	for m, lasts := range y.minutes {
		spread[m.slot] = spread[m.slot].Add(of(m).Mul(decimal.NewFromInt(lasts)))
	}
	for slot := range spread {
		spread[slot] = spread[slot].Div(decimal.NewFromInt(y.slots[slot]))
	}
	return spread
}
