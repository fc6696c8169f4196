package cli

import (
	"fmt"
	"strings"

	"coderaws/internal/diagnostic"
	"coderaws/internal/rehearsal"
)

// writeScaling says what the schedules of a deployment do to its nodes.
func writeScaling(b *strings.Builder, actions []rehearsal.Scaling) {
	if len(actions) == 0 {
		return
	}
	b.WriteString("\nWorking hours, as the schedule moves the least number of nodes:\n")
	for _, a := range actions {
		fmt.Fprintf(b, "  %s %s %s: ", a.Days, a.Clock, a.Timezone)
		switch {
		case a.Failure != "":
			fmt.Fprintf(b, "fails with %s\n", a.Failure)
		case a.Starting > 0:
			fmt.Fprintf(b, "minimum %d -> %d nodes, ready %s (%s to %s)\n", a.MinBefore, a.MinAfter,
				a.ReadyAt(a.Ready.Typical), a.ReadyAt(a.Ready.Shortest), a.ReadyAt(a.Ready.Longest))
		case a.MinAfter < a.MinBefore:
			fmt.Fprintf(b, "minimum %d -> %d nodes, those in use stay\n", a.MinBefore, a.MinAfter)
		default:
			fmt.Fprintf(b, "minimum %d -> %d nodes\n", a.MinBefore, a.MinAfter)
		}
	}
}

// badScaling says which schedule does not do what it is for.
func badScaling(actions []rehearsal.Scaling) diagnostic.List {
	var list diagnostic.List
	for _, a := range actions {
		if a.Failure == "" {
			continue
		}
		d := diagnostic.Errorf("schedule %s fails when it is due, at %s %s", a.Schedule, a.Clock, a.Timezone)
		d.Code = "rehearse.scaling"
		d.Why = a.Failure
		d.Todo = "correct the roles, the state machine or the sizes of node groups that it names, and rehearse again"
		list = append(list, d)
	}
	return list
}
