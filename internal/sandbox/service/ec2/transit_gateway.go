package ec2

import (
	"slices"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// transitTypes declares how a VPC is attached to a transit gateway, which is often another account's. Error codes: EC2 API model; texts are
// unverified.
func transitTypes() []*model.Type {
	return []*model.Type{{
		Name: "aws_ec2_transit_gateway_vpc_attachment", API: api, Noun: "EC2 Transit Gateway VPC Attachment",
		CreateCall: "CreateTransitGatewayVpcAttachment", UpdateCall: "ModifyTransitGatewayVpcAttachment",
		DeleteCall: "DeleteTransitGatewayVpcAttachment",
		Identify:   model.GeneratedID("tgw-attach-", 17),
		References: []model.Reference{
			{Path: "vpc_id", To: []string{"aws_vpc"}, Missing: vpcMissing},
			{Path: "subnet_ids", To: []string{"aws_subnet"}, Missing: subnetMissing},
			{Path: "transit_gateway_id", To: []string{"aws_ec2_transit_gateway"}, Weak: true},
		},
		Checks: []model.Check{attachedOnce, attachedZones},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "transit-gateway-attachment/"+c.ID))
			c.Set("vpc_owner_id", c.Account)
			c.Set("appliance_mode_support", "disable")
			c.Set("dns_support", "enable")
			c.Set("ipv6_support", "disable")
			c.Set("security_group_referencing_support", "enable")
			c.SetEach(true, "transit_gateway_default_route_table_association", "transit_gateway_default_route_table_propagation")
		},
		InUse: func(*model.Call, *world.Resource) *world.Error { return nil }, // its routes become black holes
		Latency: model.Latency{Create: model.Seconds(90, 60, 180), Update: model.Seconds(30, 10, 60), Delete: model.Seconds(90, 60, 180),
			Source: "estimate, unverified"},
	}}
}

// attachedOnce allows a VPC one attachment to a transit gateway.
func attachedOnce(c *model.Call) *world.Error {
	for _, other := range c.Where("aws_ec2_transit_gateway_vpc_attachment", "vpc_id", c.String("vpc_id")) {
		if other.ID != c.ID && other.String("transit_gateway_id") == c.String("transit_gateway_id") {
			return world.Fail("DuplicateTransitGatewayAttachment", "%s has non-deleted Transit Gateway Attachments with same VPC ID.",
				c.String("transit_gateway_id"))
		}
	}
	return nil
}

// attachedZones allows one subnet in each zone, all of them of the VPC.
func attachedZones(c *model.Call) *world.Error {
	var zones []string
	for _, id := range c.Strings("subnet_ids") {
		if c.VPCOf(id) != c.String("vpc_id") {
			return world.Fail("InvalidSubnetID.NotFound", "The subnet ID '%s' is not in VPC '%s'", id, c.String("vpc_id"))
		}
		if slices.Contains(zones, c.Zone(id)) {
			return world.Fail("DuplicateSubnetsInSameZone", "Duplicate Subnets for same AZ")
		}
		zones = append(zones, c.Zone(id))
	}
	return nil
}
