package compliance

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/plan"
)

// statements reads a policy. The answer is NotProvable where the plan does not know it yet, and NotSatisfied where it is none.
func statements(v plan.Value) ([]statement, Answer) {
	text, state := v.Text().Get()
	switch state {
	case plan.IsUnknown:
		return nil, NotProvable
	case plan.IsNull:
		return nil, NotApplicable
	}
	document, fault := iampolicy.Parse(text)
	if fault != "" {
		return nil, NotSatisfied
	}
	var all []statement
	for _, one := range document.Statements {
		all = append(all, statement{one})
	}
	return all, Satisfied
}

// statement is one of a policy of IAM, of which is asked what an assessor asks.
type statement struct{ iampolicy.Statement }

func (s statement) allows() bool { return s.Effect == "Allow" }

// anything reports whether a statement is about all actions.
func (s statement) anything() bool {
	return slices.Contains(s.Actions, "*") || slices.Contains(s.Actions, "*:*") || len(s.NotActions) > 0
}

// everywhere reports whether it is about all resources.
func (s statement) everywhere() bool {
	return slices.Contains(s.Resources, "*") || len(s.NotResources) > 0
}

// wholeService reports whether an action is all of a service.
func (s statement) wholeService() bool {
	return s.anything() || slices.ContainsFunc(s.Actions, func(a string) bool { return strings.HasSuffix(a, ":*") })
}

// everybody reports whether anyone at all is meant, or is let in who is not named.
func (s statement) everybody() bool {
	return s.Principals.Everybody() || s.allows() && s.NotPrincipals != nil
}

// restrictsCaller are the keys of conditions by which a statement for everybody is one for few. Keys: IAM user guide, global condition
// context keys.
var restrictsCaller = []string{
	"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount", "aws:sourcearn",
	"aws:sourceorgid", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "kms:calleraccount",
}

// narrowed reports whether a condition says who is meant. Those that only a missing key makes true do not.
func (s statement) narrowed() bool {
	return slices.ContainsFunc(s.Conditions, func(c iampolicy.Condition) bool {
		return c.Demands() && !c.Open() && slices.Contains(restrictsCaller, strings.ToLower(c.Key))
	})
}

// policies is the rule that no statement of a policy is as it must not be.
func policies(path, wantedWords string, bad func(statement) string, types ...string) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for _, i := range s.of(types...) {
			value := i.Values.At(strings.Split(path, ".")...)
			list, read := statements(value)
			if read == NotApplicable {
				continue
			}
			e := i.evidence(read, path, "", wantedWords)
			if read == NotSatisfied {
				e.Found = "no policy in JSON"
			}
			for _, one := range list {
				if why := bad(one); why != "" && e.Answer != NotSatisfied {
					e.Answer, e.Found = NotSatisfied, why
				}
			}
			all = append(all, e.explained())
		}
		return all
	}
}
