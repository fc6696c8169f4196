package svg

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDocument(t *testing.T) {
	c := &Canvas{}
	c.Rect(0, 0, 10.04, 20.06, Look{Fill: "#fff", Stroke: "#000", Radius: 4, Dash: "4 3", StrokeWidth: 1.5, Opacity: 0.5})
	c.Group(`A & "B"`, func() {
		c.Line(1, 2, 3, 4, Look{Stroke: "#000"})
		c.Text(5, 6, Type{Size: 12, Bold: true, Fill: "#000", Anchor: "end", Halo: "#fff"}, "a < b")
	})
	want := `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50" role="img" aria-labelledby="title description" font-family="` + Fonts + `">
  <title id="title">T</title>
  <desc id="description">D</desc>
  <rect x="0" y="0" width="10" height="20.1" fill="#fff" stroke="#000" stroke-width="1.5" stroke-dasharray="4 3" rx="4" opacity="0.5"/>
  <g>
    <title>A &amp; &quot;B&quot;</title>
    <line x1="1" y1="2" x2="3" y2="4" fill="none" stroke="#000"/>
    <text x="5" y="6" font-size="12" fill="#000" font-weight="600" text-anchor="end" stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke">a &lt; b</text>
  </g>
</svg>
`
	if diff := cmp.Diff(want, c.Document(100, 50, "T", "D")); diff != "" {
		t.Errorf("drawing (-want +got):\n%s", diff)
	}
}

// FuzzText: whatever is written, the file is XML that browsers read.
func FuzzText(f *testing.F) {
	f.Add("plain", "1\x00\x1b]>&<")
	f.Fuzz(func(t *testing.T, title, text string) {
		c := &Canvas{}
		c.Group(title, func() { c.Text(0, 0, Type{Size: 12, Fill: text}, text) })
		decoder := xml.NewDecoder(strings.NewReader(c.Document(1, 1, title, text)))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatalf("%q, %q: %v", title, text, err)
			}
		}
	})
}

func TestFit(t *testing.T) {
	small := Type{Size: 10}
	for _, test := range []struct {
		name, text string
		width      float64
		want       string
	}{
		{"what fits stays", "subnet", 100, "subnet"},
		{"what does not is cut and marked", "subnet-us-east-1a", 60, "subnet-u…"},
		{"no room is no text", "subnet", 3, ""},
	} {
		got := Fit(test.text, small, test.width)
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if Width(got, small) > test.width {
			t.Errorf("%s: %q is wider than %v", test.name, got, test.width)
		}
	}
	if Width("W", Type{Size: 10, Bold: true}) <= Width("W", small) || Width("Ж", small) <= Width("i", small) {
		t.Error("bold letters and those of other alphabets are not taken to be wider")
	}
}

func TestWrap(t *testing.T) {
	got := Wrap("m5.2xlarge, m5a.2xlarge, a-word-that-has-no-room", Type{Size: 10}, 140)
	if diff := cmp.Diff([]string{"m5.2xlarge, m5a.2xlarge,", "a-word-that-has-no-room"}, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if Wrap(" ", Type{Size: 10}, 1) != nil {
		t.Error("no words are lines")
	}
}
