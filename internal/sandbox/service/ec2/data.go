package ec2

import (
	"net/netip"
	"strconv"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// DataSources declares what Terraform asks EC2 about networks, addresses, images and types of instance.
func DataSources() []*model.DataSource {
	return []*model.DataSource{
		{Name: "aws_region", API: api, Noun: "EC2 Region", Call: "DescribeRegions", Read: readRegion},
		{Name: "aws_regions", API: api, Noun: "EC2 Regions", Call: "DescribeRegions", Read: readRegions},
		{Name: "aws_availability_zones", API: api, Noun: "EC2 Availability Zones", Call: "DescribeAvailabilityZones",
			Read: readAvailabilityZones},
		{Name: "aws_vpc", API: api, Noun: "EC2 VPC", Call: "DescribeVpcs", Read: readVPC},
		{Name: "aws_vpcs", API: api, Noun: "EC2 VPCs", Call: "DescribeVpcs", Read: readIDs(vpcQuery())},
		{Name: "aws_subnet", API: api, Noun: "EC2 Subnet", Call: "DescribeSubnets", Read: readSubnet},
		{Name: "aws_subnets", API: api, Noun: "EC2 Subnets", Call: "DescribeSubnets", Read: readIDs(subnetQuery())},
		{Name: "aws_security_group", API: api, Noun: "EC2 Security Group", Call: "DescribeSecurityGroups", Read: readOne(groupQuery())},
		{Name: "aws_security_groups", API: api, Noun: "EC2 Security Groups", Call: "DescribeSecurityGroups", Read: readSecurityGroups},
		{Name: "aws_route_table", API: api, Noun: "EC2 Route Table", Call: "DescribeRouteTables", Read: readRouteTable},
		{Name: "aws_route_tables", API: api, Noun: "EC2 Route Tables", Call: "DescribeRouteTables", Read: readIDs(routeTableQuery())},
		{Name: "aws_internet_gateway", API: api, Noun: "EC2 Internet Gateway", Call: "DescribeInternetGateways", Read: readInternetGateway},
		{Name: "aws_nat_gateway", API: api, Noun: "EC2 NAT Gateway", Call: "DescribeNatGateways", Read: readNATGateway},
		{Name: "aws_nat_gateways", API: api, Noun: "EC2 NAT Gateways", Call: "DescribeNatGateways", Read: readIDs(natQuery())},
		{Name: "aws_eip", API: api, Noun: "EC2 EIP", Call: "DescribeAddresses", Read: readEIP},
		{Name: "aws_vpc_endpoint", API: api, Noun: "EC2 VPC Endpoint", Call: "DescribeVpcEndpoints", Read: readOne(endpointQuery())},
		{Name: "aws_vpc_endpoint_service", API: api, Noun: "EC2 VPC Endpoint Service", Call: "DescribeVpcEndpointServices",
			Read: readEndpointService},
		{Name: "aws_prefix_list", API: api, Noun: "EC2 Prefix List", Call: "DescribePrefixLists", Read: readPrefixList},
		{Name: "aws_ec2_managed_prefix_list", API: api, Noun: "EC2 Managed Prefix List", Call: "DescribeManagedPrefixLists",
			Read: readManagedPrefixList},
		{Name: "aws_availability_zone", API: api, Noun: "EC2 Availability Zone", Call: "DescribeAvailabilityZones", Read: readAvailabilityZone},
		{Name: "aws_ami", API: api, Noun: "EC2 AMI", Call: "DescribeImages", Read: readAMI},
		{Name: "aws_ec2_instance_type", API: api, Noun: "EC2 Instance Type", Call: "DescribeInstanceTypes", Read: readInstanceType},
		{Name: "aws_ec2_instance_type_offerings", API: api, Noun: "EC2 Instance Type Offerings", Call: "DescribeInstanceTypeOfferings",
			Read: readInstanceTypeOfferings},
		{Name: "aws_launch_template", API: api, Noun: "EC2 Launch Template", Call: "DescribeLaunchTemplates", Read: readOne(templateQuery())},
	}
}

// readOne builds a data source that shows the one resource that a query finds.
func readOne(q query) func(*model.Call) *world.Error {
	return func(c *model.Call) *world.Error {
		r, err := q.one(c)
		if err == nil {
			answer(c, r)
		}
		return err
	}
}

// readIDs builds a data source that lists the ids of what a query finds.
func readIDs(q query) func(*model.Call) *world.Error {
	return func(c *model.Call) *world.Error {
		c.Force("ids", ids(q.choose(c)))
		c.Force("id", c.Region)
		return nil
	}
}

// attribute turns attributes of a resource into the values of filters.
func attributes(r *world.Resource, filters map[string]string) map[string][]string {
	values := map[string][]string{}
	for filter, name := range filters {
		switch v := model.At(r.Attributes, name).(type) {
		case bool:
			values[filter] = []string{strconv.FormatBool(v)}
		default:
			values[filter] = model.Strings(r.Attributes, name)
		}
	}
	return values
}

func vpcQuery() query {
	return query{typ: "aws_vpc", noun: "EC2 VPC",
		arguments: map[string]string{"id": "id", "cidr_block": "cidr_block", "dhcp_options_id": "dhcp_options_id"},
		filters: func(c *model.Call, r *world.Resource) map[string][]string {
			values := attributes(r, map[string]string{"vpc-id": "id", "cidr": "cidr_block", "cidr-block": "cidr_block",
				"dhcp-options-id": "dhcp_options_id", "owner-id": "owner_id"})
			values["cidr-block-association.cidr-block"] = vpcRanges(c, r.ID)
			values["state"], values["is-default"], values["isDefault"] = []string{"available"}, []string{"false"}, []string{"false"}
			return values
		}}
}

func readVPC(c *model.Call) *world.Error {
	if c.Bool("default") || c.String("state") != "" && c.String("state") != "available" {
		return &world.Error{Message: "no matching EC2 VPC found"} // this account has no default VPC
	}
	r, err := vpcQuery().one(c)
	if err != nil {
		return err
	}
	ranges := []any{}
	for i, cidr := range vpcRanges(c, r.ID) {
		ranges = append(ranges, world.Object{"association_id": "vpc-cidr-assoc-" + c.World.Digest(17, r.ID, strconv.Itoa(i)), "cidr_block": cidr,
			"state": "associated"})
	}
	answer(c, r)
	c.Force("cidr_block_associations", ranges)
	c.Force("ipv6_cidr_block_associations", []any{})
	c.Force("default", false)
	c.Force("state", "available")
	return nil
}

func subnetQuery() query {
	return query{typ: "aws_subnet", noun: "EC2 Subnet",
		arguments: map[string]string{"id": "id", "vpc_id": "vpc_id", "availability_zone": "availability_zone",
			"availability_zone_id": "availability_zone_id",
			"cidr_block":           "cidr_block", "ipv6_cidr_block": "ipv6_cidr_block"},
		filters: func(_ *model.Call, r *world.Resource) map[string][]string {
			values := attributes(r, map[string]string{"subnet-id": "id", "vpc-id": "vpc_id", "availability-zone": "availability_zone",
				"availabilityZone":     "availability_zone",
				"availability-zone-id": "availability_zone_id", "cidr": "cidr_block", "cidr-block": "cidr_block",
				"map-public-ip-on-launch": "map_public_ip_on_launch",
				"owner-id":                "owner_id", "subnet-arn": "arn"})
			values["state"], values["default-for-az"] = []string{"available"}, []string{"false"}
			return values
		}}
}

func readSubnet(c *model.Call) *world.Error {
	r, err := subnetQuery().one(c)
	if err != nil {
		return err
	}
	answer(c, r)
	free := 0.0
	if prefix, err := netip.ParsePrefix(r.String("cidr_block")); err == nil {
		// AWS keeps the first four addresses and the last one for itself.
		free = float64(int(1)<<(32-prefix.Bits())) - 5
	}
	c.Force("available_ip_address_count", free)
	c.Force("default_for_az", false)
	c.Force("state", "available")
	return nil
}

func groupQuery() query {
	return query{typ: "aws_security_group", noun: "EC2 Security Group",
		arguments: map[string]string{"id": "id", "name": "name", "vpc_id": "vpc_id"},
		filters: func(_ *model.Call, r *world.Resource) map[string][]string {
			return attributes(r, map[string]string{"group-id": "id", "group-name": "name", "vpc-id": "vpc_id", "description": "description",
				"owner-id": "owner_id"})
		}}
}

func readSecurityGroups(c *model.Call) *world.Error {
	found := groupQuery().choose(c)
	arns, vpcs := []any{}, []any{}
	for _, r := range found {
		arns, vpcs = append(arns, r.String("arn")), append(vpcs, r.String("vpc_id"))
	}
	c.Force("id", c.Region)
	c.Force("ids", ids(found))
	c.Force("arns", arns)
	c.Force("vpc_ids", vpcs)
	return nil
}

func routeTableQuery() query {
	return query{typ: "aws_route_table", noun: "EC2 Route Table",
		arguments: map[string]string{"route_table_id": "id", "id": "id", "vpc_id": "vpc_id"},
		filters: func(c *model.Call, r *world.Resource) map[string][]string {
			values := attributes(r, map[string]string{"route-table-id": "id", "vpc-id": "vpc_id", "owner-id": "owner_id"})
			for _, a := range c.All("aws_route_table_association") {
				if a.String("route_table_id") == r.ID {
					values["association.subnet-id"] = append(values["association.subnet-id"], model.Strings(a.Attributes, "subnet_id")...)
					values["association.gateway-id"] = append(values["association.gateway-id"], model.Strings(a.Attributes, "gateway_id")...)
					values["association.route-table-association-id"] = append(values["association.route-table-association-id"], a.ID)
				}
			}
			values["association.main"] = []string{strconv.FormatBool(mainTable(c, r))}
			for _, way := range tableRoutes(c, r) {
				values["route.destination-cidr-block"] = append(values["route.destination-cidr-block"], routeDestination(way))
				for filter, argument := range map[string]string{"route.gateway-id": "gateway_id", "route.nat-gateway-id": "nat_gateway_id"} {
					values[filter] = append(values[filter], model.Strings(way, argument)...)
				}
			}
			return values
		}}
}

func mainTable(c *model.Call, table *world.Resource) bool {
	vpc := c.Find("aws_vpc", table.String("vpc_id"))
	return vpc != nil && vpc.String("main_route_table_id") == table.ID
}

// tableRoutes lists the routes of a table, whichever way they were made; the local one comes with the VPC and is not among them.
func tableRoutes(c *model.Call, table *world.Resource) []world.Object {
	var all []world.Object
	for _, r := range c.Where("aws_route", "route_table_id", table.ID) {
		all = append(all, r.Attributes)
	}
	return all
}

// routeColumns are the attributes of a route in the data source, all of them strings.
var routeColumns = []string{"carrier_gateway_id", "core_network_arn", "egress_only_gateway_id", "gateway_id", "instance_id",
	"local_gateway_id",
	"nat_gateway_id", "network_interface_id", "odb_network_arn", "transit_gateway_id", "vpc_endpoint_id", "vpc_peering_connection_id"}

func readRouteTable(c *model.Call) *world.Error {
	associated := func(r *world.Resource) bool {
		for argument, filter := range map[string]string{"subnet_id": "association.subnet-id", "gateway_id": "association.gateway-id"} {
			want := c.String(argument)
			if want != "" && !contains(routeTableQuery().filters(c, r)[filter], want) {
				return false
			}
		}
		return true
	}
	var found []*world.Resource
	for _, r := range routeTableQuery().choose(c) {
		if associated(r) {
			found = append(found, r)
		}
	}
	switch {
	case len(found) == 0:
		return &world.Error{Message: "query returned no results. Please change your search criteria and try again"}
	case len(found) > 1:
		return &world.Error{Message: "query returned more than one route table. Please change your search criteria and try again"}
	}
	table := found[0]
	routes, associations := []any{}, []any{}
	for _, way := range tableRoutes(c, table) {
		row := world.Object{}
		for _, column := range routeColumns {
			row[column], _ = way[column].(string)
		}
		for inline, name := range inlineDestinations {
			row[inline], _ = way[name].(string)
		}
		routes = append(routes, row)
	}
	for _, a := range c.All("aws_route_table_association") {
		if a.String("route_table_id") == table.ID {
			associations = append(associations, world.Object{"gateway_id": a.String("gateway_id"), "subnet_id": a.String("subnet_id"), "main": false,
				"route_table_association_id": a.ID, "route_table_id": table.ID})
		}
	}
	if mainTable(c, table) {
		associations = append(associations, world.Object{"gateway_id": "", "subnet_id": "", "main": true,
			"route_table_association_id": "rtbassoc-" + c.World.Digest(17, table.ID), "route_table_id": table.ID})
	}
	answer(c, table)
	c.Force("route_table_id", table.ID)
	c.Force("routes", routes)
	c.Force("associations", associations)
	c.SetEach("", "subnet_id", "gateway_id")
	return nil
}

func contains(values []string, want string) bool {
	for _, value := range values {
		if value == want {
			return true
		}
	}
	return false
}
