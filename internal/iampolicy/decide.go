package iampolicy

import (
	"slices"
	"strconv"
	"strings"
)

// Request is what a caller asks of a service, as far as it is known.
type Request struct {
	// Action is as policies name it, such as s3:GetObject.
	Action string
	// Resource is an ARN, or "*" for an action on none; empty if it is not known.
	Resource string
	Caller   Caller
	Context  Context
}

// Caller is who asks. The zero value is anybody, without credentials.
type Caller struct {
	// ARN is that of a role, not of a session of it, or of a user.
	ARN string
	// Account is the id of the account whose credentials the caller has.
	Account string
	// Service is the principal of a service of AWS, such as eks.amazonaws.com.
	Service string
}

// Context are condition keys of a request, by their names in lower case. A key without values is known not to be there; one that is not
// listed is not known. Of keys that have names behind a slash, such as aws:RequestTag/team, the key up to the slash says that all are
// listed that there are. Those that follow from the caller need not be listed.
type Context map[string][]string

// values are those of a key in a request; known is false if they are not known.
func (r *Request) values(key string) (values []string, known bool) {
	key = strings.ToLower(key)
	if values, known = r.Context[key]; known {
		return values, true
	}
	if before, _, named := strings.Cut(key, "/"); named {
		if _, listed := r.Context[before+"/"]; listed {
			return nil, true
		}
	}
	given := func(value string) ([]string, bool) {
		if value == "" {
			return nil, true
		}
		return []string{value}, true
	}
	switch key {
	case "aws:principalarn":
		return given(r.Caller.ARN)
	case "aws:principalaccount":
		return given(r.Caller.Account)
	case "aws:principalisawsservice":
		return []string{strconv.FormatBool(r.Caller.Service != "")}, true
	case "aws:principalservicename":
		return given(r.Caller.Service)
	}
	return nil, false
}

// Verdict is what policies say of a request.
type Verdict string

// The verdicts. A statement whose conditions are not known may deny, and does not prove that something is allowed.
const (
	Allowed     Verdict = "allowed"
	Denied      Verdict = "denied"
	MayBeDenied Verdict = "may be denied"
	NotProved   Verdict = "not proved to be allowed"
	NotAllowed  Verdict = "not allowed"
)

// Decision is how policies come to a verdict: whether a statement allows, whether one denies, and the first of each that says so the most.
type Decision struct {
	Allow, Deny         Truth
	AllowedBy, DeniedBy *Statement
	// ByAccount says that what allows names the caller's account and not the caller: it leaves the decision to the policies of who calls.
	ByAccount bool
}

// Either is the decision of the policies of a caller and of a resource in one account, where one of them suffices to allow (IAM user guide,
// policy evaluation logic). It is not that of roles and their trust, nor of keys of KMS.
func Either(caller, resource Decision) Decision {
	if resource.ByAccount {
		resource.Allow, resource.AllowedBy = False, nil
	}
	if resource.Allow > caller.Allow {
		caller.Allow, caller.AllowedBy = resource.Allow, resource.AllowedBy
	}
	return caller.orDenied(resource)
}

// Both is the decision of the policies of a caller and of a key of KMS, which no caller uses whom its policy does not let in. Whom that
// names alone needs no policy beside it (KMS developer guide, key policies).
func Both(caller, key Decision) Decision {
	if key.ByAccount {
		key.Allow = min(key.Allow, caller.Allow)
	}
	return key.orDenied(caller)
}

func (d Decision) orDenied(other Decision) Decision {
	if other.Deny > d.Deny {
		d.Deny, d.DeniedBy = other.Deny, other.DeniedBy
	}
	return d
}

// Verdict is that of IAM: what is denied is denied, whatever allows it, and what nothing allows is not allowed.
func (d Decision) Verdict() Verdict {
	switch {
	case d.Deny == True:
		return Denied
	case d.Allow == False:
		return NotAllowed
	case d.Deny == Unknown:
		return MayBeDenied
	case d.Allow == Unknown:
		return NotProved
	}
	return Allowed
}

// Possible reports whether nothing that is known speaks against a request.
func (d Decision) Possible() bool { return d.Allow != False && d.Deny != True }

// Decide looks at the statements of documents of one kind, such as those of a role, that are about a request. Those that are nil say
// nothing.
func Decide(r Request, documents ...*Document) Decision {
	var d Decision
	for _, document := range documents {
		if document == nil {
			continue
		}
		for i := range document.Statements {
			s := &document.Statements[i]
			applies := s.Applies(r)
			byAccount := s.names(Caller{ARN: r.Caller.ARN, Service: r.Caller.Service}) == False
			if s.Effect == "Allow" && (applies > d.Allow || applies == d.Allow && applies > False && d.ByAccount && !byAccount) {
				d.Allow, d.AllowedBy, d.ByAccount = applies, s, byAccount
			}
			if s.Effect == "Deny" && applies > d.Deny {
				d.Deny, d.DeniedBy = applies, s
			}
		}
	}
	return d
}

// Applies tells whether a statement is about a request.
func (s *Statement) Applies(r Request) Truth {
	if !s.Speaks(r.Action) {
		return False
	}
	applies := min(s.names(r.Caller), s.covers(&r))
	for i := range s.Conditions {
		applies = min(applies, s.Conditions[i].holds(&r, s.variables))
	}
	return applies
}

// Unknown lists the condition keys of a statement by which it is not known whether it applies to a request.
func (s *Statement) Unknown(r Request) []string {
	var keys []string
	for i := range s.Conditions {
		if c := &s.Conditions[i]; c.holds(&r, s.variables) == Unknown && !slices.Contains(keys, c.Key) {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

// names tells whether a caller is among the principals of a statement. Policies of roles have none: they are about who has them.
func (s *Statement) names(c Caller) Truth {
	switch {
	case s.Principals != nil:
		return s.Principals.name(c)
	case s.NotPrincipals != nil:
		return s.NotPrincipals.name(c).not()
	}
	return True
}

// name tells whether a caller is among principals. Sessions, users of other providers and unique ids are not followed to who has them.
func (p Principals) name(c Caller) Truth {
	if p.Everybody() || c.Service != "" && slices.Contains(p["Service"], c.Service) {
		return True
	}
	found := False
	for _, principal := range p["AWS"] {
		switch {
		case c.ARN != "" && principal == c.ARN, c.Account != "" && (principal == c.Account || isAccount(principal, c.Account)):
			return True
		case c.ARN != "" && !strings.Contains(principal, ":") && strings.HasPrefix(principal, "A"):
			found = Unknown // the unique id of a role or user
		}
	}
	return found
}

// Names reports whether a pattern of a policy, such as one of its resources, takes an ARN. Variables stand for anything.
func Names(pattern, arn string) bool {
	for {
		before, rest, found := strings.Cut(pattern, "${")
		_, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return wildcards(pattern).matches(arn)
		}
		pattern = before + "*" + after
	}
}

// isAccount reports whether a principal is all of an account.
func isAccount(principal, account string) bool {
	return strings.HasPrefix(principal, "arn:") && strings.HasSuffix(principal, ":iam::"+account+":root")
}

// Public reports whether a policy of a resource lets everybody in, without a condition.
func Public(policy string) bool {
	document, _ := Parse(policy)
	return slices.ContainsFunc(document.Statements, func(s Statement) bool {
		return s.Effect == "Allow" && len(s.Conditions) == 0 && s.Principals.Everybody()
	})
}
