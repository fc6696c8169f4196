package diagnostic

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Style gives the renderer its colours; the zero Style prints plain text.
type Style struct {
	Error, Warning, Good, Faint, Bold func(string) string
	// Width is where long explanations are broken between words, in columns; 0 breaks nothing, which is right for logs.
	Width int
}

func apply(f func(string) string, s string) string {
	if f == nil {
		return s
	}
	return f(s)
}

// WriteText writes the findings for a person: a headline, the place with its source line underlined, why, and what to do. What they quote
// comes from anywhere: only the style's own control characters reach w.
func WriteText(w io.Writer, list List, style Style) error {
	for i, d := range list {
		if i > 0 {
			if _, err := fmt.Fprintln(w); err != nil {
				return err
			}
		}
		if _, err := io.WriteString(w, text(d, style)); err != nil {
			return err
		}
	}
	return nil
}

func text(d *Diagnostic, style Style) string {
	var b strings.Builder
	label := apply(style.Error, "error:")
	if d.Severity == Warning {
		label = apply(style.Warning, "warning:")
	}
	fmt.Fprintf(&b, "%s %s\n", label, apply(style.Bold, Visible(d.Summary)))
	if d.Address != "" {
		fmt.Fprintf(&b, "  resource: %s\n", Visible(d.Address))
	}
	if d.Where != nil {
		writeRange(&b, d.Where, style)
	}
	for _, part := range []struct{ label, text string }{{"why", d.Why}, {"what to do", d.Todo}} {
		if part.text != "" {
			fmt.Fprintf(&b, "  %s: %s\n", part.label, indentRest(breakLines(Visible(part.text), style.Width, len(part.label)+4)))
		}
	}
	return b.String()
}

func writeRange(b *strings.Builder, r *Range, style Style) {
	fmt.Fprintf(b, "  at %s\n", Visible(r.String()))
	if r.Text == "" {
		return
	}
	r = clipped(r)
	number := fmt.Sprintf("%5d", r.Line)
	fmt.Fprintf(b, "%s | %s\n", apply(style.Faint, number), Visible(r.Text))
	if r.Column > 0 && r.EndColumn > r.Column && r.EndColumn <= len(r.Text)+1 {
		// Tabs are kept so that the underline stays below what it marks.
		lead := strings.Map(func(c rune) rune {
			if c == '\t' {
				return c
			}
			return ' '
		}, Visible(r.Text[:r.Column-1]))
		marked := len(Visible(r.Text[r.Column-1 : r.EndColumn-1]))
		fmt.Fprintf(b, "      | %s%s\n", lead, apply(style.Error, strings.Repeat("^", marked)))
	}
}

// longestLine is how many bytes of a line are shown: some files are one line.
const longestLine = 1000

// clipped is a range in a line that is not too long to be shown: of a longer one it has the part around the place.
func clipped(r *Range) *Range {
	if len(r.Text) <= longestLine {
		return r
	}
	from := min(max(r.Column-1-longestLine/2, 0), len(r.Text)-longestLine)
	part := *r
	part.Text = r.Text[from : from+longestLine]
	part.Column, part.EndColumn = r.Column-from, min(r.EndColumn-from, longestLine+1)
	return &part
}

// breakLines breaks lines that are longer than width between words. The first begins at column first, the others are indented by four.
func breakLines(text string, width, first int) string {
	if width <= 0 {
		return text
	}
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		column := 4
		if i == 0 {
			column = first
		} else {
			b.WriteByte('\n')
		}
		for j, word := range strings.Split(line, " ") {
			switch {
			case j == 0:
			case column+1+len(word) > width:
				b.WriteByte('\n')
				column = 4
			default:
				b.WriteByte(' ')
				column++
			}
			b.WriteString(word)
			column += len(word)
		}
	}
	return b.String()
}

func indentRest(s string) string {
	return strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n    ")
}

// WriteJSON writes the findings as one JSON object {"diagnostics": [...]} for scripts.
func WriteJSON(w io.Writer, list List) error {
	if list == nil {
		list = List{}
	}
	enc := json.NewEncoder(VisibleWriter(w))
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]List{"diagnostics": list})
}
