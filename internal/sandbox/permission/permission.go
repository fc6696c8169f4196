// Package permission holds callers to what the policies of their roles let them do: it puts that around the verbs of package model, as
// package fault does with what goes wrong by order, and decides for calls that are none of the verbs. Which permissions a call needs is
// declared by its type. Whatever makes calls for others imports it, and what has to word an answer of its own; it imports the model, and
// iampolicy to read policies.
package permission

import (
	"slices"

	"coderaws/internal/facts"
	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Permits reports whether the policies of a role let it do an action on a resource, both by name. Conditions that are not known are taken
// to hold, and those of AWS's own managed policies that facts do not know to allow what they are attached for.
func Permits(c *model.Call, role *world.Resource, action, resource string) bool {
	d := decide(c, role, action, resource)
	return d.Allow != iampolicy.False && d.Deny == iampolicy.False
}

// Refusal is why a role may not do an action on a resource that has a policy of its own, in the words of AWS; "" if it may. One of the
// policies suffices to allow it, and one to deny it. Texts: IAM user guide, access denied error messages.
func Refusal(c *model.Call, role *world.Resource, action, resource, policy string) string {
	own, bounds := within(c, role, action, resource)
	document, _ := iampolicy.Parse(policy)
	its := iampolicy.Decide(request(c, role, action, resource), document)
	switch {
	case own.Deny != iampolicy.False:
		return "with an explicit deny in an identity-based policy"
	case bounds.Deny != iampolicy.False:
		return "with an explicit deny in a permissions boundary"
	case its.Deny == iampolicy.True:
		return "with an explicit deny in a resource-based policy"
	case iampolicy.Either(own, its).Allow == iampolicy.False:
		return "because no identity-based policy allows the " + action + " action"
	case bounds.Allow == iampolicy.False:
		return "because no permissions boundary allows the " + action + " action"
	}
	return ""
}

// Opens reports whether a role may decrypt with a key by way of a service of AWS, such as secretsmanager: the policy of the key has to let
// it in too.
func Opens(c *model.Call, role *world.Resource, key, policy, service string) bool {
	document, _ := iampolicy.Parse(policy)
	asked := request(c, role, "kms:Decrypt", key)
	asked.Context = iampolicy.Context{"kms:viaservice": {service + "." + c.Region + ".amazonaws.com"}, "kms:calleraccount": {c.Account}}
	own := decide(c, role, asked.Action, key)
	return own.Deny == iampolicy.False && iampolicy.Both(own, iampolicy.Decide(asked, document)).Possible()
}

// Able reports whether the policies of a role let it do an action on anything at all. What is denied is denied for everything only where
// the statement says so.
func Able(c *model.Call, role *world.Resource, action string) bool {
	return decide(c, role, action, "").Possible()
}

// decide looks at the policies of a role and at its permissions boundary: both have to let it (IAM user guide, policy evaluation logic).
func decide(c *model.Call, role *world.Resource, action, resource string) iampolicy.Decision {
	own, bounds := within(c, role, action, resource)
	if bounds.Allow < own.Allow {
		own.Allow = bounds.Allow
	}
	if bounds.Deny > own.Deny {
		own.Deny = bounds.Deny
	}
	return own
}

// within asks the policies of a role, and its permissions boundary; without one, everything is within it.
func within(c *model.Call, role *world.Resource, action, resource string) (own, bounds iampolicy.Decision) {
	asked := request(c, role, action, resource)
	bounds = iampolicy.Decision{Allow: iampolicy.True}
	if boundary := role.String("permissions_boundary"); boundary != "" {
		bounds = say(asked, []string{documentOf(c, boundary)})
	}
	return say(asked, documentsOf(c, role)), bounds
}

// say is what policies say of a request; one that is not known, "", allows everything.
func say(asked iampolicy.Request, texts []string) iampolicy.Decision {
	var documents []*iampolicy.Document
	for _, text := range texts {
		document, _ := iampolicy.Parse(text)
		documents = append(documents, document)
	}
	d := iampolicy.Decide(asked, documents...)
	if slices.Contains(texts, "") {
		d.Allow = iampolicy.True
	}
	return d
}

func request(c *model.Call, role *world.Resource, action, resource string) iampolicy.Request {
	return iampolicy.Request{Action: action, Resource: resource, Caller: iampolicy.Caller{ARN: role.String("arn"), Account: c.Account}}
}

// documentsOf lists the policies of a role, "" for each that is not known.
func documentsOf(c *model.Call, role *world.Resource) []string {
	var all []string
	for _, inline := range c.All("aws_iam_role_policy") {
		if inline.String("role") == role.String("name") {
			all = append(all, inline.String("policy"))
		}
	}
	var arns []string
	for _, attachment := range c.All("aws_iam_role_policy_attachment") {
		if attachment.String("role") == role.String("name") {
			arns = append(arns, attachment.String("policy_arn"))
		}
	}
	slices.Sort(arns)
	for _, arn := range slices.Compact(arns) {
		all = append(all, documentOf(c, arn))
	}
	return all
}

// documentOf is what a managed policy says, "" if that is not known.
func documentOf(c *model.Call, arn string) string {
	if policy := c.FindBy("aws_iam_policy", "arn", arn); policy != nil {
		return policy.String("policy")
	}
	managed, _ := facts.FindManagedPolicy(arn)
	return string(managed.Document)
}

// Around holds the callers of an actor to the permissions that the types of its calls need.
func Around(inner model.Actor) model.Actor { return held{inner} }

// held refuses calls whose caller lacks a permission.
type held struct{ model.Actor }

// Admit looks at the permissions before anything else, as AWS does: who may not ask is not told what there is.
func (h held) Admit(c *model.Call) *world.Error {
	if c.Type.Permissions != nil {
		for _, needed := range c.Type.Permissions(c) {
			if refused := Check(c, needed); refused != nil {
				return refused
			}
		}
	}
	return h.Actor.Admit(c)
}

// Check is AWS's answer to a call that needs a permission; nil if its caller has it. A role that does not exist has none. The words are
// those of services with an API in JSON.
func Check(c *model.Call, needed model.Permission) *world.Error {
	if c.Caller == "" {
		return nil
	}
	if role := c.FindBy("aws_iam_role", "arn", c.Caller); role != nil && Permits(c, role, needed.Action, needed.Resource) {
		return nil
	}
	return &world.Error{Status: 403, Code: "AccessDeniedException",
		Message: "User: " + c.Caller + " is not authorized to perform: " + needed.Action + " on resource: " + needed.Resource}
}
