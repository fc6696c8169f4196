package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// TestResolverRules: who answers for names in a VPC.
func TestResolverRules(t *testing.T) {
	forward := object{"domain_name": "amazonaws.com", "rule_type": "FORWARD", "resolver_endpoint_id": "rslvr-out-1",
		"target_ip": []any{object{"ip": "10.100.0.2"}}}
	associated := func(rules ...object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			vpc := vpcOf(t, d)
			var config object
			for i, rule := range rules {
				config = object{"resolver_rule_id": d.MustCreate(t, "aws_route53_resolver_rule", rule)["id"], "vpc_id": vpc}
				if i < len(rules)-1 {
					d.MustCreate(t, "aws_route53_resolver_rule_association", config)
				}
			}
			return "aws_route53_resolver_rule_association", config
		}
	}
	check(t, []rule{
		{name: "a rule that sends questions elsewhere", given: creates("aws_route53_resolver_rule", forward)},
		{name: "a rule that leaves them to AWS",
			given: creates("aws_route53_resolver_rule", object{"domain_name": "example.com.", "rule_type": "SYSTEM"})},
		{name: "a rule of no kind", given: creates("aws_route53_resolver_rule", object{"domain_name": "example.com", "rule_type": "SEND"}),
			refused: "InvalidParameterException"},
		{name: "a rule that sends them nowhere", refused: "InvalidRequestException",
			given: creates("aws_route53_resolver_rule", object{"domain_name": "example.com", "rule_type": "FORWARD"})},
		{name: "a rule of a VPC", given: associated(forward)},
		{name: "rules for two domains in a VPC", given: associated(merged(forward, object{"domain_name": "api.aws"}), forward)},
		{name: "two rules for a domain in a VPC", given: associated(forward, forward), refused: "ResourceExistsException"},
		{name: "a rule that does not exist", refused: "Resolver rule with ID 'rslvr-rr-0' does not exist.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return "aws_route53_resolver_rule_association", object{"resolver_rule_id": "rslvr-rr-0", "vpc_id": vpcOf(t, d)}
			}},
		{name: "a VPC that does not exist", refused: "The VPC ID 'vpc-0' does not exist.",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return "aws_route53_resolver_rule_association",
					object{"resolver_rule_id": d.MustCreate(t, "aws_route53_resolver_rule", forward)["id"], "vpc_id": "vpc-0"}
			}},
	})
}

func TestResolverRuleInUse(t *testing.T) {
	d := sandboxtest.New(t, "")
	rule := d.MustCreate(t, "aws_route53_resolver_rule", object{"domain_name": "example.com", "rule_type": "SYSTEM"})
	d.MustCreate(t, "aws_route53_resolver_rule_association", object{"resolver_rule_id": rule["id"], "vpc_id": vpcOf(t, d)})
	noFallbacks(t, d)
	expect(t, d.Delete("aws_route53_resolver_rule", rule), "ResourceInUseException")
}
