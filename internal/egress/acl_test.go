package egress_test

import (
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestNetworkACLs: what a network ACL that was written does to a call from the subnet of nodes to an endpoint in another one.
func TestNetworkACLs(t *testing.T) {
	const policy = `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "*", "Resource": "*"}}`
	entry := func(number float64, action, protocol, cidr string, first, last float64) map[string]any {
		return map[string]any{"rule_no": number, "action": action, "protocol": protocol, "cidr_block": cidr,
			"from_port": first, "to_port": last}
	}
	all := []any{entry(100, "allow", "-1", "0.0.0.0/0", 0, 0)}
	ofNodes := func(ingress, egress []any) *tfjson.StateResource {
		return made("aws_network_acl", map[string]any{"id": "acl-1", "subnet_ids": []any{"subnet-1"}, "ingress": ingress, "egress": egress})
	}
	ofEndpoint := func(ingress, egress []any) *tfjson.StateResource {
		return made("aws_network_acl", map[string]any{"id": "acl-2", "subnet_ids": []any{"subnet-2"}, "ingress": ingress, "egress": egress})
	}
	for _, test := range []struct {
		name    string
		acls    []*tfjson.StateResource
		missing string
	}{
		{"none that was written", nil, ""},
		{"one that lets everything through", []*tfjson.StateResource{ofNodes(all, all), ofEndpoint(all, all)}, ""},
		{"one without entries", []*tfjson.StateResource{ofNodes(nil, nil)}, "lets nothing out of"},
		{"a denial of the endpoint's range before what allows", []*tfjson.StateResource{
			ofNodes(all, append([]any{entry(50, "deny", "-1", "10.0.1.0/25", 0, 0)}, all...))}, "lets nothing out of"},
		{"a denial of the endpoint's range behind what allows", []*tfjson.StateResource{
			ofNodes(all, append([]any{entry(150, "deny", "-1", "10.0.1.0/24", 0, 0)}, all...))}, ""},
		{"a denial of another port", []*tfjson.StateResource{
			ofNodes(all, append([]any{entry(50, "deny", "6", "0.0.0.0/0", 22, 22)}, all...))}, ""},
		{"a denial of UDP", []*tfjson.StateResource{
			ofNodes(all, append([]any{entry(50, "deny", "17", "0.0.0.0/0", 0, 65535)}, all...))}, ""},
		{"no answers for nodes", []*tfjson.StateResource{ofNodes([]any{entry(100, "allow", "6", "0.0.0.0/0", 443, 443)}, all)},
			"does not let the answers of aws_vpc_endpoint.this in to"},
		{"answers for nodes", []*tfjson.StateResource{ofNodes([]any{entry(100, "allow", "tcp", "10.0.0.0/16", 1024, 65535)},
			[]any{entry(100, "allow", "tcp", "10.0.1.0/24", 443, 443)})}, ""},
		{"an endpoint that takes others alone", []*tfjson.StateResource{ofEndpoint([]any{entry(100, "allow", "-1", "10.0.9.0/24", 0, 0)}, all)},
			"in to port 443 of aws_vpc_endpoint.this"},
		{"an endpoint that does not answer", []*tfjson.StateResource{ofEndpoint(all, nil)},
			"does not let the answers of aws_vpc_endpoint.this out"},
		{"one whose entries and subnets stand beside it", []*tfjson.StateResource{
			made("aws_network_acl", map[string]any{"id": "acl-3"}),
			made("aws_network_acl_association", map[string]any{"network_acl_id": "acl-3", "subnet_id": "subnet-1"}),
			made("aws_network_acl_rule", map[string]any{"network_acl_id": "acl-3", "egress": true, "rule_number": 1.0, "rule_action": "allow",
				"protocol": "-1", "cidr_block": "0.0.0.0/0"})}, "does not let the answers of aws_vpc_endpoint.this in to"},
	} {
		t.Run(test.name, func(t *testing.T) {
			more := append([]*tfjson.StateResource{
				made("aws_subnet", map[string]any{"id": "subnet-2", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"})}, test.acls...)
			way := secretWay(t, network(policy, more...))
			if (way.Missing == "") != (test.missing == "") || !strings.Contains(way.Missing, test.missing) {
				t.Errorf("it lacks %q, not %q", way.Missing, test.missing)
			}
		})
	}
}
