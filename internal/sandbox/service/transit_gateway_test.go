package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// TestTransitGatewayAttachments: how a VPC is attached to a transit gateway of another account.
func TestTransitGatewayAttachments(t *testing.T) {
	const gateway = "tgw-0123456789abcdef0"
	attached := func(zones ...string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			vpc := vpcOf(t, d)
			subnets := []any{}
			for i, zone := range zones {
				subnets = append(subnets, d.MustCreate(t, "aws_subnet", object{"vpc_id": vpc, "availability_zone": zone,
					"cidr_block": "10.0." + string(rune('0'+i)) + ".0/24"})["id"])
			}
			return "aws_ec2_transit_gateway_vpc_attachment", object{"transit_gateway_id": gateway, "vpc_id": vpc, "subnet_ids": subnets}
		}
	}
	check(t, []rule{
		{name: "a subnet of each zone", given: attached("us-east-1a", "us-east-1b")},
		{name: "two subnets of a zone", given: attached("us-east-1a", "us-east-1a"), refused: "DuplicateSubnetsInSameZone"},
		{name: "a subnet of another VPC", refused: "InvalidSubnetID.NotFound",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := attached("us-east-1a")(t, d)
				return typ, merged(config, object{"vpc_id": vpcOf(t, d)})
			}},
		{name: "a VPC that is attached to it", refused: "DuplicateTransitGatewayAttachment",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := attached("us-east-1a")(t, d)
				d.MustCreate(t, typ, config)
				return typ, config
			}},
		{name: "a VPC that is attached to another one",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := attached("us-east-1a")(t, d)
				d.MustCreate(t, typ, merged(config, object{"transit_gateway_id": "tgw-0fedcba9876543210"}))
				return typ, config
			}},
		{name: "a VPC that does not exist", refused: "InvalidVpcID.NotFound",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				typ, config := attached("us-east-1a")(t, d)
				return typ, merged(config, object{"vpc_id": "vpc-0"})
			}},
	})
}

// TestRoutesToTransitGateways: a route leads to a gateway that its network is attached to, whether it stands alone or in its table.
func TestRoutesToTransitGateways(t *testing.T) {
	const gateway = "tgw-0123456789abcdef0"
	to := func(attached string, inline bool) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			vpc := vpcOf(t, d)
			subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": vpc, "cidr_block": "10.0.0.0/24", "availability_zone": "us-east-1a"})
			if attached != "" {
				d.MustCreate(t, "aws_ec2_transit_gateway_vpc_attachment", object{"transit_gateway_id": attached, "vpc_id": vpc,
					"subnet_ids": []any{subnet["id"]}})
			}
			if inline {
				return "aws_route_table", object{"vpc_id": vpc, "route": []any{object{"cidr_block": "10.100.0.0/16", "transit_gateway_id": gateway}}}
			}
			table := d.MustCreate(t, "aws_route_table", object{"vpc_id": vpc})
			return "aws_route", object{"route_table_id": table["id"], "destination_cidr_block": "10.100.0.0/16", "transit_gateway_id": gateway}
		}
	}
	const refused = "InvalidTransitGatewayID.NotFound: The transitGateway ID 'tgw-0123456789abcdef0' does not exist."
	check(t, []rule{
		{name: "a gateway that the network is attached to", given: to(gateway, false)},
		{name: "one that it is not", given: to("", false), refused: refused},
		{name: "attached to another gateway", given: to("tgw-0fedcba9876543210", false), refused: refused},
		{name: "in the table, attached", given: to(gateway, true)},
		{name: "in the table, not attached", given: to("", true), refused: refused},
	})
}

func TestTransitGatewayAttachmentLife(t *testing.T) {
	d := sandboxtest.New(t, "")
	vpc := vpcOf(t, d)
	subnet := d.MustCreate(t, "aws_subnet", object{"vpc_id": vpc, "cidr_block": "10.0.0.0/24", "availability_zone": "us-east-1a"})
	d.MustCreate(t, "aws_ec2_transit_gateway_vpc_attachment", object{"transit_gateway_id": "tgw-0123456789abcdef0", "vpc_id": vpc,
		"subnet_ids": []any{subnet["id"]}})
	noFallbacks(t, d)
	expect(t, d.Delete("aws_subnet", subnet), "DependencyViolation")
}
