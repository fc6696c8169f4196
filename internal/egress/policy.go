package egress

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// statement is one of a policy.
type statement struct {
	Effect    string
	Principal any
	Action    oneOrMore
	Resource  oneOrMore
	Condition map[string]map[string]oneOrMore
}

// oneOrMore are strings that may be written as one.
type oneOrMore []string

// UnmarshalJSON reads both forms.
func (o *oneOrMore) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*o = oneOrMore{one}
		return nil
	}
	var all []string
	err := json.Unmarshal(data, &all)
	*o = all
	return err
}

// statements reads a policy; one that cannot be read, or that is not there, has none.
func statements(text string) []*statement {
	var document struct{ Statement json.RawMessage }
	if json.Unmarshal([]byte(text), &document) != nil {
		return nil
	}
	var all []*statement
	if json.Unmarshal(document.Statement, &all) != nil {
		var one statement
		if json.Unmarshal(document.Statement, &one) != nil {
			return nil
		}
		all = []*statement{&one}
	}
	return all
}

// principalKeys are the conditions that say whose credentials a call has. A call that ECR or S3 has signed in advance has none.
var principalKeys = []string{"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID"}

// known reports whether a statement lets in only whom it names.
func (s *statement) known() bool {
	for operator, keys := range s.Condition {
		for _, key := range principalKeys {
			if len(keys[key]) > 0 && !strings.Contains(operator, "Not") && !strings.HasSuffix(operator, "IfExists") {
				return true
			}
		}
	}
	return false
}

// covers reports whether a statement speaks of a call. A condition that is not about the caller is taken not to hold.
func (s *statement) covers(c call, account string) bool {
	if !slices.ContainsFunc(s.Action, func(p string) bool { return like(strings.ToLower(p), strings.ToLower(c.action)) }) ||
		!slices.ContainsFunc(s.Resource, func(p string) bool { return like(p, c.resource) }) {
		return false
	}
	for operator, keys := range s.Condition {
		for key, allowed := range keys {
			value := map[string]string{"aws:PrincipalArn": c.role, "aws:PrincipalAccount": account}[key]
			exact := operator == "StringEquals"
			if !exact && operator != "ArnEquals" && operator != "ArnLike" && operator != "StringLike" || c.role == "" ||
				!slices.ContainsFunc(allowed, func(p string) bool { return p == value || !exact && like(p, value) }) {
				return false
			}
		}
	}
	return true
}

// like compares a value with a pattern in which * stands for anything, slashes too.
func like(pattern, value string) bool {
	flat := strings.NewReplacer("/", "\x00", "[", "\x01", "]", "\x02", `\`, "\x03")
	matched, err := path.Match(flat.Replace(pattern), flat.Replace(value))
	return err == nil && matched
}

// decide finds the statement by which an endpoint lets a call through; nil if none does, or one denies it.
func (e *endpoint) decide(c call, account string) *statement {
	var allowed *statement
	for _, s := range e.policy {
		if !s.covers(c, account) {
			continue
		}
		if s.Effect == "Deny" {
			return nil
		}
		if allowed == nil {
			allowed = s
		}
	}
	return allowed
}
