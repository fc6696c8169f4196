package cli

import (
	"time"

	"coderaws/internal/progress"

	"golang.org/x/term"
)

// reporter shows progress on standard error: redrawn on a terminal, as JSON lines where JSON was asked for, plain elsewhere.
func (sh *shell) reporter() (progress.Reporter, func()) {
	switch {
	case sh.output == jsonOutput:
		return progress.NewJSON(sh.Stderr, sh.Now), func() {}
	case !sh.isTerminal(sh.Stderr) || sh.variable("TERM") == "dumb":
		return progress.NewPlain(sh.Stderr, sh.Now), func() {}
	}
	ticker := time.NewTicker(500 * time.Millisecond)
	return progress.NewTerminal(sh.Stderr, progress.TerminalOptions{
		Now: sh.Now, Ticks: ticker.C, Color: sh.colors(sh.Stderr),
		Size: func() (int, int) {
			columns, rows, err := term.GetSize(int(sh.Stderr.Fd()))
			if err != nil {
				return 0, 0
			}
			return columns, rows
		},
	}), ticker.Stop
}
