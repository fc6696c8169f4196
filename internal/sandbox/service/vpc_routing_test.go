package service_test

import (
	"fmt"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

func TestRoutes(t *testing.T) {
	type scene = func(*testing.T, *sandboxtest.Driver) (string, object)
	route := func(change func(n network) object) scene {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			n := networkIn(t, d, 1)
			return "aws_route", merged(object{
				"route_table_id": n.table["id"], "destination_cidr_block": "0.0.0.0/0", "gateway_id": n.gateway["id"]}, change(n))
		}
	}
	to := func(argument string, value any) func(network) object {
		return func(network) object { return object{argument: value} }
	}
	second := func(destination string) scene {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			_, config := route(func(network) object { return nil })(t, d)
			d.MustCreate(t, "aws_route", config)
			return "aws_route", merged(config, object{"destination_cidr_block": destination})
		}
	}
	check(t, []rule{
		{name: "a route to the internet", given: route(to("gateway_id", nil)), refused: ""},
		{name: "a route in no table", given: route(to("route_table_id", "rtb-0")),
			refused: "InvalidRouteTableID.NotFound: The routeTable ID 'rtb-0' does not exist"},
		{name: "a route to no gateway", given: route(to("gateway_id", "igw-0")),
			refused: "InvalidGatewayID.NotFound: The gateway ID 'igw-0' does not exist"},
		{name: "a route to no NAT gateway", given: route(func(network) object { return object{"gateway_id": nil, "nat_gateway_id": "nat-0"} }),
			refused: "InvalidNatGatewayID.NotFound: The natGateway ID 'nat-0' does not exist"},
		{name: "a destination that is no range", given: route(to("destination_cidr_block", "everywhere")),
			refused: "InvalidParameterValue: Value (everywhere) for parameter destinationCidrBlock is invalid."},
		{name: "a destination inside the VPC", given: route(to("destination_cidr_block", "10.0.1.0/24")),
			refused: "InvalidParameterValue: The destination CIDR block 10.0.1.0/24 is equal to or more specific than one of this VPC's " +
				"CIDR blocks."},
		{name: "the VPC's own range", given: route(to("destination_cidr_block", "10.0.0.0/16")), refused: "RouteAlreadyExists"},
		{name: "a second route to one destination", given: second("0.0.0.0/0"),
			refused: "RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists."},
		{name: "a second route to another destination", given: second("192.168.0.0/16")},
		{name: "a route to a gateway of another VPC", refused: "belong to different networks",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				other := networkIn(t, d, 0)
				_, config := route(func(network) object { return object{"gateway_id": other.gateway["id"]} })(t, d)
				return "aws_route", config
			}},
		{name: "a route beside one in the table's argument", refused: "RouteAlreadyExists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				n := networkIn(t, d, 0)
				table := d.MustCreate(t, "aws_route_table", object{"vpc_id": n.vpc["id"], "route": []any{
					object{"cidr_block": "0.0.0.0/0", "gateway_id": n.gateway["id"]}}})
				return "aws_route", object{"route_table_id": table["id"], "destination_cidr_block": "0.0.0.0/0", "gateway_id": n.gateway["id"]}
			}},
		{name: "a fifty-first route", refused: "RouteLimitExceeded",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				_, config := route(func(network) object { return nil })(t, d)
				for i := range 50 {
					d.MustCreate(t, "aws_route", merged(config, object{"destination_cidr_block": fmt.Sprintf("172.16.%d.0/24", i)}))
				}
				return "aws_route", config
			}},
		{name: "a table of no VPC", refused: "InvalidVpcID.NotFound",
			given: func(*testing.T, *sandboxtest.Driver) (string, object) {
				return "aws_route_table", object{"vpc_id": "vpc-0"}
			}},
		{name: "two routes to one destination in a table's argument", refused: "RouteAlreadyExists",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				n := networkIn(t, d, 0)
				way := object{"cidr_block": "0.0.0.0/0", "gateway_id": n.gateway["id"]}
				return "aws_route_table", object{"vpc_id": n.vpc["id"], "route": []any{way, way}}
			}},
		{name: "a table for a subnet", given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			n := networkIn(t, d, 1)
			return "aws_route_table_association", object{"subnet_id": n.subnets[0]["id"], "route_table_id": n.table["id"]}
		}},
		{name: "a second table for a subnet", refused: "Resource.AlreadyAssociated: the specified association for route table rtb-",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				n := networkIn(t, d, 1)
				config := object{"subnet_id": n.subnets[0]["id"], "route_table_id": n.table["id"]}
				d.MustCreate(t, "aws_route_table_association", config)
				return "aws_route_table_association", config
			}},
		{name: "a table of another VPC for a subnet", refused: "belong to different networks",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				n, other := networkIn(t, d, 1), networkIn(t, d, 0)
				return "aws_route_table_association", object{"subnet_id": n.subnets[0]["id"], "route_table_id": other.table["id"]}
			}},
		{name: "a table for no subnet", refused: "InvalidSubnetID.NotFound",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				return "aws_route_table_association", object{"subnet_id": "subnet-0", "route_table_id": networkIn(t, d, 0).table["id"]}
			}},
	})
}

func TestRouteTableDeletion(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 1)
	association := d.MustCreate(t, "aws_route_table_association", object{"subnet_id": n.subnets[0]["id"], "route_table_id": n.table["id"]})
	route := d.MustCreate(t, "aws_route", object{"route_table_id": n.table["id"], "destination_cidr_block": "0.0.0.0/0",
		"gateway_id": n.gateway["id"]})
	main, err := d.Import("aws_route_table", n.vpc["main_route_table_id"].(string))
	expect(t, err, "")

	expect(t, d.Delete("aws_route_table", main), "DependencyViolation: The routeTable '"+main["id"].(string)+
		"' has dependencies and cannot be deleted.")
	expect(t, d.Delete("aws_route_table", n.table), "DependencyViolation: The routeTable '"+n.table["id"].(string)+
		"' has dependencies and cannot be deleted.")
	expect(t, d.Delete("aws_route_table_association", association), "")
	expect(t, d.Delete("aws_route_table", n.table), "")
	left, err := d.Read("aws_route", route)
	expect(t, err, "")
	if left != nil {
		t.Error("the route outlived its table")
	}
	noFallbacks(t, d)
}

func TestMainRouteTable(t *testing.T) {
	d := sandboxtest.New(t, "")
	n := networkIn(t, d, 0)
	original := n.vpc["main_route_table_id"]
	main := d.MustCreate(t, "aws_main_route_table_association", object{"vpc_id": n.vpc["id"], "route_table_id": n.table["id"]})
	if main["original_route_table_id"] != original {
		t.Errorf("original_route_table_id is %v, want %v", main["original_route_table_id"], original)
	}
	vpc, err := d.Read("aws_vpc", n.vpc)
	expect(t, err, "")
	if vpc["main_route_table_id"] != n.table["id"] {
		t.Errorf("main_route_table_id is %v, want %v", vpc["main_route_table_id"], n.table["id"])
	}
	expect(t, d.Delete("aws_main_route_table_association", main), "")
	if vpc, err = d.Read("aws_vpc", n.vpc); err != nil || vpc["main_route_table_id"] != original {
		t.Errorf("main_route_table_id is %v, want %v again (%v)", vpc["main_route_table_id"], original, err)
	}
	taken := d.MustCreate(t, "aws_default_route_table", object{"default_route_table_id": original, "route": []any{
		object{"cidr_block": "0.0.0.0/0", "gateway_id": n.gateway["id"]}}})
	expect(t, d.Delete("aws_default_route_table", taken), "")
	noFallbacks(t, d)
}
