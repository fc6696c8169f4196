package progress

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// TerminalOptions fit the display to a terminal.
type TerminalOptions struct {
	// Now is the clock.
	Now func() time.Time
	// Ticks redraw the elapsed times between events; nil means that only events do.
	Ticks <-chan time.Time
	// Size returns the terminal's columns and rows; nil, or a result of 0, means 80 and 24.
	Size func() (columns, rows int)
	// Color allows ANSI colours.
	Color bool
	// ASCII draws bars without block characters.
	ASCII bool
}

// redrawInterval bounds how often events redraw: an embedded AWS answers faster than anybody reads.
const redrawInterval = 80 * time.Millisecond

// barCells is the width of a bar.
const barCells = 16

// terminal redraws one line per module in place. It uses the ordinary screen, so that what was shown stays in the scrollback.
type terminal struct {
	w       io.Writer
	options TerminalOptions

	mu      sync.Mutex
	tracker *tracker
	// drawn is how many lines the last drawing has, which the next one overwrites.
	drawn int
	last  time.Time
	stop  chan struct{}
	idle  sync.WaitGroup
}

// NewTerminal returns a Reporter for a terminal: one line per module with steps done of total, and the step that has been
// under way for the longest time.
func NewTerminal(w io.Writer, options TerminalOptions) Reporter {
	return &terminal{w: w, options: options}
}

func (t *terminal) Begin(operation Operation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tracker, t.drawn, t.last = newTracker(operation, t.options.Now), 0, time.Time{}
	t.draw()
	if t.options.Ticks == nil {
		return
	}
	stop := make(chan struct{})
	t.stop = stop
	t.idle.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-t.options.Ticks:
				t.mu.Lock()
				t.draw()
				t.mu.Unlock()
			}
		}
	})
}

func (t *terminal) Event(e engine.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tracker != nil && t.tracker.event(e) && t.options.Now().Sub(t.last) >= redrawInterval {
		t.draw()
	}
}

func (t *terminal) Notice(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
	fmt.Fprintln(t.w, diagnostic.Visible(text))
	if t.tracker != nil {
		t.draw()
	}
}

func (t *terminal) End(ok bool) {
	if t.stop != nil {
		close(t.stop)
		t.idle.Wait()
		t.stop = nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tracker == nil {
		return
	}
	t.clear()
	lines := append([]string{t.summary(ok)}, t.moduleLines()...)
	fmt.Fprintln(t.w, strings.Join(lines, "\n"))
	t.tracker, t.drawn = nil, 0
}

// clear removes the last drawing and leaves the cursor where it began.
func (t *terminal) clear() {
	if t.drawn > 0 {
		fmt.Fprintf(t.w, "\x1b[%dA\x1b[J", t.drawn)
		t.drawn = 0
	}
}

func (t *terminal) draw() {
	_, rows := t.size()
	lines := append([]string{t.headline()}, t.moduleLines()...)
	// A drawing taller than the screen could not be overwritten: lines that scrolled away stay.
	if limit := max(rows-2, 1); len(lines) > limit {
		more := len(lines) - limit + 1
		lines = append(lines[:limit-1], t.fit(fmt.Sprintf("  and %d more modules", more), faint))
	}
	// One write for the whole drawing, so that it does not flicker.
	var b strings.Builder
	if t.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", t.drawn)
	}
	for _, line := range lines {
		b.WriteString("\r" + line + "\x1b[K\n")
	}
	if len(lines) < t.drawn {
		b.WriteString("\x1b[J")
	}
	_, _ = io.WriteString(t.w, b.String()) // a terminal that went away must not stop the run
	t.drawn, t.last = len(lines), t.options.Now()
}

func (t *terminal) headline() string {
	o := t.tracker.operation
	text := fmt.Sprintf("%s %s, %s", o.Verb, o.Subject, rounded(t.options.Now().Sub(t.tracker.began)))
	switch {
	case o.Totals != nil:
		sum := t.tracker.sums()
		text += fmt.Sprintf(", %d of %d", sum.done, sum.total)
	case t.tracker.planned > 0:
		text += fmt.Sprintf(", %d changes", t.tracker.planned)
	case t.tracker.refreshed > 0:
		text += fmt.Sprintf(", %d resources read", t.tracker.refreshed)
	}
	if slow, running := t.tracker.slowest(""); running && o.Totals == nil {
		text += fmt.Sprintf(", %s %s", doing(slow.action), slow.resource.Address)
	}
	return t.fit(text, "")
}

func (t *terminal) summary(ok bool) string {
	o, sum := t.tracker.operation, t.tracker.sums()
	elapsed := rounded(t.options.Now().Sub(t.tracker.began))
	if !ok {
		return t.fit(fmt.Sprintf("%s %s failed after %s", o.Verb, o.Subject, elapsed), red)
	}
	text := fmt.Sprintf("%s %s done in %s", o.Verb, o.Subject, elapsed)
	if o.Totals != nil {
		text += fmt.Sprintf(", %d of %d", sum.done, sum.total)
	}
	return t.fit(text, "")
}

func (t *terminal) moduleLines() []string {
	modules := t.tracker.sorted()
	width := 0
	for _, m := range modules {
		width = max(width, utf8.RuneCountInString(m.name))
	}
	lines := make([]string, len(modules))
	for i, m := range modules {
		total := max(m.total, m.done+m.failed)
		text := fmt.Sprintf("  %-*s %s %*d/%d", width, m.name, t.bar(m.done, total), len(fmt.Sprint(total)), m.done, total)
		style := ""
		switch slow, running := t.tracker.slowest(m.name); {
		case m.failed > 0:
			text += fmt.Sprintf("  %d failed", m.failed)
			style = red
		case running:
			text += fmt.Sprintf("  %s %s %s", doing(slow.action), relative(slow.resource), rounded(t.options.Now().Sub(slow.began)))
			if others := t.tracker.inFlight(m.name) - 1; others > 0 {
				text += fmt.Sprintf(" (+%d)", others)
			}
		case m.done == total:
			style = green
		default:
			style = faint
		}
		lines[i] = t.fit(text, style)
	}
	return lines
}

func (t *terminal) bar(done, total int) string {
	full, empty := "█", "░"
	if t.options.ASCII {
		full, empty = "#", "."
	}
	cells := barCells
	if total > 0 {
		cells = done * barCells / total
	}
	return strings.Repeat(full, cells) + strings.Repeat(empty, barCells-cells)
}

const (
	red   = "\x1b[31m"
	green = "\x1b[32m"
	faint = "\x1b[2m"
	reset = "\x1b[0m"
)

// fit cuts a line so that it does not wrap, for a wrapped line would break the count of those to overwrite, and colours it.
func (t *terminal) fit(text, style string) string {
	columns, _ := t.size()
	text = diagnostic.Visible(text)
	if runes := []rune(text); len(runes) >= columns {
		text = string(runes[:max(columns-2, 0)]) + "…"
		if t.options.ASCII {
			text = string(runes[:max(columns-2, 0)]) + "~"
		}
	}
	if style == "" || !t.options.Color {
		return text
	}
	return style + text + reset
}

func (t *terminal) size() (columns, rows int) {
	if t.options.Size != nil {
		columns, rows = t.options.Size()
	}
	if columns <= 0 {
		columns = 80
	}
	if rows <= 0 {
		rows = 24
	}
	return columns, rows
}
