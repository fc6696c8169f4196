package iam

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// entity is a kind of what has policies: roles, users and groups have theirs in the same ways.
type entity struct {
	// kind is role, user or group, and noun the word of the provider's messages.
	kind, noun string
	missing    func(string) *world.Error
	// most is how many characters the inline policies of one have together (AWS documentation).
	most int
	// attached is how many managed policies one has.
	attached world.Quota
}

var (
	roles = entity{"role", "Role", missingEntity("The role with name %s cannot be found."), 10240,
		world.Quota{Code: "L-0DA4ABF3", Service: "iam", Name: "Managed policies per role", Default: 10}}
	users = entity{"user", "User", missingEntity("The user with name %s cannot be found."), 2048,
		world.Quota{Code: "L-4019AD8B", Service: "iam", Name: "Managed policies per user", Default: 10}}
	groups = entity{"group", "Group", missingEntity("The group with name %s cannot be found."), 5120,
		world.Quota{Code: "L-384571C4", Service: "iam", Name: "Managed policies per group", Default: 10}}
)

func missingEntity(format string) func(string) *world.Error {
	return func(name string) *world.Error { return world.NotFound("NoSuchEntity", format, name) }
}

func (e entity) typ() string            { return "aws_iam_" + e.kind }
func (e entity) policyType() string     { return "aws_iam_" + e.kind + "_policy" }
func (e entity) attachmentType() string { return "aws_iam_" + e.kind + "_policy_attachment" }

// reference is the argument that names one.
func (e entity) reference(argument string) model.Reference {
	return model.Reference{Path: argument, To: []string{e.typ()}, Missing: e.missing}
}

// deleted takes away what an entity had, once IAM has let it go.
func (e entity) deleted(c *model.Call) {
	for _, typ := range []string{e.policyType(), e.attachmentType()} {
		for _, r := range c.All(typ) {
			if r.String(e.kind) == c.Self.ID {
				c.World.Remove(r)
			}
		}
	}
}

// inlinePolicy is a policy that stands in the entity itself. Who puts one of a name that is there writes over it.
func (e entity) inlinePolicy() *model.Type {
	put := "Put" + e.noun + "Policy"
	tooLarge := func(c *model.Call) string {
		return "Maximum policy size of " + model.FormatNumber(float64(e.most)) + " bytes exceeded for " + e.kind + " " + c.String(e.kind)
	}
	return &model.Type{
		Name: e.policyType(), API: api, Noun: "IAM " + e.noun + " Policy",
		CreateCall: put, UpdateCall: put, DeleteCall: "Delete" + e.noun + "Policy",
		Identify:   func(c *model.Call) string { return c.String(e.kind) + ":" + c.Name("name", "name_prefix") },
		References: []model.Reference{e.reference(e.kind)},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "policyName", 1, 128),
			model.Pattern("ValidationError", "name", "policyName", `[\w+=,.@-]+`),
			document(iampolicy.Identity, "policy", e.most, tooLarge),
			func(c *model.Call) *world.Error { // IAM counts all inline policies together
				total := iampolicy.Size(c.String("policy"))
				for _, other := range c.All(e.policyType()) {
					if other.String(e.kind) == c.String(e.kind) && other.String("name") != c.String("name") {
						total += iampolicy.Size(other.String("policy"))
					}
				}
				if total > e.most {
					return world.Conflict("LimitExceeded", "%s", tooLarge(c))
				}
				return nil
			},
		},
		Fill:    func(c *model.Call) { c.Set("name_prefix", "") },
		Latency: iamLatency,
	}
}

// attachment is a managed policy that an entity has. IAM attaches it once, however often it is asked to.
func (e entity) attachment() *model.Type {
	attach := "Attach" + e.noun + "Policy"
	return &model.Type{
		Name: e.attachmentType(), API: api, Noun: "attaching IAM Policy to IAM " + e.noun,
		CreateCall: attach, UpdateCall: attach, DeleteCall: "Detach" + e.noun + "Policy",
		Identify: func(c *model.Call) string { return c.String(e.kind) + "-" + model.UniqueSuffix(c) },
		Same:     []string{e.kind, "policy_arn"},
		References: []model.Reference{
			e.reference(e.kind),
			{Path: "policy_arn", To: []string{"aws_iam_policy"}, By: "arn", Missing: policyMissing},
		},
		Checks:  []model.Check{policyPartition("policy_arn"), e.attachedPolicies},
		Counted: []model.CountedQuota{{Quota: e.attached, Error: "LimitExceeded"}},
		ImportBy: func(c *model.Call, id string) *world.Resource {
			name, arn, _ := strings.Cut(id, "/")
			for _, r := range c.All(e.attachmentType()) {
				if r.String(e.kind) == name && r.String("policy_arn") == arn {
					return r
				}
			}
			return nil
		},
		Latency: iamLatency,
	}
}

// attachedPolicies limits the managed policies of one entity to ten.
func (e entity) attachedPolicies(c *model.Call) *world.Error {
	attached := []string{c.String("policy_arn")}
	for _, other := range c.All(e.attachmentType()) {
		if other.String(e.kind) == c.String(e.kind) && !slices.Contains(attached, other.String("policy_arn")) {
			attached = append(attached, other.String("policy_arn"))
		}
	}
	if !c.World.Use(e.attached, c.Region, c.String(e.kind), float64(len(attached))) {
		most := model.FormatNumber(c.World.LimitIn(e.attached, c.Region))
		return world.Conflict("LimitExceeded", "Cannot exceed quota for PoliciesPer%s: %s", e.noun, most)
	}
	return nil
}

// policyPartition refuses the ARNs of another partition, the usual slip on the way to GovCloud.
func policyPartition(argument string) model.Check {
	return func(c *model.Call) *world.Error {
		arn := c.String(argument)
		if parts := strings.Split(arn, ":"); arn != "" && (len(parts) < 6 || parts[0] != "arn" || parts[1] != c.Partition()) {
			return world.Fail("ValidationError", "ARN %s is not valid.", arn)
		}
		return nil
	}
}

// policiesExclusive takes away all inline policies of an entity but those that it lists; it puts none. When it goes, the policies stay.
func (e entity) policiesExclusive() *model.Type {
	put, owner := "Put"+e.noun+"Policy", e.kind+"_name"
	return &model.Type{
		Name: e.typ() + "_policies_exclusive", API: api, Noun: "IAM " + e.noun + " Policies Exclusive",
		CreateCall: put, UpdateCall: put, DeleteCall: "Delete" + e.noun + "Policy",
		Identify: model.IDFrom(owner), Scope: []string{owner},
		References: []model.Reference{e.inside(owner)},
		Parts: []model.Part{{
			Argument: "policy_names", Type: e.policyType(), Of: e.kind, By: owner, Exclusive: true,
			Make: named("name"), Show: shown("name"), Missing: func(string) *world.Error {
				// The SDK sends no call without a policy.
				return &world.Error{Message: "operation error IAM: " + put + ", 1 validation error(s) found.\n" +
					"- missing required field, " + put + "Input.PolicyDocument.\n"}
			},
		}},
		ImportBy: e.exclusively("_policies_exclusive"),
		Latency:  iamLatency,
	}
}

// attachmentsExclusive attaches what it lists, and detaches all else.
func (e entity) attachmentsExclusive() *model.Type {
	attach, owner := "Attach"+e.noun+"Policy", e.kind+"_name"
	return &model.Type{
		Name: e.typ() + "_policy_attachments_exclusive", API: api, Noun: "IAM " + e.noun + " Policy Attachments Exclusive",
		CreateCall: attach, UpdateCall: attach, DeleteCall: "Detach" + e.noun + "Policy",
		Identify: model.IDFrom(owner), Scope: []string{owner},
		References: []model.Reference{e.inside(owner)},
		Parts: []model.Part{{
			Argument: "policy_arns", Type: e.attachmentType(), Of: e.kind, By: owner, Exclusive: true,
			Make: named("policy_arn"), Show: shown("policy_arn"),
		}},
		ImportBy: e.exclusively("_policy_attachments_exclusive"),
		Latency:  iamLatency,
	}
}

func (e entity) inside(argument string) model.Reference {
	reference := e.reference(argument)
	reference.Inside = true
	return reference
}

// exclusively finds by the entity's name the resource that keeps its policies to a list.
func (e entity) exclusively(suffix string) func(*model.Call, string) *world.Resource {
	return func(c *model.Call, name string) *world.Resource {
		return c.FindBy(e.typ()+suffix, e.kind+"_name", name)
	}
}

// policyAttachment attaches a policy to all that it lists, and is shown all that have it: it is exclusive over the whole account.
func policyAttachment() *model.Type {
	lists := []string{"roles", "users", "groups"}
	t := &model.Type{
		Name: "aws_iam_policy_attachment", API: api, Noun: "IAM Policy Attachment",
		CreateCall: "AttachRolePolicy", UpdateCall: "AttachRolePolicy", DeleteCall: "DetachRolePolicy",
		Identify: model.IDFrom("name"),
		// Policies may be attached to entities that are not of this world, so that nothing but the policy is a reference here.
		References: []model.Reference{
			{Path: "policy_arn", To: []string{"aws_iam_policy"}, By: "arn", Inside: true, Missing: policyMissing},
		},
		Replace: model.ReplacedBy("name", "policy_arn"),
		Empty: func(state world.Object) bool {
			return !slices.ContainsFunc(lists, func(list string) bool { return len(model.Strings(state, list)) > 0 })
		},
		Lists:   true,
		Latency: iamLatency,
	}
	for _, e := range []entity{roles, users, groups} {
		t.Parts = append(t.Parts, model.Part{
			Argument: e.kind + "s", Type: e.attachmentType(), Of: "policy_arn", By: "policy_arn", Make: named(e.kind), Show: shown(e.kind),
		})
	}
	return t
}
