package progress_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"coderaws/internal/engine"
	"coderaws/internal/progress"
)

var control = regexp.MustCompile(`^\x1b\[([0-9]*)([A-Za-z])`)

// screen plays output on a terminal of unlimited height and returns what is to be seen at the end. It fails on a control
// sequence that it does not know.
func screen(output string) string {
	lines, row, column := [][]rune{nil}, 0, 0
	for len(output) > 0 {
		if m := control.FindStringSubmatch(output); m != nil {
			output = output[len(m[0]):]
			n, _ := strconv.Atoi(m[1])
			switch m[2] {
			case "A":
				row = max(row-n, 0)
			case "J":
				lines = lines[:row+1]
				lines[row] = lines[row][:min(column, len(lines[row]))]
			case "K":
				lines[row] = lines[row][:min(column, len(lines[row]))]
			case "m":
			default:
				panic("unknown control sequence " + m[0])
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(output)
		output = output[size:]
		switch r {
		case '\r':
			column = 0
		case '\n':
			row, column = row+1, 0
			if row == len(lines) {
				lines = append(lines, nil)
			}
		default:
			for len(lines[row]) <= column {
				lines[row] = append(lines[row], ' ')
			}
			lines[row][column] = r
			column++
		}
	}
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(string(line))
	}
	return b.String()
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := newClock()
	r := progress.NewTerminal(&out, progress.TerminalOptions{Now: c.now, ASCII: true, Color: true})
	var screens []string
	script(c, r, func() { screens = append(screens, screen(out.String())) })

	t.Run("shows the slowest step of each module", func(t *testing.T) {
		want := `applying eu-west-1 cloud, 1m4s, 1 of 5
  database ................ 0/2  creating aws_rds_cluster.this 1m1s (+1)
  network  ########........ 1/2
  (root)   ................ 0/1
`
		if diff := cmp.Diff(want, screens[5]); diff != "" {
			t.Errorf("screen (-want +got):\n%s", diff)
		}
	})
	t.Run("puts a notice above and keeps drawing below", func(t *testing.T) {
		r.Notice("Stopping. Interrupt again to stop at once.")
		r.End(false)
		want := `Stopping. Interrupt again to stop at once.
applying eu-west-1 cloud failed after 1m36s
  database ########........ 1/2  creating module.alarms.aws_cloudwatch_metric_~
  network  ########........ 1/2
  (root)   ................ 0/1  1 failed
`
		got := screen(out.String())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("screen (-want +got):\n%s", diff)
		}
	})
}

func TestTerminalFitsItsSize(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ columns, rows int }{{20, 5}, {40, 10}, {3, 1}, {200, 100}} {
		t.Run(fmt.Sprintf("%dx%d", size.columns, size.rows), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			c := newClock()
			r := progress.NewTerminal(&out, progress.TerminalOptions{
				Now: c.now, Size: func() (int, int) { return size.columns, size.rows },
			})
			totals := map[string]int{}
			for i := range 30 {
				totals[fmt.Sprintf("module-with-a-long-name-%d", i)] = i
			}
			r.Begin(progress.Operation{Verb: "applying", Subject: "eu-west-1 cloud", Totals: totals})
			c.at = c.at.Add(time.Minute)
			r.Event(hook(engine.EventApplyStart, "module.module-with-a-long-name-3.aws_vpc.this", "create"))
			lines := strings.Split(strings.TrimSuffix(screen(out.String()), "\n"), "\n")
			if len(lines) > max(size.rows-1, 1) {
				t.Errorf("%d lines on a screen of %d rows", len(lines), size.rows)
			}
			for _, line := range lines {
				if utf8.RuneCountInString(line) >= max(size.columns, 2) {
					t.Errorf("a line of %d columns on a screen of %d: %q", utf8.RuneCountInString(line), size.columns, line)
				}
			}
			r.End(true)
		})
	}
}

func TestTerminalTicksRedrawElapsedTimes(t *testing.T) {
	t.Parallel()
	ticks := make(chan time.Time)
	var out bytes.Buffer
	c := newClock()
	r := progress.NewTerminal(&out, progress.TerminalOptions{Now: c.now, Ticks: ticks})
	r.Begin(progress.Operation{Verb: "planning", Subject: "x"})
	c.at = c.at.Add(5 * time.Second)
	ticks <- c.at
	r.End(true) // waits until the tick was drawn
	if !strings.Contains(out.String(), "planning x, 5s") {
		t.Errorf("no redraw at the tick: %q", out.String())
	}
}

func TestTerminalWithoutColorWritesNone(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := newClock()
	r := progress.NewTerminal(&out, progress.TerminalOptions{Now: c.now})
	script(c, r, func() {})
	r.End(true)
	if regexp.MustCompile(`\x1b\[[0-9;]*m`).MatchString(out.String()) {
		t.Errorf("colours without Color: %q", out.String())
	}
}
