package route53resolver

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// resolverRule sends the questions about a domain elsewhere. Error codes: API model of Route 53 Resolver; texts: unverified.
func resolverRule() *model.Type {
	return &model.Type{
		Name: "aws_route53_resolver_rule", API: api, Noun: "Route53 Resolver Rule",
		CreateCall: "CreateResolverRule", UpdateCall: "UpdateResolverRule", DeleteCall: "DeleteResolverRule",
		Identify: model.GeneratedID("rslvr-rr-", 17),
		Checks: []model.Check{
			model.OneOf("InvalidParameterException", "rule_type", "RuleType", "FORWARD", "SYSTEM", "DELEGATE"),
			func(c *model.Call) *world.Error {
				if c.String("rule_type") == "FORWARD" && c.String("resolver_endpoint_id") == "" {
					return world.Fail("InvalidRequestException", "A rule of type FORWARD needs a resolver endpoint and target IP addresses.")
				}
				return nil
			},
		},
		Plan: func(c *model.Call) {
			if domain := c.String("domain_name"); domain != "" {
				c.Force("domain_name", strings.TrimSuffix(strings.ToLower(domain), "."))
			}
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("route53resolver", "resolver-rule/"+c.ID))
			c.Set("owner_id", c.Account)
			c.Set("share_status", "NOT_SHARED")
			c.Set("name", "")
		},
		InUse: func(*model.Call, *world.Resource) *world.Error {
			return world.Fail("ResourceInUseException", "The resolver rule is associated with a VPC: take it from there first.")
		},
		Latency: model.Instant("estimate"),
	}
}

// resolverRuleAssociation lets a rule decide in a VPC, that of this account or one that another shares with it.
func resolverRuleAssociation() *model.Type {
	return &model.Type{
		Name: "aws_route53_resolver_rule_association", API: api, Noun: "Route53 Resolver Rule Association",
		CreateCall: "AssociateResolverRule", UpdateCall: "AssociateResolverRule", DeleteCall: "DisassociateResolverRule",
		Identify: model.GeneratedID("rslvr-rrassoc-", 17),
		References: []model.Reference{
			{Path: "resolver_rule_id", To: []string{"aws_route53_resolver_rule"},
				Missing: ruleMissing},
			{Path: "vpc_id", To: []string{"aws_vpc"},
				Missing: model.Missing("InvalidParameterException", "The VPC ID '%s' does not exist.")},
		},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			rule := c.Find("aws_route53_resolver_rule", c.String("resolver_rule_id"))
			for _, other := range c.Where("aws_route53_resolver_rule_association", "vpc_id", c.String("vpc_id")) {
				taken := c.Find("aws_route53_resolver_rule", other.String("resolver_rule_id"))
				if other.ID != c.ID && rule != nil && taken != nil && taken.String("domain_name") == rule.String("domain_name") {
					return world.Fail("ResourceExistsException", "VPC '%s' has a resolver rule for %s already: '%s'.", c.String("vpc_id"),
						rule.String("domain_name"), taken.ID)
				}
			}
			return nil
		}},
		Fill: func(c *model.Call) { c.Set("name", "") },
		Latency: model.Latency{Create: model.Seconds(60, 30, 120), Update: model.Seconds(60, 30, 120), Delete: model.Seconds(60, 30, 120),
			Source: "estimate"},
	}
}

// ruleMissing says besides that what is missing may be another account's.
func ruleMissing(id string) *world.Error {
	err := world.NotFound("ResourceNotFoundException", "Resolver rule with ID '%s' does not exist.", id)
	err.Timing = "A sandbox starts empty: where another account shares this, say so with --shared-name DOMAIN=" + id + ", or " +
		"`coderaws sandbox shared-name` for a sandbox that is kept."
	return err
}
