package cli

import (
	"fmt"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/rehearsal"
)

// notSure refuses a life of which a rehearsal is not sure.
func notSure(v rehearsal.Verdict) error {
	d := diagnostic.Errorf("the rehearsal is not sure of %s", strings.Join(v.NotSureOf, "; "))
	d.Code, d.Why = "gate.not_sure", "--strict lets nothing pass that was not looked at, or that is newer than this program knows"
	d.Todo = "`coderaws charts fetch` fetches charts that were not rendered; for the rest use a newer coderaws, or leave --strict out"
	return diagnostic.WithExit(diagnostic.ExitRefused, d)
}

// printVerdict writes the last line of a rehearsal's report, in colour on a terminal. What the style does not paint is made visible here.
func (sh *shell) printVerdict(r *rehearsal.Report) error {
	v, style := r.Verdict, sh.style(sh.Stdout)
	paint, text := style.Good, "made, not changed by a second run, and destroyed without a remainder"
	switch {
	case len(r.Places) == 0:
		text = "changed, and not changed by a second run"
	case len(r.After) > 0:
		text = "made, changed, not changed by a second run, and destroyed without a remainder"
	}
	switch v.Outcome {
	case rehearsal.Failed:
		paint, text = style.Error, "the errors say why"
	case rehearsal.Unsure:
		paint, text = style.Warning, "nothing failed, but this is not certain: "+strings.Join(v.NotSureOf, "; ")
	}
	word := strings.ToUpper(string(v.Outcome))
	line := wrap(word+": "+diagnostic.Visible(text), 90, "  ")
	if paint != nil {
		line = paint(word) + strings.TrimPrefix(line, word)
	}
	_, err := fmt.Fprintf(sh.Stdout, "\n%s\n", line)
	return err
}
