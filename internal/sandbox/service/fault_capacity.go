package service

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/sandbox/world"
)

// need is what a call wants to launch: in one of the zones, spot instances or not.
type need struct {
	zones []string
	spot  bool
	// what is to be launched, such as m5.2xlarge.
	what string
}

// Shortage looks whether AWS has the capacity that a call needs, after its rules have been found kept. late says that AWS takes the
// request, and fails afterwards. Where one of several zones is short, AWS goes elsewhere.
func (t *Type) Shortage(c *Call) (err *world.Error, shortage *world.Shortage, late bool) {
	n := t.need(c)
	if len(n.zones) == 0 {
		return nil, nil, false
	}
	var met *world.Shortage
	var room []string
	for _, zone := range n.zones {
		if s := c.World.ShortOf(zone, n.spot); s != nil {
			met = s
		} else {
			room = append(room, zone)
		}
	}
	switch {
	case met == nil:
		return nil, nil, false
	case len(room) > 0:
		if t.Name == "aws_rds_cluster_instance" {
			c.Set("availability_zone", room[len(membersOf(c, c.String("cluster_identifier")))%len(room)])
		}
		return nil, met, false
	}
	return t.lack(c, n), met, t.Name == "aws_eks_node_group" || t.Name == "aws_autoscaling_group"
}

// need works out what a create wants to launch.
func (t *Type) need(c *Call) need {
	size := func(path string) float64 { n, _ := c.Number(path); return n }
	switch {
	case !c.Creating():
		return need{}
	case t.Name == "aws_eks_node_group" && size("scaling_config.desired_size") >= 1:
		return need{zones: c.Zones(c.Strings("subnet_ids")), spot: c.String("capacity_type") == "SPOT", what: nodeInstances(c)[0]}
	case t.Name == "aws_autoscaling_group" && max(size("desired_capacity"), size("min_size")) >= 1:
		share, mixed := c.Number(mixedDistribution + ".on_demand_percentage_above_base_capacity")
		types := append(groupInstanceTypes(c), "instance")
		return need{zones: c.Zones(c.Strings("vpc_zone_identifier")), spot: mixed && share < 100, what: types[0]}
	case t.Name == "aws_instance":
		return need{zones: c.Zones([]string{c.String("subnet_id")}), spot: c.String("instance_market_options.market_type") == "spot", what: c.String("instance_type")}
	case t.Name == "aws_rds_cluster_instance" && c.String("availability_zone") == "":
		return need{zones: memberZones(c), what: c.String("instance_class")}
	case (t.Name == "aws_rds_cluster_instance" || t.Name == "aws_db_instance") && c.String("availability_zone") != "":
		return need{zones: []string{c.String("availability_zone")}, what: c.String("instance_class")}
	}
	return need{}
}

// lack words AWS's answer where no zone has room.
func (t *Type) lack(c *Call, n need) *world.Error {
	switch {
	case t.Name == "aws_rds_cluster_instance" || t.Name == "aws_db_instance":
		return world.Fail("InsufficientDBInstanceCapacity", "Cannot create a database instance because there are not enough resources available in the requested Availability Zone (%s).", strings.Join(n.zones, ", ")) // text unverified
	case t.Name == "aws_instance":
		err := world.Fail("InsufficientInstanceCapacity", "%s", noRoom(c, n))
		err.Status = 500
		return err
	case n.spot:
		known, _ := FindFaultError("UnfulfillableCapacity")
		return launchFailure(t, c, known.Code, known.Message)
	default:
		return launchFailure(t, c, "InsufficientInstanceCapacity", noRoom(c, n))
	}
}

// noRoom is EC2's text, with the zones where there is room (source: public reports of real answers).
func noRoom(c *Call, n need) string {
	var others []string
	for _, zone := range c.World.Zones(c.Region) {
		kind := world.Instance(n.what)
		if !slices.Contains(n.zones, zone.Name) && c.World.ShortOf(zone.Name, n.spot) == nil && kind != nil && kind.OfferedIn(c.Region, zone.ID) {
			others = append(others, zone.Name)
		}
	}
	text := fmt.Sprintf("We currently do not have sufficient %s capacity in the Availability Zone you requested (%s). Our system will be working on provisioning additional capacity.", n.what, strings.Join(n.zones, ", "))
	if len(others) > 0 {
		text += fmt.Sprintf(" You can currently get %s capacity by not specifying an Availability Zone in your request or choosing %s.", n.what, strings.Join(others, ", "))
	}
	return text
}
