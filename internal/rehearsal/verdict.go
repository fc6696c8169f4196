package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/diagnostic"
)

// Outcome is what a rehearsal comes to, in a word.
type Outcome string

const (
	// Passed means that everything was looked at, and that nothing is wrong with it.
	Passed Outcome = "passed"
	// Unsure means that nothing is wrong with what was looked at, and that not everything was.
	Unsure Outcome = "not sure"
	// Failed means that something is wrong.
	Failed Outcome = "failed"
)

// Verdict is what a rehearsal comes to. Its JSON form only grows.
type Verdict struct {
	Outcome Outcome `json:"outcome"`
	// NotSureOf is what the rehearsal says nothing of, or leans on what may be otherwise by now.
	NotSureOf []string `json:"not_sure_of"`
}

// Judge concludes what the rehearsal comes to. The findings are those on the settings: what a fact was leaned on for that is newer than
// known, or stale, is not certain.
func (r *Report) Judge(findings diagnostic.List) {
	r.Verdict = Verdict{Outcome: Passed, NotSureOf: r.doubts(findings)}
	switch {
	case !r.Good():
		r.Verdict.Outcome = Failed
	case len(r.Verdict.NotSureOf) > 0:
		r.Verdict.Outcome = Unsure
	}
}

// uncertain are the codes of findings that say that AWS may answer otherwise than the embedded one.
var uncertain = []string{
	"facts.newer", "facts.no_zones", "facts.partitions", "facts.stale", "facts.unknown_coder",
	"facts.unknown_region", "facts.unknown_type",
}

func (r *Report) doubts(findings diagnostic.List) []string {
	doubts := []string{}
	for _, life := range r.last() {
		for _, release := range life.Releases {
			doubt := fmt.Sprintf("what %s installs (chart %s %s was not rendered)",
				release.Name, release.Chart, release.Version)
			if release.Unrendered != "" && !slices.Contains(doubts, doubt) { // each region has one
				doubts = append(doubts, doubt)
			}
		}
	}
	if len(r.Unmodelled) > 0 {
		doubts = append(doubts, fmt.Sprintf("what AWS says to %s (not modelled)", strings.Join(r.Unmodelled, ", ")))
	}
	if len(r.Invented) > 0 {
		doubts = append(doubts, fmt.Sprintf("values that are made up (%s)", strings.Join(r.Invented, ", ")))
	}
	for _, finding := range findings {
		if slices.Contains(uncertain, finding.Code) {
			doubts = append(doubts, finding.Summary)
		}
	}
	return doubts
}
