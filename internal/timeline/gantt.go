package timeline

import (
	"fmt"
	"math"
	"time"

	"coderaws/internal/svg"
)

// Chart is a time line to draw.
type Chart struct {
	// Title says what the run makes, such as "sr-ha in us-east-1".
	Title string
	// Total, Shortest and Longest are the lengths of the run.
	Total, Shortest, Longest time.Duration
	Parallelism              int
	Folded
	// Note is a further line of small print; it may be empty.
	Note string
}

// The colours: one hue for what the run hangs on, a calm one for the rest, on white, so that the picture reads on any page.
const (
	paper      = "#ffffff"
	frame      = "#d0d7de"
	ink        = "#1f2328"
	faint      = "#59636e"
	grid       = "#e7ebef"
	stripe     = "#f6f8fa"
	criticalC  = "#c2410c"
	calmC      = "#4f7cac"
	whiskerC   = "#8b949e"
	shortC     = "#9fb6cf"
	chartWide  = 1240.0
	margin     = 28.0
	rowHeight  = 24.0
	labelWide  = 500.0
	valueWide  = 96.0
	chartStart = margin + labelWide + 12
)

var (
	titleType  = svg.Type{Size: 20, Bold: true, Fill: ink}
	factType   = svg.Type{Size: 13, Fill: faint}
	labelType  = svg.Type{Size: 12, Fill: ink}
	strongType = svg.Type{Size: 12, Bold: true, Fill: criticalC}
	axisType   = svg.Type{Size: 11, Fill: faint, Anchor: "middle"}
	valueType  = svg.Type{Size: 11, Fill: faint}
	overType   = svg.Type{Size: 11, Fill: faint, Halo: paper}
)

// Draw draws charts below one another as one SVG file.
func Draw(charts []Chart) string {
	c := &svg.Canvas{}
	height := margin
	for _, chart := range charts {
		height += chart.height()
	}
	height += 8
	c.Rect(0.5, 0.5, chartWide-1, height-1, svg.Look{Fill: paper, Stroke: frame, Radius: 8})
	y := margin
	description := ""
	for _, chart := range charts {
		chart.draw(c, y)
		y += chart.height()
		description += chart.describe()
	}
	return c.Document(chartWide, height, "Time line of "+charts[0].Title, description)
}

// describe tells the chart in words.
func (ch Chart) describe() string {
	text := fmt.Sprintf("%s takes %s, between %s and %s. It hangs on:", ch.Title, Words(ch.Total), Words(ch.Shortest), Words(ch.Longest))
	for _, row := range ch.Rows {
		if row.Critical {
			text += fmt.Sprintf(" %s, %s;", row.Label, Words(row.Length()))
		}
	}
	return text[:len(text)-1] + ". "
}

const (
	headHeight   = 96.0
	legendHeight = 46.0
)

func (ch Chart) height() float64 {
	height := headHeight + rowHeight*float64(len(ch.Rows)) + legendHeight
	if len(ch.Short) > 0 {
		height += rowHeight
	}
	if ch.Note != "" {
		height += 20
	}
	return height
}

// end is the time at the right edge: the whole run, and the longest that any step could take where it stands.
func (ch Chart) end() time.Duration {
	end := ch.Total
	for _, row := range ch.Rows {
		end = max(end, row.Start+row.Span.Max)
	}
	return max(end, time.Second)
}

func (ch Chart) draw(c *svg.Canvas, top float64) {
	wide := chartWide - margin - valueWide - chartStart
	at := func(d time.Duration) float64 { return chartStart + wide*float64(d)/float64(ch.end()) }
	c.Text(margin, top+16, titleType, svg.Fit("Time line of "+ch.Title, titleType, chartWide-2*margin))
	facts := fmt.Sprintf("%s on AWS at the usual pace, between %s and %s; %d resources at a time", Words(ch.Total), Words(ch.Shortest),
		Words(ch.Longest), ch.Parallelism)
	c.Text(margin, top+40, factType, facts)

	rows := float64(len(ch.Rows))
	if len(ch.Short) > 0 {
		rows++
	}
	body := top + headHeight
	for i := range int(rows) {
		if i%2 == 0 {
			c.Rect(margin-8, body+float64(i)*rowHeight, chartWide-2*margin+16, rowHeight, svg.Look{Fill: stripe, Radius: 4})
		}
	}
	for tick := time.Duration(0); tick <= ch.end(); tick += ch.tick() {
		x := at(tick)
		c.Line(x, body-8, x, body+rows*rowHeight, svg.Look{Stroke: grid})
		c.Text(x, body-14, axisType, Clock(tick))
	}
	axis := axisType
	axis.Anchor = "start"
	c.Text(margin, body-14, axis, "minutes:seconds since the start")
	x := at(ch.Total)
	c.Line(x, body-8, x, body+rows*rowHeight, svg.Look{Stroke: criticalC, Dash: "4 3"})
	for i, row := range ch.Rows {
		ch.row(c, row, body+float64(i)*rowHeight, at)
	}
	if len(ch.Short) > 0 {
		ch.short(c, body+float64(len(ch.Rows))*rowHeight, at)
	}
	ch.legend(c, body+rows*rowHeight+28)
}

func (ch Chart) row(c *svg.Canvas, row Row, y float64, at func(time.Duration) float64) {
	t, color := labelType, calmC
	if row.Critical {
		t, color = strongType, criticalC
	}
	tip := fmt.Sprintf("%s: from %s to %s, %s (%s to %s)", row.Label, Clock(row.Start), Clock(row.End), Words(row.Span.Typical),
		Words(row.Span.Min), Words(row.Span.Max))
	c.Group(tip, func() {
		c.Text(margin, y+16, t, svg.FitEnd(row.Label, t, labelWide))
		middle := y + rowHeight/2
		least, most := at(row.Start+row.Span.Min), at(row.Start+row.Span.Max)
		c.Rect(at(row.Start), y+5, math.Max(at(row.End)-at(row.Start), 2), rowHeight-10, svg.Look{Fill: color, Radius: 3})
		if most-at(row.End) > 3 {
			c.Line(at(row.End), middle, most, middle, svg.Look{Stroke: whiskerC})
			c.Line(most, middle-4, most, middle+4, svg.Look{Stroke: whiskerC})
		}
		if at(row.End)-least > 3 && least > at(row.Start)+3 {
			c.Line(least, middle-4, least, middle+4, svg.Look{Stroke: paper, StrokeWidth: 1.5})
		}
		c.Text(math.Max(most, at(row.End))+8, y+16, overType, Words(row.Span.Typical))
	})
}

// short draws what is too short to have a row, all in one.
func (ch Chart) short(c *svg.Canvas, y float64, at func(time.Duration) float64) {
	label := fmt.Sprintf("%d steps of less than %s each", len(ch.Short), Words(ch.Limit))
	if len(ch.Short) == 1 {
		label = fmt.Sprintf("1 step of less than %s", Words(ch.Limit))
	}
	c.Group(label, func() {
		c.Text(margin, y+16, labelType, label)
		drawn := map[float64]bool{}
		for _, row := range ch.Short {
			x := math.Round(at(row.Start))
			if drawn[x] {
				continue
			}
			drawn[x] = true
			c.Rect(x, y+8, math.Max(at(row.End)-at(row.Start), 2), rowHeight-16, svg.Look{Fill: shortC, Radius: 1})
		}
	})
}

func (ch Chart) legend(c *svg.Canvas, y float64) {
	x := margin
	entry := func(text string, mark func(x float64)) {
		mark(x)
		c.Text(x+30, y, valueType, text)
		x += 30 + svg.Width(text, valueType) + 26
	}
	box := func(color string) func(float64) {
		return func(x float64) { c.Rect(x, y-9, 22, 10, svg.Look{Fill: color, Radius: 3}) }
	}
	entry("critical path: a delay here delays the run", box(criticalC))
	entry("beside it", box(calmC))
	entry("up to the most that it takes; the mark in a bar is the least", func(x float64) {
		c.Line(x, y-4, x+22, y-4, svg.Look{Stroke: whiskerC})
		c.Line(x+22, y-8, x+22, y, svg.Look{Stroke: whiskerC})
	})
	entry("end of the run", func(x float64) {
		c.Line(x+11, y-11, x+11, y+3, svg.Look{Stroke: criticalC, Dash: "4 3"})
	})
	if ch.Note != "" {
		c.Text(margin, y+20, valueType, svg.Fit(ch.Note, valueType, chartWide-2*margin))
	}
}

// tick is the distance of the marks of the axis: a round time, of which at most a dozen fit.
func (ch Chart) tick() time.Duration {
	for _, tick := range []time.Duration{
		time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute,
		15 * time.Minute, 30 * time.Minute,
	} {
		if ch.end()/tick <= 12 {
			return tick
		}
	}
	return (ch.end() / 12).Truncate(time.Hour) + time.Hour
}
