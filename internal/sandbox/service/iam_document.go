package service

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"coderaws/internal/sandbox/world"
)

// policyKind says what a policy document is attached to, which decides what it must and must not name.
type policyKind int

const (
	// identityPolicy is attached to a role, user or group: no Principal, version 2012-10-17.
	identityPolicy policyKind = iota
	// trustPolicy says who may assume a role: a Principal, STS actions alone, no Resource.
	trustPolicy
	// resourcePolicy is attached to a key, topic, queue, bucket, secret and so on: a Principal and what it may do.
	resourcePolicy
)

// What AWS says about documents. Texts: moto's record of real answers for identity policies and for the first three of trust policies;
// answers of real accounts found in public files for principals; the rest unverified.
const (
	documentSyntax     = "Syntax errors in policy."
	documentJSON       = "This policy contains invalid Json"
	documentVersion    = "Policy document must be version 2012-10-17 or greater."
	documentSID        = "Statement IDs (SID) in a single policy must be unique."
	documentSIDPattern = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
	documentActions    = "Policy statement must contain actions."
	documentResources  = "Policy statement must contain resources."
	documentVendor     = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	documentPrincipal  = "Policy document should not specify a principal."
	documentNobody     = "Missing required field Principal"
	documentSTS        = "AssumeRole policy may only specify STS AssumeRole actions."
	documentProhibited = "Has prohibited field Resource."
)

// statement is one statement of a policy document, with lists for what may be a single string.
type statement struct {
	SID, Effect               string
	Actions, NotActions       []string
	Resources, NotResources   []string
	Principals, NotPrincipals map[string][]string
	Conditions                map[string]map[string][]string
}

var statementElements = []string{"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"}

// documentFault holds a policy document to the grammar of IAM's policy language, and returns what AWS says about the first fault, or "".
func documentFault(kind policyKind, text string) string {
	statements, fault := parseDocument(kind, text)
	if fault != "" {
		return fault
	}
	seen := map[string]bool{}
	for _, s := range statements {
		if s.SID != "" && seen[s.SID] {
			return documentSID
		}
		seen[s.SID] = true
		if fault := s.fault(kind); fault != "" {
			return fault
		}
	}
	return ""
}

// parseDocument reads the statements of a document; fault is AWS's answer to what cannot be read.
func parseDocument(kind policyKind, text string) (statements []statement, fault string) {
	var document map[string]any
	if json.Unmarshal([]byte(text), &document) != nil || document == nil {
		if kind == identityPolicy {
			return nil, documentSyntax
		}
		return nil, documentJSON
	}
	for name := range document {
		if !slices.Contains([]string{"Version", "Id", "Statement"}, name) {
			return nil, documentSyntax
		}
	}
	switch version := document["Version"]; {
	case version == "2012-10-17":
	case kind == identityPolicy && (version == nil || version == "2008-10-17"):
		return nil, documentVersion
	case version != nil && version != "2008-10-17":
		return nil, documentSyntax
	}
	elements, isList := document["Statement"].([]any)
	if !isList {
		elements = []any{document["Statement"]}
	}
	if len(elements) == 0 {
		return nil, documentSyntax
	}
	for _, element := range elements {
		s, ok := parseStatement(element)
		if !ok {
			return nil, documentSyntax
		}
		statements = append(statements, s)
	}
	return statements, ""
}

func parseStatement(element any) (statement, bool) {
	fields, ok := element.(map[string]any)
	if !ok {
		return statement{}, false
	}
	for name := range fields {
		if !slices.Contains(statementElements, name) {
			return statement{}, false
		}
	}
	var s statement
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
func (s statement) fault(kind policyKind) string {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny", s.Actions != nil && s.NotActions != nil, s.Resources != nil && s.NotResources != nil,
		s.Principals != nil && s.NotPrincipals != nil:
		return documentSyntax
	case kind != resourcePolicy && !sidPattern().MatchString(s.SID):
		return documentSIDPattern
	case len(s.Actions)+len(s.NotActions) == 0:
		return documentActions
	}
	for _, action := range append(slices.Clone(s.Actions), s.NotActions...) {
		if vendor, name, found := strings.Cut(action, ":"); action != "*" && (!found || vendor == "" || name == "") {
			return documentVendor
		}
	}
	if fault := s.conditionFault(); fault != "" {
		return fault
	}
	switch kind {
	case identityPolicy:
		if s.Principals != nil || s.NotPrincipals != nil {
			return documentPrincipal
		}
		return s.resourceFault()
	case trustPolicy:
		if s.Resources != nil || s.NotResources != nil {
			return documentProhibited
		}
		for _, action := range append(slices.Clone(s.Actions), s.NotActions...) {
			if !strings.HasPrefix(strings.ToLower(action), "sts:") {
				return documentSTS
			}
		}
	}
	return s.principalFault()
}

var (
	sidPattern       = expression(`^[0-9A-Za-z]*$`)
	resourcePattern  = expression(`^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$`)
	servicePrincipal = expression(`^[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|amazon\.com|alexa\.com|aws\.internal)$`)
	awsPrincipal     = expression(`^(\*|\d{12}|A[A-Z0-9]{15,}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):.+)$`)
)

func (s statement) resourceFault() string {
	if len(s.Resources)+len(s.NotResources) == 0 {
		return documentResources
	}
	for _, resource := range append(slices.Clone(s.Resources), s.NotResources...) {
		if !resourcePattern().MatchString(resource) {
			return fmt.Sprintf(`Resource %s must be in ARN format or "*".`, resource)
		}
	}
	return ""
}

// principalFault refuses principals of no known shape. Whether an AWS principal exists is not looked up: it may live outside this world.
func (s statement) principalFault() string {
	named := s.Principals
	if named == nil {
		named = s.NotPrincipals
	}
	if len(named) == 0 {
		return documentNobody
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
func (s statement) conditionFault() string {
	for operator, keys := range s.Conditions {
		name := strings.TrimPrefix(strings.TrimPrefix(operator, "ForAllValues:"), "ForAnyValue:")
		if name != "Null" {
			name = strings.TrimSuffix(name, "IfExists")
		}
		if !slices.ContainsFunc(conditionOperators, func(known string) bool { return strings.EqualFold(known, name) }) {
			return documentSyntax
		}
		for key := range keys {
			if !strings.Contains(key, ":") {
				return documentVendor
			}
		}
	}
	return ""
}

// documentSize is the length of a document as IAM counts it against its quotas, without white space.
func documentSize(text string) int {
	return len(strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "").Replace(text))
}

// allows reports whether a resource or trust policy lets a service principal, such as eks.amazonaws.com, do an action. Conditions are
// taken to hold.
func allows(document, service, action string) bool {
	statements, _ := parseDocument(resourcePolicy, document)
	for _, s := range statements {
		if s.Effect != "Allow" || !slices.Contains(s.Principals["Service"], service) && s.Principals["*"] == nil && !slices.Contains(s.Principals["AWS"], "*") {
			continue
		}
		for _, pattern := range s.Actions {
			if matched, err := path.Match(strings.ToLower(pattern), strings.ToLower(action)); err == nil && matched {
				return true
			}
		}
	}
	return false
}

// trusts reports whether a role lets a service assume it.
func trusts(role *world.Resource, service string) bool {
	return allows(role.String("assume_role_policy"), service, "sts:AssumeRole")
}
