// Package svg writes drawings: rectangles, lines and texts in the order in which they are drawn, as one SVG file that needs nothing else.
// The same drawing is the same file. It knows nothing of what is drawn: packages diagram and timeline import it; it imports nothing
// of this module.
package svg

import (
	"fmt"
	"strconv"
	"strings"
)

// Fonts are those of the reader's own system; nothing is loaded.
const Fonts = `system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif`

// Canvas is a drawing under way. Lengths are in pixels, from the upper left corner.
type Canvas struct {
	body  strings.Builder
	depth int
}

// Look is how a shape looks; empty fields are not written.
type Look struct {
	Fill, Stroke string
	// StrokeWidth is in pixels; 0 means 1.
	StrokeWidth float64
	// Dash is a pattern such as 4 3.
	Dash string
	// Radius rounds the corners of a rectangle.
	Radius  float64
	Opacity float64
}

func (l Look) attributes() string {
	var b strings.Builder
	write := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, ` %s="%s"`, name, escape(value))
		}
	}
	if l.Fill == "" {
		l.Fill = "none"
	}
	write("fill", l.Fill)
	write("stroke", l.Stroke)
	if l.StrokeWidth != 0 {
		write("stroke-width", number(l.StrokeWidth))
	}
	write("stroke-dasharray", l.Dash)
	if l.Radius != 0 {
		write("rx", number(l.Radius))
	}
	if l.Opacity != 0 {
		write("opacity", number(l.Opacity))
	}
	return b.String()
}

// Type is how a text is set.
type Type struct {
	// Size is in pixels.
	Size   float64
	Bold   bool
	Italic bool
	Fill   string
	// Anchor is start, middle or end; start if empty.
	Anchor string
	// Halo is the colour of a rim around the letters, which keeps them readable where they cross a line.
	Halo string
}

// Rect draws a rectangle.
func (c *Canvas) Rect(x, y, width, height float64, look Look) {
	c.line(`<rect x="%s" y="%s" width="%s" height="%s"%s/>`, number(x), number(y), number(width), number(height), look.attributes())
}

// Line draws a straight line.
func (c *Canvas) Line(x1, y1, x2, y2 float64, look Look) {
	c.line(`<line x1="%s" y1="%s" x2="%s" y2="%s"%s/>`, number(x1), number(y1), number(x2), number(y2), look.attributes())
}

// Path draws along SVG path data.
func (c *Canvas) Path(data string, look Look) {
	c.line(`<path d="%s"%s/>`, escape(data), look.attributes())
}

// Circle draws a circle around a point.
func (c *Canvas) Circle(x, y, radius float64, look Look) {
	c.line(`<circle cx="%s" cy="%s" r="%s"%s/>`, number(x), number(y), number(radius), look.attributes())
}

// Text writes one line of text; y is its baseline.
func (c *Canvas) Text(x, y float64, t Type, text string) {
	var b strings.Builder
	if t.Bold {
		b.WriteString(` font-weight="600"`)
	}
	if t.Italic {
		b.WriteString(` font-style="italic"`)
	}
	if t.Anchor != "" && t.Anchor != "start" {
		fmt.Fprintf(&b, ` text-anchor="%s"`, t.Anchor)
	}
	if t.Halo != "" {
		fmt.Fprintf(&b, ` stroke="%s" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`, escape(t.Halo))
	}
	c.line(`<text x="%s" y="%s" font-size="%s" fill="%s"%s>%s</text>`, number(x), number(y), number(t.Size),
		escape(t.Fill), b.String(), escape(text))
}

// Group draws what belongs together. Its title is read aloud by screen readers, and shown where the pointer rests.
func (c *Canvas) Group(title string, draw func()) {
	c.line(`<g>`)
	c.depth++
	if title != "" {
		c.line(`<title>%s</title>`, escape(title))
	}
	draw()
	c.depth--
	c.line(`</g>`)
}

// Document is the whole file. title and description say what is to be seen, for those who do not see it.
func (c *Canvas) Document(width, height float64, title, description string) string {
	return fmt.Sprintf(
		`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]s" height="%[2]s" viewBox="0 0 %[1]s %[2]s" role="img" aria-labelledby="title description" font-family="%[3]s">
  <title id="title">%[4]s</title>
  <desc id="description">%[5]s</desc>
%[6]s</svg>
`, number(width), number(height), Fonts, escape(title), escape(description), c.body.String())
}

func (c *Canvas) line(format string, args ...any) {
	c.body.WriteString(strings.Repeat("  ", c.depth+1))
	fmt.Fprintf(&c.body, format, args...)
	c.body.WriteByte('\n')
}

// number writes a length with one decimal at most, so that a drawing is the same on every machine.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', 1, 64)
	return strings.TrimSuffix(text, ".0")
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escape makes a text fit for XML. Control characters, which XML cannot hold, become spaces.
func escape(text string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")))
}
