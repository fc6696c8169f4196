package lifecycle

import (
	"slices"
	"strings"

	"coderaws/internal/engine"
	"coderaws/internal/plan"
	"coderaws/internal/progress"
)

// Change is one difference of a plan.
type Change struct {
	Address    string   `json:"address"`
	Action     string   `json:"action"`
	Attributes []string `json:"attributes,omitempty"`
	// Adopted is the id of what exists already and is taken into the state, because a killed run has made it or somebody has named it.
	Adopted string `json:"adopted,omitempty"`
}

// Changes lists what a plan would do to resources, in the order of addresses.
func Changes(p *plan.Plan) []Change {
	changes := []Change{}
	for _, change := range slices.Concat(p.Changes(), p.Deposed()) {
		action := actionOf(change)
		if action == "" && change.Imports != "" {
			action = "adopt"
		}
		if action != "" {
			changes = append(changes, Change{change.Address, action, change.Attributes(), change.Imports})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Address, b.Address) })
	return changes
}

// typed is what an engine has planned, with values of which it is known whether they are known.
func typed(planned *engine.Plan) *plan.Plan { return plan.Read(planned.JSON) }

func actionOf(change plan.Change) string {
	switch actions := change.Actions; {
	case actions.Create():
		return "create"
	case actions.Update():
		return "update"
	case actions.Replace():
		return "replace"
	case actions.Delete():
		return "delete"
	case actions.Forget():
		return "forget"
	}
	return ""
}

// moduleOf is the name under which reports count a resource.
func moduleOf(address string) string { return progress.Module(address) }
