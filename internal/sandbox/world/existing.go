package world

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
)

// existing is what a real account holds that this world plays: what is used of its quotas, names that are taken, its own names of
// zones, and where it is offered which instance types. None of it is a resource of the world, so nothing can read, change or delete
// it; and none of it is kept in the world's file. The zero value is an account that holds nothing.
type existing struct {
	// used is how much of a quota others use, by the key of Use.
	used map[string]float64
	// limits are the account's quotas, by the key of Use without a scope.
	limits map[string]float64
	// names are taken names by type and region.
	names map[string][]string
	// zones replace the sample account's, by region.
	zones map[string][]facts.Zone
	// offers are the ids of the zones that offer an instance type, by region and type.
	offers map[string][]string
	// counting stops quotas from refusing anything.
	counting bool
}

// SetLimitIn says what a quota is in a region of the account.
func (w *World) SetLimitIn(code, region string, value float64) {
	if w.existing.limits == nil {
		w.existing.limits = map[string]float64{}
	}
	w.existing.limits[usageKey(code, region, "")] = value
}

// SetUsed says how much of a quota the account uses already, in a region and there in a scope (see Usage).
func (w *World) SetUsed(code, region, scope string, amount float64) {
	if w.existing.used == nil {
		w.existing.used = map[string]float64{}
	}
	w.existing.used[usageKey(code, region, scope)] = amount
}

// Used is what SetUsed said, 0 if it said nothing.
func (w *World) Used(code, region, scope string) float64 {
	return w.existing.used[usageKey(code, region, scope)]
}

// TakeName says that something of a Terraform resource type has the name in a region of the account already.
func (w *World) TakeName(typ, region, name string) {
	if w.existing.names == nil {
		w.existing.names = map[string][]string{}
	}
	w.existing.names[typ+"|"+region] = append(w.existing.names[typ+"|"+region], name)
}

// NameTaken reports whether TakeName named it; foldCase compares without regard to case.
func (w *World) NameTaken(typ, region, name string, foldCase bool) bool {
	return slices.ContainsFunc(w.existing.names[typ+"|"+region], func(taken string) bool {
		return taken == name || foldCase && strings.EqualFold(taken, name)
	})
}

// SetZones replaces the zones of a region by those that the account sees, in the order of their names.
func (w *World) SetZones(region string, zones []facts.Zone) {
	if w.existing.zones == nil {
		w.existing.zones = map[string][]facts.Zone{}
	}
	w.existing.zones[region] = zones
}

// Zones lists the availability zones of a region as the account sees them: those of SetZones, else those of the sample account. It may
// be called without a world, for the sample account.
func (w *World) Zones(region string) []facts.Zone {
	if w != nil && w.existing.zones[region] != nil {
		return w.existing.zones[region]
	}
	return facts.Zones(region)
}

// ZoneID finds the id of a zone by its name as the account sees it, or returns "".
func (w *World) ZoneID(region, name string) string {
	for _, zone := range w.Zones(region) {
		if zone.Name == name {
			return zone.ID
		}
	}
	return ""
}

// SetOffers says in which zones, by id, the account is offered an instance type; in none if there are none.
func (w *World) SetOffers(region, instanceType string, zoneIDs []string) {
	if w.existing.offers == nil {
		w.existing.offers = map[string][]string{}
	}
	w.existing.offers[region+"|"+instanceType] = append([]string{}, zoneIDs...)
}

// Offered reports whether a zone offers an instance type: as SetOffers says, else as the embedded table does.
func (w *World) Offered(region, instanceType, zoneID string) bool {
	if w != nil {
		if ids, known := w.existing.offers[region+"|"+instanceType]; known {
			return slices.Contains(ids, zoneID)
		}
	}
	instance := facts.Instance(instanceType)
	return instance != nil && instance.OfferedIn(region, zoneID)
}

// CountOnly makes quotas refuse nothing from now on, so that Usages tells what is needed in all.
func (w *World) CountOnly() { w.existing.counting = true }
