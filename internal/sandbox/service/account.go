package service

import (
	"fmt"
	"strings"

	"coderaws/internal/sandbox/world"
)

// accountDataSources declares what Terraform asks about the account, the partition and the regions.
func accountDataSources() []*DataSource {
	return []*DataSource{
		{Name: "aws_caller_identity", API: "STS", Noun: "STS Caller Identity", Call: "GetCallerIdentity", Read: readCallerIdentity},
		{Name: "aws_partition", API: "STS", Noun: "Partition", Call: "GetPartition", Read: readPartition},
		{Name: "aws_region", API: "EC2", Noun: "EC2 Region", Call: "DescribeRegions", Read: readRegion},
		{Name: "aws_regions", API: "EC2", Noun: "EC2 Regions", Call: "DescribeRegions", Read: readRegions},
		{Name: "aws_availability_zones", API: "EC2", Noun: "EC2 Availability Zones", Call: "DescribeAvailabilityZones", Read: readAvailabilityZones},
	}
}

func readCallerIdentity(c *Call) *world.Error {
	c.Force("account_id", c.Account)
	c.Force("id", c.Account)
	c.Force("arn", fmt.Sprintf("arn:%s:sts::%s:user/moto", c.Partition(), c.Account))
	c.Force("user_id", "AKIAIOSFODNN7EXAMPLE")
	return nil
}

func readPartition(c *Call) *world.Error {
	suffix := world.DNSSuffix(c.ProviderRegion)
	reversed := "com.amazonaws"
	if strings.HasSuffix(suffix, ".cn") {
		reversed = "cn.com.amazonaws"
	}
	c.Force("id", c.Partition())
	c.Force("partition", c.Partition())
	c.Force("dns_suffix", suffix)
	c.Force("reverse_dns_prefix", reversed)
	return nil
}

func readRegion(c *Call) *world.Error {
	name := c.Region
	if own := c.String("name"); own != "" {
		name = own
	}
	if len(world.Zones(name)) == 0 {
		return &world.Error{Message: fmt.Sprintf("no matching EC2 Region found: %s", name)}
	}
	for _, attribute := range []string{"id", "name", "region"} {
		c.Force(attribute, name)
	}
	c.Force("endpoint", "ec2."+name+"."+world.DNSSuffix(name))
	c.Force("description", world.RegionName(name))
	return nil
}

func readRegions(c *Call) *world.Error {
	var names []any
	for _, name := range world.Regions() {
		if world.Partition(name) == c.Partition() {
			names = append(names, name)
		}
	}
	c.Force("id", c.Partition())
	c.Force("names", names)
	return nil
}

// readAvailabilityZones lists the zones of the region. All of them are available, and need no opting in.
func readAvailabilityZones(c *Call) *world.Error {
	excluded := map[string]bool{}
	for _, name := range append(c.Strings("exclude_names"), c.Strings("exclude_zone_ids")...) {
		excluded[name] = true
	}
	var names, ids []any
	for _, zone := range c.World.Zones(c.Region) {
		if !excluded[zone.Name] && !excluded[zone.ID] && zoneMatches(c, zone) {
			names, ids = append(names, zone.Name), append(ids, zone.ID)
		}
	}
	if state := c.String("state"); state != "" && state != "available" {
		names, ids = nil, nil
	}
	c.Force("id", c.Region)
	c.Force("names", list(names))
	c.Force("zone_ids", list(ids))
	c.Force("group_names", []any{c.Region})
	return nil
}

// zoneMatches applies the filters of DescribeAvailabilityZones to a zone.
func zoneMatches(c *Call, zone world.Zone) bool {
	values := map[string]string{
		"zone-name": zone.Name, "zone-id": zone.ID, "zone-type": "availability-zone", "state": "available",
		"opt-in-status": "opt-in-not-required", "region-name": c.Region, "group-name": c.Region,
	}
	for _, filter := range c.Blocks("filter") {
		name, _ := filter["name"].(string)
		matched := false
		for _, value := range Strings(filter, "values") {
			matched = matched || value == values[name]
		}
		if !matched {
			return false
		}
	}
	return true
}

// list returns an empty list for a nil one: Terraform tells no elements from no value.
func list(elements []any) []any {
	if elements == nil {
		return []any{}
	}
	return elements
}
