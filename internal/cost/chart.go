package cost

import (
	"fmt"
	"slices"

	"coderaws/internal/pricing"
	"coderaws/internal/svg"

	"github.com/shopspring/decimal"
)

// The colours of the charts are told apart by people who do not see red and green (Okabe and Ito), on white.
const (
	ink   = "#222222"
	faint = "#666666"
	blue  = "#0072b2"
)

const (
	chartWidth = 1040.0
	barHeight  = 26.0
	labelWidth = 230.0
)

// serviceChart draws a bar for each service.
func serviceChart(r *Report) string {
	groups := r.Groups(ByService)
	canvas := &svg.Canvas{}
	text, amount := svg.Type{Size: 13, Fill: ink}, svg.Type{Size: 13, Fill: faint}
	most := decimal.Zero
	if len(groups) > 0 {
		most = groups[0].Cost.Decimal()
	}
	for i, group := range groups {
		y := 12 + float64(i)*barHeight
		width := 0.0
		if most.IsPositive() {
			part, _ := group.Cost.Decimal().Div(most).Float64()
			width = part * (chartWidth - labelWidth - 110)
		}
		canvas.Group(fmt.Sprintf("%s: %s USD a month", group.Name, group.Cost.Cents()), func() {
			canvas.Text(12, y+14, text, svg.Fit(group.Name, text, labelWidth-20))
			canvas.Rect(labelWidth, y, max(width, 1), barHeight-8, svg.Look{Fill: blue, Radius: 2})
			canvas.Text(labelWidth+width+8, y+14, amount, pricing.Thousands(group.Cost.Cents()))
		})
	}
	return canvas.Document(chartWidth, 24+float64(len(groups))*barHeight, "Cost by service",
		"A bar for each service, in US dollars in an average month.")
}

// hourChart draws the hours of the week as a row of fields for each day, darker where they cost more.
func hourChart(r *Report) string {
	const (
		left, top = 60.0, 34.0
		width     = (chartWidth - left - 16) / 24
		height    = 30.0
	)
	hours := r.Hours()
	byCost := func(a, b Hour) int { return a.Cost.Cmp(b.Cost) }
	least, most := slices.MinFunc(hours, byCost).Cost, slices.MaxFunc(hours, byCost).Cost
	canvas := &svg.Canvas{}
	for hour := range 24 {
		canvas.Text(left+(float64(hour)+0.5)*width, top-10, svg.Type{Size: 11, Fill: faint, Anchor: "middle"}, fmt.Sprint(hour))
	}
	days := [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	for _, hour := range hours {
		x, y := left+float64(hour.Hour)*width, top+float64(hour.Weekday)*height
		part := 0.0
		if most.GreaterThan(least) {
			part, _ = hour.Cost.Sub(least).Div(most.Sub(least)).Float64()
		}
		letters := ink
		if part > 0.7 {
			letters = "#ffffff"
		}
		canvas.Group(fmt.Sprintf("%s %02d:00: %s USD", days[hour.Weekday], hour.Hour, hour.Cost.StringFixed(2)), func() {
			canvas.Rect(x+1, y+1, width-2, height-2, svg.Look{Fill: blue, Opacity: 0.08 + 0.92*part, Radius: 2})
			canvas.Text(x+width/2, y+height/2+4, svg.Type{Size: 10.5, Fill: letters, Anchor: "middle"}, hour.Cost.StringFixed(1))
		})
	}
	for i, day := range days {
		canvas.Text(12, top+float64(i)*height+height/2+4, svg.Type{Size: 12, Fill: ink}, day)
	}
	canvas.Text(12, top+7*height+20, svg.Type{Size: 12, Fill: faint},
		fmt.Sprintf("US dollars for each hour, on average over %d, by the clock of %s.", r.Year, r.Timezone))
	return canvas.Document(chartWidth, top+7*height+34, "Cost by hour of the week",
		"A row for each day, a column for each hour; darker fields cost more.")
}
