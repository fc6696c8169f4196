package iam

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func group() *model.Type {
	return &model.Type{
		Name: "aws_iam_group", API: api, Noun: "IAM Group",
		CreateCall: "CreateGroup", UpdateCall: "UpdateGroup", DeleteCall: "DeleteGroup",
		Identify: model.IDFrom("name"),
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Conflict("EntityAlreadyExists", "Group with name %s already exists.", name)
		}}},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "groupName", 1, 128),
			model.Pattern("ValidationError", "name", "groupName", `[\w+=,.@-]+`),
			validPath,
		},
		Quotas: []model.Quota{quota("L-F4A5425F", "Groups per account", "GroupsPerAccount", 300)},
		Fill: func(c *model.Call) {
			c.Force("arn", c.GlobalARN("iam", "group"+pathOf(c)+c.String("name")))
			c.Set("unique_id", "AGPA"+c.Upper(17))
		},
		InUse: func(_ *model.Call, by *world.Resource) *world.Error {
			switch by.Type {
			case memberType:
				return world.Conflict("DeleteConflict", "Cannot delete entity, must remove users from group first.")
			case "aws_iam_group_policy_attachment":
				return mustDetach()
			case "aws_iam_group_policy":
				return mustDelete("policies")
			}
			return nil
		},
		Latency: iamLatency,
	}
}

// memberType is a user in a group. Terraform has no type for one alone, but two that list them: by group, and by user.
const memberType = "aws_iam_group.member"

func groupMember() *model.Type {
	return &model.Type{
		Name: memberType, API: api, Noun: "IAM Group Member",
		CreateCall: "AddUserToGroup", UpdateCall: "AddUserToGroup", DeleteCall: "RemoveUserFromGroup",
		Identify: func(c *model.Call) string { return c.String("group") + "/" + c.String("user") },
		References: []model.Reference{
			users.inside("user"), groups.reference("group"), // the provider takes a user out of its groups before it deletes it
		},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			in := 0
			for _, other := range c.All(memberType) {
				if other.String("user") == c.String("user") && other.String("group") != c.String("group") {
					in++
				}
			}
			if in >= 10 {
				return world.Conflict("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10")
			}
			return nil
		}},
		Latency: iamLatency,
	}
}

// groupMembership lists the users of a group, and is shown all that are in it.
func groupMembership() *model.Type {
	return &model.Type{
		Name: "aws_iam_group_membership", API: api, Noun: "IAM Group Membership",
		CreateCall: "AddUserToGroup", UpdateCall: "AddUserToGroup", DeleteCall: "RemoveUserFromGroup",
		Identify:   model.IDFrom("name"),
		References: []model.Reference{groups.inside("group")},
		Replace:    model.ReplacedBy("name", "group"),
		Parts:      []model.Part{{Argument: "users", Type: memberType, Of: "group", By: "group", Make: named("user"), Show: shown("user")}},
		Lists:      true,
		Latency:    iamLatency,
	}
}

// userGroupMembership lists groups that a user is in, and is shown those alone: others may stand elsewhere.
func userGroupMembership() *model.Type {
	return &model.Type{
		Name: "aws_iam_user_group_membership", API: api, Noun: "IAM User Group Membership",
		CreateCall: "AddUserToGroup", UpdateCall: "AddUserToGroup", DeleteCall: "RemoveUserFromGroup",
		Identify:   func(c *model.Call) string { return "terraform-" + model.UniqueSuffix(c) },
		References: []model.Reference{users.inside("user")},
		Replace:    model.ReplacedBy("user"),
		Parts: []model.Part{{
			Argument: "groups", Type: memberType, Of: "user", By: "user", Named: true, Make: named("group"), Show: shown("group"),
		}},
		Empty:   func(state world.Object) bool { return len(model.Strings(state, "groups")) == 0 },
		Lists:   true,
		Latency: iamLatency,
	}
}
