package progress

import (
	"strings"
	"time"
)

// Beside returns a Reporter for what runs at the same time as others whose progress r shows, too: a line names what it is about. It is JSON
// where r is, and plain elsewhere, as a terminal can redraw one operation only.
func Beside(r Reporter, name string, now func() time.Time) Reporter {
	if lines, ok := r.(*jsonLines); ok {
		return &jsonLines{now: now, out: lines.out}
	}
	return NewPlain(&notices{r, name}, now)
}

// notices shows lines of text by a Reporter.
type notices struct {
	r    Reporter
	name string
}

func (n *notices) Write(text []byte) (int, error) {
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if !strings.Contains(line, n.name) {
			line = n.name + " " + line
		}
		n.r.Notice(line)
	}
	return len(text), nil
}
