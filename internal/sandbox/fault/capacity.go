package fault

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Shortage looks whether AWS has the capacity for what a create starts, after its rules have been found kept. late says that AWS takes the
// request, and fails afterwards. Where one of several zones is short, AWS goes elsewhere.
func Shortage(t *model.Type, c *model.Call) (err *world.Error, shortage *world.Shortage, late bool) {
	if !c.Creating() || t.Launch == nil {
		return nil, nil, false
	}
	launch := t.Launch(c)
	if launch.Now < 1 {
		return nil, nil, false
	}
	var met *world.Shortage
	var room []string
	for _, zone := range launch.Zones {
		if s := c.World.ShortOf(zone, launch.Spot); s != nil {
			met = s
		} else {
			room = append(room, zone)
		}
	}
	switch {
	case met == nil:
		return nil, nil, false
	case len(room) > 0:
		if launch.Elsewhere != nil {
			launch.Elsewhere(room)
		}
		return nil, met, false
	}
	return lack(c, launch), met, launch.Failed != nil
}

// lack words AWS's answer where no zone has room.
func lack(c *model.Call, launch model.Launch) *world.Error {
	switch {
	case launch.NoRoom != nil:
		return launch.NoRoom()
	case launch.Failed == nil:
		err := world.Fail("InsufficientInstanceCapacity", "%s", noRoom(c, launch))
		err.Status = 500
		return err
	case launch.Spot:
		known, _ := Find("UnfulfillableCapacity")
		return launch.Failed(known.Code, known.Message)
	default:
		return launch.Failed("InsufficientInstanceCapacity", noRoom(c, launch))
	}
}

// noRoom is EC2's text, with the zones where there is room (source: public reports of real answers).
func noRoom(c *model.Call, launch model.Launch) string {
	what := "instance"
	if len(launch.InstanceTypes) > 0 {
		what = launch.InstanceTypes[0]
	}
	var others []string
	for _, zone := range c.World.Zones(c.Region) {
		kind := facts.Instance(what)
		if !slices.Contains(launch.Zones, zone.Name) && c.World.ShortOf(zone.Name, launch.Spot) == nil && kind != nil &&
			kind.OfferedIn(c.Region, zone.ID) {
			others = append(others, zone.Name)
		}
	}
	text := fmt.Sprintf("We currently do not have sufficient %s capacity in the Availability Zone you requested (%s). Our system will be "+
		"working on provisioning additional capacity.", what, strings.Join(launch.Zones, ", "))
	if len(others) > 0 {
		text += fmt.Sprintf(" You can currently get %s capacity by not specifying an Availability Zone in your request or choosing %s.", what,
			strings.Join(others, ", "))
	}
	return text
}
