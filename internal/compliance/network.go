package compliance

import (
	"slices"
	"strings"

	"coderaws/internal/inventory"
)

// networkChecks are about the ways out of a network, and who may use them.
func networkChecks() []Check {
	return []Check{
		{ID: "private-subnets", What: "subnets of nodes, control planes, instances and databases have no route from the internet",
			Reads: []string{"aws_eks_node_group", "aws_autoscaling_group", "aws_eks_cluster", "aws_instance", "aws_rds_cluster", "aws_db_instance",
				"aws_subnet", "aws_default_subnet", "aws_route_table", "aws_default_route_table", "aws_route", "aws_internet_gateway"},
			rule: routes("aws_internet_gateway")},
		{ID: "no-way-out", What: "subnets of nodes, instances and databases have no route to the internet, by no gateway",
			Reads: []string{"aws_eks_node_group", "aws_autoscaling_group", "aws_eks_cluster", "aws_instance", "aws_rds_cluster", "aws_db_instance",
				"aws_nat_gateway", "aws_egress_only_internet_gateway"},
			rule: routes("aws_internet_gateway", "aws_nat_gateway", "aws_egress_only_internet_gateway")},
		{ID: "database-subnets", What: "databases have subnets that hold no nodes and no instances",
			Reads: []string{"aws_rds_cluster", "aws_db_instance"},
			rule:  databaseSubnets},
		{ID: "no-public-addresses", What: "nothing gets a public address because of where it starts",
			Reads: []string{"aws_subnet", "aws_instance", "aws_launch_template"},
			rule: both(attribute("map_public_ip_on_launch", no(false), "aws_subnet"), attribute("associate_public_ip_address",
				no(false), "aws_instance"),
				only(func(i item) bool { return len(i.Values.Blocks("network_interfaces")) > 0 }, "network_interfaces.associate_public_ip_address",
					no(false), "aws_launch_template"))},
		{ID: "default-security-group-closed", What: "the default security group of each VPC lets nothing in and nothing out",
			Reads: []string{"aws_vpc", "aws_default_security_group"},
			rule: has("aws_vpc", "vpc_id", []string{"aws_default_security_group"}, "aws_default_security_group", "without rules",
				func(_ *Subject, i item) Answer {
					return answer(len(i.Values.Blocks("ingress")) == 0 && len(i.Values.Blocks("egress")) == 0)
				})},
		{ID: "endpoint-policies", What: "no endpoint lets everybody do everything through it", Reads: []string{"aws_vpc_endpoint"},
			rule: endpointPolicies},
		{ID: "ec2-endpoint", What: "each VPC has an interface endpoint for the API of EC2", Reads: []string{"aws_vpc"},
			rule: serviceEndpoint("ec2")},
		{ID: "flow-logs", What: "each VPC keeps records of all connections", Reads: []string{"aws_vpc", "aws_flow_log"},
			rule: has("aws_vpc", "vpc_id", []string{"aws_flow_log"}, "aws_flow_log", "traffic_type ALL",
				func(_ *Subject, i item) Answer { return oneOf("ALL", "ALL").holds(i.Values.Attr("traffic_type")) })},
		{ID: "resolver-logs", What: "each VPC keeps records of the names that are looked up",
			Reads:     []string{"aws_route53_resolver_query_log_config_association"},
			Elsewhere: "`aws route53resolver list-resolver-query-log-config-associations`",
			rule: has("aws_vpc", "resource_id", []string{"aws_route53_resolver_query_log_config_association"}, "query log", "one for the VPC", nil).
				where("aws_route53_resolver_query_log_config_association")},
	}
}

// rule is what a check does.
type rule func(*Subject) []Evidence

// where limits a rule to plans that have some of these types: for all others somebody else may have made them.
func (r rule) where(types ...string) rule {
	return func(s *Subject) []Evidence {
		if len(s.of(types...)) == 0 {
			return nil
		}
		return r(s)
	}
}

// tenant is what has subnets.
type tenant struct {
	item
	subnets []string
}

// tenants are what has subnets in a place, by what it is.
func tenants(place *Place) (nodes, databases []tenant) {
	inv := place.Inventory
	for _, g := range inv.NodeGroups {
		nodes = append(nodes, tenant{item{g.Resource, place}, g.Subnets})
	}
	for _, c := range inv.Clusters {
		nodes = append(nodes, tenant{item{c.Resource, place}, c.Subnets})
	}
	for _, i := range inv.Instances {
		nodes = append(nodes, tenant{item{i.Resource, place}, []string{i.Subnet}})
	}
	for _, d := range inv.Databases {
		databases = append(databases, tenant{item{d.Resource, place}, d.Subnets})
	}
	return nodes, databases
}

// routes is the rule that no subnet with anything in it has a route to one of some gateways, for any destination.
func routes(gateways ...string) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for i := range s.Places {
			nodes, databases := tenants(&s.Places[i])
			for _, t := range append(nodes, databases...) {
				all = append(all, t.ways(gateways))
			}
		}
		return all
	}
}

// ways says where the routes of a tenant's subnets lead.
func (t tenant) ways(gateways []string) Evidence {
	e := t.evidence(Satisfied, "routes of its subnets", "none", "none to "+typeWords(gateways))
	if len(t.subnets) == 0 || t.subnets[0] == "" {
		e.Answer, e.Why = NotProvable, "the plan does not say which subnets it has"
	}
	inv := t.place.Inventory
	for _, address := range t.subnets {
		at := slices.IndexFunc(inv.Subnets, func(s inventory.Subnet) bool { return s.Address == address })
		if at < 0 {
			if e.Answer == Satisfied {
				e.Answer, e.Found, e.Why = NotProvable, address, "the subnet is not part of the plan: its own routes would show it"
			}
			continue
		}
		subnet := inv.Subnets[at]
		table := slices.IndexFunc(inv.RouteTables, func(r inventory.RouteTable) bool { return r.Address == subnet.RouteTable })
		switch {
		case table < 0 && subnet.RouteTable == "" && strings.HasPrefix(subnet.VPC, "vpc-"), table < 0 && subnet.Type == "aws_default_subnet":
			if e.Answer == Satisfied {
				e.Answer, e.Found, e.Why = NotProvable, address, "the routes of its VPC are not part of the plan"
			}
			continue
		case table < 0:
			continue
		}
		for _, route := range inv.RouteTables[table].Routes {
			if slices.Contains(gateways, route.Kind) {
				e.Answer, e.Found = NotSatisfied, route.Destination+" to "+route.Target
				e.Why = address + " has " + subnet.RouteTable
				e.Where = inv.RouteTables[table].Where
				return e
			}
		}
	}
	return e
}

// typeWords names types in words.
func typeWords(types []string) string {
	var named []string
	for _, typ := range types {
		named = append(named, inventory.ShortType(typ))
	}
	return strings.Join(named, ", ")
}

// databaseSubnets looks for subnets that databases share with others.
func databaseSubnets(s *Subject) []Evidence {
	var all []Evidence
	for i := range s.Places {
		nodes, databases := tenants(&s.Places[i])
		for _, database := range databases {
			e := database.evidence(Satisfied, "subnets", "its own", "its own")
			if len(database.subnets) == 0 {
				e.Answer, e.Found, e.Why = NotProvable, "not known", "the plan does not say which subnets it has"
			}
			for _, other := range nodes {
				for _, subnet := range database.subnets {
					if slices.Contains(other.subnets, subnet) {
						e.Answer, e.Found = NotSatisfied, subnet+" with "+other.Address
					}
				}
			}
			all = append(all, e)
		}
	}
	return all
}

// endpointPolicies looks for endpoints that are open to all. Without a policy AWS writes one that is: AWS PrivateLink guide, endpoint
// policies.
func endpointPolicies(s *Subject) []Evidence {
	found := policies("policy", "who may do what", func(s statement) string {
		if s.allows() && s.anything() && s.everywhere() && s.everybody() && !s.narrowed() {
			return "everybody may do everything"
		}
		return ""
	}, "aws_vpc_endpoint")(s)
	for _, i := range s.of("aws_vpc_endpoint") {
		if _, read := statements(i.Values.Attr("policy")); read == NotApplicable {
			found = append(found, i.evidence(NotSatisfied, "policy", "not set: everybody may do everything", "who may do what"))
		}
	}
	return found
}

// serviceEndpoint is the rule that each VPC of the plan with subnets has an interface endpoint of a service.
func serviceEndpoint(service string) rule {
	return func(s *Subject) []Evidence {
		var all []Evidence
		for i := range s.Places {
			place := &s.Places[i]
			for _, vpc := range place.Inventory.VPCs {
				if vpc.Address == "" {
					continue
				}
				e := item{vpc.Resource, place}.evidence(NotSatisfied, "interface endpoint", "none", service)
				for _, endpoint := range place.Inventory.Endpoints {
					// Where a plan does not say its region, that stands before the service.
					named := endpoint.Service == service || strings.HasSuffix(endpoint.Service, "."+service)
					if endpoint.VPC == vpc.Address && named && endpoint.Kind == "Interface" {
						e.Answer, e.Found = Satisfied, endpoint.Address
					}
				}
				all = append(all, e)
			}
		}
		return all
	}
}
