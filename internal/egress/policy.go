package egress

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
)

// principalKeys are the conditions that say whose credentials a call has. A call that ECR or S3 has signed in advance has none.
var principalKeys = []string{"aws:principalarn", "aws:principalaccount", "aws:principalorgid"}

// known reports whether a statement lets in only whom it names.
func known(s *iampolicy.Statement) bool {
	if s.Principals != nil && !s.Principals.Everybody() {
		return true
	}
	return slices.ContainsFunc(s.Conditions, func(c iampolicy.Condition) bool {
		return c.Demands() && !c.Open() && slices.Contains(principalKeys, strings.ToLower(c.Key))
	})
}

// allows says what a statement lets be done.
func allows(s *iampolicy.Statement) string {
	if s.NotActions != nil {
		return "everything but " + strings.Join(s.NotActions, ", ")
	}
	return strings.Join(s.Actions, ", ")
}

// request is a call as policies see it that comes by an endpoint, or, where that is nil, by the internet. What is made here
// speaks TLS alone, as the SDKs of AWS do.
func (n *network) request(c call, e *endpoint) iampolicy.Request {
	r := iampolicy.Request{Action: c.action, Resource: c.resource,
		Context: iampolicy.Context{"aws:securetransport": {"true"}, "aws:sourcevpc": nil, "aws:sourcevpce": nil}}
	if e != nil {
		r.Context["aws:sourcevpc"], r.Context["aws:sourcevpce"] = []string{text(e.Resource, "vpc_id")}, []string{text(e.Resource, "id")}
	}
	if c.role != "" {
		r.Caller = iampolicy.Caller{ARN: c.role, Account: n.account}
	}
	return r
}

// decide finds the statement by which an endpoint lets a call through, or says why none does.
func (n *network) decide(c call, e *endpoint) (by *iampolicy.Statement, missing string) {
	r := n.request(c, e)
	d := iampolicy.Decide(r, e.policy)
	who := c.action + " on " + c.resource + " to " + c.caller()
	switch d.Verdict() {
	case iampolicy.Allowed:
		return d.AllowedBy, ""
	case iampolicy.Denied:
		return nil, "the policy of " + e.Address + " denies " + who
	case iampolicy.MayBeDenied:
		return nil, "the policy of " + e.Address + " may deny " + who + unproved(d.DeniedBy, r)
	case iampolicy.NotProved:
		return nil, "the policy of " + e.Address + " may not allow " + who + unproved(d.AllowedBy, r)
	}
	return nil, "the policy of " + e.Address + " does not allow " + who
}

// unproved says what of a statement is not known.
func unproved(s *iampolicy.Statement, r iampolicy.Request) string {
	keys := s.Unknown(r)
	if len(keys) == 0 {
		return ""
	}
	return ": that depends on " + strings.Join(keys, " and ") + ", which is known on AWS alone"
}
