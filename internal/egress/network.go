package egress

import (
	"net/netip"
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/plan"
)

// network is what was made, as far as calls go through it.
type network struct {
	all       map[string][]plan.Resource // by type
	region    string
	account   string
	subnets   map[string]plan.Resource // by id
	tables    map[string]string        // of subnets, by their ids
	nodes     []string                 // subnets of nodes, by id
	endpoints []*endpoint
	acls      map[string]*acl                  // of subnets, by their ids, where one was written
	policies  map[string][]*iampolicy.Document // of roles, by their ARNs
	guarded   []guard
}

// endpoint is one of AWS's services in the network.
type endpoint struct {
	plan.Resource
	service string
	gateway bool
	policy  *iampolicy.Document
}

func readNetwork(resources []plan.Resource) *network {
	n := &network{all: map[string][]plan.Resource{}, subnets: map[string]plan.Resource{}, tables: map[string]string{},
		policies: map[string][]*iampolicy.Document{}, acls: map[string]*acl{}}
	for _, r := range resources {
		if r.IsData {
			continue
		}
		n.all[r.Type] = append(n.all[r.Type], r)
	}
	for _, r := range n.all["aws_subnet"] {
		n.subnets[text(r, "id")] = r
	}
	for _, r := range n.all["aws_route_table_association"] {
		n.tables[text(r, "subnet_id")] = text(r, "route_table_id")
	}
	seen := map[string]bool{}
	for _, r := range n.all["aws_eks_node_group"] {
		for _, id := range texts(r, "subnet_ids") {
			if !seen[id] {
				seen[id] = true
				n.nodes = append(n.nodes, id)
			}
		}
	}
	for _, r := range n.all["aws_eks_cluster"] {
		if parts := strings.Split(text(r, "arn"), ":"); len(parts) > 4 {
			n.region, n.account = parts[3], parts[4]
		}
	}
	for _, r := range n.all["aws_vpc_endpoint"] {
		_, service, _ := strings.Cut(text(r, "service_name"), "."+n.region+".")
		policy, _ := iampolicy.Parse(text(r, "policy")) // what cannot be read lets nothing through, and is told
		n.endpoints = append(n.endpoints, &endpoint{
			Resource: r, service: service, gateway: text(r, "vpc_endpoint_type") != "Interface", policy: policy,
		})
	}
	for _, role := range n.all["aws_iam_role"] {
		n.policies[text(role, "arn")] = n.documents(role)
	}
	n.readGuards()
	n.readACLs()
	return n
}

func text(r plan.Resource, path ...string) string { return r.Values.At(path...).Text().Else("", "") }

func texts(r plan.Resource, name string) []string {
	list, _ := r.Values.Attr(name).Known().([]any)
	var all []string
	for _, element := range list {
		if s, ok := element.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

func yes(r plan.Resource, name string) bool {
	value, _ := r.Values.Attr(name).Known().(bool)
	return value
}

// targets are the arguments of a route that lead out of a network, with what they lead to.
var targets = []struct{ argument, leads string }{
	{"nat_gateway_id", "a NAT gateway"}, {"gateway_id", "a gateway"}, {"transit_gateway_id", "other networks by a transit gateway"},
	{"vpc_peering_connection_id", "another network by peering"}, {"egress_only_gateway_id", "the internet by IPv6"},
	{"network_interface_id", "a network interface"}, {"vpc_endpoint_id", "an appliance"}, {"core_network_arn", "a core network"},
	{"local_gateway_id", "a local gateway"}, {"carrier_gateway_id", "a carrier's network"},
}

// leads says where a route leads to, "" for nowhere outside.
func leads(values plan.Value) string {
	for _, target := range targets {
		id := values.Attr(target.argument).Text().Else("", "")
		switch {
		case id == "" || id == "local":
		case target.argument == "gateway_id" && strings.HasPrefix(id, "igw-"):
			return "the internet"
		default:
			return target.leads
		}
	}
	return ""
}

// out is the route by which a subnet leaves the network for everywhere, if it has one.
func (n *network) out(subnet string) (address string, found bool) {
	for _, r := range n.all["aws_route"] {
		if text(r, "route_table_id") == n.tables[subnet] && text(r, "destination_cidr_block") == "0.0.0.0/0" && leads(r.Values) != "" {
			return r.Address, true
		}
	}
	return "", false
}

// takes reports whether a call to the service from a subnet comes to an endpoint, whether that lets it through or not: by the name that
// private DNS gives it, or by the route of a gateway, which is narrower than the default route.
func (n *network) takes(subnet string, e *endpoint) bool {
	if e.gateway {
		return slices.Contains(texts(e.Resource, "route_table_ids"), n.tables[subnet])
	}
	return yes(e.Resource, "private_dns_enabled") && len(texts(e.Resource, "subnet_ids")) > 0
}

// reaches says what keeps a subnet from an endpoint; "" if nothing does.
func (n *network) reaches(subnet string, e *endpoint) string {
	if e.gateway {
		if n.takes(subnet, e) {
			return ""
		}
		return "the route table of " + n.subnets[subnet].Address + " has no route to " + e.Address
	}
	if !yes(e.Resource, "private_dns_enabled") {
		return e.Address + " has no private DNS, so that its name leads to the internet"
	}
	if len(texts(e.Resource, "subnet_ids")) == 0 {
		return e.Address + " is in no subnet"
	}
	from, err := netip.ParsePrefix(text(n.subnets[subnet], "cidr_block"))
	if err != nil {
		return "the range of " + n.subnets[subnet].Address + " is not known"
	}
	for _, group := range texts(e.Resource, "security_group_ids") {
		for _, rule := range n.all["aws_vpc_security_group_ingress_rule"] {
			if text(rule, "security_group_id") == group && admits(rule, from, 443) {
				return n.stopped(subnet, e)
			}
		}
	}
	return "no security group of " + e.Address + " lets " + n.subnets[subnet].Address + " in on port 443"
}

// admits reports whether a rule lets a range in on a port.
func admits(rule plan.Resource, from netip.Prefix, port float64) bool {
	allowed, err := netip.ParsePrefix(text(rule, "cidr_ipv4"))
	if err != nil || allowed.Bits() > from.Bits() || !allowed.Contains(from.Addr()) {
		return false
	}
	if text(rule, "ip_protocol") == "-1" {
		return true
	}
	first, _ := rule.Values.Attr("from_port").Number().Get()
	last, _ := rule.Values.Attr("to_port").Number().Get()
	return text(rule, "ip_protocol") == "tcp" && first <= port && port <= last
}
