package service

import (
	"slices"
	"strings"

	"coderaws/internal/sandbox/world"
)

// permits reports whether the policies of a role let it do an action on a resource, both by name. Conditions are taken to hold, and
// AWS's own managed policies to allow what they are attached for: they are not in the world.
func permits(c *Call, role *world.Resource, action, resource string) bool {
	allowed := false
	for _, text := range documentsOf(c, role) {
		if text == "" {
			allowed = true
			continue
		}
		statements, _ := parseDocument(identityPolicy, text)
		for _, s := range statements {
			if !s.covers(action, resource) {
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
func documentsOf(c *Call, role *world.Resource) []string {
	var all []string
	for _, inline := range c.All("aws_iam_role_policy") {
		if inline.String("role") == role.String("name") {
			all = append(all, inline.String("policy"))
		}
	}
	arns := Strings(role.Attributes, "managed_policy_arns")
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
	return append(all, Strings(role.Attributes, "inline_policy.policy")...)
}

// covers reports whether a statement speaks of an action on a resource. Actions are compared without regard to case, as IAM does.
func (s statement) covers(action, resource string) bool {
	names := func(patterns []string, value string, fold bool) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			if fold {
				return like(strings.ToLower(pattern), strings.ToLower(value), false)
			}
			return like(pattern, value, false)
		})
	}
	speaks := names(s.Actions, action, true) || s.NotActions != nil && !names(s.NotActions, action, true)
	meant := names(s.Resources, resource, false) || s.NotResources != nil && !names(s.NotResources, resource, false)
	return speaks && meant
}
