package inventory

import (
	"slices"
	"strings"

	"coderaws/internal/plan"
)

// gateways are what a route can lead to, by the argument that names it.
var gateways = []struct {
	argument string
	types    []string
}{
	{"nat_gateway_id", []string{"aws_nat_gateway"}},
	{"gateway_id", []string{"aws_internet_gateway", "aws_vpn_gateway"}},
	{"egress_only_gateway_id", []string{"aws_egress_only_internet_gateway"}},
	{"transit_gateway_id", []string{"aws_ec2_transit_gateway"}},
	{"vpc_endpoint_id", []string{"aws_vpc_endpoint"}},
	{"vpc_peering_connection_id", []string{"aws_vpc_peering_connection"}},
	{"network_interface_id", []string{"aws_network_interface", "aws_instance"}},
}

const (
	vpcType    = "aws_vpc"
	subnetType = "aws_subnet"
	tableType  = "aws_route_table"
)

// network finds networks and what they consist of.
func (r *reading) network(inv *Inventory) {
	further := map[string][]string{}
	for _, more := range r.of("aws_vpc_ipv4_cidr_block_association") {
		of := r.refersOne(more, "vpc_id", vpcType)
		further[of] = append(further[of], texts(more.Values, "cidr_block")...)
	}
	for _, resource := range r.of(vpcType, "aws_default_vpc") {
		vpc := VPC{Resource: resource, CIDRs: append(texts(resource.Values, "cidr_block"), further[resource.Address]...)}
		inv.VPCs = append(inv.VPCs, vpc)
	}
	for _, resource := range r.of("aws_internet_gateway") {
		inv.InternetGateways = append(inv.InternetGateways, InternetGateway{resource, r.refersOne(resource, "vpc_id", vpcType)})
	}
	inv.RouteTables = r.routeTables()
	r.subnets(inv)
	for _, resource := range r.of("aws_nat_gateway") {
		nat := NATGateway{
			Resource: resource, Subnet: r.refersOne(resource, "subnet_id", subnetType),
			Private: private(resource.Values.Attr("connectivity_type").Text()),
		}
		nat.Zone = inv.zoneOf(nat.Subnet)
		inv.NATGateways = append(inv.NATGateways, nat)
	}
	for _, resource := range r.of("aws_vpc_endpoint") {
		endpoint := Endpoint{
			Resource: resource, VPC: r.refersOne(resource, "vpc_id", vpcType),
			Service: shortService(text(resource.Values, "service_name"), resource.Region),
			Kind:    resource.Values.Attr("vpc_endpoint_type").Text().Else("Gateway", ""),
		}
		if endpoint.Kind != "Gateway" {
			endpoint.Subnets = r.refers(resource, "subnet_ids", subnetType)
		}
		inv.Endpoints = append(inv.Endpoints, endpoint)
	}
	r.missingVPCs(inv)
}

// private reports whether a connectivity type is that of a gateway to other networks.
func private(kind plan.Maybe[string]) plan.Maybe[bool] {
	if kind.IsUnknown() {
		return plan.Unknown[bool]()
	}
	return plan.Known(kind.Else("public", "") == "private")
}

// shortService drops what all names of services of a region begin with.
func shortService(name, region string) string {
	for _, beginning := range []string{"com.amazonaws." + region + ".", "com.amazonaws.", "aws.api." + region + "."} {
		if short, ok := strings.CutPrefix(name, beginning); ok {
			return short
		}
	}
	return name
}

func (r *reading) routeTables() []RouteTable {
	var tables []RouteTable
	index := map[string]int{}
	for _, resource := range r.of(tableType, "aws_default_route_table") {
		table := RouteTable{Resource: resource, VPC: r.refersOne(resource, "vpc_id", vpcType), Routes: []Route{}}
		if resource.Type != tableType && table.VPC == "" {
			table.VPC = r.refersOne(resource, "default_route_table_id", vpcType)
		}
		for _, block := range resource.Values.Blocks("route") {
			destination := text(block, "cidr_block") + text(block, "ipv6_cidr_block") + text(block, "destination_prefix_list_id")
			if route, ok := r.route(resource, block, "route.", destination); ok {
				table.Routes = append(table.Routes, route)
			}
		}
		index[resource.Address] = len(tables)
		tables = append(tables, table)
	}
	for _, resource := range r.of("aws_route") {
		destination := text(resource.Values, "destination_cidr_block") + text(resource.Values, "destination_ipv6_cidr_block") +
			text(resource.Values, "destination_prefix_list_id")
		i, ok := index[r.refersOne(resource, "route_table_id", tableType, "aws_default_route_table")]
		route, known := r.route(resource, resource.Values, "", destination)
		if ok && known {
			tables[i].Routes = append(tables[i].Routes, route)
		}
	}
	return tables
}

// route reads one route, as a block of a table or a resource of its own; false if its target is not known at all.
func (r *reading) route(from Resource, values plan.Value, prefix, destination string) (Route, bool) {
	for _, gateway := range gateways {
		if target := text(values, gateway.argument); target != "" {
			route := Route{destination, gateway.types[0], target}
			for _, typ := range gateway.types {
				if address, ok := r.owners[[2]string{typ, target}]; ok {
					route.Kind, route.Target = typ, address
				}
			}
			return route, true
		}
	}
	for _, gateway := range gateways {
		origins := r.graph.origins(plan.Block(from.Address), strings.Split(prefix+gateway.argument, "."),
			func(typ string) bool { return slices.Contains(gateway.types, typ) })
		if found := pick(from.Address, origins, r.instances); len(found) > 0 {
			kind := gateway.types[0]
			if target, ok := r.resource(found[0]); ok {
				kind = target.Type
			}
			return Route{destination, kind, found[0]}, true
		}
	}
	return Route{}, false
}

// subnets finds the subnets, and how far their routes lead. A subnet without a table of its own has its VPC's main table.
func (r *reading) subnets(inv *Inventory) {
	tableOf, mainOf, tables := map[string]string{}, map[string]string{}, map[string][]Route{}
	for _, table := range inv.RouteTables {
		tables[table.Address] = table.Routes
		if table.Type == "aws_default_route_table" {
			mainOf[table.VPC] = table.Address
		}
	}
	for _, resource := range r.of("aws_main_route_table_association") {
		mainOf[r.refersOne(resource, "vpc_id", vpcType)] = r.refersOne(resource, "route_table_id", tableType)
	}
	for _, resource := range r.of("aws_route_table_association") {
		tableOf[r.refersOne(resource, "subnet_id", subnetType)] = r.refersOne(resource, "route_table_id", tableType, "aws_default_route_table")
	}
	for _, resource := range r.of(subnetType, "aws_default_subnet") {
		subnet := Subnet{
			Resource: resource, VPC: r.refersOne(resource, "vpc_id", vpcType), CIDR: text(resource.Values, "cidr_block"),
			Zone: text(resource.Values, "availability_zone"),
		}
		if subnet.Zone == "" {
			subnet.Zone = text(resource.Values, "availability_zone_id")
		}
		subnet.RouteTable = tableOf[resource.Address]
		if subnet.RouteTable == "" {
			subnet.RouteTable = mainOf[subnet.VPC]
		}
		subnet.Kind = kindOf(subnet, tables[subnet.RouteTable])
		inv.Subnets = append(inv.Subnets, subnet)
	}
	inv.zones = map[string]string{}
	for _, subnet := range inv.Subnets {
		inv.zones[subnet.Address] = subnet.Zone
	}
}

// kindOf follows a subnet's default route.
func kindOf(subnet Subnet, routes []Route) SubnetKind {
	kind := Isolated
	if subnet.Type == "aws_default_subnet" {
		kind = Public // AWS's own default subnets are, until somebody changes their routes
	}
	for _, route := range routes {
		if route.Destination != "0.0.0.0/0" && route.Destination != "::/0" {
			continue
		}
		if route.Kind == "aws_internet_gateway" {
			return Public
		}
		kind = Private
	}
	return kind
}

// missingVPCs adds the networks that the plan uses and does not hold.
func (r *reading) missingVPCs(inv *Inventory) {
	known := map[string]bool{}
	for _, vpc := range inv.VPCs {
		known[vpc.Address], known[vpc.Name] = true, true
	}
	for _, subnet := range inv.Subnets {
		if !known[subnet.VPC] {
			known[subnet.VPC], known[""] = true, true
			inv.VPCs = append(inv.VPCs, VPC{
				Resource: Resource{Type: vpcType, Name: subnet.VPC, Region: subnet.Region, Action: Keep}, CIDRs: []string{},
			})
		}
	}
}

// zoneOf is the zone of a subnet, empty if it is not known.
func (inv *Inventory) zoneOf(subnet string) string {
	if inv.zones != nil {
		return inv.zones[subnet]
	}
	for _, s := range inv.Subnets {
		if s.Address == subnet {
			return s.Zone
		}
	}
	return ""
}

// zonesOf are the zones of subnets, sorted.
func (inv *Inventory) zonesOf(subnets []string) []string {
	zones := []string{}
	for _, subnet := range subnets {
		if zone := inv.zoneOf(subnet); zone != "" && !slices.Contains(zones, zone) {
			zones = append(zones, zone)
		}
	}
	slices.Sort(zones)
	return zones
}
