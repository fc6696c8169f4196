package permissions

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Service is how much policies allow of one.
type Service struct {
	Service string
	// Actions is how many there are, and Looks how many of them change nothing.
	Actions, Looks int
	// Documents are the numbers of the policies in which they stand, from 1.
	Documents string
}

// Summary counts what policies allow, by service.
func Summary(policies []Policy) []Service {
	services := map[string]*Service{}
	for _, action := range Actions(policies...) {
		name, operation, _ := strings.Cut(action, ":")
		if services[name] == nil {
			services[name] = &Service{Service: name}
		}
		services[name].Actions++
		if looks(operation) {
			services[name].Looks++
		}
	}
	for i, policy := range policies {
		named := map[string]bool{}
		for _, s := range policy.Statements {
			named[serviceOf(s)] = true
		}
		for name := range named {
			if services[name].Documents != "" {
				services[name].Documents += ", "
			}
			services[name].Documents += fmt.Sprint(i + 1)
		}
	}
	var all []Service
	for _, name := range slices.Sorted(maps.Keys(services)) {
		all = append(all, *services[name])
	}
	return all
}

// looks reports whether an operation changes nothing, by the verbs that AWS begins those with.
func looks(operation string) bool {
	return slices.ContainsFunc([]string{"Describe", "Get", "List", "Validate", "View"}, func(verb string) bool {
		return strings.HasPrefix(operation, verb)
	})
}
