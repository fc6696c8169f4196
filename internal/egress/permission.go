package egress

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/plan"
)

// guard is a resource with a policy of its own.
type guard struct {
	// address is that of what carries the policy.
	address, arn string
	policy       *iampolicy.Document
}

// policed are the types of resources that have policies, with the argument by which a policy beside them names them.
var policed = map[string]string{
	"aws_ecr_repository": "repository", "aws_kms_key": "key_id", "aws_s3_bucket": "bucket", "aws_secretsmanager_secret": "secret_arn",
	"aws_sns_topic": "arn", "aws_sqs_queue": "queue_url",
}

// readGuards finds the policies of resources: beside them, or else in them.
func (n *network) readGuards() {
	for typ, argument := range policed {
		for _, r := range n.all[typ] {
			names := []string{text(r, "arn"), text(r, "id"), text(r, "name"), text(r, "key_id"), text(r, "url")}
			address, written := r.Address, text(r, "policy")
			for _, beside := range n.all[typ+"_policy"] {
				if named := text(beside, argument); named != "" && slices.Contains(names, named) {
					address, written = beside.Address, text(beside, "policy")
				}
			}
			if policy, fault := iampolicy.Parse(written); fault == "" {
				n.guarded = append(n.guarded, guard{address, text(r, "arn"), policy})
			}
		}
	}
	slices.SortFunc(n.guarded, func(a, b guard) int { return strings.Compare(a.arn+a.address, b.arn+b.address) })
}

// concerned are the resources with policies that a call may be about.
func (n *network) concerned(c call) []guard {
	service, _, _ := strings.Cut(c.action, ":")
	var all []guard
	for _, g := range n.guarded {
		parts := strings.Split(g.arn, ":")
		// What a role may do to objects of a bucket, its policy names by what is below the bucket.
		below := service == "s3" && strings.HasPrefix(c.resource, g.arn+"/")
		if len(parts) > 2 && parts[2] == service && c.role != "" && (below || iampolicy.Names(c.pattern, g.arn)) {
			all = append(all, g)
		}
	}
	return all
}

// documents are the policies of a role that were written, not those of AWS.
func (n *network) documents(role plan.Resource) []*iampolicy.Document {
	var all []*iampolicy.Document
	read := func(text string) {
		document, _ := iampolicy.Parse(text)
		all = append(all, document)
	}
	for _, r := range n.all["aws_iam_role_policy"] {
		if named := text(r, "role"); named == text(role, "id") || named == text(role, "name") {
			read(text(r, "policy"))
		}
	}
	for _, r := range n.all["aws_iam_role_policy_attachment"] {
		for _, policy := range n.all["aws_iam_policy"] {
			if text(r, "role") == text(role, "name") && text(r, "policy_arn") == text(policy, "arn") {
				read(text(policy, "policy"))
			}
		}
	}
	return all
}

// forbidden says which policy of a role or of a resource keeps a call from what it is about, whatever way it takes; "" if none does. What
// allows a call is known, as it is why the call is made; but no key of KMS can be used that does not let its user in.
func (n *network) forbidden(c call, r iampolicy.Request) string {
	own := iampolicy.Decide(r, n.policies[c.role]...)
	if told := refused("a policy of the role "+c.caller(), own, c, r); told != "" {
		return told
	}
	own.Allow = iampolicy.True
	for _, g := range n.concerned(c) {
		at := r
		if !strings.HasPrefix(at.Resource, g.arn+"/") {
			at.Resource = g.arn
		}
		its := iampolicy.Decide(at, g.policy)
		d := iampolicy.Either(own, its)
		if strings.HasPrefix(c.action, "kms:") {
			d = iampolicy.Both(own, its)
		}
		if told := refused("the policy of "+g.address, d, c, at); told != "" {
			return told
		}
		if d.Allow != iampolicy.True {
			return "the policy of " + g.address + " lets neither " + c.caller() + " use the key, nor the account's policies decide"
		}
	}
	return ""
}

// refused says that policies deny a call, or may.
func refused(whose string, d iampolicy.Decision, c call, r iampolicy.Request) string {
	switch d.Deny {
	case iampolicy.True:
		return whose + " denies " + c.action + " on " + r.Resource + " to " + c.caller()
	case iampolicy.Unknown:
		return whose + " may deny " + c.action + " on " + r.Resource + " to " + c.caller() + unproved(d.DeniedBy, r)
	}
	return ""
}

// keyWays looks at a call that a service of AWS makes for its caller, to KMS alone: it takes no way here, and policies have to allow it.
func (n *network) keyWays(c call) []Way {
	r := n.request(c, nil)
	r.Context = iampolicy.Context{"aws:securetransport": {"true"}, "kms:viaservice": {c.via}, "kms:calleraccount": {n.account}}
	service, _, _ := strings.Cut(c.via, ".")
	var all []Way
	for _, g := range n.concerned(c) {
		at := c
		at.pattern, at.resource, r.Resource = g.arn, g.arn, g.arn
		way := Way{Caller: c.caller(), Calls: c.action + " (kms, by " + service + ")", By: g.address}
		if missing := n.forbidden(at, r); missing != "" {
			way.By, way.Missing = "", missing
			way.Symptom = service + " answers: Access to KMS is not allowed"
			way.Todo = "let the policy of the key name the account's root, or the role, and deny neither"
		}
		all = append(all, way)
	}
	return all
}
