// Package route53resolver declares Amazon Route 53 Resolver: rules for whom it asks, and the logs of what VPCs ask it. It knows the model
// alone; the catalog imports it.
//
// Rules: API model (botocore route53resolver 2018-04-01); messages are unverified.
package route53resolver

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

const (
	api     = "Route53Resolver"
	configs = "aws_route53_resolver_query_log_config"
	members = "aws_route53_resolver_query_log_config_association"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{config(), association(), resolverRule(), resolverRuleAssociation()}
}

func config() *model.Type {
	return &model.Type{
		Name: configs, API: api, Noun: "Route53 Resolver Query Log Config",
		CreateCall: "CreateResolverQueryLogConfig", UpdateCall: "TagResource", DeleteCall: "DeleteResolverQueryLogConfig",
		Identify: model.GeneratedID("rqlc-", 16),
		Checks: []model.Check{
			model.Length("ValidationException", "name", "name", 1, 64),
			destination,
		},
		InUse: func(_ *model.Call, _ *world.Resource) *world.Error {
			return world.Fail("InvalidRequestException", "You must disassociate the query logging configuration from all VPCs before you delete it.")
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("route53resolver", "resolver-query-log-config/"+c.ID))
			c.Set("owner_id", c.Account)
			c.Set("share_status", "NOT_SHARED")
		},
		Replace: model.ReplacedBy("name", "destination_arn"),
		Latency: model.Latency{Create: model.Seconds(15, 5, 60), Update: model.Seconds(1, 0.5, 2), Delete: model.Seconds(10, 5, 60),
			Source: "estimate"},
	}
}

// destination refuses a group or bucket of this account that is not there.
func destination(c *model.Call) *world.Error {
	arn := c.String("destination_arn")
	missing := false
	switch {
	case strings.Contains(arn, ":logs:"):
		missing = c.FindBy("aws_cloudwatch_log_group", "arn", strings.TrimSuffix(arn, ":*")) == nil
	case !strings.Contains(arn, ":s3:::") && !strings.Contains(arn, ":firehose:"):
		missing = true
	}
	if missing {
		return world.Fail("InvalidParameterException", "The destination %s is not valid.", arn)
	}
	return nil
}

func association() *model.Type {
	return &model.Type{
		Name: members, API: api, Noun: "Route53 Resolver Query Log Config Association",
		CreateCall: "AssociateResolverQueryLogConfig", UpdateCall: "AssociateResolverQueryLogConfig",
		DeleteCall: "DisassociateResolverQueryLogConfig",
		Identify:   model.GeneratedID("rqlca-", 15),
		References: []model.Reference{
			{Path: "resolver_query_log_config_id", To: []string{configs}, Missing: model.Missing("ResourceNotFoundException",
				"Resolver query logging config with ID '%s' does not exist.")},
			{Path: "resource_id", To: []string{"aws_vpc"}, Missing: model.Missing("InvalidParameterException", "The VPC '%s' does not exist.")},
		},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			for _, other := range c.Where(members, "resource_id", c.String("resource_id")) {
				if c.Creating() && other.String("resolver_query_log_config_id") == c.String("resolver_query_log_config_id") {
					return world.Conflict("ResourceExistsException", "The VPC is associated with the query logging configuration already.")
				}
			}
			return nil
		}},
		Fill:    func(*model.Call) {},
		Replace: model.ReplacedBy("resolver_query_log_config_id", "resource_id"),
		Latency: model.Latency{Create: model.Seconds(20, 5, 60), Update: model.Seconds(1, 0.5, 2), Delete: model.Seconds(20, 5, 60),
			Source: "estimate"},
	}
}
