package cost

import (
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// Hour is what an hour of the week costs on average over the year.
type Hour struct {
	// Weekday counts from Monday as 0, Hour from midnight, by the clock of the report's time zone.
	Weekday, Hour int
	// Cost is in US dollars for that one hour.
	Cost decimal.Decimal
}

// Hours are the 168 hours of the week; those of several regions by the clock of each. Over a year they add up to twelve times the total,
// but for the rounding of lines to cents.
func (r *Report) Hours() []Hour {
	var constant decimal.Decimal
	var spread week
	for _, line := range r.Lines {
		cost := line.Cost.Decimal()
		if line.rate == nil || line.Quantity.IsZero() {
			constant = constant.Add(cost)
			continue
		}
		perUnit := cost.Div(line.Quantity)
		for slot, quantity := range line.year.week(line.rate) {
			spread[slot] = spread[slot].Add(quantity.Mul(perUnit))
		}
	}
	constant = constant.Div(decimal.NewFromInt(pricing.HoursPerMonth))
	hours := make([]Hour, hoursOfWeek)
	for slot := range hours {
		hours[slot] = Hour{slot / 24, slot % 24, constant.Add(spread[slot])}
	}
	return hours
}
