package diagram

import (
	"strings"

	"coderaws/internal/svg"
)

// Lengths in pixels.
const (
	margin        = 24.0
	pad           = 18.0
	gap           = 14.0
	titleHeight   = 40.0
	usersHeight   = 52.0
	regionHead    = 52.0
	gatewayHeight = 26.0
	panelWidth    = 286.0
)

// The colours. Surfaces are pale, so that the text on them is dark on any page; the accents tell kinds of services apart, as AWS's own
// diagrams do: violet for networks, orange for computing, magenta for databases, red for security, rose for operations.
const (
	paper      = "#ffffff"
	frame      = "#d0d7de"
	ink        = "#1f2328"
	faint      = "#59636e"
	regionFill = "#fafbfc"
	regionLine = "#0e7490"
	vpcFill    = "#ffffff"
	vpcLine    = "#7c3aed"
	zoneLine   = "#94a3b8"
	zoneFill   = "#f8fafc"
	publicC    = "#65a30d"
	publicF    = "#f4f9ec"
	privateC   = "#0284c7"
	privateF   = "#eff7fc"
	isolatedC  = "#64748b"
	isolatedF  = "#f1f5f9"
	networkC   = "#7c3aed"
	computeC   = "#ea580c"
	spotC      = "#d97706"
	databaseC  = "#c026d3"
	securityC  = "#dc2626"
	operationC = "#db2777"
	otherC     = "#64748b"
)

var (
	titleType  = svg.Type{Size: 20, Bold: true, Fill: ink}
	strongType = svg.Type{Size: 12, Bold: true, Fill: ink}
	textType   = svg.Type{Size: 11.5, Fill: ink}
	faintType  = svg.Type{Size: 11, Fill: faint}
)

// headType is the type of a heading in a colour.
func headType(color string) svg.Type { return svg.Type{Size: 12.5, Bold: true, Fill: color} }

// A card is one thing in the picture: a title, lines of text below it, and a bar in the colour of its kind.
type card struct {
	title string
	lines []string
	// list keeps each line by itself, even if all have room in one.
	list   bool
	accent string
	// dashed is for what AWS can take back.
	dashed bool
	// tip is what a reader sees who points at the card.
	tip string
}

const (
	cardPad  = 10.0
	cardLine = 15.0
)

// wrapped are the card's lines broken to a width; one line, if all have room in it.
func (k card) wrapped(width float64) []string {
	var lines []string
	if one := strings.Join(k.lines, "; "); !k.list && svg.Width(one, faintType) <= width-2*cardPad {
		return append(lines, one)[:min(len(k.lines), 1)]
	}
	for _, line := range k.lines {
		lines = append(lines, svg.Wrap(line, faintType, width-2*cardPad)...)
	}
	return lines
}

func (k card) height(width float64) float64 {
	return 24 + cardLine*float64(len(k.wrapped(width))) + 4
}

func (k card) draw(c *svg.Canvas, x, y, width, height float64) {
	c.Group(k.tip, func() {
		look := svg.Look{Fill: paper, Stroke: k.accent, Radius: 5, StrokeWidth: 1.2}
		if k.dashed {
			look.Dash = "5 3"
		}
		c.Rect(x, y, width, height, look)
		c.Rect(x, y, 4, height, svg.Look{Fill: k.accent, Radius: 2})
		c.Text(x+cardPad+2, y+18, strongType, svg.Fit(k.title, strongType, width-2*cardPad))
		for i, line := range k.wrapped(width) {
			c.Text(x+cardPad+2, y+18+cardLine*float64(i+1), faintType, svg.Fit(line, faintType, width-2*cardPad+2))
		}
	})
}
