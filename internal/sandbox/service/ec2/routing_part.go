package ec2

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// inlineDestinations are the arguments of a block that say what a route is for, with those of aws_route.
var inlineDestinations = map[string]string{
	"cidr_block":                 "destination_cidr_block",
	"ipv6_cidr_block":            "destination_ipv6_cidr_block",
	"destination_prefix_list_id": "destination_prefix_list_id",
}

// tableTargets and defaultTableTargets are the arguments of a block that say where a route leads, in the type for tables and in that for
// the main table. Those of aws_route have the same names.
var (
	tableTargets = []string{"carrier_gateway_id", "core_network_arn", "egress_only_gateway_id", "gateway_id", "local_gateway_id",
		"nat_gateway_id", "network_interface_id", "odb_network_arn", "transit_gateway_id", "vpc_endpoint_id", "vpc_peering_connection_id"}
	defaultTableTargets = []string{"core_network_arn", "egress_only_gateway_id", "gateway_id", "instance_id", "nat_gateway_id",
		"network_interface_id", "transit_gateway_id", "vpc_endpoint_id", "vpc_peering_connection_id"}
)

// inlineRoutes are the route argument of a table.
func inlineRoutes(targets []string) []model.Part {
	split := func(_ *model.Call, element any) []world.Object {
		block, _ := element.(world.Object)
		if block["gateway_id"] == "local" {
			return nil // the route inside the VPC is there without being made
		}
		route := world.Object{}
		for inline, name := range inlineDestinations {
			route[name] = block[inline]
		}
		for _, name := range targets {
			route[name] = block[name]
		}
		return []world.Object{route}
	}
	join := func(_ *model.Call, routes []*world.Resource) []any {
		all := []any{}
		for _, route := range routes {
			block := world.Object{}
			for inline, name := range inlineDestinations {
				block[inline] = route.String(name)
			}
			for _, name := range targets {
				block[name] = route.String(name)
			}
			all = append(all, block)
		}
		return all
	}
	return []model.Part{{Argument: "route", Type: "aws_route", Of: "route_table_id", Key: routeDestination, Split: split, Join: join}}
}

// checkInlineRoutes refuses two blocks for one destination before any of them is made.
func checkInlineRoutes(c *model.Call) *world.Error {
	seen := map[string]bool{}
	for _, block := range c.Blocks("route") {
		for _, route := range c.Type.Parts[0].Split(c, block) {
			destination := routeDestination(route)
			if seen[destination] {
				return routeExists(destination)
			}
			seen[destination] = true
		}
	}
	return nil
}

func routeExists(destination string) *world.Error {
	return world.Fail("RouteAlreadyExists", "The route identified by %s already exists.", destination)
}
