// Package permissions writes the least policies of IAM for what a deployment asks of AWS, and proves of them that they suffice and that
// nothing in them can be left out. It is told what was asked and knows neither Terraform nor the embedded AWS; how policies act is known to
// iampolicy, which it imports. The command line imports it.
package permissions

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
)

// Request is one permission that a life took.
type Request struct {
	// Operation is create, read, update or delete; plan or configure for what is asked beside those.
	Operation string
	// Action was done on Resource; Foreseen is what can be known of that before anything is made.
	Action, Resource, Foreseen string
	Context                    iampolicy.Context
}

// Stage is a part of a life.
type Stage string

// The stages. Whoever makes or deletes something plans it first.
const (
	Plan Stage = "plan"
	Up   Stage = "up"
	Down Stage = "down"
	All  Stage = "all"
)

// Stages lists them.
func Stages() []Stage { return []Stage{Plan, Up, Down, All} }

// Of leaves those requests of a life that a stage takes.
func Of(stage Stage, life []Request) []Request {
	operations := []string{"configure", "read", "plan"}
	switch stage {
	case Up:
		operations = append(operations, "create", "update")
	case Down:
		operations = append(operations, "delete")
	case All:
		operations = append(operations, "create", "update", "delete")
	}
	return slices.DeleteFunc(slices.Clone(life), func(r Request) bool { return !slices.Contains(operations, r.Operation) })
}

// Policy is one policy.
type Policy struct {
	Version    string      `json:"Version"`
	Statements []Statement `json:"Statement"`
}

// Statement is one of its statements.
type Statement struct {
	SID       string                       `json:"Sid"`
	Effect    string                       `json:"Effect"`
	Actions   []string                     `json:"Action"`
	Resources []string                     `json:"Resource"`
	Condition map[string]map[string]string `json:"Condition,omitempty"`
}

// JSON is the policy as IAM takes it.
func (p Policy) JSON() string {
	text, _ := json.MarshalIndent(p, "", "  ") // texts and maps of texts can always be written
	return string(text) + "\n"
}

// narrowing is the condition key that says to whom a role may be given (service authorization reference, AWS Identity and Access
// Management). A role that may be given to anything is the way to more rights than one's own.
const narrowing = "iam:PassedToService"

// Least writes the policies that requests take: as few statements as name each action with what it was done on. name is that of the
// deployment: what begins with it is named by that, where there are many.
func Least(name string, requests []Request) []Policy {
	groups := map[string]*Statement{}
	for use, uses := range byUse(requests) {
		action, condition := use.action, conditionOf(use.service)
		resources := collapse(name, resourcesOf(uses))
		service, _, _ := strings.Cut(action, ":")
		marshalled, _ := json.Marshal(condition) // texts can always be written
		key := service + "|" + string(marshalled) + "|" + strings.Join(resources, "|")
		if groups[key] == nil {
			groups[key] = &Statement{Effect: "Allow", Resources: resources, Condition: condition}
		}
		groups[key].Actions = append(groups[key].Actions, action)
	}
	var statements []Statement
	for _, s := range groups {
		slices.Sort(s.Actions)
		statements = append(statements, *s)
	}
	slices.SortFunc(statements, func(a, b Statement) int {
		return cmp.Or(cmp.Compare(serviceOf(a), serviceOf(b)), slices.Compare(a.Resources, b.Resources), slices.Compare(a.Actions, b.Actions))
	})
	entitle(statements)
	return split(statements)
}

// use is an action, and the service that a role is passed to; "" where none is, or where that is not known.
type use struct{ action, service string }

func byUse(requests []Request) map[use][]Request {
	all := map[use][]Request{}
	for _, r := range requests {
		key := use{action: r.Action}
		if services := r.Context[strings.ToLower(narrowing)]; len(services) == 1 {
			key.service = services[0]
		}
		all[key] = append(all[key], r)
	}
	return all
}

func conditionOf(service string) map[string]map[string]string {
	if service == "" {
		return nil
	}
	return map[string]map[string]string{"StringEquals": {narrowing: service}}
}

// resourcesOf are the resources of some uses, "*" alone where one of them is on nothing by itself.
func resourcesOf(uses []Request) []string {
	all := map[string]bool{}
	for _, use := range uses {
		if use.Foreseen == "*" {
			return []string{"*"}
		}
		all[use.Foreseen] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// several is how many resources of one kind are named one by one.
const several = 4

// collapse names resources of one kind that all begin with the deployment's name by that, where they are many, and leaves out what another
// one covers.
func collapse(name string, resources []string) []string {
	starts := map[string]int{}
	start := func(arn string) string {
		if at := strings.LastIndex(arn, name+"-"); at >= 0 && name != "" {
			return arn[:at+len(name)+1] + "*"
		}
		return ""
	}
	for _, arn := range resources {
		starts[start(arn)]++
	}
	all := map[string]bool{}
	for _, arn := range resources {
		if begins := start(arn); begins != "" && starts[begins] > several {
			arn = begins
		}
		all[arn] = true
	}
	kept := slices.Sorted(maps.Keys(all))
	return slices.DeleteFunc(slices.Clone(kept), func(arn string) bool {
		return slices.ContainsFunc(kept, func(other string) bool { return other != arn && iampolicy.Names(other, arn) })
	})
}

func serviceOf(s Statement) string {
	service, _, _ := strings.Cut(s.Actions[0], ":")
	return service
}
