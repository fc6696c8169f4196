package cost

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// network prices what stands in the network by the hour: NAT gateways, endpoints, public addresses and load balancers.
func (e *estimate) network() {
	inv := e.Inventory
	for _, nat := range inv.NATGateways {
		u := hourly(1, "")
		u.zone = nat.Zone
		e.add(nat.Resource, pricing.NATGatewayHour, "", u)
	}
	for _, endpoint := range inv.Endpoints {
		switch endpoint.Kind {
		case "Gateway":
			e.report.Free[endpoint.Type+" (gateway)"]++
		case "Interface":
			e.add(endpoint.Resource, pricing.InterfaceHour, "", e.inZones(endpoint.Resource, endpoint.Subnets, "zones"))
		case "":
			e.missing(endpoint.Resource, "the plan does not know its type")
		default:
			e.missing(endpoint.Resource, "the price book has interface endpoints alone, and this is "+endpoint.Kind)
		}
	}
	for _, lb := range inv.LoadBalancers {
		if lb.Kind == "" {
			e.missing(lb.Resource, "the plan does not know its type")
			continue
		}
		hour, ok := map[string]pricing.Item{"network": pricing.NLBHour, "application": pricing.ALBHour}[lb.Kind]
		if !ok {
			e.missing(lb.Resource, "the price book has network and application load balancers alone, and this is "+lb.Kind)
			continue
		}
		e.add(lb.Resource, hour, "", hourly(1, ""))
		if inside := lb.Internal; !inside.Else(false, false) && !hasOwnAddresses(lb) {
			addresses := e.inZones(lb.Resource, lb.Subnets, "addresses, one in each zone,")
			if inside.IsUnknown() {
				addresses.between(decimal.Zero, "whether it faces the internet")
			}
			e.add(lb.Resource, pricing.PublicIPv4Hour, "", addresses)
		}
	}
}

// hasOwnAddresses reports whether a load balancer's public addresses are Elastic IPs, which are priced by themselves.
func hasOwnAddresses(lb inventory.LoadBalancer) bool {
	for _, mapping := range lb.Values.Blocks("subnet_mapping") {
		if mapping.Attr("allocation_id").Text().Else("", "made along with it") != "" {
			return true
		}
	}
	return false
}

// inZones is the use of what stands in each subnet. Where the plan does not know the subnets, it is a range: from one to all that can be
// meant.
func (e *estimate) inZones(r inventory.Resource, subnets []string, noun string) use {
	count := int64(len(subnets))
	if count == 0 {
		count = int64(max(1, len(e.Inventory.Zones())))
	}
	u := hourly(count, noun)
	if len(subnets) == 1 {
		u.zone = e.zoneOf(subnets[0])
	}
	guessed := slices.ContainsFunc(r.Candidates, func(argument string) bool { return strings.HasPrefix(argument, "subnet") })
	if len(subnets) == 0 || guessed && count > 1 {
		u.between(hourly(1, noun).quantity, "which subnets")
	}
	return u
}

func (e *estimate) zoneOf(subnet string) string {
	for _, s := range e.Inventory.Subnets {
		if s.Address == subnet {
			return s.Zone
		}
	}
	return ""
}

// traffic prices what moves: through NAT gateways, endpoints and load balancers, between zones and out.
func (e *estimate) traffic() {
	inv := e.Inventory
	if n := int64(len(inv.NATGateways)); n > 0 {
		share := decimal.NewFromInt(n)
		perGateway := func(m moment) decimal.Decimal {
			workspaces := e.load.workspaces(m).Mul(e.usage.Value("nat_gb_per_workspace_hour"))
			return workspaces.Add(e.fleet.total(m).Mul(e.usage.Value("nat_gb_per_node_hour"))).Div(share)
		}
		for _, nat := range inv.NATGateways {
			u := e.byHour(perGateway, fmt.Sprintf("of running workspaces and of nodes, 1 of %d gateways", n), "load", "users",
				"nat_gb_per_workspace_hour", "nat_gb_per_node_hour")
			u.zone = nat.Zone
			e.add(nat.Resource, pricing.NATGatewayGB, "", u)
		}
	}
	e.endpointTraffic()
	for _, lb := range inv.LoadBalancers {
		e.throughLoadBalancer(lb)
	}
	if len(inv.LoadBalancers)+len(inv.NATGateways) == 0 {
		return
	}
	var door inventory.Resource
	if len(inv.LoadBalancers) > 0 {
		door = inv.LoadBalancers[0].Resource
	} else {
		door = inv.NATGateways[0].Resource
	}
	workspaces := rate(e.load.workspaces)
	e.add(door, pricing.InternetOutGB, "", e.byHour(workspaces.times(e.usage.Value("out_gb_per_workspace_hour")),
		"what running workspaces show their users", "load", "users", "out_gb_per_workspace_hour"))
	if len(inv.Zones()) > 1 && (e.Capacity == nil || e.Capacity.Zones > 1) {
		// A GB that crosses costs in both directions.
		both := e.usage.Value("zone_gb_per_workspace_hour").Mul(decimal.NewFromInt(2))
		e.add(door, pricing.InterAZGB, "", e.byHour(workspaces.times(both),
			"of running workspaces, once out of a zone and once into another", "load", "users", "zone_gb_per_workspace_hour"))
	}
}

func (e *estimate) endpointTraffic() {
	var interfaces []inventory.Endpoint
	for _, endpoint := range e.Inventory.Endpoints {
		if endpoint.Kind == "Interface" {
			interfaces = append(interfaces, endpoint)
		}
	}
	if len(interfaces) == 0 {
		return
	}
	// The tiers are those of all endpoints together, so that one line has them all.
	e.add(interfaces[0].Resource, pricing.InterfaceGB, "", e.byHour(rate(e.fleet.total).times(e.usage.Value("endpoint_gb_per_node_hour")),
		fmt.Sprintf("of nodes, through all %d endpoints", len(interfaces)), "endpoint_gb_per_node_hour"))
}

// The dimensions of a capacity unit of load balancers, of which the one that is used most counts (AWS, "Elastic Load Balancing pricing"): 1
// GB an hour, and 3,000 active connections for TLS listeners of a network load balancer and for application load balancers.
const connectionsOfUnit = 3000

func (e *estimate) throughLoadBalancer(lb inventory.LoadBalancer) {
	unit, ok := map[string]pricing.Item{"network": pricing.NLBLCUHour, "application": pricing.ALBLCUHour}[lb.Kind]
	if !ok {
		return
	}
	e.add(lb.Resource, unit, "", e.byHour(func(m moment) decimal.Decimal {
		workspaces := e.load.workspaces(m)
		gb := workspaces.Mul(e.usage.Value("out_gb_per_workspace_hour"))
		connections := workspaces.Mul(e.usage.Value("connections_per_workspace")).Div(decimal.NewFromInt(connectionsOfUnit))
		return decimal.Max(gb, connections)
	}, "GB or connections of running workspaces, whichever takes more", "load", "users", "out_gb_per_workspace_hour",
		"connections_per_workspace"))
}
