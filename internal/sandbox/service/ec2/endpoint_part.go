package ec2

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// What an endpoint is associated with is kept as resources of the types of associations, and its policy as one of the type for that, be
// they made by these types or by the endpoint's own arguments.
const (
	endpointTableType  = "aws_vpc_endpoint_route_table_association"
	endpointSubnetType = "aws_vpc_endpoint_subnet_association"
	endpointGroupType  = "aws_vpc_endpoint_security_group_association"
)

// openPolicy is the policy of an endpoint that was given none.
const openPolicy = `{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}`

var endpointMissing = model.Missing("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '%s' does not exist")

// endpointParts are the arguments of an endpoint that types of their own make too.
func endpointParts() []model.Part {
	each := func(argument, of, names string) model.Part {
		return model.Part{
			Argument: argument, Type: of, Of: "vpc_endpoint_id",
			Make: func(_ *model.Call, element any) world.Object { return world.Object{names: element} },
			Show: func(_ *model.Call, part *world.Resource) any { return part.Attributes[names] },
		}
	}
	return []model.Part{
		each("route_table_ids", endpointTableType, "route_table_id"),
		each("subnet_ids", endpointSubnetType, "subnet_id"),
		each("security_group_ids", endpointGroupType, "security_group_id"),
		model.TextPart("policy", "aws_vpc_endpoint_policy", "vpc_endpoint_id", "policy").Else(func(*model.Call) any { return openPolicy }),
	}
}

// endpointAssociation declares a type that associates an endpoint with one thing more.
func endpointAssociation(name, noun, argument, to string, missing func(string) *world.Error, check model.Check) *model.Type {
	return &model.Type{
		Name: name, API: api, Noun: noun,
		CreateCall: "ModifyVpcEndpoint", UpdateCall: "ModifyVpcEndpoint", DeleteCall: "ModifyVpcEndpoint",
		Identify: func(c *model.Call) string {
			return "a-" + strings.TrimPrefix(routeID(c.String("vpc_endpoint_id"), c.String(argument)), "r-")
		},
		References: []model.Reference{
			{Path: "vpc_endpoint_id", To: []string{"aws_vpc_endpoint"}, Inside: true, Missing: endpointMissing},
			{Path: argument, To: []string{to}, Missing: missing, Inside: to == "aws_route_table"}, // a table goes with its associations
		},
		Checks: []model.Check{check},
		ImportBy: func(c *model.Call, id string) *world.Resource {
			for _, r := range c.All(name) {
				if r.String("vpc_endpoint_id")+"/"+r.String(argument) == id {
					return r
				}
			}
			return nil
		},
		Latency: model.Instant("estimate, after gateway endpoints"),
	}
}

func endpointAssociations() []*model.Type {
	return []*model.Type{
		endpointAssociation(endpointTableType, "VPC Endpoint Route Table Association",
			"route_table_id", "aws_route_table", routeTableMissing, endpointTableFits),
		endpointAssociation(endpointSubnetType, "VPC Endpoint Subnet Association",
			"subnet_id", "aws_subnet", subnetMissing, endpointSubnetFits),
		endpointAssociation(endpointGroupType, "VPC Endpoint Security Group Association",
			"security_group_id", "aws_security_group", securityGroupMissing, endpointGroupFits),
		{
			Name: "aws_vpc_endpoint_policy", API: api, Noun: "VPC Endpoint Policy",
			CreateCall: "ModifyVpcEndpoint", UpdateCall: "ModifyVpcEndpoint", DeleteCall: "ModifyVpcEndpoint",
			Identify:   model.IDFrom("vpc_endpoint_id"),
			References: []model.Reference{{Path: "vpc_endpoint_id", To: []string{"aws_vpc_endpoint"}, Inside: true, Missing: endpointMissing}},
			Checks:     []model.Check{endpointPolicy},
			Fill:       func(c *model.Call) { c.Set("policy", openPolicy) },
			Latency:    model.Instant("estimate, after gateway endpoints"),
		},
	}
}

// endpointTableFits allows one gateway of a service in each route table. Texts: unverified.
func endpointTableFits(c *model.Call) *world.Error {
	endpoint := c.Find("aws_vpc_endpoint", c.String("vpc_endpoint_id"))
	if endpoint == nil {
		return nil
	}
	if endpointType(endpoint.Attributes) != "Gateway" {
		return onlyGateways
	}
	return gatewayTaken(c, endpoint.ID, endpoint.String("service_name"), c.String("route_table_id"))
}

var onlyGateways = world.Fail("InvalidParameter", "Route table IDs are only supported for Gateway type VPC Endpoint.") // text: unverified

// gatewayTaken looks for another gateway of a service in a route table.
func gatewayTaken(c *model.Call, own, service, table string) *world.Error {
	for _, association := range c.Where(endpointTableType, "route_table_id", table) {
		other := c.Find("aws_vpc_endpoint", association.String("vpc_endpoint_id"))
		if other != nil && other.ID != own && other.String("service_name") == service {
			suffix := serviceSuffix(c.Region, service)
			return world.Fail("RouteAlreadyExists", "route table %s already has a route with destination-prefix-list-id %s",
				table, prefixListID(c, suffix))
		}
	}
	return nil
}

// endpointSubnetFits allows one subnet in each zone.
func endpointSubnetFits(c *model.Call) *world.Error {
	endpoint, subnet := c.Find("aws_vpc_endpoint", c.String("vpc_endpoint_id")), c.String("subnet_id")
	if endpoint == nil {
		return nil
	}
	if endpointType(endpoint.Attributes) == "Gateway" {
		return noInterfaces
	}
	if c.VPCOf(subnet) != endpoint.String("vpc_id") {
		return foreignSubnet(subnet, endpoint.String("vpc_id"))
	}
	for _, other := range c.Where(endpointSubnetType, "vpc_endpoint_id", endpoint.ID) {
		if id := other.String("subnet_id"); c.Creating() && c.Zone(id) == c.Zone(subnet) {
			return zoneTaken(subnet)
		}
	}
	return nil
}

// endpointGroupFits refuses security groups for what has no interfaces. Text: unverified.
func endpointGroupFits(c *model.Call) *world.Error {
	if endpoint := c.Find("aws_vpc_endpoint", c.String("vpc_endpoint_id")); endpoint != nil && endpointType(endpoint.Attributes) == "Gateway" {
		return noGroups
	}
	return nil
}

var (
	noInterfaces = world.Fail("InvalidParameter", "Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints.")
	// Text: unverified.
	noGroups = world.Fail("InvalidParameter", "Security Group IDs are only supported for Interface type VPC Endpoints.")
)

func foreignSubnet(subnet, vpc string) *world.Error {
	return world.Fail("InvalidParameter", "The subnet %s does not belong to the VPC %s.", subnet, vpc) // text: unverified
}

func zoneTaken(subnet string) *world.Error {
	return world.Fail("DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone of %s", subnet)
}

// refreshEndpoint sets what follows from the subnets of an interface endpoint.
func refreshEndpoint(c *model.Call) {
	if endpointType(c.Object) == "Gateway" {
		return
	}
	read := *c
	read.Generation = 0 // a name is the same at each read
	var interfaces []any
	var subnets []string
	for _, association := range c.Where(endpointSubnetType, "vpc_endpoint_id", c.ID) {
		subnets = append(subnets, association.String("subnet_id"))
		interfaces = append(interfaces, "eni-"+read.Hex(17, "interface", association.String("subnet_id")))
	}
	c.Force("network_interface_ids", model.List(interfaces))
	c.Force("dns_entry", model.List(endpointNames(&read, subnets)))
}
