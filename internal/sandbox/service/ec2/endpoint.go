package ec2

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// endpointTypes declares VPC endpoints. Error codes and texts: EC2 API model, moto's record of real answers and messages measured on AWS,
// unless a comment says otherwise.
func endpointTypes() []*model.Type {
	return append([]*model.Type{vpcEndpoint()}, endpointAssociations()...)
}

func vpcEndpoint() *model.Type {
	return &model.Type{
		Name: "aws_vpc_endpoint", API: api, Noun: "EC2 VPC Endpoint",
		CreateCall: "CreateVpcEndpoint", UpdateCall: "ModifyVpcEndpoint", DeleteCall: "DeleteVpcEndpoints",
		Identify: model.GeneratedID("vpce-", 17),
		References: []model.Reference{
			{Path: "vpc_id", To: []string{"aws_vpc"}, Missing: vpcMissing},
			{Path: "subnet_ids", To: []string{"aws_subnet"}, Missing: subnetMissing},
			{Path: "security_group_ids", To: []string{"aws_security_group"}, Missing: securityGroupMissing},
			{Path: "route_table_ids", To: []string{"aws_route_table"}, Missing: routeTableMissing, Weak: true},
		},
		Parts:  endpointParts(),
		Checks: []model.Check{endpointService, endpointKind, endpointZones, endpointDNS, endpointRoutes, endpointPolicy},
		Quotas: []model.Quota{
			endpointQuota("L-1B52E74A", "Gateway VPC endpoints per Region", 20, "Gateway", nil),
			endpointQuota("L-29B6F2EB", "Interface VPC endpoints per VPC", 50, "Interface", perVPC),
		},
		Fill:    fillEndpoint,
		Refresh: refreshEndpoint,
		InUse:   func(*model.Call, *world.Resource) *world.Error { return nil }, // its routes become black holes
		Latency: interfaceLatency,
		LatencyOf: func(attributes world.Object) model.Latency {
			if endpointType(attributes) == "Gateway" {
				return gatewayLatency
			}
			return interfaceLatency
		},
	}
}

var (
	gatewayLatency = model.Latency{Create: model.Seconds(6, 5, 7), Update: model.Seconds(5, 1, 10), Delete: model.Seconds(10, 5, 15),
		Source: "logs of real deployments; deletion is an estimate, unverified"}
	interfaceLatency = model.Latency{Create: model.Seconds(90, 60, 180), Update: model.Seconds(10, 5, 60), Delete: model.Seconds(60, 30, 150),
		Source: "estimate, unverified"}
)

// endpointType is the kind of an endpoint; AWS and the provider take Gateway where none is given.
func endpointType(attributes world.Object) string {
	if kind, _ := attributes["vpc_endpoint_type"].(string); kind != "" {
		return kind
	}
	return "Gateway"
}

func endpointQuota(code, name string, value float64, kind string, per func(*model.Call, world.Object) string) model.Quota {
	return model.Quota{
		Quota: world.Quota{Code: code, Service: "vpc", Name: name, Default: value},
		Per:   per,
		Only:  func(attributes world.Object) bool { return endpointType(attributes) == kind },
		Exceeded: func() *world.Error {
			return world.Fail("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")
		},
	}
}

// endpointSuffix is the part of a service's name after com.amazonaws and the region, "" for services of others.
func endpointSuffix(c *model.Call) string { return serviceSuffix(c.Region, c.String("service_name")) }

func serviceSuffix(region, service string) string {
	suffix, found := strings.CutPrefix(service, reverseDNS(region)+"."+region+".")
	if !found {
		return ""
	}
	return suffix
}

// reverseDNS is the prefix of AWS's service names in a region's partition.
func reverseDNS(region string) string {
	parts := strings.Split(facts.DNSSuffix(region), ".")
	slices.Reverse(parts)
	return strings.Join(parts, ".")
}

// endpointService refuses services that the region does not have. Services of other accounts and of AWS's newer naming pass.
func endpointService(c *model.Call) *world.Error {
	name := c.String("service_name")
	own := strings.HasPrefix(name, reverseDNS(c.Region)+".")
	if name == "" || strings.Contains(name, ".vpce-svc-") || !own && strings.Contains(name, ".") {
		return nil
	}
	if !offersEndpoints(c.Region, endpointSuffix(c)) && !strings.HasPrefix(name, reverseDNS(c.Region)+".s3-global") {
		return world.Fail("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", name)
	}
	return nil
}

// endpointKind holds the arguments to the kind of endpoint: only S3 and DynamoDB have gateways, and gateways have no interfaces.
func endpointKind(c *model.Call) *world.Error {
	kind, suffix := endpointType(c.Object), endpointSuffix(c)
	switch {
	case kind == "Gateway" && suffix != "" && !gatewayServices[suffix]:
		return world.Fail("InvalidParameter", "Endpoint type (Gateway) does not match available service types ([Interface]).")
	case kind == "Gateway" && len(c.Strings("subnet_ids")) > 0:
		return noInterfaces
	case kind == "Gateway" && len(c.Strings("security_group_ids")) > 0:
		return noGroups
	case kind == "Gateway" && c.Bool("private_dns_enabled"):
		return world.Fail("InvalidParameter", "Private DNS is only supported for Interface type VPC Endpoints.") // text: unverified
	case kind == "Interface" && len(c.Strings("route_table_ids")) > 0:
		return onlyGateways
	}
	return nil
}

// endpointZones allows one subnet in each zone, all of them of the endpoint's VPC. Text of the second: unverified.
func endpointZones(c *model.Call) *world.Error {
	zones := map[string]bool{}
	for _, id := range c.Strings("subnet_ids") {
		if c.VPCOf(id) != c.String("vpc_id") {
			return foreignSubnet(id, c.String("vpc_id"))
		}
		zone := c.Zone(id)
		if zones[zone] {
			return zoneTaken(id)
		}
		zones[zone] = true
	}
	return nil
}

// endpointDNS holds private DNS to a VPC that resolves names, and to one endpoint of a service in a VPC.
func endpointDNS(c *model.Call) *world.Error {
	vpc := c.Find("aws_vpc", c.String("vpc_id"))
	if vpc == nil || !c.Bool("private_dns_enabled") {
		return nil
	}
	names, _ := vpc.Attributes["enable_dns_hostnames"].(bool)
	// The provider's default, which is AWS's too, is to resolve.
	if support, ok := vpc.Attributes["enable_dns_support"].(bool); !names || ok && !support {
		return world.Fail("InvalidParameter",
			"Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for %s", vpc.ID)
	}
	for _, other := range c.All("aws_vpc_endpoint") {
		private, _ := other.Attributes["private_dns_enabled"].(bool)
		if private && other.ID != c.ID && other.String("vpc_id") == vpc.ID && other.String("service_name") == c.String("service_name") {
			return domainTaken(c, vpc)
		}
	}
	for _, zone := range c.All("aws_route53_zone") {
		own := slices.Contains(model.Strings(zone.Attributes, "vpc.vpc_id"), vpc.ID)
		joined := slices.ContainsFunc(c.Where("aws_route53_zone_association", "zone_id", zone.ID), func(a *world.Resource) bool {
			return a.String("vpc_id") == vpc.ID
		})
		if (own || joined) && strings.TrimSuffix(zone.String("name"), ".") == endpointDomain(c) {
			return domainTaken(c, vpc)
		}
	}
	return nil
}

// domainTaken says that the VPC looks the names of the service up elsewhere: at another endpoint, or in a private hosted zone.
func domainTaken(c *model.Call, vpc *world.Resource) *world.Error {
	return world.Fail("InvalidParameter",
		"private-dns-enabled cannot be set because there is already a conflicting DNS domain for %s in the VPC %s", endpointDomain(c), vpc.ID)
}

// endpointRoutes allows one gateway of a service in each route table. Text: unverified.
func endpointRoutes(c *model.Call) *world.Error {
	for _, table := range c.Strings("route_table_ids") {
		if err := gatewayTaken(c, c.ID, c.String("service_name"), table); err != nil {
			return err
		}
	}
	return nil
}

func endpointPolicy(c *model.Call) *world.Error {
	if policy := c.String("policy"); len(policy) > 20480 {
		// text: unverified
		return world.Fail("InvalidPolicyDocument", "The policy of %d characters is longer than the limit of 20480 (quota L-3248932A)",
			len(policy))
	}
	return nil
}

// endpointDomain is the name that private DNS takes over.
func endpointDomain(c *model.Call) string { return lookedUp(c.Region, endpointSuffix(c)) }

// lookedUp is the name by which SDKs look a service up, and which private DNS of its endpoint takes over. Those of EKS Auth know one name
// alone, of the newer kind. Source: endpoints.json of botocore, 2026-08-07.
func lookedUp(region, suffix string) string {
	switch suffix {
	case "eks-auth":
		return "eks-auth." + region + ".api.aws"
	case "ecr.dkr":
		suffix = "ecr.dkr.*" // each account has a registry of its own
	}
	parts := strings.Split(suffix, ".")
	slices.Reverse(parts)
	return strings.Join(parts, ".") + "." + region + "." + facts.DNSSuffix(region)
}

func fillEndpoint(c *model.Call) {
	c.Set("arn", c.ARN("ec2", "vpc-endpoint/"+c.ID))
	c.Set("owner_id", c.Account)
	c.Set("state", "available")
	c.Set("requester_managed", false)
	c.Set("service_region", c.Region)
	c.Set("private_dns_enabled", false)
	if endpointType(c.Object) == "Gateway" {
		fillGatewayEndpoint(c)
		return
	}
	c.Set("prefix_list_id", "")
	c.SetEach([]any{}, "cidr_blocks", "subnet_configuration", "network_interface_ids", "dns_entry")
	c.Set("ip_address_type", "ipv4")
	if vpc := c.Find("aws_vpc", c.String("vpc_id")); vpc != nil {
		c.Set("security_group_ids", []any{vpc.String("default_security_group_id")})
	}
	fillDNSOptions(c, "ipv4")
}

func fillGatewayEndpoint(c *model.Call) {
	suffix := endpointSuffix(c)
	c.Set("prefix_list_id", prefixListID(c, suffix))
	c.Set("cidr_blocks", prefixListRanges(suffix))
	c.SetEach([]any{}, "dns_entry", "network_interface_ids", "subnet_configuration")
	c.Set("ip_address_type", "")
	fillDNSOptions(c, "")
}

// fillDNSOptions sets the block that AWS reports for every endpoint.
func fillDNSOptions(c *model.Call, recordType string) {
	options := world.Object{
		"dns_record_ip_type": recordType, "private_dns_only_for_inbound_resolver_endpoint": false,
		"private_dns_preference": "", "private_dns_specified_domains": []any{},
	}
	if model.IsUnset(c.Object["dns_options"]) {
		c.Force("dns_options", []any{})
		if recordType != "" {
			c.Force("dns_options", []any{options})
		}
		return
	}
	for name, value := range options {
		c.SetIn("dns_options", name, value)
	}
}

// endpointNames lists the names under which an interface endpoint is reached: its own, one for each zone, and the service's.
func endpointNames(c *model.Call, subnets []string) []any {
	const hostedZone = "Z7HUB22UULQXV" // us-east-1's; other regions have others, of which nothing here depends
	base := c.ID + "-" + c.Hex(8, "name")
	domain := "." + endpointSuffix(c) + "." + c.Region + ".vpce." + facts.DNSSuffix(c.Region)
	var entries []any
	entry := func(name, zone string) {
		entries = append(entries, world.Object{"dns_name": name, "hosted_zone_id": zone})
	}
	entry(base+domain, hostedZone)
	for _, zone := range c.Zones(subnets) {
		entry(base+"-"+zone+domain, hostedZone)
	}
	if c.Bool("private_dns_enabled") {
		entry(endpointDomain(c), "Z"+strings.ToUpper(c.Hex(19, "private zone")))
	}
	return entries
}
