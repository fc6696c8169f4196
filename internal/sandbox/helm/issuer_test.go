package helm

import (
	"strings"
	"testing"
)

// coderdOf are values of one coderd that signs people in by an issuer.
func coderdOf(issuer string) string {
	return `image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/coder/coder:v2.35.1-providers-0123456789ab
extra:
  args: [server]
  env:
    - {name: CODER_ACCESS_URL, value: https://coder.example.com}
    - {name: CODER_PG_CONNECTION_URL, value: 'postgres://coder@db:5432/coder'}
    - {name: CODER_OIDC_CLIENT_ID, value: coder}
    - {name: CODER_OIDC_ISSUER_URL, value: ` + issuer + "}\n"
}

// TestIssuers: coderd asks its issuer as it starts, in a network that has no way to the internet.
func TestIssuers(t *testing.T) {
	const crash = "CrashLoopBackOff: back-off restarting failed container=web: create oidc config: configure oidc provider: Get " +
		`"https://login.example.com/.well-known/openid-configuration": dial tcp`
	closed := closedNetwork(nil, "ecr.api", "ecr.dkr", "s3")
	with := func(more ...func(*driver)) func(*driver) {
		return func(d *driver) {
			closed(d)
			for _, one := range more {
				one(d)
			}
		}
	}
	route := func(destination, target, id string) func(*driver) {
		return func(d *driver) {
			d.put("aws_route", "r-"+destination, object{"route_table_id": "rtb-1", "destination_cidr_block": destination, target: id})
		}
	}
	zone := func(name string, records ...object) func(*driver) {
		return func(d *driver) {
			d.put("aws_route53_zone", "Z-"+name, object{"id": "Z-" + name, "zone_id": "Z-" + name, "name": name,
				"vpc": []any{object{"vpc_id": "vpc-1"}}})
			for _, r := range records {
				r["zone_id"] = "Z-" + name
				d.put("aws_route53_record", "Z-"+name+"_"+r["fqdn"].(string), r)
			}
		}
	}
	a := func(name, address string) object { return object{"fqdn": name, "type": "A", "records": []any{address}} }
	for _, row := range []struct {
		name    string
		given   func(*driver)
		issuer  string // https://login.example.com if empty
		refused string // empty if coderd comes up
	}{
		{name: "no way out", given: closed, refused: crash + ": i/o timeout"},
		{name: "a NAT gateway", given: with(route("0.0.0.0/0", "nat_gateway_id", "nat-1"))},
		{name: "a network that is connected", given: with(route("10.100.0.0/16", "transit_gateway_id", "tgw-1"))},
		{name: "a route inside of the network alone", given: with(route("10.0.0.0/16", "gateway_id", "local")), refused: crash},
		{name: "an issuer in the cluster", given: closed, issuer: "https://keycloak.sso.svc.cluster.local/realms/main"},
		{name: "an issuer in the network", given: with(zone("example.com", a("login.example.com", "10.0.1.7")))},
		{name: "an issuer in the network, by a wildcard", given: with(zone("example.com", a("*.example.com", "10.0.1.7")))},
		{name: "an issuer whose record leads to another name",
			given: with(zone("example.com", object{"fqdn": "login.example.com", "type": "CNAME", "records": []any{"lb.example.com"}}))},
		{name: "an address to which no route leads", given: with(zone("example.com", a("login.example.com", "10.200.0.7")),
			route("10.100.0.0/16", "transit_gateway_id", "tgw-1")), refused: crash + " 10.200.0.7:443: i/o timeout"},
		{name: "an address to which one leads", given: with(zone("example.com", a("login.example.com", "10.100.0.7")),
			route("10.100.0.0/16", "transit_gateway_id", "tgw-1"))},
		{name: "a zone that hides the issuer", given: with(zone("example.com", a("git.example.com", "10.0.1.7")),
			route("0.0.0.0/0", "nat_gateway_id", "nat-1")), refused: crash + ": lookup login.example.com: no such host"},
		{name: "a zone within the one that hides it",
			given: with(zone("example.com"), zone("login.example.com", a("login.example.com", "10.0.1.7")))},
		{name: "a zone of another domain", given: with(zone("ple.com")), refused: crash + ": i/o timeout"},
		{name: "an address in place of a name", given: closed, issuer: "https://10.0.1.7:8443"},
		{name: "an address elsewhere", given: closed, issuer: "https://10.200.0.7", refused: "dial tcp 10.200.0.7:443: i/o timeout"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDriver(t)
			row.given(d)
			issuer := row.issuer
			if issuer == "" {
				issuer = "https://login.example.com"
			}
			_, err := d.apply(nil, release("web", coderdOf(issuer)))
			if row.refused == "" && err != nil || row.refused != "" && (err == nil || !strings.Contains(err.Error(), row.refused)) {
				t.Fatalf("got %v, want %q", err, row.refused)
			}
			if err != nil && !strings.Contains(err.Error(), "take CODER_OIDC_ISSUER_URL out") {
				t.Errorf("it does not say what to do: %v", err)
			}
		})
	}
}
