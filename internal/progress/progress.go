// Package progress shows what an engine is doing while it does it: redrawn lines on a terminal, plain lines elsewhere, or
// JSON lines for scripts. It reads package engine's events and writes to the writer it is given, which should be standard error:
// standard output is for data. What does not belong here: findings, which package diagnostic renders after the run, and any
// decision about the run. The command line and package lifecycle import it.
package progress

import (
	tfjson "github.com/hashicorp/terraform-json"

	"coderaws/internal/engine"
	"coderaws/internal/plan"
)

// Reporter shows one operation after another. Its methods may be called from several goroutines.
type Reporter interface {
	// Begin starts an operation. Each Begin is followed by one End.
	Begin(Operation)
	// Event takes an event of the operation; it fits engine.Options.Sink.
	Event(engine.Event)
	// Notice shows one line of text amid the progress, such as what an interrupt will do.
	Notice(text string)
	// End closes the operation. It says whether it ended well, not why: findings are shown elsewhere.
	End(ok bool)
}

// Operation is what is about to run.
type Operation struct {
	// Verb is what is done, as a participle: planning, applying, destroying.
	Verb string
	// Subject is what it is done to, such as "eu-west-1 cloud".
	Subject string
	// Totals are the steps expected per module (see Totals); nil if that is not known, as while planning.
	Totals map[string]int
}

// Totals counts the steps that applying a plan takes, by the module that Module names. A replacement is two: a deletion and a creation.
func Totals(plan *tfjson.Plan) map[string]int {
	totals := map[string]int{}
	for _, change := range plan.ResourceChanges {
		if change.Change == nil {
			continue
		}
		actions := change.Change.Actions
		switch {
		case actions.NoOp(), actions.Forget():
		case actions.Replace():
			totals[Module(change.ModuleAddress)] += 2
		default:
			totals[Module(change.ModuleAddress)]++
		}
	}
	return totals
}

// Root is the name of the root module's own line.
const Root = "(root)"

// Module is the name under which a module's progress is shown: its top-level module's, without the index of an instance.
// module.cluster.module.node_group["control"] counts for cluster.
func Module(address string) string {
	if name := plan.TopModule(address); name != "" {
		return name
	}
	return Root
}
