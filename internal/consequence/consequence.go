// Package consequence says in sentences what a plan means for people: who is interrupted and for how long, what moves, and what is left
// where nothing reaches it. It reads a plan and nothing else. What a plan costs, and what data it loses, does not belong here. Reports
// import it.
package consequence

import (
	"slices"

	"coderaws/internal/plan"
)

// Effect is what a change does to people.
type Effect string

const (
	// Interrupts means that somebody cannot work for a while, or loses what was not saved.
	Interrupts Effect = "interrupts"
	// Noticed means that somebody will notice and nobody is kept from work.
	Noticed Effect = "noticed"
	// Unknown means that nothing is known of what the change does.
	Unknown Effect = "unknown"
)

// Consequence is one thing that a plan means for people.
type Consequence struct {
	Effect Effect `json:"effect"`
	// Who are those whom it concerns, such as "people in workspaces".
	Who string `json:"who"`
	// Text is a sentence without its full stop.
	Text string `json:"text"`
	// Addresses are the resources whose changes it comes from.
	Addresses []string `json:"addresses"`
}

// Of are the consequences of a plan for who uses what exists: those that interrupt come first. A plan that only makes things has none.
func Of(p *plan.Plan) []Consequence {
	found := []Consequence{}
	add := func(address string, c Consequence) {
		same := slices.IndexFunc(found, func(o Consequence) bool { return o.Effect == c.Effect && o.Who == c.Who && o.Text == c.Text })
		if same < 0 {
			found, same = append(found, c), len(found)
		}
		found[same].Addresses = append(found[same].Addresses, address)
	}
	for _, change := range p.Changes() {
		if change.Actions.NoOp() || change.Actions.Read() || change.Actions.Create() || change.Actions.Forget() || change.Tainted {
			continue
		}
		for _, c := range consequences(change) {
			add(change.Address, c)
		}
	}
	for _, c := range stranded(p) {
		add(c.Addresses[0], Consequence{Effect: c.Effect, Who: c.Who, Text: c.Text})
	}
	order := []Effect{Interrupts, Unknown, Noticed}
	slices.SortStableFunc(found, func(a, b Consequence) int { return slices.Index(order, a.Effect) - slices.Index(order, b.Effect) })
	return found
}

// consequences are those of one change.
func consequences(change plan.Change) []Consequence {
	rule, known := rules[change.Type]
	switch {
	case known:
		return rule(difference{change})
	case quiet[change.Type]:
		return nil
	}
	return one(Unknown, anybody, "it is not known what a change of "+change.Type+" does to them")
}

func one(effect Effect, who, text string) []Consequence {
	return []Consequence{{Effect: effect, Who: who, Text: text}}
}
