package ec2

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func readInternetGateway(c *model.Call) *world.Error {
	q := query{typ: "aws_internet_gateway", noun: "EC2 Internet Gateway",
		arguments: map[string]string{"internet_gateway_id": "id", "id": "id"},
		filters: func(_ *model.Call, r *world.Resource) map[string][]string {
			values := attributes(r, map[string]string{"internet-gateway-id": "id", "attachment.vpc-id": "vpc_id", "owner-id": "owner_id"})
			values["attachment.state"] = []string{"available"}
			return values
		}}
	r, err := q.one(c)
	if err != nil {
		return err
	}
	answer(c, r)
	c.Force("internet_gateway_id", r.ID)
	attachments := []any{}
	if vpc := r.String("vpc_id"); vpc != "" {
		attachments = append(attachments, world.Object{"state": "available", "vpc_id": vpc})
	}
	c.Force("attachments", attachments)
	return nil
}

func natQuery() query {
	return query{typ: "aws_nat_gateway", noun: "EC2 NAT Gateway",
		arguments: map[string]string{"id": "id", "subnet_id": "subnet_id", "vpc_id": "vpc_id"},
		filters: func(_ *model.Call, r *world.Resource) map[string][]string {
			values := attributes(r, map[string]string{"nat-gateway-id": "id", "subnet-id": "subnet_id", "vpc-id": "vpc_id"})
			values["state"] = []string{"available"}
			return values
		}}
}

func readNATGateway(c *model.Call) *world.Error {
	if state := c.String("state"); state != "" && state != "available" {
		return &world.Error{Message: "no matching EC2 NAT Gateway found"}
	}
	r, err := natQuery().one(c)
	if err != nil {
		return err
	}
	answer(c, r)
	c.Force("state", "available")
	c.SetEach([]any{}, "availability_zone_address", "regional_nat_gateway_address", "secondary_allocation_ids",
		"secondary_private_ip_addresses")
	return nil
}

func readEIP(c *model.Call) *world.Error {
	q := query{typ: "aws_eip", noun: "EC2 EIP", arguments: map[string]string{"id": "id", "public_ip": "public_ip"},
		filters: func(_ *model.Call, r *world.Resource) map[string][]string {
			return attributes(r, map[string]string{"allocation-id": "id", "public-ip": "public_ip", "domain": "domain",
				"association-id":       "association_id",
				"network-border-group": "network_border_group"})
		}}
	r, err := q.one(c)
	if err != nil {
		return err
	}
	answer(c, r)
	c.SetEach("", "instance_id", "network_interface_id", "network_interface_owner_id", "customer_owned_ipv4_pool", "ptr_record")
	return nil
}

func endpointQuery() query {
	return query{typ: "aws_vpc_endpoint", noun: "EC2 VPC Endpoint",
		arguments: map[string]string{"id": "id", "vpc_id": "vpc_id", "service_name": "service_name", "vpc_endpoint_type": "vpc_endpoint_type",
			"state": "state"},
		filters: func(_ *model.Call, r *world.Resource) map[string][]string {
			return attributes(r, map[string]string{"vpc-endpoint-id": "id", "vpc-id": "vpc_id", "service-name": "service_name",
				"vpc-endpoint-type":  "vpc_endpoint_type",
				"vpc-endpoint-state": "state"})
		}}
}

func readEndpointService(c *model.Call) *world.Error {
	name, suffix := c.String("service_name"), c.String("service")
	prefix := reverseDNS(c.Region) + "." + c.Region + "."
	if name == "" {
		name = prefix + suffix
	}
	suffix = strings.TrimPrefix(name, prefix)
	if !offersEndpoints(c.Region, suffix) {
		return &world.Error{Message: "no matching EC2 VPC Endpoint Service found"}
	}
	kind := c.String("service_type")
	for _, filter := range c.Blocks("filter") {
		if values := model.Strings(filter, "values"); filter["name"] == "service-type" && len(values) == 1 {
			kind = values[0]
		}
	}
	switch {
	case kind == "" && gatewayServices[suffix]:
		// S3 has both kinds: the provider asks for more constraints, too.
		return &world.Error{Message: "multiple EC2 VPC Endpoint Services matched; use additional constraints to reduce matches to a single EC2 " +
			"VPC Endpoint Service"}
	case kind == "":
		kind = "Interface"
	case kind == "Gateway" && !gatewayServices[suffix]:
		return &world.Error{Message: "no matching EC2 VPC Endpoint Service found"}
	}
	zones := []any{}
	for _, zone := range c.World.Zones(c.Region) {
		zones = append(zones, zone.Name)
	}
	id := "vpce-svc-" + c.World.Digest(17, c.Region, name)
	domain := lookedUp(c.Region, suffix)
	for attribute, value := range map[string]any{
		"id": c.Hex(10), "service_name": name, "service_type": kind, "service_id": id, "acceptance_required": false, "availability_zones": zones,
		"arn":                     "arn:" + c.Partition() + ":ec2:" + c.Region + ":amazon:vpc-endpoint-service/" + id,
		"base_endpoint_dns_names": []any{suffix + "." + c.Region + ".vpce." + facts.DNSSuffix(c.Region)},
		"manages_vpc_endpoints":   false, "owner": "amazon", "private_dns_name": domain, "private_dns_names": []any{domain}, "region": c.Region,
		"service_region":             c.Region,
		"supported_ip_address_types": []any{"ipv4"}, "tags": world.Object{}, "vpc_endpoint_policy_supported": true,
	} {
		c.Force(attribute, value)
	}
	return nil
}

// managedPrefixLists are the lists of addresses that AWS keeps in a region, by name: services with gateway endpoints, and CloudFront.
func managedPrefixLists(c *model.Call) map[string]string {
	prefix := reverseDNS(c.Region) + "."
	lists := map[string]string{prefix + "global.cloudfront.origin-facing": "pl-" + c.World.Digest(8, c.Region, "cloudfront")}
	for service := range gatewayServices {
		lists[prefix+c.Region+"."+service] = prefixListID(c, service)
	}
	return lists
}

// findPrefixList finds one of AWS's prefix lists by the arguments and filters of a data source.
func findPrefixList(c *model.Call, idArgument string) (name, id string, problem *world.Error) {
	lists := managedPrefixLists(c)
	var names []string
	for candidate, candidateID := range lists {
		wantID, wantName := c.String(idArgument), c.String("name")
		if (wantID == "" || wantID == candidateID) && (wantName == "" || wantName == candidate) &&
			MatchesFilters(c, map[string][]string{"prefix-list-id": {candidateID}, "prefix-list-name": {candidate}, "owner-id": {"AWS"}}) {
			names = append(names, candidate)
		}
	}
	slices.Sort(names)
	switch len(names) {
	case 1:
		return names[0], lists[names[0]], nil
	case 0:
		return "", "", &world.Error{Message: "no matching EC2 Prefix List found"}
	default:
		return "", "",
			&world.Error{Message: "multiple EC2 Prefix Lists matched; use additional constraints to reduce matches to a single EC2 Prefix List"}
	}
}

func readPrefixList(c *model.Call) *world.Error {
	name, id, err := findPrefixList(c, "prefix_list_id")
	if err != nil {
		return err
	}
	c.Force("id", id)
	c.Force("name", name)
	c.Force("cidr_blocks", prefixListRanges(name[strings.LastIndex(name, ".")+1:]))
	return nil
}

func readManagedPrefixList(c *model.Call) *world.Error {
	name, id, err := findPrefixList(c, "id")
	if err != nil {
		return err
	}
	entries := []any{}
	for _, cidr := range prefixListRanges(name[strings.LastIndex(name, ".")+1:]) {
		entries = append(entries, world.Object{"cidr": cidr, "description": ""})
	}
	most := float64(len(entries))
	if strings.HasSuffix(name, "origin-facing") {
		most = 55 // what CloudFront's list counts for in a security group (CloudFront documentation)
	}
	for attribute, value := range map[string]any{
		"id": id, "name": name, "entries": entries, "max_entries": most, "address_family": "IPv4", "owner_id": "AWS", "version": 0.0,
		"tags": world.Object{},
		"arn":  "arn:" + c.Partition() + ":ec2:" + c.Region + ":aws:prefix-list/" + id,
	} {
		c.Force(attribute, value)
	}
	return nil
}
