package permissions

import (
	"maps"
	"slices"

	"coderaws/internal/iampolicy"
)

// Proof is what was found of policies by asking them for everything again.
type Proof struct {
	// Requests is how many different permissions were asked for, and Actions how many actions the policies name.
	Requests int `json:"requests"`
	Actions  int `json:"actions"`
	// Refused are those that the policies refuse: there are none if they suffice.
	Refused []string `json:"refused"`
	// Spare are the actions without which nothing is refused: there are none if the policies are minimal.
	Spare []string `json:"spare"`
}

// Holds reports whether the policies suffice and have nothing to spare.
func (p Proof) Holds() bool { return len(p.Refused)+len(p.Spare) == 0 }

// Prove asks policies for all that was asked for, and then once more without each of their actions. An action is named in full, so that
// without it nothing else is refused than what asks for it.
func Prove(policies []Policy, requests []Request) Proof {
	proof := Proof{Refused: []string{}, Spare: []string{}}
	seen := map[string]bool{}
	asked := map[string][]Request{}
	for _, r := range requests {
		if key := r.Action + " on " + r.Resource; !seen[key] {
			seen[key] = true
			asked[r.Action] = append(asked[r.Action], r)
		}
	}
	proof.Requests = len(seen)
	documents := parsed(policies, "")
	for _, action := range slices.Sorted(maps.Keys(asked)) {
		for _, r := range asked[action] {
			if !allowed(documents, r) {
				proof.Refused = append(proof.Refused, r.Action+" on "+r.Resource)
			}
		}
	}
	for _, action := range Actions(policies...) {
		proof.Actions++
		without := parsed(policies, action)
		if !slices.ContainsFunc(asked[action], func(r Request) bool { return !allowed(without, r) }) {
			proof.Spare = append(proof.Spare, action)
		}
	}
	return proof
}

func allowed(documents []*iampolicy.Document, r Request) bool {
	d := iampolicy.Decide(iampolicy.Request{Action: r.Action, Resource: r.Resource, Context: r.Context}, documents...)
	return d.Verdict() == iampolicy.Allowed
}

// Actions lists the actions that policies name.
func Actions(policies ...Policy) []string {
	all := map[string]bool{}
	for _, p := range policies {
		for _, s := range p.Statements {
			for _, action := range s.Actions {
				all[action] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// parsed reads policies as IAM would, without one of their actions; "" leaves none out.
func parsed(policies []Policy, without string) []*iampolicy.Document {
	var all []*iampolicy.Document
	for _, p := range policies {
		left := newPolicy()
		for _, s := range p.Statements {
			s.Actions = slices.DeleteFunc(slices.Clone(s.Actions), func(action string) bool { return action == without })
			if len(s.Actions) > 0 {
				left.Statements = append(left.Statements, s)
			}
		}
		if len(left.Statements) > 0 {
			document, _ := iampolicy.Parse(left.JSON())
			all = append(all, document)
		}
	}
	return all
}
