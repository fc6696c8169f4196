// Package iam declares AWS Identity and Access Management: roles, users and policies. What they permit is decided in package permission.
// Beside the model it imports iampolicy; the catalog alone imports it.
//
// Rules: API model (botocore iam 2010-05-08), moto's record of real answers; times: logs of real deployments for roles and policies,
// estimates elsewhere.
package iam

import (
	"slices"
	"strings"
	"time"

	"coderaws/internal/sandbox/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{
		role(), rolePolicy(), rolePolicyAttachment(), rolePoliciesExclusive(), rolePolicyAttachmentsExclusive(),
		policy(), instanceProfile(), openIDConnectProvider(), serviceLinkedRole(),
		user(), userPolicy(), accessKey(), group(),
	}
}

const api = "IAM"

// iamLatency is the time of calls that IAM answers at once.
var iamLatency = model.Latency{Create: model.Seconds(1, 0.5, 2), Update: model.Seconds(1, 0.5, 2), Delete: model.Seconds(1, 0.5, 2), Source: "logs of real deployments"}

func role() *model.Type {
	return &model.Type{
		Name: "aws_iam_role", API: api, Noun: "IAM Role",
		CreateCall: "CreateRole", UpdateCall: "UpdateAssumeRolePolicy", DeleteCall: "DeleteRole",
		Identify: func(c *model.Call) string { return c.Name("name", "name_prefix") },
		References: []model.Reference{
			{Path: "managed_policy_arns", To: []string{"aws_iam_policy"}, By: "arn", Missing: policyMissing},
			{Path: "permissions_boundary", To: []string{"aws_iam_policy"}, By: "arn", Missing: policyMissing},
		},
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Conflict("EntityAlreadyExists", "Role with name %s already exists.", name)
		}}},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "roleName", 1, 64),
			model.Pattern("ValidationError", "name", "roleName", `[\w+=,.@-]+`),
			model.Length("ValidationError", "description", "description", 0, 1000),
			validPath,
			model.Between("ValidationError", "max_session_duration", "maxSessionDuration", 3600, 43200),
			document(iampolicy.Trust, "assume_role_policy", 2048, func(*model.Call) string { return "Cannot exceed quota for ACLSizePerRole: 2048" }),
			inlinePolicies,
		},
		Quotas: []model.Quota{quota("L-FE177D64", "Roles per account", "RolesPerAccount", 1000)},
		Fill: func(c *model.Call) {
			c.Set("arn", c.GlobalARN("iam", "role"+pathOf(c)+c.ID))
			c.Set("unique_id", "AROA"+c.Upper(17))
			c.Set("create_date", c.World.Now().Format(time.RFC3339))
			c.Set("name_prefix", "")
			c.Set("managed_policy_arns", []any{})
			c.Set("inline_policy", []any{})
		},
		InUse:   roleInUse,
		Latency: iamLatency,
	}
}

// roleInUse refuses to delete a role that still has policies or stands in an instance profile. Services that use a role do not stop IAM
// from deleting it.
func roleInUse(c *model.Call, by *world.Resource) *world.Error {
	force := c.Bool("force_detach_policies")
	switch by.Type {
	case "aws_iam_role_policy_attachment":
		if !force {
			return world.Conflict("DeleteConflict", "Cannot delete entity, must detach all policies first.")
		}
	case "aws_iam_role_policy":
		if !force {
			return world.Conflict("DeleteConflict", "Cannot delete entity, must delete policies first.")
		}
	case "aws_iam_instance_profile":
		return world.Conflict("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.")
	}
	return nil
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
	return model.Unsatisfied("ValidationError", path, "path", `Member must satisfy regular expression pattern: (\u002F)|(\u002F[\u0021-\u007E]+\u002F)`)
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
		if iampolicy.Size(text) > largest {
			return world.Conflict("LimitExceeded", "%s", tooLarge(c))
		}
		return nil
	}
}

func inlinePolicies(c *model.Call) *world.Error {
	for _, inline := range c.Blocks("inline_policy") {
		if text, _ := inline["policy"].(string); text != "" {
			if fault := iampolicy.Fault(iampolicy.Identity, text); fault != "" {
				return world.Fail("MalformedPolicyDocument", "%s", fault)
			}
		}
	}
	return nil
}

// policyMissing accepts the policies that AWS manages: they exist in every account.
func policyMissing(arn string) *world.Error {
	if strings.Contains(arn, ":iam::aws:policy/") {
		return nil
	}
	return world.NotFound("NoSuchEntity", "Policy %s does not exist or is not attachable.", arn)
}

var roleMissing = missingEntity("The role with name %s cannot be found.")

func missingEntity(format string) func(string) *world.Error {
	return func(name string) *world.Error { return world.NotFound("NoSuchEntity", format, name) }
}

func rolePolicy() *model.Type {
	return &model.Type{
		Name: "aws_iam_role_policy", API: api, Noun: "IAM Role Policy",
		CreateCall: "PutRolePolicy", UpdateCall: "PutRolePolicy", DeleteCall: "DeleteRolePolicy",
		Identify:   func(c *model.Call) string { return c.String("role") + ":" + c.Name("name", "name_prefix") },
		References: []model.Reference{{Path: "role", To: []string{"aws_iam_role"}, Missing: roleMissing}},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "policyName", 1, 128),
			model.Pattern("ValidationError", "name", "policyName", `[\w+=,.@-]+`),
			document(iampolicy.Identity, "policy", 10240, inlineTooLarge),
			func(c *model.Call) *world.Error { // IAM counts all inline policies of a role together
				total := iampolicy.Size(c.String("policy"))
				for _, other := range c.All("aws_iam_role_policy") {
					if other.String("role") == c.String("role") && other.String("name") != c.String("name") {
						total += iampolicy.Size(other.String("policy"))
					}
				}
				if total > 10240 {
					return world.Conflict("LimitExceeded", "%s", inlineTooLarge(c))
				}
				return nil
			},
		},
		Fill:    func(c *model.Call) { c.Set("name_prefix", "") },
		Latency: iamLatency,
	}
}

func inlineTooLarge(c *model.Call) string {
	return "Maximum policy size of 10240 bytes exceeded for role " + c.String("role")
}

func rolePolicyAttachment() *model.Type {
	return &model.Type{
		Name: "aws_iam_role_policy_attachment", API: api, Noun: "attaching IAM Policy to IAM Role",
		CreateCall: "AttachRolePolicy", UpdateCall: "AttachRolePolicy", DeleteCall: "DetachRolePolicy",
		Identify: func(c *model.Call) string { return c.String("role") + "-" + model.UniqueSuffix(c) },
		References: []model.Reference{
			{Path: "role", To: []string{"aws_iam_role"}, Missing: roleMissing},
			{Path: "policy_arn", To: []string{"aws_iam_policy"}, By: "arn", Missing: policyMissing},
		},
		Checks:  []model.Check{policyPartition, attachedPolicies},
		Counted: []model.CountedQuota{{Quota: policiesPerRole, Error: "LimitExceeded"}},
		ImportBy: func(c *model.Call, id string) *world.Resource {
			role, arn, _ := strings.Cut(id, "/")
			for _, r := range c.All("aws_iam_role_policy_attachment") {
				if r.String("role") == role && r.String("policy_arn") == arn {
					return r
				}
			}
			return nil
		},
		Latency: iamLatency,
	}
}

// policyPartition refuses the ARNs of another partition, the usual slip on the way to GovCloud.
func policyPartition(c *model.Call) *world.Error {
	arn := c.String("policy_arn")
	if parts := strings.Split(arn, ":"); arn != "" && (len(parts) < 6 || parts[0] != "arn" || parts[1] != c.Partition()) {
		return world.Fail("ValidationError", "ARN %s is not valid.", arn)
	}
	return nil
}

// attachedPolicies limits the managed policies of a role to ten.
func attachedPolicies(c *model.Call) *world.Error {
	attached := []string{c.String("policy_arn")}
	for _, other := range c.All("aws_iam_role_policy_attachment") {
		if other.String("role") == c.String("role") && !slices.Contains(attached, other.String("policy_arn")) {
			attached = append(attached, other.String("policy_arn"))
		}
	}
	if !c.World.Use(policiesPerRole, c.Region, c.String("role"), float64(len(attached))) {
		return world.Conflict("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: %s", model.FormatNumber(c.World.LimitIn(policiesPerRole, c.Region)))
	}
	return nil
}

var policiesPerRole = world.Quota{Code: "L-0DA4ABF3", Service: "iam", Name: "Managed policies per role", Default: 10}
