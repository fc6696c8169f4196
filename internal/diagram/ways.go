package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"coderaws/internal/egress"
	"coderaws/internal/inventory"
	"coderaws/internal/svg"
)

const (
	waysHead    = 46.0
	callerWidth = 300.0
	doorWidth   = 380.0
	// waysBetween is the least room for the lines between callers and doors.
	waysBetween = 120.0
)

// ways are the ways out of a network that shall have no others: who calls stands on the left, what lets the calls out on the right, and a
// line leads from one to the other.
type ways struct {
	counts         string
	callers, doors []*end
	lines          []way
	width, height  float64
}

// end is where lines begin or end.
type end struct {
	card
	// key tells doors apart, and calls counts what goes through.
	key   string
	calls int
	// lost counts the calls of a caller that have no way.
	lost int
	// y is where its card begins, below the heading.
	y float64
}

// way is a line from a caller to a door.
type way struct {
	from, to *end
	missing  bool
}

// newWays lays out what a report found; nil without one.
func newWays(r *egress.Report, inv *inventory.Inventory, width float64) *ways {
	if r == nil {
		return nil
	}
	w := &ways{width: math.Max(width, callerWidth+waysBetween+doorWidth)}
	w.counts = wayCounts(r)
	for _, found := range r.Ways {
		w.add(inv, found)
	}
	slices.SortStableFunc(w.doors, func(a, b *end) int { return cmp.Compare(w.middle(a), w.middle(b)) })
	for _, one := range append(slices.Clone(w.callers), w.doors...) {
		one.lines = append([]string{plural(one.calls, "call")}, one.lines...)
		if one.lost > 0 {
			one.lines[0] += fmt.Sprintf(", %d without a way", one.lost)
		}
	}
	// What no call takes comes last, and has no line.
	for _, exception := range r.Exceptions {
		w.doors = append(w.doors, &end{card: card{title: doorTitle(inv, exception.Address),
			lines: []string{"named exception: " + exception.Opens}, accent: spotC, dashed: true, tip: exception.Address}})
	}
	for _, opening := range r.Openings {
		w.doors = append(w.doors, &end{card: card{title: doorTitle(inv, opening.Address), lines: []string{"opens " + opening.Opens},
			accent: securityC, tip: opening.Address}})
	}
	w.height = waysHead + math.Max(stack(w.callers, callerWidth), stack(w.doors, doorWidth))
	return w
}

// wayCounts says what a report found, in one line.
func wayCounts(r *egress.Report) string {
	counts := fmt.Sprintf("%s with a way, %d without; %s looked at and closed, %d open", plural(len(r.Ways)-r.Missing(), "call"), r.Missing(),
		plural(r.Closed, "way"), len(r.Openings))
	if len(r.Exceptions) > 0 {
		counts += ", " + plural(len(r.Exceptions), "named exception")
	}
	return counts
}

// add notes a call, its caller and its door.
func (w *ways) add(inv *inventory.Inventory, found egress.Way) {
	from := endOf(&w.callers, found.Caller, card{title: found.Caller, accent: computeC})
	from.calls++
	door := card{title: doorTitle(inv, found.By), accent: networkC, tip: found.By}
	key := found.By
	if found.Missing != "" {
		key, from.lost = "no way: "+found.Missing, from.lost+1
		door = card{title: "No way", lines: []string{found.Missing}, accent: securityC, dashed: true}
	}
	to := endOf(&w.doors, key, door)
	to.calls++
	if line := (way{from, to, found.Missing != ""}); !slices.Contains(w.lines, line) {
		w.lines = append(w.lines, line)
	}
}

// endOf finds the end of a key, and makes it where there is none yet.
func endOf(ends *[]*end, key string, k card) *end {
	if i := slices.IndexFunc(*ends, func(e *end) bool { return e.key == key }); i >= 0 {
		return (*ends)[i]
	}
	made := &end{card: k, key: key}
	*ends = append(*ends, made)
	return made
}

// middle is where the callers of a door stand on average, so that few lines cross.
func (w *ways) middle(door *end) float64 {
	sum, count := 0, 0
	for _, line := range w.lines {
		if line.to == door {
			sum, count = sum+slices.Index(w.callers, line.from), count+1
		}
	}
	return float64(sum) / float64(count) // each door has a line
}

// doorTitle names what calls go through: as the network does it, else by its address.
func doorTitle(inv *inventory.Inventory, address string) string {
	for _, endpoint := range inv.Endpoints {
		if endpoint.Address == address {
			return endpointCard(endpoint).title
		}
	}
	for _, key := range inv.Keys {
		if key.Address == address {
			return "Key: " + strings.TrimSuffix(or(key.Description, or(key.Name, key.Address)), ".")
		}
	}
	return address
}

// stack puts cards below one another and says how high they are together.
func stack(ends []*end, width float64) float64 {
	y := 0.0
	for _, one := range ends {
		one.list = true
		one.y = y
		y += one.height(width) + cardGap
	}
	return math.Max(y-cardGap, 0)
}

func (w *ways) draw(c *svg.Canvas, x, y float64) {
	c.Line(x, y, x+w.width, y, svg.Look{Stroke: zoneLine})
	c.Text(x, y+20, headType(vpcLine), "Ways out of the network")
	c.Text(x, y+36, faintType, svg.Fit(w.counts, faintType, w.width))
	y += waysHead
	left, right := x+callerWidth, x+w.width-doorWidth
	for _, line := range w.lines {
		from, to := y+line.from.y+line.from.height(callerWidth)/2, y+line.to.y+line.to.height(doorWidth)/2
		look := svg.Look{Fill: "none", Stroke: line.to.accent, StrokeWidth: 1.3}
		if line.missing {
			look.Dash = "5 3"
		}
		between := (left + right) / 2
		c.Path(fmt.Sprintf("M %.1f %.1f C %.1f %.1f %.1f %.1f %.1f %.1f", left, from, between, from, between, to, right, to), look)
	}
	for _, one := range w.callers {
		one.card.draw(c, x, y+one.y, callerWidth, one.height(callerWidth))
	}
	for _, one := range w.doors {
		one.card.draw(c, right, y+one.y, doorWidth, one.height(doorWidth))
	}
}
