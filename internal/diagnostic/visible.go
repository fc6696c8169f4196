package diagnostic

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible writes out what a terminal would obey instead of show: control characters, those that turn the direction of text, and
// bytes that are no UTF-8 (some terminals take them for control characters of eight bits). Texts of settings, plans, charts, AWS
// and coderd are somebody else's, and could otherwise clear the screen or tell what is not so. Lines and tabs stay. In a JSON text
// it leaves the same value.
func Visible(s string) string {
	if strings.IndexFunc(s, hidden) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\r' && strings.HasPrefix(s[i:], "\r\n"):
			b.WriteRune(r)
		case hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// hidden reports whether a character does something where it should be seen.
func hidden(r rune) bool {
	return r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}

// VisibleWriter lets pass what Visible leaves of the text that is written to it.
func VisibleWriter(w io.Writer) io.Writer { return &visibleWriter{w: w} }

type visibleWriter struct {
	w io.Writer
	// begun is the beginning of what ends in the next piece: a character of several bytes, or of a line's end.
	begun []byte
}

func (v *visibleWriter) Write(p []byte) (int, error) {
	text := append(v.begun, p...)
	end := len(text)
	for back := 1; back <= min(utf8.UTFMax-1, len(text)); back++ {
		if last := text[len(text)-back:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) || back == 1 && last[0] == '\r' {
				end -= back
			}
			break
		}
	}
	v.begun = append([]byte{}, text[end:]...)
	if _, err := io.WriteString(v.w, Visible(string(text[:end]))); err != nil {
		return 0, err
	}
	return len(p), nil
}
