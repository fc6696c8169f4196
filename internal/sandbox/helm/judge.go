package helm

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/sandbox/kubernetes"
)

// hooks runs the hooks of an event, one after the other. Helm waits for each, whatever the release says.
func (d *deployment) hooks(event string) *failure {
	if is(d.planned, "disable_webhooks") {
		return nil
	}
	for _, p := range d.rendering.pieces {
		if !p.runs(event) {
			continue
		}
		problems := d.kubernetes.Check([]kubernetes.Object{p.Object})
		_, unplaced := d.kubernetes.Place([]kubernetes.Object{p.Object})
		problems = append(problems, unplaced...)
		for _, wrong := range problems {
			if wrong.Fatal(true) {
				message := "timed out waiting for the condition"
				if wrong.Stage == kubernetes.Refused {
					message = wrong.Message
				}
				return &failure{
					message: fmt.Sprintf("failed %s: 1 error occurred:\n\t* %s\n\n", event, message),
					reason:  reasons([]kubernetes.Problem{wrong}, d.patience(wrong)),
				}
			}
		}
		if !finished(p.Object) {
			d.kubernetes.Install(p.Object)
		}
	}
	return nil
}

// judge decides what problems of the release's objects do to it.
func (d *deployment) judge(problems []kubernetes.Problem) *failure {
	wait := is(d.planned, "wait") || is(d.planned, "atomic")
	var fatal []kubernetes.Problem
	for _, p := range problems {
		if p.Code == kubernetes.RolloutBlocked && d.before != nil && d.before.Status == statusFailed {
			continue // pods that never ran make room at once
		}
		// Helm's wait passes over Jobs unless it is told otherwise.
		waits := wait && (p.Object.Kind != "Job" || is(d.planned, "wait_for_jobs"))
		switch {
		case p.Fatal(waits):
			fatal = append(fatal, p)
		case p.Stage == kubernetes.Pending:
			d.waiting = append(d.waiting, p)
		case p.Stage == kubernetes.Finding && !slices.Contains(d.after.Findings, p.Error()):
			d.after.Findings = append(d.after.Findings, p.Error())
		}
	}
	if len(fatal) == 0 {
		return nil
	}
	if fatal[0].Stage == kubernetes.Refused { // the first ones are those that were refused
		var lines []string
		for _, p := range fatal {
			if p.Stage == kubernetes.Refused {
				lines = append(lines, "\t* "+p.Message)
			}
		}
		noun := "1 error occurred"
		if len(lines) > 1 {
			noun = fmt.Sprintf("%d errors occurred", len(lines))
		}
		return &failure{attribute: "values", message: noun + ":\n" + strings.Join(lines, "\n") + "\n", reason: reasons(fatal, "")}
	}
	return &failure{attribute: "values", message: "context deadline exceeded", reason: reasons(fatal, d.patience(fatal[0]))}
}

// patience says how long the real Helm waits before it says so.
func (d *deployment) patience(p kubernetes.Problem) string {
	if p.Stage != kubernetes.Pending {
		return ""
	}
	seconds, _ := d.planned["timeout"].(float64)
	return fmt.Sprintf("On AWS this shows after %d s, the timeout of the release. ", int(seconds))
}

// reasons is what the cluster knows of problems.
func reasons(problems []kubernetes.Problem, opening string) string {
	var lines []string
	for _, p := range problems {
		line := p.Error()
		if more := explain(p); more != "" {
			line += "\n  " + more
		}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return opening + "What the cluster knows:\n" + strings.Join(lines, "\n")
}
