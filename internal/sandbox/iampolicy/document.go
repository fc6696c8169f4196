// Package iampolicy reads policy documents of IAM's language: what AWS refuses in one, and what one allows. It knows
// documents and who is named in them, no policy that is attached to anything: that is package iam's. Services whose
// resources carry documents import it; it imports the model.
package iampolicy

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
)

// Kind says what a policy document is attached to, which decides what it must and must not name.
type Kind int

const (
	// Identity is attached to a role, user or group: no Principal, version 2012-10-17.
	Identity Kind = iota
	// Trust says who may assume a role: a Principal, STS actions alone, no Resource.
	Trust
	// Resource is attached to a key, topic, queue, bucket, secret and so on: a Principal and what it may do.
	Resource
)

// What AWS says about documents. Texts: moto's record of real answers for identity policies and for the first three of trust policies;
// answers of real accounts found in public files for principals; the rest unverified.
const (
	faultSyntax     = "Syntax errors in policy."
	faultJSON       = "This policy contains invalid Json"
	faultVersion    = "Policy document must be version 2012-10-17 or greater."
	faultSID        = "Statement IDs (SID) in a single policy must be unique."
	faultSIDPattern = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
	faultActions    = "Policy statement must contain actions."
	faultResources  = "Policy statement must contain resources."
	faultVendor     = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	faultPrincipal  = "Policy document should not specify a principal."
	faultNobody     = "Missing required field Principal"
	faultSTS        = "AssumeRole policy may only specify STS AssumeRole actions."
	faultProhibited = "Has prohibited field Resource."
)

// Statement is one statement of a policy document, with lists for what may be a single string.
type Statement struct {
	SID, Effect               string
	Actions, NotActions       []string
	Resources, NotResources   []string
	Principals, NotPrincipals map[string][]string
	Conditions                map[string]map[string][]string
}

var statementElements = []string{"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal",
	"NotPrincipal", "Condition"}

// Fault holds a policy document to the grammar of IAM's policy language, and returns what AWS says about the first fault, or "".
func Fault(kind Kind, text string) string {
	statements, fault := Parse(kind, text)
	if fault != "" {
		return fault
	}
	seen := map[string]bool{}
	for _, s := range statements {
		if s.SID != "" && seen[s.SID] {
			return faultSID
		}
		seen[s.SID] = true
		if fault := s.fault(kind); fault != "" {
			return fault
		}
	}
	return ""
}

// Parse reads the statements of a document; fault is AWS's answer to what cannot be read.
func Parse(kind Kind, text string) (statements []Statement, fault string) {
	var document map[string]any
	if json.Unmarshal([]byte(text), &document) != nil || document == nil {
		if kind == Identity {
			return nil, faultSyntax
		}
		return nil, faultJSON
	}
	for name := range document {
		if !slices.Contains([]string{"Version", "Id", "Statement"}, name) {
			return nil, faultSyntax
		}
	}
	switch version := document["Version"]; {
	case version == "2012-10-17":
	case kind == Identity && (version == nil || version == "2008-10-17"):
		return nil, faultVersion
	case version != nil && version != "2008-10-17":
		return nil, faultSyntax
	}
	elements, isList := document["Statement"].([]any)
	if !isList {
		elements = []any{document["Statement"]}
	}
	if len(elements) == 0 {
		return nil, faultSyntax
	}
	for _, element := range elements {
		s, ok := parseStatement(element)
		if !ok {
			return nil, faultSyntax
		}
		statements = append(statements, s)
	}
	return statements, ""
}

func parseStatement(element any) (Statement, bool) {
	fields, ok := element.(map[string]any)
	if !ok {
		return Statement{}, false
	}
	for name := range fields {
		if !slices.Contains(statementElements, name) {
			return Statement{}, false
		}
	}
	var s Statement
	var all [9]bool
	s.SID, all[0] = optionalString(fields["Sid"])
	s.Effect, all[1] = fields["Effect"].(string)
	s.Actions, all[2] = oneOrMore(fields["Action"])
	s.NotActions, all[3] = oneOrMore(fields["NotAction"])
	s.Resources, all[4] = oneOrMore(fields["Resource"])
	s.NotResources, all[5] = oneOrMore(fields["NotResource"])
	s.Principals, all[6] = principals(fields["Principal"])
	s.NotPrincipals, all[7] = principals(fields["NotPrincipal"])
	s.Conditions, all[8] = conditions(fields["Condition"])
	return s, !slices.Contains(all[:], false)
}

func optionalString(value any) (string, bool) {
	s, ok := value.(string)
	return s, ok || value == nil
}

// oneOrMore reads a string or a list of strings; nil is none.
func oneOrMore(value any) ([]string, bool) {
	switch v := value.(type) {
	case nil:
		return nil, true
	case string:
		return []string{v}, true
	case []any:
		all := []string{}
		for _, element := range v {
			s, ok := element.(string)
			if !ok {
				return nil, false
			}
			all = append(all, s)
		}
		return all, true
	}
	return nil, false
}

// principals reads "*" or an object of kinds; "*" is read as the kind "*".
func principals(value any) (map[string][]string, bool) {
	switch v := value.(type) {
	case nil:
		return nil, true
	case string:
		return map[string][]string{"*": {v}}, v == "*"
	case map[string]any:
		all := map[string][]string{}
		for kind, identifiers := range v {
			list, ok := oneOrMore(identifiers)
			if !ok {
				return nil, false
			}
			all[kind] = list
		}
		return all, true
	}
	return nil, false
}

// conditions reads operators with their keys and values; values may also be written as numbers and booleans.
func conditions(value any) (map[string]map[string][]string, bool) {
	if value == nil {
		return nil, true
	}
	operators, ok := value.(map[string]any)
	all := map[string]map[string][]string{}
	for operator, keys := range operators {
		inner, isObject := keys.(map[string]any)
		if !isObject {
			return nil, false
		}
		all[operator] = map[string][]string{}
		for key, values := range inner {
			list, isList := values.([]any)
			if !isList {
				list = []any{values}
			}
			for _, v := range list {
				all[operator][key] = append(all[operator][key], fmt.Sprint(v))
			}
		}
	}
	return all, ok
}

// fault holds one statement to the grammar.
func (s Statement) fault(kind Kind) string {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny", s.Actions != nil && s.NotActions != nil, s.Resources != nil && s.NotResources != nil,
		s.Principals != nil && s.NotPrincipals != nil:
		return faultSyntax
	case kind != Resource && !sidPattern().MatchString(s.SID):
		return faultSIDPattern
	case len(s.Actions)+len(s.NotActions) == 0:
		return faultActions
	}
	for _, action := range append(slices.Clone(s.Actions), s.NotActions...) {
		if vendor, name, found := strings.Cut(action, ":"); action != "*" && (!found || vendor == "" || name == "") {
			return faultVendor
		}
	}
	if fault := s.conditionFault(); fault != "" {
		return fault
	}
	switch kind {
	case Identity:
		if s.Principals != nil || s.NotPrincipals != nil {
			return faultPrincipal
		}
		return s.resourceFault()
	case Trust:
		if s.Resources != nil || s.NotResources != nil {
			return faultProhibited
		}
		for _, action := range append(slices.Clone(s.Actions), s.NotActions...) {
			if !strings.HasPrefix(strings.ToLower(action), "sts:") {
				return faultSTS
			}
		}
	}
	return s.principalFault()
}

var (
	sidPattern       = model.Expression(`^[0-9A-Za-z]*$`)
	resourcePattern  = model.Expression(`^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$`)
	servicePrincipal = model.Expression(`^[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|amazon\.com|alexa\.com|aws\.internal)$`)
	awsPrincipal     = model.Expression(`^(\*|\d{12}|A[A-Z0-9]{15,}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):.+)$`)
)

func (s Statement) resourceFault() string {
	if len(s.Resources)+len(s.NotResources) == 0 {
		return faultResources
	}
	for _, resource := range append(slices.Clone(s.Resources), s.NotResources...) {
		if !resourcePattern().MatchString(resource) {
			return fmt.Sprintf(`Resource %s must be in ARN format or "*".`, resource)
		}
	}
	return ""
}

// principalFault refuses principals of no known shape. Whether an AWS principal exists is not looked up: it may live outside this world.
func (s Statement) principalFault() string {
	named := s.Principals
	if named == nil {
		named = s.NotPrincipals
	}
	if len(named) == 0 {
		return faultNobody
	}
	for _, kind := range slices.Sorted(maps.Keys(named)) {
		for _, identifier := range named[kind] {
			valid := false
			switch kind {
			case "*", "Federated", "CanonicalUser":
				valid = identifier != ""
			case "AWS":
				valid = awsPrincipal().MatchString(identifier)
			case "Service":
				valid = servicePrincipal().MatchString(identifier)
			}
			if !valid {
				return fmt.Sprintf("Invalid principal in policy: %q:%q", strings.ToUpper(kind), identifier)
			}
		}
	}
	return ""
}

var conditionOperators = []string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
	"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
}

// conditionFault refuses unknown operators and keys without a vendor (AWS documentation: elements of the policy language).
func (s Statement) conditionFault() string {
	for _, operator := range slices.Sorted(maps.Keys(s.Conditions)) {
		name := strings.TrimPrefix(strings.TrimPrefix(operator, "ForAllValues:"), "ForAnyValue:")
		if name != "Null" {
			name = strings.TrimSuffix(name, "IfExists")
		}
		if !slices.ContainsFunc(conditionOperators, func(known string) bool { return strings.EqualFold(known, name) }) {
			return faultSyntax
		}
		for key := range s.Conditions[operator] {
			if !strings.Contains(key, ":") {
				return faultVendor
			}
		}
	}
	return ""
}

// Size is the length of a document as IAM counts it against its quotas, without white space.
func Size(text string) int {
	return len(strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "").Replace(text))
}
