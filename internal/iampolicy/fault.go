package iampolicy

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
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

// Fault holds a policy document to the grammar of IAM's policy language, and returns what AWS says about the first fault, or "".
func Fault(kind Kind, text string) string {
	document, fault := parse(kind, text)
	if fault != "" {
		return fault
	}
	seen := map[string]bool{}
	for _, s := range document.Statements {
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
	sidPattern       = expression(`^[0-9A-Za-z]*$`)
	resourcePattern  = expression(`^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$`)
	servicePrincipal = expression(`^[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|amazon\.com|alexa\.com|aws\.internal)$`)
	awsPrincipal     = expression(`^(\*|\d{12}|A[A-Z0-9]{15,}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):.+)$`)
)

// expression is compiled when it is used for the first time: most runs of the program read no policy.
func expression(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

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

// conditionFault refuses unknown operators and keys without a vendor (AWS documentation: elements of the policy language).
func (s Statement) conditionFault() string {
	for _, c := range s.Conditions {
		if _, known := c.operator(); !known {
			return faultSyntax
		}
		if !strings.Contains(c.Key, ":") {
			return faultVendor
		}
	}
	return ""
}
