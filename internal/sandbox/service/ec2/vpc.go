package ec2

import (
	"fmt"
	"net/netip"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// vpcTypes declares Amazon VPC: networks, subnets, gateways, routes. Error codes and texts: EC2 API model and moto's record of
// real answers; times: logs of real deployments (see the latency of each type).
func vpcTypes() []*model.Type {
	return []*model.Type{vpc(), subnet(), internetGateway(), elasticIP(), natGateway()}
}

const api = "EC2"

var vpcMissing = model.Missing("InvalidVpcID.NotFound", "The vpc ID '%s' does not exist")
var subnetMissing = model.Missing("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist")

func vpc() *model.Type {
	return &model.Type{
		Name: "aws_vpc", API: api, Noun: "EC2 VPC",
		CreateCall: "CreateVpc", UpdateCall: "ModifyVpcAttribute", DeleteCall: "DeleteVpc",
		Identify: model.GeneratedID("vpc-", 17),
		Checks:   []model.Check{vpcRange},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-F678F1CE", Service: "vpc", Name: "VPCs per Region", Default: 5},
			Exceeded: func() *world.Error {
				return world.Fail("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "vpc/"+c.ID))
			c.Set("owner_id", c.Account)
			c.Set("instance_tenancy", "default")
			c.Set("dhcp_options_id", "dopt-"+c.World.Digest(17, c.Account, c.Region, "dopt"))
			for attribute, prefix := range map[string]string{
				"main_route_table_id": "rtb-", "default_network_acl_id": "acl-", "default_security_group_id": "sg-",
			} {
				c.Set(attribute, prefix+c.Hex(17, attribute))
			}
			c.Set("default_route_table_id", c.String("main_route_table_id"))
			c.Set("enable_network_address_usage_metrics", false)
			c.Set("enable_dns_hostnames", false)
			fillVPCAddresses(c)
			c.Set("ipv6_netmask_length", 0.0)
			if c.Creating() {
				makeVPCDefaults(c)
			}
		},
		InUse: model.DependencyViolation("The vpc '%s' has dependencies and cannot be deleted."),
		Latency: model.Latency{Create: model.Seconds(12, 1, 22), Update: model.Seconds(2, 1, 5), Delete: model.Seconds(1, 1, 2),
			Source: "logs of real deployments (20-22 s with DNS host names, 1-3 s without)"},
	}
}

// fillVPCAddresses gives a VPC the IPv6 range that it asked Amazon for: a /56 out of 2001:db8::/32, which is kept for documents.
func fillVPCAddresses(c *model.Call) {
	if c.Bool("assign_generated_ipv6_cidr_block") {
		h := c.Hex(6, "ipv6")
		c.Set("ipv6_association_id", "vpc-cidr-assoc-"+c.Hex(17, "ipv6"))
		c.Set("ipv6_cidr_block", "2001:db8:"+h[:4]+":"+h[4:]+"00::/56")
		c.Set("ipv6_cidr_block_network_border_group", c.Region)
	}
	c.SetEach("", "ipv6_association_id", "ipv6_cidr_block", "ipv6_cidr_block_network_border_group")
}

// makeVPCDefaults makes the security group, route table and network ACL that every VPC has from the start.
func makeVPCDefaults(c *model.Call) {
	id := c.String("default_security_group_id")
	c.Make("aws_security_group", id, world.Object{
		"name": "default", "description": "default VPC security group", "vpc_id": c.ID, "owner_id": c.Account,
		"arn": c.ARN("ec2", "security-group/"+id), "ingress": []any{}, "egress": []any{},
	})
	id = c.String("main_route_table_id")
	c.Make("aws_route_table", id, world.Object{
		"vpc_id": c.ID, "owner_id": c.Account, "arn": c.ARN("ec2", "route-table/"+id), "route": []any{}, "propagating_vgws": []any{},
	})
	id = c.String("default_network_acl_id")
	c.Make("aws_network_acl", id, world.Object{
		"vpc_id": c.ID, "owner_id": c.Account, "arn": c.ARN("ec2", "network-acl/"+id), "ingress": []any{}, "egress": []any{},
		"subnet_ids": []any{},
	})
}

// vpcRange holds VPC ranges between /16 and /28 and out of ranges that are not unicast (measured on AWS: 0.0.0.0/8, 127.0.0.0/8,
// 169.254.0.0/16 and 224.0.0.0/4 are refused, 100.64.0.0/10 is not).
func vpcRange(c *model.Call) *world.Error {
	text := c.String("cidr_block")
	if text == "" {
		return nil // an IPAM pool gives the range
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return world.Fail("InvalidParameterValue", "Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", text)
	}
	refused := prefix.Bits() < 16 || prefix.Bits() > 28
	for _, special := range []string{"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"} {
		refused = refused || prefix.Overlaps(netip.MustParsePrefix(special))
	}
	if refused {
		return world.Fail("InvalidVpc.Range", "The CIDR '%s' is invalid.", text)
	}
	return nil
}

func subnet() *model.Type {
	return &model.Type{
		Name: "aws_subnet", API: api, Noun: "EC2 Subnet",
		CreateCall: "CreateSubnet", UpdateCall: "ModifySubnetAttribute", DeleteCall: "DeleteSubnet",
		Identify:   model.GeneratedID("subnet-", 17),
		References: []model.Reference{{Path: "vpc_id", To: []string{"aws_vpc"}, Missing: vpcMissing}},
		Checks:     []model.Check{subnetZone, subnetRange},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-407747CB", Service: "vpc", Name: "Subnets per VPC", Default: 200},
			Per:   perVPC,
			Exceeded: func() *world.Error {
				return world.Fail("SubnetLimitExceeded", "The maximum number of subnets has been reached.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "subnet/"+c.ID))
			c.Set("owner_id", c.Account)
			fillSubnetZone(c)
			c.Set("private_dns_hostname_type_on_launch", "ip-name")
			c.SetEach("", "ipv6_cidr_block_association_id", "ipv6_cidr_block")
		},
		InUse: model.DependencyViolation("The subnet '%s' has dependencies and cannot be deleted."),
		Latency: model.Latency{Create: model.Seconds(2, 1, 11), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(1, 1, 2),
			Source: "logs of real deployments (11 s with public addresses on launch, 1-3 s without)"},
	}
}

func perVPC(_ *model.Call, attributes world.Object) string {
	id, _ := attributes["vpc_id"].(string)
	return id
}

func subnetZone(c *model.Call) *world.Error {
	zones := c.World.Zones(c.Region)
	names := make([]string, len(zones))
	for i, zone := range zones {
		names[i] = zone.Name
		if zone.Name == c.String("availability_zone") || zone.ID == c.String("availability_zone_id") {
			return nil
		}
	}
	asked := c.String("availability_zone") + c.String("availability_zone_id")
	if asked == "" {
		return nil // AWS picks one
	}
	return world.Fail("InvalidParameterValue",
		"Value (%s) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: %s.",
		asked, strings.Join(names, ", "))
}

func fillSubnetZone(c *model.Call) {
	zones := c.World.Zones(c.Region)
	for _, zone := range zones {
		if zone.Name == c.String("availability_zone") || zone.ID == c.String("availability_zone_id") {
			c.Set("availability_zone", zone.Name)
			c.Set("availability_zone_id", zone.ID)
			return
		}
	}
	if len(zones) > 0 {
		c.Set("availability_zone", zones[0].Name)
		c.Set("availability_zone_id", zones[0].ID)
	}
}

// subnetRange holds subnets between /16 and /28, inside their VPC and apart from each other.
func subnetRange(c *model.Call) *world.Error {
	text := c.String("cidr_block")
	if text == "" || !c.Creating() {
		return nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return world.Fail("InvalidParameterValue", "Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", text)
	}
	if prefix.Bits() < 16 || prefix.Bits() > 28 || !insideVPC(c, prefix) {
		return world.Fail("InvalidSubnet.Range", "The CIDR '%s' is invalid.", text)
	}
	for _, other := range c.All("aws_subnet") {
		if other.String("vpc_id") != c.String("vpc_id") {
			continue
		}
		if taken, err := netip.ParsePrefix(other.String("cidr_block")); err == nil && taken.Overlaps(prefix) {
			return world.Fail("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", text)
		}
	}
	return nil
}

func insideVPC(c *model.Call, prefix netip.Prefix) bool {
	ranges := []string{}
	if vpc := c.Find("aws_vpc", c.String("vpc_id")); vpc != nil {
		ranges = append(ranges, vpc.String("cidr_block"))
	}
	for _, secondary := range c.All("aws_vpc_ipv4_cidr_block_association") {
		if secondary.String("vpc_id") == c.String("vpc_id") {
			ranges = append(ranges, secondary.String("cidr_block"))
		}
	}
	for _, text := range ranges {
		if whole, err := netip.ParsePrefix(text); err == nil && whole.Bits() <= prefix.Bits() && whole.Contains(prefix.Addr()) {
			return true
		}
	}
	return false
}

func internetGateway() *model.Type {
	return &model.Type{
		Name: "aws_internet_gateway", API: api, Noun: "EC2 Internet Gateway",
		CreateCall: "CreateInternetGateway", UpdateCall: "AttachInternetGateway", DeleteCall: "DetachInternetGateway",
		Identify:   model.GeneratedID("igw-", 17),
		References: []model.Reference{{Path: "vpc_id", To: []string{"aws_vpc"}, Missing: vpcMissing}},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			for _, other := range c.All("aws_internet_gateway") {
				if id := c.String("vpc_id"); id != "" && other.String("vpc_id") == id && other.ID != c.ID {
					return world.Fail("Resource.AlreadyAssociated", "resource %s is already attached to network %s", other.ID, id)
				}
			}
			return nil
		}},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-A4707A72", Service: "vpc", Name: "Internet gateways per Region", Default: 5},
			Exceeded: func() *world.Error {
				return world.Fail("InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("ec2", "internet-gateway/"+c.ID))
			c.Set("owner_id", c.Account)
			c.Set("vpc_id", "")
		},
		BeforeDelete: []model.Check{mappedAddresses},
		InUse:        func(*model.Call, *world.Resource) *world.Error { return nil }, // AWS detaches under a route, which becomes a black hole
		Latency: model.Latency{Create: model.Seconds(1, 1, 2), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(10, 1, 30),
			Source: "logs of real deployments; deletion waits for public addresses to go"},
	}
}

// mappedAddresses refuses to detach an internet gateway while anything in the VPC has a public address.
func mappedAddresses(c *model.Call) *world.Error {
	vpc := c.String("vpc_id")
	for _, nat := range c.All("aws_nat_gateway") {
		if nat.String("connectivity_type") != "private" && c.VPCOf(nat.String("subnet_id")) == vpc {
			return publicAddresses(vpc)
		}
	}
	for _, lb := range c.All("aws_lb") {
		if internal, _ := lb.Attributes["internal"].(bool); !internal && lb.String("vpc_id") == vpc {
			return publicAddresses(vpc)
		}
	}
	return nil
}

func publicAddresses(vpc string) *world.Error {
	return world.Fail("DependencyViolation",
		"Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.", vpc)
}

func elasticIP() *model.Type {
	return &model.Type{
		Name: "aws_eip", API: api, Noun: "EC2 EIP",
		CreateCall: "AllocateAddress", UpdateCall: "AssociateAddress", DeleteCall: "ReleaseAddress",
		Identify: model.GeneratedID("eipalloc-", 17),
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-0263D0A3", Service: "ec2", Name: "EC2-VPC Elastic IPs", Default: 5},
			Exceeded: func() *world.Error {
				return world.Fail("AddressLimitExceeded", "The maximum number of addresses has been reached.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("allocation_id", c.ID)
			c.Set("arn", c.ARN("ec2", "elastic-ip/"+c.ID))
			address := publicAddress(c)
			c.Set("public_ip", address)
			c.Set("public_dns", publicName(c.Region, address))
			c.Set("domain", "vpc")
			c.Set("network_border_group", c.Region)
			c.Set("public_ipv4_pool", "amazon")
			c.SetEach("", "association_id", "carrier_ip", "customer_owned_ip", "instance", "network_interface", "private_dns", "private_ip",
				"ptr_record", "ipam_pool_id", "address")
		},
		InUse: func(c *model.Call, _ *world.Resource) *world.Error {
			return world.Fail("AuthFailure", "You do not have permission to access the specified resource.")
		},
		Latency: model.Latency{Create: model.Seconds(1, 0.5, 1), Update: model.Seconds(1, 0.5, 1), Delete: model.Seconds(1, 1, 1),
			Source: "logs of real deployments"},
	}
}

// publicAddress makes up an address from 198.18.0.0/15, which no host on the internet has (RFC 2544).
func publicAddress(c *model.Call) string {
	h := []byte(c.Hex(6, "address"))
	var parts [3]int
	for i := range parts {
		_, _ = fmt.Sscanf(string(h[2*i:2*i+2]), "%x", &parts[i])
	}
	return fmt.Sprintf("198.%d.%d.%d", 18+parts[0]%2, parts[1], parts[2])
}

// publicName is EC2's name for a public address.
func publicName(region, address string) string {
	return "ec2-" + strings.ReplaceAll(address, ".", "-") + "." + computeDomain(region)
}

// computeDomain is the domain of EC2's public host names in a region.
func computeDomain(region string) string {
	if region == "us-east-1" {
		return "compute-1.amazonaws.com"
	}
	return region + ".compute." + facts.DNSSuffix(region)
}

func natGateway() *model.Type {
	return &model.Type{
		Name: "aws_nat_gateway", API: api, Noun: "EC2 NAT Gateway",
		CreateCall: "CreateNatGateway", UpdateCall: "AssociateNatGatewayAddress", DeleteCall: "DeleteNatGateway",
		Identify: model.GeneratedID("nat-", 17),
		References: []model.Reference{
			{Path: "subnet_id", To: []string{"aws_subnet"}, Missing: subnetMissing},
			{Path: "allocation_id", To: []string{"aws_eip"},
				Missing: model.Missing("InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist")},
		},
		Checks: []model.Check{natAddress, natGatewayRoute},
		Quotas: []model.Quota{{
			Quota:   world.Quota{Code: "L-FE5A380F", Service: "vpc", Name: "NAT gateways per Availability Zone", Default: 5},
			PerZone: true, Per: func(c *model.Call, attributes world.Object) string {
				id, _ := attributes["subnet_id"].(string)
				return c.Zone(id)
			},
			Exceeded: func() *world.Error {
				return world.Fail("NatGatewayLimitExceeded", "The maximum number of NAT Gateways has been reached.")
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("connectivity_type", "public")
			c.Set("network_interface_id", "eni-"+c.Hex(17, "interface"))
			c.Set("private_ip", HostIn(c, c.String("subnet_id")))
			if eip := c.Find("aws_eip", c.String("allocation_id")); eip != nil {
				c.Set("public_ip", eip.String("public_ip"))
				c.Set("association_id", "eipassoc-"+c.Hex(17, "association"))
			}
			c.SetEach("", "public_ip", "association_id", "allocation_id")
			c.SetEach("", "availability_mode", "auto_provision_zones", "auto_scaling_ips", "route_table_id",
				"regional_nat_gateway_auto_mode")
			c.SetEach([]any{}, "regional_nat_gateway_address", "secondary_allocation_ids", "secondary_private_ip_addresses")
			if subnet := c.Find("aws_subnet", c.String("subnet_id")); subnet != nil {
				c.Set("vpc_id", subnet.String("vpc_id"))
			}
			c.Set("secondary_private_ip_address_count", 0.0)
		},
		InUse: func(*model.Call, *world.Resource) *world.Error { return nil }, // AWS deletes it under a route, which becomes a black hole
		Latency: model.Latency{Create: model.Seconds(105, 85, 125), Update: model.Seconds(5, 1, 30), Delete: model.Seconds(60, 42, 94),
			Source: "logs of eight real deployments"},
	}
}

// natAddress holds public gateways to one free Elastic IP and private ones to none.
func natAddress(c *model.Call) *world.Error {
	allocation, private := c.String("allocation_id"), c.String("connectivity_type") == "private"
	if c.String("availability_mode") == "regional" {
		return nil
	}
	if !private && allocation == "" && c.Creating() {
		return world.Fail("MissingParameter", "The request must contain the parameter AllocationId")
	}
	for _, other := range c.All("aws_nat_gateway") {
		// A gateway that failed gives its address back (EC2 documentation: NAT gateways, troubleshooting).
		if allocation != "" && !other.Failed && other.ID != c.ID && other.String("allocation_id") == allocation {
			return world.Fail("Resource.AlreadyAssociated", "elastic ip address %s is already associated", allocation)
		}
	}
	return nil
}

// natGatewayRoute refuses a public NAT gateway in a VPC without an internet gateway; AWS ends the creation in state failed.
func natGatewayRoute(c *model.Call) *world.Error {
	if c.String("connectivity_type") == "private" || c.String("subnet_id") == "" {
		return nil
	}
	vpc := c.VPCOf(c.String("subnet_id"))
	for _, gateway := range c.All("aws_internet_gateway") {
		if gateway.String("vpc_id") == vpc {
			return nil
		}
	}
	return world.Fail("Gateway.NotAttached", "Network %s has no Internet gateway attached", vpc)
}

// HostIn makes up the address of a host in a subnet: past the first four, which AWS keeps for itself.
func HostIn(c *model.Call, subnetID string) string {
	subnet := c.Find("aws_subnet", subnetID)
	if subnet == nil {
		return ""
	}
	prefix, err := netip.ParsePrefix(subnet.String("cidr_block"))
	if err != nil {
		return ""
	}
	address := prefix.Masked().Addr()
	var offset int
	_, _ = fmt.Sscanf(c.Hex(2, "host"), "%x", &offset)
	for range 4 + offset%8 {
		address = address.Next()
	}
	return address.String()
}
