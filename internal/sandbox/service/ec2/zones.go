package ec2

import (
	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
	"fmt"
)

func readRegion(c *model.Call) *world.Error {
	name := c.Region
	if own := c.String("name"); own != "" {
		name = own
	}
	if len(facts.Zones(name)) == 0 {
		return &world.Error{Message: fmt.Sprintf("no matching EC2 Region found: %s", name)}
	}
	for _, attribute := range []string{"id", "name", "region"} {
		c.Force(attribute, name)
	}
	c.Force("endpoint", "ec2."+name+"."+facts.DNSSuffix(name))
	c.Force("description", facts.RegionName(name))
	return nil
}

func readRegions(c *model.Call) *world.Error {
	var names []any
	for _, name := range facts.Regions() {
		if facts.Partition(name) == c.Partition() {
			names = append(names, name)
		}
	}
	c.Force("id", c.Partition())
	c.Force("names", names)
	return nil
}

// readAvailabilityZones lists the zones of the region. All of them are available, and need no opting in.
func readAvailabilityZones(c *model.Call) *world.Error {
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
	c.Force("names", model.List(names))
	c.Force("zone_ids", model.List(ids))
	c.Force("group_names", []any{c.Region})
	return nil
}

// zoneMatches applies the filters of DescribeAvailabilityZones to a zone.
func zoneMatches(c *model.Call, zone facts.Zone) bool {
	values := map[string]string{
		"zone-name": zone.Name, "zone-id": zone.ID, "zone-type": "availability-zone", "state": "available",
		"opt-in-status": "opt-in-not-required", "region-name": c.Region, "group-name": c.Region,
	}
	for _, filter := range c.Blocks("filter") {
		name, _ := filter["name"].(string)
		matched := false
		for _, value := range model.Strings(filter, "values") {
			matched = matched || value == values[name]
		}
		if !matched {
			return false
		}
	}
	return true
}
