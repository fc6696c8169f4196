package ec2

import (
	"fmt"
	"hash/crc32"
	"net/netip"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// routingTypes declares the route tables of a VPC. Error codes and texts: EC2 API model and moto's record of real answers, unless a
// comment says otherwise.
func routingTypes() []*model.Type {
	return []*model.Type{routeTable(), defaultRouteTable(), route(), routeTableAssociation(), mainRouteTableAssociation()}
}

var routeTableMissing = model.Missing("InvalidRouteTableID.NotFound", "The routeTable ID '%s' does not exist")

// routeTargets are the arguments that say where a route leads, with the types that may be meant.
var routeTargets = []model.Reference{
	{Path: "gateway_id", To: []string{"aws_internet_gateway", "aws_vpn_gateway"}, Missing: gatewayMissing},
	{Path: "nat_gateway_id", To: []string{"aws_nat_gateway"},
		Missing: model.Missing("InvalidNatGatewayID.NotFound", "The natGateway ID '%s' does not exist")},
	{Path: "egress_only_gateway_id", To: []string{"aws_egress_only_internet_gateway"},
		Missing: model.Missing("InvalidGatewayID.NotFound", "The eigw ID '%s' does not exist")},
	{Path: "network_interface_id", To: []string{"aws_network_interface"}, Weak: true},
	{Path: "vpc_endpoint_id", To: []string{"aws_vpc_endpoint"},
		Missing: model.Missing("InvalidVpcEndpointId.NotFound", "The VpcEndpoint ID '%s' does not exist"), Weak: true},
	{Path: "transit_gateway_id", To: []string{"aws_ec2_transit_gateway"}, Weak: true},
	{Path: "vpc_peering_connection_id", To: []string{"aws_vpc_peering_connection"}, Weak: true},
}

// gatewayMissing accepts the word for the way inside the VPC, which is no gateway.
func gatewayMissing(id string) *world.Error {
	if id == "local" {
		return nil
	}
	return world.Fail("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist", id)
}

func routeTable() *model.Type {
	return &model.Type{
		Name: "aws_route_table", API: api, Noun: "EC2 Route Table",
		CreateCall: "CreateRouteTable", UpdateCall: "CreateRoute", DeleteCall: "DeleteRouteTable",
		Identify:   model.GeneratedID("rtb-", 17),
		References: []model.Reference{{Path: "vpc_id", To: []string{"aws_vpc"}, Missing: vpcMissing}},
		Parts:      inlineRoutes(tableTargets),
		Checks:     []model.Check{checkInlineRoutes},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-589F43AA", Service: "vpc", Name: "Route tables per VPC", Default: 200},
			Per:   perVPC,
			Exceeded: func() *world.Error {
				return world.Fail("RouteTableLimitExceeded", "The maximum number of route tables has been reached.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "route-table/"+c.ID))
			c.Set("owner_id", c.Account)
			c.Set("propagating_vgws", []any{})
		},
		BeforeDelete: []model.Check{func(c *model.Call) *world.Error {
			if vpc := c.Find("aws_vpc", c.String("vpc_id")); vpc != nil && vpc.String("main_route_table_id") == c.ID {
				return routeTableInUse(c, nil) // the main table goes with its VPC alone
			}
			return nil
		}},
		InUse: routeTableInUse,
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 2),
			Source: "logs of real deployments"},
	}
}

var routeTableInUse = model.DependencyViolation("The routeTable '%s' has dependencies and cannot be deleted.")

// defaultRouteTable takes the main route table over that AWS made with the VPC, and takes its routes away. Terraform neither makes nor
// deletes it, and leaves the routes when it lets go of it.
func defaultRouteTable() *model.Type {
	return &model.Type{
		Name: "aws_default_route_table", API: api, Noun: "EC2 Default Route Table",
		CreateCall: "DescribeRouteTables", UpdateCall: "CreateRoute", DeleteCall: "DeleteRoute",
		Identify: model.IDFrom("default_route_table_id"),
		References: []model.Reference{
			{Path: "default_route_table_id", To: []string{"aws_route_table"}, Inside: true, Missing: routeTableMissing},
		},
		Parts:  inlineRoutes(defaultTableTargets),
		Checks: []model.Check{checkInlineRoutes},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "route-table/"+c.ID))
			c.Set("owner_id", c.Account)
			c.Set("propagating_vgws", []any{})
			if c.Creating() {
				for _, route := range c.Where("aws_route", "route_table_id", c.ID) {
					c.Catalog.Remove(c.World, route)
				}
			}
			if table := c.Find("aws_route_table", c.ID); table != nil {
				c.Set("vpc_id", table.String("vpc_id"))
			}
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

// routeDestinations are the arguments that say what a route is for, at most one of them set.
var routeDestinations = []string{"destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"}

func routeDestination(attributes world.Object) string {
	for _, name := range routeDestinations {
		if value, ok := attributes[name].(string); ok && value != "" {
			return value
		}
	}
	return ""
}

// routeID is what the provider calls a route: AWS itself has no ids for routes.
func routeID(table, destination string) string {
	return fmt.Sprintf("r-%s%d", table, crc32.ChecksumIEEE([]byte(destination)))
}

func route() *model.Type {
	return &model.Type{
		Name: "aws_route", API: api, Noun: "Route",
		CreateCall: "CreateRoute", UpdateCall: "ReplaceRoute", DeleteCall: "DeleteRoute",
		Identify: func(c *model.Call) string { return routeID(c.String("route_table_id"), routeDestination(c.Object)) },
		References: append([]model.Reference{
			{Path: "route_table_id", To: []string{"aws_route_table"}, Inside: true, Missing: routeTableMissing},
		}, routeTargets...),
		Checks: []model.Check{func(c *model.Call) *world.Error {
			table := c.Find("aws_route_table", c.String("route_table_id"))
			if table == nil {
				return nil
			}
			if err := routeTaken(c, table); err != nil {
				return err
			}
			return checkRoute(c, table, c.Object)
		}},
		Quotas: []model.Quota{{
			Quota:  world.Quota{Code: "L-93826ACB", Service: "vpc", Name: "Routes per route table", Default: 50},
			Within: "route_table_id",
			Per: func(_ *model.Call, attributes world.Object) string {
				table, _ := attributes["route_table_id"].(string)
				return table
			},
			Exceeded: func() *world.Error {
				return world.Fail("RouteLimitExceeded", "The maximum number of routes has been reached.")
			},
		}},
		Fill: func(c *model.Call) {
			c.SetEach("", "instance_id", "instance_owner_id", "network_interface_id")
			c.Force("origin", "CreateRoute")
			c.Force("state", "active")
		},
		ImportBy: func(c *model.Call, id string) *world.Resource {
			// The import id is the table and the destination with an underscore between: rtb-1_0.0.0.0/0.
			for _, r := range c.All("aws_route") {
				if r.String("route_table_id")+"_"+routeDestination(r.Attributes) == id {
					return r
				}
			}
			return nil
		},
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 2),
			Source: "logs of real deployments"},
	}
}

// routeTaken refuses a second route for a destination.
func routeTaken(c *model.Call, table *world.Resource) *world.Error {
	if !c.Creating() {
		return nil
	}
	destination := routeDestination(c.Object)
	taken := destination != "" && destination == vpcRangeOf(c, table)
	for _, other := range c.Where("aws_route", "route_table_id", table.ID) {
		taken = taken || routeDestination(other.Attributes) == destination
	}
	if taken {
		return routeExists(destination)
	}
	return nil
}

func vpcRangeOf(c *model.Call, table *world.Resource) string {
	if vpc := c.Find("aws_vpc", table.String("vpc_id")); vpc != nil {
		return vpc.String("cidr_block")
	}
	return ""
}

// checkRoute holds a route to a destination that is one, and to a target in the network of its table.
func checkRoute(c *model.Call, table *world.Resource, attributes world.Object) *world.Error {
	vpc := table.String("vpc_id")
	destination, _ := attributes["destination_cidr_block"].(string)
	if err := routeRange(c, table, destination, attributes); err != nil {
		return err
	}
	// Texts: messages of AWS seen in public reports, unverified.
	gateway, _ := attributes["gateway_id"].(string)
	if target := c.Find("aws_internet_gateway", gateway); target != nil && target.String("vpc_id") != vpc {
		return world.Fail("InvalidParameterValue", "route table %s and network gateway %s belong to different networks", table.ID, gateway)
	}
	nat, _ := attributes["nat_gateway_id"].(string)
	if target := c.Find("aws_nat_gateway", nat); target != nil && c.VPCOf(target.String("subnet_id")) != vpc {
		return world.Fail("InvalidParameterValue", "route table %s and interface %s belong to different networks", table.ID,
			target.String("network_interface_id"))
	}
	return attachedTo(c, vpc, attributes)
}

// attachedTo refuses a route to a transit gateway to which the network is not attached, in the words for one that does not exist. Source:
// public reports of CreateRoute before its attachment (hashicorp/terraform-provider-aws#10025).
func attachedTo(c *model.Call, vpc string, attributes world.Object) *world.Error {
	gateway, _ := attributes["transit_gateway_id"].(string)
	if gateway == "" || c.Find("aws_vpc", vpc) == nil {
		return nil // who attached a network that was there before is not known
	}
	for _, attachment := range c.Where("aws_ec2_transit_gateway_vpc_attachment", "vpc_id", vpc) {
		if attachment.String("transit_gateway_id") == gateway {
			return nil
		}
	}
	return world.Fail("InvalidTransitGatewayID.NotFound", "The transitGateway ID '%s' does not exist.", gateway)
}

// routeRange refuses destinations that are no range, and those inside the VPC, which only an interface may take over.
func routeRange(c *model.Call, table *world.Resource, destination string, attributes world.Object) *world.Error {
	if destination == "" {
		return nil
	}
	prefix, err := netip.ParsePrefix(destination)
	if err != nil {
		return world.Fail("InvalidParameterValue", "Value (%s) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.",
			destination)
	}
	network, err := netip.ParsePrefix(vpcRangeOf(c, table))
	if err != nil || network.Bits() > prefix.Bits() || !network.Contains(prefix.Addr()) {
		return nil
	}
	for _, argument := range []string{"network_interface_id", "vpc_endpoint_id", "gateway_id"} {
		if id, _ := attributes[argument].(string); id != "" && (argument != "gateway_id" || id == "local") {
			return nil
		}
	}
	// Text: messages of AWS seen in public reports, unverified.
	return world.Fail("InvalidParameterValue",
		"The destination CIDR block %s is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an "+
			"interface or an instance.", destination)
}

func routeTableAssociation() *model.Type {
	return &model.Type{
		Name: "aws_route_table_association", API: api, Noun: "EC2 Route Table Association",
		CreateCall: "AssociateRouteTable", UpdateCall: "ReplaceRouteTableAssociation", DeleteCall: "DisassociateRouteTable",
		Identify: model.GeneratedID("rtbassoc-", 17),
		References: []model.Reference{
			{Path: "subnet_id", To: []string{"aws_subnet"}, Inside: true, Missing: subnetMissing},
			{Path: "gateway_id", To: []string{"aws_internet_gateway", "aws_vpn_gateway"}, Inside: true,
				Missing: model.Missing("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist")},
			{Path: "route_table_id", To: []string{"aws_route_table"}, Missing: routeTableMissing},
		},
		Checks: []model.Check{associationNetwork, associationTaken},
		ImportBy: func(c *model.Call, id string) *world.Resource {
			// The import id is the subnet or gateway and the table with a slash between.
			for _, r := range c.All("aws_route_table_association") {
				if r.String("subnet_id")+r.String("gateway_id")+"/"+r.String("route_table_id") == id {
					return r
				}
			}
			return nil
		},
		Latency: model.Latency{Create: model.Seconds(1, 0.5, 1), Update: model.Seconds(1, 0.5, 1), Delete: model.Seconds(1, 0.5, 1),
			Source: "logs of real deployments"},
	}
}

// associationNetwork refuses a table of another VPC than the subnet's. Text: seen in public reports, unverified.
func associationNetwork(c *model.Call) *world.Error {
	table, subnet := c.Find("aws_route_table", c.String("route_table_id")), c.String("subnet_id")
	if table != nil && subnet != "" && c.VPCOf(subnet) != table.String("vpc_id") {
		return world.Fail("InvalidParameterValue", "route table %s and subnet %s belong to different networks", table.ID, subnet)
	}
	return nil
}

// associationTaken refuses a second table for one subnet or gateway. Text: seen in public reports, unverified.
func associationTaken(c *model.Call) *world.Error {
	if !c.Creating() {
		return nil
	}
	for _, other := range c.All("aws_route_table_association") {
		for _, argument := range []string{"subnet_id", "gateway_id"} {
			if id := c.String(argument); id != "" && other.String(argument) == id {
				return world.Fail("Resource.AlreadyAssociated", "the specified association for route table %s conflicts with an existing association",
					c.String("route_table_id"))
			}
		}
	}
	return nil
}

// mainRouteTableAssociation makes another table the VPC's main one; its deletion gives the original table back its place.
func mainRouteTableAssociation() *model.Type {
	return &model.Type{
		Name: "aws_main_route_table_association", API: api, Noun: "EC2 Main Route Table Association",
		CreateCall: "ReplaceRouteTableAssociation", UpdateCall: "ReplaceRouteTableAssociation", DeleteCall: "ReplaceRouteTableAssociation",
		Identify: model.GeneratedID("rtbassoc-", 17),
		References: []model.Reference{
			{Path: "vpc_id", To: []string{"aws_vpc"}, Inside: true, Missing: vpcMissing},
			{Path: "route_table_id", To: []string{"aws_route_table"}, Missing: routeTableMissing},
		},
		Fill: func(c *model.Call) {
			vpc := c.Find("aws_vpc", c.String("vpc_id"))
			if vpc == nil {
				return
			}
			c.Set("original_route_table_id", vpc.String("main_route_table_id"))
			c.World.Change(vpc, world.Object{"main_route_table_id": c.String("route_table_id")})
		},
		Deleted: func(c *model.Call) {
			if vpc := c.Find("aws_vpc", c.String("vpc_id")); vpc != nil {
				c.World.Change(vpc, world.Object{"main_route_table_id": c.String("original_route_table_id")})
			}
		},
		Latency: model.Instant("estimate, after route table associations"),
	}
}
