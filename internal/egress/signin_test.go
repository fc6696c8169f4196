package egress_test

import (
	"strings"
	"testing"

	"coderaws/internal/egress"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestSignIns: by which way coderd asks who signs people in, from a network of one subnet with nodes.
func TestSignIns(t *testing.T) {
	const issuer = "https://login.example.com/.well-known/openid-configuration (sign-in)"
	release := func(env string) *tfjson.StateResource {
		return made("helm_release", map[string]any{"name": "coder", "values": []any{"coder: {env: [" + env + "]}"}})
	}
	oidc := release("{name: CODER_OIDC_CLIENT_ID, value: x}, {name: CODER_OIDC_ISSUER_URL, value: 'https://login.example.com'}")
	git := release("{name: CODER_EXTERNAL_AUTH_0_TYPE, value: gitlab}, {name: CODER_EXTERNAL_AUTH_0_AUTH_URL, value: 'https://git.example.com/o'}")
	tabled := []*tfjson.StateResource{
		made("aws_vpc", map[string]any{"id": "vpc-1", "cidr_block": "10.0.0.0/16"}),
		made("aws_route_table", map[string]any{"id": "rtb-1"}),
		made("aws_route_table_association", map[string]any{"subnet_id": "subnet-1", "route_table_id": "rtb-1"}),
	}
	route := func(destination, target, id string) *tfjson.StateResource {
		return made("aws_route", map[string]any{"route_table_id": "rtb-1", "destination_cidr_block": destination, target: id})
	}
	zone := made("aws_route53_zone", map[string]any{"zone_id": "Z1", "name": "example.com", "vpc": []any{map[string]any{"vpc_id": "vpc-1"}}})
	record := func(name, typ, value string) *tfjson.StateResource {
		return made("aws_route53_record", map[string]any{"zone_id": "Z1", "fqdn": name, "type": typ, "records": []any{value}})
	}
	for _, row := range []struct {
		name        string
		more        []*tfjson.StateResource
		calls       string // issuer if empty
		by, missing string
	}{
		{name: "no way out", more: []*tfjson.StateResource{oidc}, missing: "has no way out of the network"},
		{name: "a network that is connected", more: []*tfjson.StateResource{oidc, route("10.100.0.0/16", "transit_gateway_id", "tgw-1")},
			by: "aws_route.this, if it is in 10.100.0.0/16"},
		{name: "a default route", more: []*tfjson.StateResource{oidc, route("0.0.0.0/0", "nat_gateway_id", "nat-1")}, by: "aws_route.this"},
		{name: "a route that leads nowhere", more: []*tfjson.StateResource{oidc, route("10.100.0.0/16", "gateway_id", "local")},
			missing: "has no way out of the network"},
		{name: "an issuer in the network", more: []*tfjson.StateResource{oidc, zone, record("login.example.com", "A", "10.0.9.9")},
			by: "aws_vpc.this"},
		{name: "an issuer by a wildcard, behind a route", more: []*tfjson.StateResource{oidc, zone, record("*.example.com", "A", "10.100.9.9"),
			route("10.100.0.0/16", "vpc_peering_connection_id", "pcx-1")}, by: "aws_route.this"},
		{name: "an issuer behind no route", more: []*tfjson.StateResource{oidc, zone, record("login.example.com", "A", "10.200.9.9"),
			route("10.100.0.0/16", "vpc_peering_connection_id", "pcx-1")}, missing: "has no route to 10.200.9.9"},
		{name: "a record that leads to another name", more: []*tfjson.StateResource{oidc, zone, record("login.example.com", "CNAME", "lb")},
			by: "aws_route53_zone.this"},
		{name: "a zone that hides the issuer", more: []*tfjson.StateResource{oidc, zone, route("0.0.0.0/0", "nat_gateway_id", "nat-1")},
			missing: "aws_route53_zone.this has no record of login.example.com"},
		{name: "an issuer in the cluster", calls: "https://sso.sso.svc/.well-known/openid-configuration (sign-in)",
			more: []*tfjson.StateResource{release("{name: CODER_OIDC_CLIENT_ID, value: x}, {name: CODER_OIDC_ISSUER_URL, value: 'https://sso.sso.svc'}")},
			by:   "a Service of the cluster"},
		{name: "a Git provider without a way", more: []*tfjson.StateResource{git}, calls: "https://git.example.com/oauth/token (sign-in)",
			missing: "has no way out of the network"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.calls == "" {
				row.calls = issuer
			}
			var found []egress.Way
			for _, way := range network("{}", append(tabled, row.more...)...).Ways {
				if way.Calls == row.calls {
					found = append(found, way)
				}
			}
			if len(found) != 1 {
				t.Fatalf("%d ways", len(found))
			}
			way := found[0]
			if way.By != row.by || (way.Missing == "") != (row.missing == "") || !strings.Contains(way.Missing, row.missing) {
				t.Errorf("by %q, and it lacks %q", way.By, way.Missing)
			}
			if way.Missing != "" && (way.Symptom == "" || way.Todo == "") {
				t.Errorf("neither what is seen nor what to do is said: %+v", way)
			}
			if crash := strings.Contains(way.Symptom, "CrashLoopBackOff"); crash != (row.missing != "" && row.calls == issuer) {
				t.Errorf("seen is %q", way.Symptom)
			}
		})
	}
}

// TestConnectedNetworks: what of a route to another network is a named exception, and what is a way to everywhere.
func TestConnectedNetworks(t *testing.T) {
	table := func(blocks ...any) *tfjson.StateResource {
		return made("aws_route_table", map[string]any{"id": "rtb-1", "route": blocks})
	}
	route := func(destination, target, id string) *tfjson.StateResource {
		return made("aws_route", map[string]any{"route_table_id": "rtb-1", "destination_cidr_block": destination, target: id})
	}
	block := func(destination, target, id string) any { return map[string]any{"cidr_block": destination, target: id} }
	for _, row := range []struct {
		name             string
		more             []*tfjson.StateResource
		exceptions, open int
	}{
		{"a route to a transit gateway", []*tfjson.StateResource{route("10.100.0.0/16", "transit_gateway_id", "tgw-1")}, 1, 0},
		{"a route to a peering", []*tfjson.StateResource{route("10.100.0.0/16", "vpc_peering_connection_id", "pcx-1")}, 1, 0},
		{"the same, as reading the table shows it again", []*tfjson.StateResource{route("10.100.0.0/16", "transit_gateway_id", "tgw-1"),
			table(block("10.100.0.0/16", "transit_gateway_id", "tgw-1"))}, 1, 0},
		{"a block in the table", []*tfjson.StateResource{table(block("10.100.0.0/16", "transit_gateway_id", "tgw-1"))}, 1, 0},
		{"a block to everywhere", []*tfjson.StateResource{table(block("0.0.0.0/0", "transit_gateway_id", "tgw-1"))}, 0, 1},
		{"a route to half of everywhere", []*tfjson.StateResource{route("128.0.0.0/1", "vpc_peering_connection_id", "pcx-1")}, 0, 1},
		{"a route to a NAT gateway for few", []*tfjson.StateResource{route("192.0.2.0/24", "nat_gateway_id", "nat-1")}, 0, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			const policy = `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "secretsmanager:GetSecretValue",
				"Resource": "*"}}`
			report := network(policy, row.more...)
			if len(report.Exceptions) != row.exceptions || len(report.Openings) != row.open {
				t.Errorf("exceptions %v, openings %v", report.Exceptions, report.Openings)
			}
		})
	}
}

// TestEndpointsElsewhere: a call to a service whose endpoint is in another network takes a route there and a name that leads there.
func TestEndpointsElsewhere(t *testing.T) {
	const name = "secretsmanager.us-east-1.amazonaws.com"
	tabled := made("aws_route_table_association", map[string]any{"subnet_id": "subnet-1", "route_table_id": "rtb-1"})
	route := made("aws_route", map[string]any{"route_table_id": "rtb-1", "destination_cidr_block": "10.100.0.0/16",
		"transit_gateway_id": "tgw-1"})
	rule := func(domain string) []*tfjson.StateResource {
		return []*tfjson.StateResource{
			made("aws_route53_resolver_rule", map[string]any{"id": "rslvr-rr-1", "domain_name": domain}),
			made("aws_route53_resolver_rule_association", map[string]any{"resolver_rule_id": "rslvr-rr-1", "vpc_id": "vpc-1"}),
		}
	}
	zone := func(domain, vpc string) []*tfjson.StateResource {
		return []*tfjson.StateResource{
			made("aws_route53_zone", map[string]any{"zone_id": "Z1", "name": domain, "vpc": []any{map[string]any{"vpc_id": "vpc-9"}}}),
			made("aws_route53_zone_association", map[string]any{"zone_id": "Z1", "vpc_id": vpc}),
		}
	}
	for _, row := range []struct {
		name string
		more []*tfjson.StateResource
		by   string // empty for no way
	}{
		{"a route and a rule for all of AWS", append(rule("amazonaws.com"), route),
			"aws_route.this, where aws_route53_resolver_rule.this leads " + name},
		{"a route and a zone of the service", append(zone(name, "vpc-1"), route), "aws_route.this, where aws_route53_zone.this leads " + name},
		{"a rule without a route", rule("amazonaws.com"), ""},
		{"a route without a name", []*tfjson.StateResource{route}, ""},
		{"a rule for another domain", append(rule("api.aws"), route), ""},
		{"a zone of another service", append(zone("logs.us-east-1.amazonaws.com", "vpc-1"), route), ""},
		{"a zone of another network alone", append(zone(name, "vpc-2"), route), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			way := secretWay(t, endless(append(row.more, tabled)...))
			if way.By != row.by || (way.Missing == "") != (row.by != "") {
				t.Errorf("by %q, and it lacks %q", way.By, way.Missing)
			}
		})
	}
}
