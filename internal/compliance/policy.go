package compliance

import (
	"encoding/json"
	"slices"
	"strings"

	"coderaws/internal/plan"
)

// texts is a list of a policy, in which one may stand without its brackets.
type texts []string

// UnmarshalJSON takes a text, a list of texts, or what else stands there as none.
func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = texts{one}
		return nil
	}
	var many []string
	if json.Unmarshal(data, &many) == nil {
		*t = many
	}
	return nil
}

// statement is one of a policy of IAM.
type statement struct {
	Effect      string
	Action      texts
	NotAction   texts
	Resource    texts
	NotResource texts
	Principal   json.RawMessage
	Condition   map[string]map[string]any
}

// statements reads a policy. The answer is NotProvable where the plan does not know it yet, and NotSatisfied where it is none.
func statements(v plan.Value) ([]statement, Answer) {
	document, state := v.Text().Get()
	switch state {
	case plan.IsUnknown:
		return nil, NotProvable
	case plan.IsNull:
		return nil, NotApplicable
	}
	var policy struct{ Statement json.RawMessage }
	if json.Unmarshal([]byte(document), &policy) != nil {
		return nil, NotSatisfied
	}
	var list []statement
	if json.Unmarshal(policy.Statement, &list) == nil {
		return list, Satisfied
	}
	var one statement
	if json.Unmarshal(policy.Statement, &one) != nil {
		return nil, NotSatisfied
	}
	return []statement{one}, Satisfied
}

func (s statement) allows() bool { return s.Effect == "Allow" }

// anything reports whether a statement is about all actions.
func (s statement) anything() bool {
	return slices.Contains(s.Action, "*") || slices.Contains(s.Action, "*:*") || len(s.NotAction) > 0
}

// everywhere reports whether it is about all resources.
func (s statement) everywhere() bool {
	return slices.Contains(s.Resource, "*") || len(s.NotResource) > 0
}

// wholeService reports whether an action is all of a service.
func (s statement) wholeService() bool {
	return s.anything() || slices.ContainsFunc(s.Action, func(a string) bool { return strings.HasSuffix(a, ":*") })
}

// everybody reports whether anyone at all is meant.
func (s statement) everybody() bool {
	var one string
	if json.Unmarshal(s.Principal, &one) == nil {
		return one == "*"
	}
	var kinds map[string]texts
	if json.Unmarshal(s.Principal, &kinds) != nil {
		return false
	}
	return slices.Contains(kinds["AWS"], "*")
}

// services are the services of AWS that may act.
func (s statement) services() []string {
	var kinds map[string]texts
	if json.Unmarshal(s.Principal, &kinds) != nil {
		return nil
	}
	return kinds["Service"]
}

// restrictsCaller are the keys of conditions by which a statement for everybody is one for few. Keys: IAM user guide, global condition
// context keys.
var restrictsCaller = []string{
	"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount", "aws:sourcearn",
	"aws:sourceorgid", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "kms:calleraccount",
}

// narrowed reports whether a condition says who is meant. Those that only a missing key makes true do not.
func (s statement) narrowed() bool {
	for operator, keys := range s.Condition {
		operator = strings.ToLower(operator)
		if strings.Contains(operator, "not") || strings.Contains(operator, "ifexists") || operator == "null" ||
			strings.HasPrefix(operator, "forallvalues") {
			continue
		}
		for key, value := range keys {
			if slices.Contains(restrictsCaller, strings.ToLower(key)) && !open(value) {
				return true
			}
		}
	}
	return false
}

// open reports whether a value of a condition, or one of several, is met by all there are.
func open(value any) bool {
	list, several := value.([]any)
	return value == "*" || several && slices.Contains(list, "*")
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
