package service

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"coderaws/internal/sandbox/world"
)

// iamTypes declares AWS Identity and Access Management. Rules: API model (botocore iam 2010-05-08), moto's record of real answers;
// times: logs of real deployments for roles and policies, estimates elsewhere.
func iamTypes() []*Type {
	return []*Type{
		iamRole(), iamRolePolicy(), iamRolePolicyAttachment(), iamRolePoliciesExclusive(), iamRolePolicyAttachmentsExclusive(),
		iamPolicy(), iamInstanceProfile(), iamOpenIDConnectProvider(), iamServiceLinkedRole(),
		iamUser(), iamUserPolicy(), iamAccessKey(), iamGroup(),
	}
}

const iam = "IAM"

// iamLatency is the time of calls that IAM answers at once.
var iamLatency = Latency{Create: seconds(1, 0.5, 2), Update: seconds(1, 0.5, 2), Delete: seconds(1, 0.5, 2), Source: "logs of real deployments"}

func iamRole() *Type {
	return &Type{
		Name: "aws_iam_role", API: iam, Noun: "IAM Role",
		CreateCall: "CreateRole", UpdateCall: "UpdateAssumeRolePolicy", DeleteCall: "DeleteRole",
		Identify: func(c *Call) string { return c.Name("name", "name_prefix") },
		References: []Reference{
			{Path: "managed_policy_arns", To: []string{"aws_iam_policy"}, By: "arn", Missing: policyMissing},
			{Path: "permissions_boundary", To: []string{"aws_iam_policy"}, By: "arn", Missing: policyMissing},
		},
		Unique: []Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *Call, name string) *world.Error {
			return world.Conflict("EntityAlreadyExists", "Role with name %s already exists.", name)
		}}},
		Checks: []Check{
			length("ValidationError", "name", "roleName", 1, 64),
			pattern("ValidationError", "name", "roleName", `[\w+=,.@-]+`),
			length("ValidationError", "description", "description", 0, 1000),
			iamPath,
			between("ValidationError", "max_session_duration", "maxSessionDuration", 3600, 43200),
			document(trustPolicy, "assume_role_policy", 2048, func(*Call) string { return "Cannot exceed quota for ACLSizePerRole: 2048" }),
			inlinePolicies,
		},
		Quotas: []Quota{iamQuota("L-FE177D64", "Roles per account", "RolesPerAccount", 1000)},
		Fill: func(c *Call) {
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
func roleInUse(c *Call, by *world.Resource) *world.Error {
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
func pathOf(c *Call) string {
	if path := c.String("path"); path != "" {
		return path
	}
	return "/"
}

func iamPath(c *Call) *world.Error {
	path := c.String("path")
	if path == "" || path == "/" || strings.HasPrefix(path, "/") && strings.HasSuffix(path, "/") && len(path) <= 512 {
		return nil
	}
	return constraint("ValidationError", path, "path", `Member must satisfy regular expression pattern: (\u002F)|(\u002F[\u0021-\u007E]+\u002F)`)
}

// iamQuota limits IAM entities of an account.
func iamQuota(code, name, short string, limit float64) Quota {
	return Quota{
		Quota: world.Quota{Code: code, Service: "iam", Name: name, Default: limit},
		Exceeded: func() *world.Error {
			return world.Conflict("LimitExceeded", "Cannot exceed quota for %s: %s", short, number(limit))
		},
	}
}

// document holds a policy argument to the policy language and to IAM's size; tooLarge words the answer to a larger one.
func document(kind policyKind, path string, largest int, tooLarge func(*Call) string) Check {
	return func(c *Call) *world.Error {
		text, ok := c.At(path).(string)
		if !ok {
			return nil
		}
		if fault := documentFault(kind, text); fault != "" {
			return world.Fail("MalformedPolicyDocument", "%s", fault)
		}
		if documentSize(text) > largest {
			return world.Conflict("LimitExceeded", "%s", tooLarge(c))
		}
		return nil
	}
}

func inlinePolicies(c *Call) *world.Error {
	for _, inline := range c.Blocks("inline_policy") {
		if text, _ := inline["policy"].(string); text != "" {
			if fault := documentFault(identityPolicy, text); fault != "" {
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

func iamRolePolicy() *Type {
	return &Type{
		Name: "aws_iam_role_policy", API: iam, Noun: "IAM Role Policy",
		CreateCall: "PutRolePolicy", UpdateCall: "PutRolePolicy", DeleteCall: "DeleteRolePolicy",
		Identify:   func(c *Call) string { return c.String("role") + ":" + c.Name("name", "name_prefix") },
		References: []Reference{{Path: "role", To: []string{"aws_iam_role"}, Missing: roleMissing}},
		Checks: []Check{
			length("ValidationError", "name", "policyName", 1, 128),
			pattern("ValidationError", "name", "policyName", `[\w+=,.@-]+`),
			document(identityPolicy, "policy", 10240, inlineTooLarge),
			func(c *Call) *world.Error { // IAM counts all inline policies of a role together
				total := documentSize(c.String("policy"))
				for _, other := range c.All("aws_iam_role_policy") {
					if other.String("role") == c.String("role") && other.String("name") != c.String("name") {
						total += documentSize(other.String("policy"))
					}
				}
				if total > 10240 {
					return world.Conflict("LimitExceeded", "%s", inlineTooLarge(c))
				}
				return nil
			},
		},
		Fill:    func(c *Call) { c.Set("name_prefix", "") },
		Latency: iamLatency,
	}
}

func inlineTooLarge(c *Call) string {
	return "Maximum policy size of 10240 bytes exceeded for role " + c.String("role")
}

func iamRolePolicyAttachment() *Type {
	return &Type{
		Name: "aws_iam_role_policy_attachment", API: iam, Noun: "attaching IAM Policy to IAM Role",
		CreateCall: "AttachRolePolicy", UpdateCall: "AttachRolePolicy", DeleteCall: "DetachRolePolicy",
		Identify: func(c *Call) string { return c.String("role") + "-" + uniqueSuffix(c) },
		References: []Reference{
			{Path: "role", To: []string{"aws_iam_role"}, Missing: roleMissing},
			{Path: "policy_arn", To: []string{"aws_iam_policy"}, By: "arn", Missing: policyMissing},
		},
		Checks: []Check{policyPartition, attachedPolicies},
		ImportBy: func(c *Call, id string) *world.Resource {
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
func policyPartition(c *Call) *world.Error {
	arn := c.String("policy_arn")
	if parts := strings.Split(arn, ":"); arn != "" && (len(parts) < 6 || parts[0] != "arn" || parts[1] != c.Partition()) {
		return world.Fail("ValidationError", "ARN %s is not valid.", arn)
	}
	return nil
}

// attachedPolicies limits the managed policies of a role to ten.
func attachedPolicies(c *Call) *world.Error {
	attached := []string{c.String("policy_arn")}
	for _, other := range c.All("aws_iam_role_policy_attachment") {
		if other.String("role") == c.String("role") && !slices.Contains(attached, other.String("policy_arn")) {
			attached = append(attached, other.String("policy_arn"))
		}
	}
	if !c.World.Use(policiesPerRole, c.Region, c.String("role"), float64(len(attached))) {
		return world.Conflict("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: %s", number(c.World.LimitIn(policiesPerRole, c.Region)))
	}
	return nil
}

var policiesPerRole = world.Quota{Code: "L-0DA4ABF3", Service: "iam", Name: "Managed policies per role", Default: 10}

// uniqueSuffix is the ending of ids that the provider makes up: the time and a counter, 26 digits.
func uniqueSuffix(c *Call) string {
	var digits uint64
	_, _ = fmt.Sscanf(c.Hex(12, "suffix"), "%x", &digits) // twelve hexadecimal digits always parse
	return fmt.Sprintf("%s%012d", c.World.Now().Format("20060102150405"), digits%1e12)
}
