// Package egress says of a deployment who calls what from inside of its network, by which way, and what else may leave: from the routes,
// endpoints, security groups, roles, policies and releases of plans that were made, in which every value is known. It imports plan,
// iampolicy to read policies, and coderd and facts to know who asks whom; the rehearsal and the command line import it. What does not
// belong here: what types of AWS other than these mean, and how a report is printed.
package egress

import (
	"cmp"
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/plan"
)

// Report is what may leave a network, and how. Its JSON form only grows.
type Report struct {
	// Ways are the calls that are known to be made, each with the way that it takes.
	Ways []Way `json:"ways"`
	// Openings are ways out that no known call needs, or that let more out than it.
	Openings []Opening `json:"openings"`
	// Exceptions are those that a setting names: endpoints for what templates call, and networks that are connected.
	Exceptions []Opening `json:"exceptions"`
	// Closed counts what was looked at and leads nowhere: subnets without a route out, statements of policies that let in only who calls.
	Closed int `json:"closed"`
}

// Way is how one caller reaches one thing.
type Way struct {
	// Caller is the role that calls, by name, or the release that needs an image.
	Caller string `json:"caller"`
	// Calls is the action, or the image.
	Calls string `json:"calls"`
	// By is the address of what it goes through; empty if there is none.
	By string `json:"by,omitempty"`
	// Missing is what lacks, Symptom what would be seen, and Todo what to do; all empty if there is a way.
	Missing string `json:"missing,omitempty"`
	Symptom string `json:"symptom,omitempty"`
	Todo    string `json:"what_to_do,omitempty"`
}

// Opening is a way out, or in, by the address of what opens it.
type Opening struct {
	Address string `json:"address"`
	Opens   string `json:"opens"`
	Todo    string `json:"what_to_do,omitempty"`
}

// Good reports whether every call has a way and nothing else has one.
func (r *Report) Good() bool { return r.Missing() == 0 && len(r.Openings) == 0 }

// Missing counts the calls without a way.
func (r *Report) Missing() int {
	count := 0
	for _, way := range r.Ways {
		if way.Missing != "" {
			count++
		}
	}
	return count
}

// Wanted reports whether a plan is of a deployment that shall have no way to the internet.
func Wanted(p *plan.Plan) bool {
	variable := p.Document.Variables["deployment_features"]
	if variable == nil {
		return false
	}
	private, _ := plan.Of(variable.Value).At("private_egress").Known().(bool)
	return private
}

// Read looks at what was made: the resources of the cloud, and those of the platform in it.
func Read(resources []plan.Resource) *Report {
	n := readNetwork(resources)
	r := &Report{Ways: []Way{}, Openings: []Opening{}, Exceptions: []Opening{}}
	used := map[*iampolicy.Statement]bool{}
	for _, call := range n.calls() {
		if call.via != "" {
			r.Ways = append(r.Ways, n.keyWays(call)...)
			continue
		}
		r.Ways = append(r.Ways, n.way(call, used))
	}
	r.Ways = append(r.Ways, n.images()...)
	r.Ways = append(r.Ways, n.signIns()...)
	r.Ways = append(r.Ways, n.workspaceWays()...)
	n.routes(r)
	n.doors(r)
	n.statements(r, used)
	slices.SortStableFunc(r.Ways, func(a, b Way) int {
		return cmp.Or(strings.Compare(a.Caller, b.Caller), strings.Compare(a.Calls, b.Calls))
	})
	return r
}

func (r *Report) open(address, opens, todo string) {
	r.Openings = append(r.Openings, Opening{address, opens, todo})
}
