package egress_test

import (
	"fmt"
	"strings"
	"testing"

	"coderaws/internal/egress"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestWorkspaceWays: how workspaces come to Coder and to a Git host, from a network of one subnet with nodes.
func TestWorkspaceWays(t *testing.T) {
	const coder, git = "https://coder.example.com (Coder)", "https://git.example.com (Git)"
	release := func(internet bool, ranges string) *tfjson.StateResource {
		return made("helm_release", map[string]any{"name": "foundation",
			"values": []any{fmt.Sprintf("workspaces: {egress: {internet: %t, ranges: [%s]}}", internet, ranges)}})
	}
	coderd := made("helm_release", map[string]any{"name": "coder", "values": []any{`coder: {env: [
		{name: CODER_ACCESS_URL, value: 'https://coder.example.com'}, {name: CODER_EXTERNAL_AUTH_0_TYPE, value: gitlab},
		{name: CODER_EXTERNAL_AUTH_0_AUTH_URL, value: 'https://git.example.com/o'}]}`}})
	balancer := func(internal bool) *tfjson.StateResource {
		return made("aws_lb", map[string]any{"internal": internal, "security_groups": []any{"sg-lb"},
			"subnet_mapping": []any{map[string]any{"private_ipv4_address": "10.0.240.8"}}})
	}
	admits := func(cidr string) *tfjson.StateResource {
		return made("aws_vpc_security_group_ingress_rule", map[string]any{"security_group_id": "sg-lb", "cidr_ipv4": cidr,
			"ip_protocol": "tcp", "from_port": 443.0, "to_port": 443.0})
	}
	route := func(destination, target, id string) *tfjson.StateResource {
		return made("aws_route", map[string]any{"route_table_id": "rtb-1", "destination_cidr_block": destination, target: id})
	}
	out := route("0.0.0.0/0", "nat_gateway_id", "nat-1")
	nat := made("aws_nat_gateway", map[string]any{"id": "nat-1", "public_ip": "203.0.113.7"})
	connected := route("10.100.0.0/16", "transit_gateway_id", "tgw-1")
	zone := made("aws_route53_zone", map[string]any{"zone_id": "Z1", "name": "example.com", "vpc": []any{map[string]any{"vpc_id": "vpc-1"}}})
	record := func(name, value string) *tfjson.StateResource {
		return made("aws_route53_record", map[string]any{"zone_id": "Z1", "fqdn": name, "type": "A", "records": []any{value}})
	}
	type resources = []*tfjson.StateResource
	inside := resources{balancer(true), admits("10.0.0.0/16")}
	for _, row := range []struct {
		name        string
		policy      *tfjson.StateResource
		more        resources
		calls       string
		by, missing string
	}{
		{"the addresses of an internal load balancer", release(false, "{cidr: 10.0.240.8/32, ports: [443]}"), inside, coder, "aws_lb.this", ""},
		{"a range around them, on every port", release(false, "{cidr: 10.0.0.0/8}"), inside, coder, "aws_lb.this", ""},
		{"another port", release(false, "{cidr: 10.0.240.8/32, ports: [80]}"), inside, coder, "", "lets nothing through to 10.0.240.8"},
		{"a range that leaves them out", release(false, "{cidr: 10.0.0.0/8, except: [10.0.0.0/16]}"), inside, coder, "",
			"lets nothing through to 10.0.240.8"},
		{"the internet, of which they are not", release(true, ""), inside, coder, "", "lets nothing through to 10.0.240.8"},
		{"a load balancer that lets others in", release(false, "{cidr: 10.0.240.8/32}"), resources{balancer(true), admits("10.9.0.0/16")}, coder,
			"", "no security group of aws_lb.this"},
		{"a zone that has no record of it", release(false, "{cidr: 10.0.240.8/32}"), append(inside, zone), coder, "", "has no record of coder"},
		{"a zone that has one", release(false, "{cidr: 10.0.240.8/32}"),
			append(inside, zone, record("coder.example.com", "10.0.240.8")), coder, "aws_lb.this", ""},
		{"a load balancer on the internet", release(true, ""), resources{balancer(false), admits("203.0.113.7/32"), out, nat}, coder,
			"aws_route.this, then aws_lb.this", ""},
		{"one that does not let the NAT gateway in", release(true, ""),
			resources{balancer(false), admits("198.51.100.0/24"), out, nat}, coder, "", "lets the NAT gateways in"},
		{"one for a network without a way out", release(true, ""), resources{balancer(false), admits("0.0.0.0/0")}, coder, "", "no way out"},
		{"one for workspaces that may not leave", release(false, ""), resources{balancer(false), admits("0.0.0.0/0"), out, nat}, coder, "",
			"lets nothing through to the internet"},

		{"Git by the internet", release(true, ""), resources{out}, git, "aws_route.this", ""},
		{"Git without a way out", release(true, ""), nil, git, "", "has no way out of the network"},
		{"Git in a network that is connected", release(false, "{cidr: 10.100.7.0/24}"), resources{connected}, git,
			"aws_route.this, if it is in 10.100.0.0/16", ""},
		{"Git there, which the policy does not name", release(false, "{cidr: 10.200.0.0/16}"), resources{connected}, git, "",
			"lets nothing through to where git.example.com is"},
		{"Git at an address that the policy names", release(false, "{cidr: 10.100.7.9/32}"),
			resources{connected, zone, record("git.example.com", "10.100.7.9")}, git, "aws_route.this", ""},
		{"Git at another", release(false, "{cidr: 10.100.7.8/32}"), resources{connected, zone, record("git.example.com", "10.100.7.9")}, git, "",
			"lets nothing through to where git.example.com is"},
	} {
		t.Run(row.name, func(t *testing.T) {
			way := wayOf(t, endless(append(row.more, row.policy, coderd,
				made("aws_vpc", map[string]any{"id": "vpc-1", "cidr_block": "10.0.0.0/16", "enable_dns_support": true}),
				made("aws_route_table_association", map[string]any{"subnet_id": "subnet-1", "route_table_id": "rtb-1"}))...), row.calls)
			if way.By != row.by || (way.Missing == "") != (row.missing == "") || !strings.Contains(way.Missing, row.missing) {
				t.Errorf("by %q, and it lacks %q", way.By, way.Missing)
			}
			if way.Missing != "" && (way.Symptom == "" || way.Todo == "") {
				t.Errorf("neither what is seen nor what to do is said: %+v", way)
			}
		})
	}
}

// TestNames: the resolver of a VPC answers the cluster's DNS, unless the VPC has none.
func TestNames(t *testing.T) {
	for supported, by := range map[bool]string{true: "the resolver of aws_vpc.this", false: ""} {
		way := wayOf(t, endless(made("aws_vpc", map[string]any{"id": "vpc-1", "enable_dns_support": supported}),
			made("helm_release", map[string]any{"name": "foundation", "values": []any{"workspaces: {egress: {internet: false}}"}})), "names (DNS)")
		if way.By != by || (way.Missing == "") != supported {
			t.Errorf("DNS support %t: %+v", supported, way)
		}
	}
}

// wayOf is the one way of what is called.
func wayOf(t *testing.T, r *egress.Report, calls string) egress.Way {
	t.Helper()
	var found []egress.Way
	for _, way := range r.Ways {
		if way.Calls == calls {
			found = append(found, way)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d ways of %s: %+v", len(found), calls, r.Ways)
	}
	return found[0]
}
