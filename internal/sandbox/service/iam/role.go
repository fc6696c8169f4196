// Package iam declares AWS Identity and Access Management: roles, users and policies. What they permit is decided in package permission.
// Beside the model it imports iampolicy; the catalog alone imports it.
//
// Rules: API model (botocore iam 2010-05-08), moto's record of real answers; times: logs of real deployments for roles and policies,
// estimates elsewhere.
package iam

import (
	"strings"
	"time"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{
		role(), roles.inlinePolicy(), roles.attachment(), roles.policiesExclusive(), roles.attachmentsExclusive(),
		user(), users.inlinePolicy(), users.attachment(), users.policiesExclusive(), users.attachmentsExclusive(), accessKey(),
		group(), groups.inlinePolicy(), groups.attachment(), groups.policiesExclusive(), groups.attachmentsExclusive(),
		groupMember(), groupMembership(), userGroupMembership(),
		policy(), policyAttachment(), instanceProfile(), openIDConnectProvider(), serviceLinkedRole(),
	}
}

const api = "IAM"

// iamLatency is the time of calls that IAM answers at once.
var iamLatency = model.Latency{Create: model.Seconds(1, 0.5, 2), Update: model.Seconds(1, 0.5, 2), Delete: model.Seconds(1, 0.5, 2),
	Source: "logs of real deployments"}

func role() *model.Type {
	return &model.Type{
		Name: "aws_iam_role", API: api, Noun: "IAM Role",
		CreateCall: "CreateRole", UpdateCall: "UpdateAssumeRolePolicy", DeleteCall: "DeleteRole",
		Identify: func(c *model.Call) string { return c.Name("name", "name_prefix") },
		Parts: []model.Part{
			{Argument: "inline_policy", Type: "aws_iam_role_policy", Of: "role", Make: inlineOf, Show: inlineShown},
			{Argument: "managed_policy_arns", Type: "aws_iam_role_policy_attachment", Of: "role",
				Make: named("policy_arn"), Show: shown("policy_arn")},
		},
		References: []model.Reference{{Path: "permissions_boundary", To: []string{"aws_iam_policy"}, By: "arn", Missing: boundaryMissing}},
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Conflict("EntityAlreadyExists", "Role with name %s already exists.", name)
		}}},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "roleName", 1, 64),
			model.Pattern("ValidationError", "name", "roleName", `[\w+=,.@-]+`),
			model.Length("ValidationError", "description", "description", 0, 1000),
			validPath,
			policyPartition("permissions_boundary"),
			model.Between("ValidationError", "max_session_duration", "maxSessionDuration", 3600, 43200),
			document(iampolicy.Trust, "assume_role_policy", 2048, func(*model.Call) string {
				return "Cannot exceed quota for ACLSizePerRole: 2048"
			}),
		},
		Quotas: []model.Quota{quota("L-FE177D64", "Roles per account", "RolesPerAccount", 1000)},
		Fill: func(c *model.Call) {
			c.Set("arn", c.GlobalARN("iam", "role"+pathOf(c)+c.ID))
			c.Set("unique_id", "AROA"+c.Upper(17))
			c.Set("create_date", c.World.Now().Format(time.RFC3339))
			c.Set("name_prefix", "")
		},
		InUse:   roleInUse,
		Deleted: roles.deleted,
		Latency: iamLatency,
	}
}

// inlineOf is the policy in a block inline_policy; an empty block says that there is none.
func inlineOf(_ *model.Call, block any) world.Object {
	inline, _ := block.(world.Object)
	if name, _ := inline["name"].(string); name == "" {
		return nil
	}
	return world.Object{"name": inline["name"], "policy": inline["policy"]}
}

func inlineShown(_ *model.Call, part *world.Resource) any {
	return world.Object{"name": part.Attributes["name"], "policy": part.Attributes["policy"]}
}

// named is a part that is no more than a name, and shown the name of one.
func named(argument string) func(*model.Call, any) world.Object {
	return func(_ *model.Call, element any) world.Object { return world.Object{argument: element} }
}

func shown(argument string) func(*model.Call, *world.Resource) any {
	return func(_ *model.Call, part *world.Resource) any { return part.Attributes[argument] }
}

// roleInUse refuses to delete a role that still has policies or stands in an instance profile. The provider takes policies away first
// where it was told to, and those of a kind that Terraform's state shows in the role. Services that use a role do not stop IAM from
// deleting it.
func roleInUse(c *model.Call, by *world.Resource) *world.Error {
	switch force := c.Bool("force_detach_policies"); {
	case by.Type == "aws_iam_instance_profile":
		return world.Conflict("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.")
	case force:
		return nil
	case by.Type == "aws_iam_role_policy_attachment" && len(model.Strings(c.Prior, "managed_policy_arns")) == 0:
		return mustDetach()
	case by.Type == "aws_iam_role_policy" && len(model.Every(c.Prior, "inline_policy")) == 0:
		return mustDelete("policies")
	}
	return nil
}

func mustDetach() *world.Error {
	return world.Conflict("DeleteConflict", "Cannot delete entity, must detach all policies first.")
}

func mustDelete(what string) *world.Error {
	return world.Conflict("DeleteConflict", "Cannot delete entity, must delete %s first.", what)
}

// pathOf is the path of an IAM entity; IAM's default is the root.
func pathOf(c *model.Call) string {
	if path := c.String("path"); path != "" {
		return path
	}
	return "/"
}

func validPath(c *model.Call) *world.Error {
	path := c.String("path")
	if path == "" || path == "/" || strings.HasPrefix(path, "/") && strings.HasSuffix(path, "/") && len(path) <= 512 {
		return nil
	}
	return model.Unsatisfied("ValidationError", path, "path",
		`Member must satisfy regular expression pattern: (\u002F)|(\u002F[\u0021-\u007E]+\u002F)`)
}

// quota limits IAM entities of an account.
func quota(code, name, short string, limit float64) model.Quota {
	return model.Quota{
		Quota: world.Quota{Code: code, Service: "iam", Name: name, Default: limit},
		Exceeded: func() *world.Error {
			return world.Conflict("LimitExceeded", "Cannot exceed quota for %s: %s", short, model.FormatNumber(limit))
		},
	}
}

// document holds a policy argument to the policy language and to IAM's size; tooLarge words the answer to a larger one.
func document(kind iampolicy.Kind, path string, largest int, tooLarge func(*model.Call) string) model.Check {
	return func(c *model.Call) *world.Error {
		text, ok := c.At(path).(string)
		if !ok {
			return nil
		}
		if fault := iampolicy.Fault(kind, text); fault != "" {
			return world.Fail("MalformedPolicyDocument", "%s", fault)
		}
		if nobody := principal.Nobody(c, text); nobody != "" {
			return world.Fail("MalformedPolicyDocument", "Invalid principal in policy: \"AWS\":%q", nobody)
		}
		if iampolicy.Size(text) > largest {
			return world.Conflict("LimitExceeded", "%s", tooLarge(c))
		}
		return nil
	}
}

// policyMissing accepts the policies that AWS manages: they exist in every account.
func policyMissing(arn string) *world.Error {
	if strings.Contains(arn, ":iam::aws:policy/") {
		return nil
	}
	return world.NotFound("NoSuchEntity", "Policy %s does not exist or is not attachable.", arn)
}

// boundaryMissing is policyMissing for permissions boundaries, which IAM words in another way (as users of rosa and of SAM have seen it).
func boundaryMissing(arn string) *world.Error {
	if policyMissing(arn) == nil {
		return nil
	}
	missing := world.NotFound("NoSuchEntity", "Scope ARN: %s does not exist or is not attachable.", arn)
	missing.Timing = "A sandbox starts empty: where this policy is there before the deployment, say so with --existing-policy, or " +
		"`coderaws sandbox policy` for a sandbox that is kept."
	return missing
}
