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
