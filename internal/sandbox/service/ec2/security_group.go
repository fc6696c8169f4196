package ec2

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// securityGroupTypes declares security groups and their rules. Error codes and texts: EC2 API model, moto's record of real answers and
// messages of AWS seen in public reports; a text that was not verified says so.
func securityGroupTypes() []*model.Type {
	return []*model.Type{
		securityGroup(), defaultSecurityGroup(),
		securityGroupRule(ingressRule, "Ingress"), securityGroupRule(egressRule, "Egress"),
		legacySecurityGroupRule(),
	}
}

var securityGroupMissing = model.Missing("InvalidGroup.NotFound", "The security group '%s' does not exist")

func securityGroup() *model.Type {
	return &model.Type{
		Name: "aws_security_group", API: api, Noun: "Security Group",
		CreateCall: "CreateSecurityGroup", UpdateCall: "AuthorizeSecurityGroupIngress", DeleteCall: "DeleteSecurityGroup",
		Identify:   model.GeneratedID("sg-", 17),
		References: []model.Reference{{Path: "vpc_id", To: []string{"aws_vpc"}, Missing: vpcMissing}},
		Parts:      groupRules(),
		Unique: []model.Unique{{Attribute: "name", Within: "vpc_id", FoldCase: true, Taken: func(c *model.Call, name string) *world.Error {
			if name == "default" {
				return reservedGroupName
			}
			return world.Fail("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", name, c.String("vpc_id"))
		}}},
		Checks: []model.Check{securityGroupVPC, securityGroupName, inlineRules},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-E79EC296", Service: "vpc", Name: "VPC security groups per Region", Default: 2500},
			Exceeded: func() *world.Error {
				return world.Fail("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.")
			},
		}},
		Fill: func(c *model.Call) {
			prefix := c.String("name_prefix")
			if prefix == "" && model.IsUnset(c.Object["name"]) {
				prefix = "terraform-"
			}
			c.Name("name", "name_prefix")
			c.Set("name_prefix", prefix)
			c.Set("arn", c.ARN("ec2", "security-group/"+c.ID))
			c.Set("owner_id", c.Account)
			// The rule that lets everything out, which AWS gives every new group, is not made: the provider revokes it.
		},
		BeforeDelete: []model.Check{func(c *model.Call) *world.Error {
			if c.String("name") == "default" {
				return world.Fail("CannotDelete", "the specified group: \"%s\" name: \"default\" cannot be deleted by a user", c.Self.ID)
			}
			return nil
		}},
		InUse: func(c *model.Call, by *world.Resource) *world.Error {
			if strings.HasSuffix(by.Type, "_rule") && by.String("security_group_id") == c.Self.ID {
				return nil // its own rule, which may name the group itself
			}
			return world.Fail("DependencyViolation", "resource %s has a dependent object", c.Self.ID)
		},
		Latency: model.Latency{Create: model.Seconds(2, 1, 4), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 60),
			Source: "logs of real deployments; deletion waits for network interfaces to go"},
	}
}

// securityGroupVPC refuses a group outside of any VPC: this account has no default VPC.
func securityGroupVPC(c *model.Call) *world.Error {
	if c.String("vpc_id") == "" && c.Creating() {
		return world.Fail("VPCIdNotSpecified", "No default VPC for this user")
	}
	return nil
}

var (
	groupText = model.Expression(`^[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*$`)
	// Prefixes get 26 digits appended, so the name as a whole has to fit.
	groupTextSet = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
)

var reservedGroupName = world.Fail("InvalidParameterValue", "Cannot use reserved security group name: default")

// securityGroupName holds names and descriptions to AWS's characters and lengths. Texts of length and characters: unverified.
func securityGroupName(c *model.Call) *world.Error {
	name, description := c.String("name"), c.String("description")
	switch {
	case !c.Creating():
		return nil
	case name == "default":
		return reservedGroupName
	case strings.HasPrefix(name, "sg-") || strings.HasPrefix(c.String("name_prefix"), "sg-"):
		return world.Fail("InvalidParameterValue", "Invalid value '%s' for groupName. Group names may not be in the format sg-*.",
			name+c.String("name_prefix"))
	case len(name) > 255 || !groupText().MatchString(name):
		return world.Fail("InvalidParameterValue",
			"Value (%s) for parameter GroupName is invalid. Group names are up to 255 characters from the following set: %s", name, groupTextSet)
	case len(description) > 255 || !groupText().MatchString(description):
		return world.Fail("InvalidParameterValue",
			"Value (%s) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.", description)
	}
	return nil
}

// defaultSecurityGroup takes the group over that AWS made with the VPC, and takes its rules away. Terraform neither makes nor deletes it,
// and leaves the rules when it lets go of it.
func defaultSecurityGroup() *model.Type {
	return &model.Type{
		Name: "aws_default_security_group", API: api, Noun: "Default Security Group",
		CreateCall: "DescribeSecurityGroups", UpdateCall: "AuthorizeSecurityGroupIngress", DeleteCall: "DescribeSecurityGroups",
		Identify: func(c *model.Call) string {
			if vpc := c.Find("aws_vpc", c.String("vpc_id")); vpc != nil {
				return vpc.String("default_security_group_id")
			}
			return ""
		},
		References: []model.Reference{{Path: "vpc_id", To: []string{"aws_vpc"}, Inside: true, Missing: vpcMissing}},
		Parts:      groupRules(),
		Checks:     []model.Check{securityGroupVPC, inlineRules},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "security-group/"+c.ID))
			c.Set("owner_id", c.Account)
			c.Set("name", "default")
			c.Set("description", "default VPC security group")
			c.Set("name_prefix", "")
			if c.Creating() {
				revokeRules(c, c.ID)
			}
			if group := c.Find("aws_security_group", c.ID); group != nil {
				c.World.Change(group, world.Object{"tags": c.Object["tags"], "tags_all": c.Object["tags_all"]})
			}
		},
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(0.1, 0, 1),
			Source: "estimate: it reads, and revokes rules"},
	}
}

// securityGroupRule declares the type of one direction; a resource is exactly one rule.
func securityGroupRule(name, direction string) *model.Type {
	return &model.Type{
		Name: name, API: api, Noun: "VPC Security Group " + direction + " Rule",
		CreateCall: "AuthorizeSecurityGroup" + direction, UpdateCall: "ModifySecurityGroupRules", DeleteCall: "RevokeSecurityGroup" + direction,
		Identify: model.GeneratedID("sgr-", 17),
		References: []model.Reference{
			{Path: "security_group_id", To: []string{"aws_security_group"}, Inside: true, Missing: securityGroupMissing},
			{Path: "referenced_security_group_id", To: []string{"aws_security_group"}, Missing: securityGroupMissing},
		},
		Checks: []model.Check{ruleSource, ruleNetwork, ruleDescription, rulePorts, ruleRange, ruleTaken},
		Quotas: []model.Quota{rulesPerGroup(direction)},
		Fill: func(c *model.Call) {
			c.Force("arn", c.ARN("ec2", "security-group-rule/"+c.ID))
			c.Force("security_group_rule_id", c.ID)
		},
		Latency: model.Latency{Create: model.Seconds(1, 0.5, 1), Update: model.Seconds(1, 0.5, 1), Delete: model.Seconds(1, 0.5, 1),
			Source: "logs of real deployments (under one second)"},
	}
}

// rulesPerGroup counts the rules of a group by direction, each with a limit of its own.
func rulesPerGroup(direction string) model.Quota {
	return model.Quota{
		Quota:  world.Quota{Code: "L-0EA8095F", Service: "vpc", Name: "Inbound or outbound rules per security group", Default: 60},
		Within: "security_group_id",
		Per: func(_ *model.Call, attributes world.Object) string {
			group, _ := attributes["security_group_id"].(string)
			return group + " " + direction
		},
		Exceeded: func() *world.Error {
			return world.Fail("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
		},
	}
}

// legacySecurityGroupRule declares the older type, one resource of which is a rule for each of its sources.
func legacySecurityGroupRule() *model.Type {
	return &model.Type{
		Name: "aws_security_group_rule", API: api, Noun: "Security Group Rule",
		CreateCall: "AuthorizeSecurityGroupIngress", UpdateCall: "UpdateSecurityGroupRuleDescriptionsIngress",
		DeleteCall: "RevokeSecurityGroupIngress",
		Identify:   func(c *model.Call) string { return "sgrule-" + model.Decimal(c.Hex(8)) },
		References: []model.Reference{
			{Path: "security_group_id", To: []string{"aws_security_group"}, Inside: true, Missing: securityGroupMissing},
			{Path: "source_security_group_id", To: []string{"aws_security_group"}, Missing: securityGroupMissing},
		},
		Parts:  wholeRules(),
		Checks: []model.Check{model.OneOf("InvalidParameterValue", "type", "type", "ingress", "egress"), legacySource, legacyTwice},
		Fill: func(c *model.Call) {
			source := ""
			if c.Bool("self") {
				source = c.String("security_group_id")
			}
			c.Set("source_security_group_id", source)
			c.Set("security_group_rule_id", "")
		},
		Refresh: func(c *model.Call) {
			rules := legacyRules(c)
			if len(rules) > 0 {
				c.Force("description", rules[0].Attributes["description"])
			}
			if len(rules) == 1 { // AWS gives every source a rule of its own; the provider knows the id only where there is one
				c.Force("security_group_rule_id", rules[0].ID)
			}
		},
		Latency: model.Latency{Create: model.Seconds(1, 0.5, 1), Update: model.Seconds(1, 0.5, 1), Delete: model.Seconds(1, 0.5, 1),
			Source: "logs of real deployments (under one second)"},
	}
}
