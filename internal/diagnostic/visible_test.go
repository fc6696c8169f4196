package diagnostic

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestVisible(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain text", "all is well, ü and 漢字 too", "all is well, ü and 漢字 too"},
		{"lines and tabs", "a\tb\nc\r\nd", "a\tb\nc\r\nd"},
		{"a title and a cleared screen", "\x1b]0;PWNED\a\x1b[2J", `\u001b]0;PWNED\u0007\u001b[2J`},
		{"a line written over", "bad\rgood", `bad\u000dgood`},
		{"a control character of eight bits", "\u009b2J", `\u009b2J`},
		{"the same as a byte that is no UTF-8", "\x9b2J", `\x9b2J`},
		{"backspaces and deletions", "a\b\x7f", `a\u0008\u007f`},
		{"text that turns around", "a\u202eb\u2066c", `a\u202eb\u2066c`},
	} {
		if got := Visible(test.text); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		var whole, pieces strings.Builder
		if _, err := io.WriteString(VisibleWriter(&whole), test.text); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(VisibleWriter(&pieces), iotest.OneByteReader(strings.NewReader(test.text))); err != nil {
			t.Fatal(err)
		}
		if whole.String() != test.want || pieces.String() != test.want {
			t.Errorf("%s: written as a whole %q, byte by byte %q, want %q", test.name, whole.String(), pieces.String(), test.want)
		}
	}
}

// TestFindingsAreVisible: whatever a finding quotes, and in JSON its value stays what it was.
func TestFindingsAreVisible(t *testing.T) {
	const evil = "\x1b[2J\u009b\u202e"
	d := Errorf("there is no setting %s", evil)
	d.Address, d.Why, d.Todo = "aws_vpc."+evil, "why "+evil, "do "+evil
	d.Where = &Range{File: "a" + evil, Line: 1, Column: 1, EndColumn: 1 + len(evil), Text: evil + " = 1"}
	var b strings.Builder
	red := func(s string) string { return "<" + s + ">" }
	if err := WriteText(&b, List{d}, Style{Error: red, Bold: red}); err != nil {
		t.Fatal(err)
	}
	text, marked := b.String(), "| <"+strings.Repeat("^", 21)+">"
	if Visible(text) != text || strings.Count(text, `\u001b[2J\u009b\u202e`) != 6 || !strings.Contains(text, marked) {
		t.Errorf("written as %q", text)
	}
	b.Reset()
	if err := WriteJSON(&b, List{d}); err != nil {
		t.Fatal(err)
	}
	var read struct{ Diagnostics []struct{ Summary string } }
	text = b.String()
	if err := json.Unmarshal([]byte(text), &read); err != nil || Visible(text) != text || read.Diagnostics[0].Summary != d.Summary {
		t.Errorf("written as JSON %q, read as %v: %v", text, read, err)
	}
}
