package preflight

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/account"
	"coderaws/internal/diagnostic"
	"coderaws/internal/rehearsal"
)

// offers finds what would launch instances where AWS does not offer them.
func (c *comparison) offers() {
	for _, launch := range c.need.Launches {
		region := c.snapshot.Regions[launch.Region]
		if region == nil || region.Zones == nil {
			continue
		}
		var without, with []string
		for _, zone := range launch.Zones {
			switch offered, known := anyOffered(region, launch.InstanceTypes, zone); {
			case known && offered:
				with = append(with, zone)
			case known:
				without = append(without, zone)
			}
		}
		if len(without) > 0 {
			c.add(notOffered(region, launch, with, without))
		}
	}
}

// anyOffered reports whether a zone offers one of the types at least; known is false if the account was not asked about any of them.
func anyOffered(region *account.Region, instanceTypes []string, zone string) (offered, known bool) {
	id := ""
	for _, z := range region.Zones {
		if z.Name == zone {
			id = z.ID
		}
	}
	for _, name := range instanceTypes {
		if ids, asked := region.Offers[name]; asked {
			known = true
			offered = offered || slices.Contains(ids, id)
		}
	}
	return offered, known
}

func notOffered(region *account.Region, launch rehearsal.Launch, with, without []string) *diagnostic.Diagnostic {
	types := strings.Join(launch.InstanceTypes, ", ")
	var elsewhere []string
	for _, zone := range region.Zones {
		if offered, _ := anyOffered(region, launch.InstanceTypes, zone.Name); offered {
			elsewhere = append(elsewhere, zone.Name)
		}
	}
	d := diagnostic.Errorf("%s cannot launch anything: %s is not offered in %s", launch.ID, types, strings.Join(without, ", "))
	d.Why = "AWS would answer Unsupported some minutes after the group was made, and it would have no nodes"
	if len(with) > 0 {
		d = diagnostic.Warningf("%s has no nodes in %s: %s is not offered there", launch.ID, strings.Join(without, ", "), types)
		d.Why = "it launches all of them in " + strings.Join(with, ", ")
	}
	d.Code = "Unsupported"
	d.Todo = "choose other instance types"
	if len(elsewhere) > 0 {
		d.Todo += ", or zones that offer them: " + strings.Join(elsewhere, ", ")
	}
	return d
}

// delegations finds hosted zones that the deployment relies on and that the internet does not find: a certificate for a name in one of
// them is never issued.
func (c *comparison) delegations() {
	for _, id := range slices.Sorted(maps.Keys(c.need.Zones)) {
		at := slices.IndexFunc(c.snapshot.HostedZones, func(z account.HostedZone) bool { return z.ID == id })
		if at < 0 || c.snapshot.HostedZones[at].Private {
			continue
		}
		zone := &c.snapshot.HostedZones[at]
		delegated, known := zone.Delegated()
		switch {
		case known && !delegated:
			c.add(notDelegated(zone, c.need.Zones[id]))
		case !known:
			d := diagnostic.Warningf("it is not known whether the internet finds the hosted zone %s (%s)", zone.Name, zone.ID)
			d.Code, d.Address = "dns.unknown", c.need.Zones[id]
			d.Why = "DNS was not asked"
			if zone.Delegation != nil {
				d.Why = "DNS was asked and did not answer: " + zone.Delegation.Failure
			}
			d.Todo = "compare what `dig NS " + zone.Name + "` answers from the internet with " + strings.Join(zone.NameServers, ", ")
			c.add(d)
		}
	}
}

func notDelegated(zone *account.HostedZone, address string) *diagnostic.Diagnostic {
	d := diagnostic.Errorf("the internet does not find the hosted zone %s (%s)", zone.Name, zone.ID)
	d.Code, d.Address = "dns.not_delegated", address
	answers := "nobody"
	if len(zone.Delegation.NameServers) > 0 {
		answers = strings.Join(zone.Delegation.NameServers, ", ")
	}
	d.Why = fmt.Sprintf("DNS says that %s answers for it. The certificate would not be issued, and the deployment would wait for it for 75 "+
		"minutes and fail", answers)
	d.Todo = fmt.Sprintf("where %s is registered, or in the zone above it, enter these as its NS records: %s", zone.Name,
		strings.Join(zone.NameServers, ", "))
	return d
}
