package svg

import (
	"sort"
	"strings"
)

// widths are those of the printable ASCII characters in Helvetica, in thousandths of the font size, from the space on (Adobe's font
// metrics). The fonts of the stack differ from it; widest adds what the widest of them needs.
var widths = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
}

// widest is how much wider than Helvetica the widest font of the stack is: DejaVu Sans, by a sixth, and a seventh more in bold.
const (
	widest     = 1.17
	widestBold = 1.3
	// other is the width of all other characters: that of a wide letter, which is right for none and too little for few.
	other = 900
)

// Width is the room that a line of text takes, in pixels, in the widest font of the stack.
func Width(text string, t Type) float64 {
	sum := 0
	for _, r := range text {
		if i := int(r) - ' '; i >= 0 && i < len(widths) {
			sum += widths[i]
		} else {
			sum += other
		}
	}
	factor := widest
	if t.Bold {
		factor = widestBold
	}
	return float64(sum) / 1000 * t.Size * factor
}

// Fit shortens a text at its end until it takes no more than a width, and marks where it was cut.
func Fit(text string, t Type, width float64) string {
	if Width(text, t) <= width {
		return text
	}
	// A longer beginning is never narrower, so that the longest that fits can be searched for.
	runes := []rune(text)
	short := func(n int) string { return strings.TrimRight(string(runes[:n]), " .,-_[(") + "…" }
	n := sort.Search(len(runes)-1, func(n int) bool { return Width(short(n+1), t) > width })
	if n == 0 {
		return ""
	}
	return short(n)
}

// FitEnd is Fit for a text whose end tells more than its beginning: it is shortened there.
func FitEnd(text string, t Type, width float64) string {
	if Width(text, t) <= width {
		return text
	}
	runes := []rune(text)
	short := func(n int) string { return "…" + string(runes[n:]) }
	n := 1 + sort.Search(len(runes)-1, func(n int) bool { return Width(short(n+1), t) <= width })
	if n >= len(runes) {
		return ""
	}
	return short(n)
}

// Wrap breaks a text between words into lines that take no more than a width; a single word can take more.
func Wrap(text string, t Type, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && Width(longer, t) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
