package iam

import (
	"slices"

	"coderaws/internal/sandbox/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Permits reports whether the policies of a role let it do an action on a resource, both by name. Conditions are taken to hold, and
// AWS's own managed policies to allow what they are attached for: they are not in the world.
func Permits(c *model.Call, role *world.Resource, action, resource string) bool {
	allowed := false
	for _, text := range documentsOf(c, role) {
		if text == "" {
			allowed = true
			continue
		}
		statements, _ := iampolicy.Parse(iampolicy.Identity, text)
		for _, s := range statements {
			if !s.Covers(action, resource) {
				continue
			}
			if s.Effect == "Deny" {
				return false
			}
			allowed = true
		}
	}
	return allowed
}

// documentsOf lists the policies of a role, "" for each that the world does not hold.
func documentsOf(c *model.Call, role *world.Resource) []string {
	var all []string
	for _, inline := range c.All("aws_iam_role_policy") {
		if inline.String("role") == role.String("name") {
			all = append(all, inline.String("policy"))
		}
	}
	arns := model.Strings(role.Attributes, "managed_policy_arns")
	for _, attachment := range c.All("aws_iam_role_policy_attachment") {
		if attachment.String("role") == role.String("name") {
			arns = append(arns, attachment.String("policy_arn"))
		}
	}
	slices.Sort(arns)
	for _, arn := range slices.Compact(arns) {
		if policy := c.FindBy("aws_iam_policy", "arn", arn); policy != nil {
			all = append(all, policy.String("policy"))
		} else {
			all = append(all, "")
		}
	}
	return append(all, model.Strings(role.Attributes, "inline_policy.policy")...)
}

// CallerPermitted reports whether the role of a caller exists and may do an action, such as states:StartExecution, on a resource. The caller holds
// the world (inside Do).
func CallerPermitted(k *model.Catalog, w *world.World, by model.Caller, action, resource string) bool {
	c := k.CallBy(w, by)
	role := c.FindBy("aws_iam_role", "arn", by.Role)
	return role != nil && Permits(c, role, action, resource)
}
