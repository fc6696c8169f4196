// Package spot advises on the instance types of a deployment's node groups: which of them AWS takes back often, which are not
// offered where the deployment runs, which do not go together, and what would be better. It advises with the figures that
// the program carries, and refuses nothing. The command line imports it; it imports internal/deployment, internal/diagnostic and the
// table of instance types in internal/facts.
package spot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/facts"

	"github.com/zclconf/go-cty/cty"
)

const (
	// oftenTaken is the band from which on an instance type is warned of: 15 to 20 % of its instances taken back in a month.
	oftenTaken = 3
	// mostBetter is how many better types a warning names.
	mostBetter = 3
)

// Advise returns warnings for every region of a deployment, in order of place; none for a deployment that is nil, as it is not valid.
func Advise(d *deployment.Deployment) diagnostic.List {
	if d == nil {
		return nil
	}
	var list diagnostic.List
	for i := range d.Regions {
		list = append(list, region(&d.Regions[i])...)
	}
	return list
}

func region(r *deployment.Region) diagnostic.List {
	if len(facts.Zones(r.Name)) == 0 {
		return nil // a region that the table does not know
	}
	onSpot := slices.Contains(r.Features(), "spot_workspaces")
	var list diagnostic.List
	for _, kind := range []string{"control", "provisioner", "workspace"} {
		g := group{region: r, path: "node_groups." + kind + ".instance_types"}
		g.types = texts(r.Value(g.path))
		list = append(list, g.notOffered()...)
		if kind != "control" { // no autoscaler plans for the control group
			list = append(list, g.unlike()...)
		}
		if kind == "workspace" && onSpot {
			list = append(list, g.taken()...)
		}
	}
	slices.SortStableFunc(list, func(a, b *diagnostic.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Where.Line, b.Where.Line), cmp.Compare(a.Where.Column, b.Where.Column))
	})
	return list
}

// group is one node group's instance types.
type group struct {
	region *deployment.Region
	path   string
	types  []string
}

func (g group) warn(i int, code, summary string, args ...any) *diagnostic.Diagnostic {
	d := diagnostic.Warningf(summary, args...)
	d.Code, d.Where = code, g.region.Place(fmt.Sprintf("%s[%d]", g.path, i))
	return d
}

// notOffered warns of types that the region does not have, and of zones that have none of the group's types.
func (g group) notOffered() diagnostic.List {
	var list diagnostic.List
	zones := g.zones()
	served := map[string]bool{}
	for i, name := range g.types {
		kind := facts.Instance(name)
		switch {
		case kind == nil:
			return list // package versions warns of it
		case !offered(kind, g.region.Name):
			d := g.warn(i, "spot.not_offered", "%s is not offered in %s", name, g.region.Name)
			d.Why = fmt.Sprintf("no zone of %s had it, so that EKS would refuse the node group", g.region.Name)
			d.Todo = g.instead(name, "name another type")
			list = append(list, d)
			continue
		}
		for _, zone := range zones {
			served[zone.ID] = served[zone.ID] || kind.OfferedIn(g.region.Name, zone.ID)
		}
	}
	var without []string
	for _, zone := range zones {
		if !served[zone.ID] {
			without = append(without, zone.ID)
		}
	}
	if len(list) == 0 && len(without) > 0 && len(g.types) > 0 {
		d := g.warn(0, "spot.not_in_zone", "%s: not offered in %s", strings.Join(g.types, ", "), strings.Join(without, ", "))
		d.Why = "a node group in a zone that has none of its types gets no node; a workspace with its home there does not start"
		d.Todo = "add a type that is offered there, or name other zones in network.availability_zones (`aws ec2 " +
			"describe-availability-zones` shows the names of the IDs)"
		list = append(list, d)
	}
	return list
}

// unlike warns of types that differ in CPU or memory from the group's first one.
func (g group) unlike() diagnostic.List {
	var list diagnostic.List
	for i, name := range g.types {
		first, kind := facts.Instance(g.types[0]), facts.Instance(name)
		if first == nil || kind == nil || first.VCPU == kind.VCPU && first.MemoryGiB == kind.MemoryGiB {
			continue
		}
		d := g.warn(i, "spot.unlike_types", "%s has %s, and %s has %s", name, shape(kind), g.types[0], shape(first))
		d.Why = "the cluster autoscaler plans with one size for a group: it starts nodes that what waits does not fit on, or too many of them"
		d.Todo = fmt.Sprintf("name types with %s only", shape(first))
		list = append(list, d)
	}
	return list
}

// taken warns of types that AWS takes back often, and names better ones.
func (g group) taken() diagnostic.List {
	var list diagnostic.List
	for i, name := range g.types {
		kind := facts.Instance(name)
		if kind == nil || kind.Newer || !offered(kind, g.region.Name) {
			continue // of a newer type it is not known
		}
		offer := kind.Regions[g.region.Name]
		if offer.InterruptionBand() < oftenTaken {
			continue
		}
		d := g.warn(i, "spot.interrupted_often", "AWS takes %s back often", name)
		d.Why = fmt.Sprintf("in %s, %s of its spot instances were interrupted in a month (%s), as of %s; each time, people "+
			"on that node lose what runs",
			g.region.Name, band(offer), price(offer), facts.SpotDate)
		d.Todo = g.instead(name, "add other types, or raise node_groups.workspace.on_demand_percentage")
		list = append(list, d)
	}
	return list
}

// instead words the better types there are, or falls back to other advice.
func (g group) instead(name, otherwise string) string {
	var named []string
	for _, better := range Better(name, g.region.Name, g.zones(), g.types) {
		offer := facts.Instance(better).Regions[g.region.Name]
		named = append(named, fmt.Sprintf("%s (%s; %s)", better, band(offer), price(offer)))
	}
	if len(named) == 0 {
		return fmt.Sprintf("no further type with %s is taken back less often here: %s", shape(facts.Instance(name)), otherwise)
	}
	return fmt.Sprintf("consider, with the same %s: %s", shape(facts.Instance(name)), strings.Join(named, "; "))
}

// zones are those that the deployment may use: the ones that it names, or all that EKS can use.
func (g group) zones() []facts.Zone {
	named := texts(g.region.Value("network.availability_zones"))
	return slices.DeleteFunc(slices.Clone(facts.Zones(g.region.Name)), func(zone facts.Zone) bool {
		return slices.Contains(withoutEKS, zone.ID) || len(named) > 0 && !slices.Contains(named, zone.Name)
	})
}

// withoutEKS are the zones in which EKS has no control planes; the stacks leave them out.
var withoutEKS = []string{"use1-az3", "usw1-az2", "cac1-az3"}

// Better lists instance types of the shape of another that AWS takes back less often in a region: the same CPU, memory, architecture
// and class of use, of a generation that is not older, offered in all zones that are given; at most three, the least interrupted first
// and the cheaper one of two alike. What is in have is left out.
func Better(original, region string, zones []facts.Zone, have []string) []string {
	than := facts.Instance(original)
	if than == nil {
		return nil
	}
	limit := len(bands)
	if offer, ok := than.Regions[region]; ok && offer.InterruptionBand() >= 0 {
		limit = offer.InterruptionBand()
	}
	type candidate struct {
		name string
		band int
		usd  float64
	}
	var found []candidate
	for _, name := range facts.InstanceNames() {
		kind := facts.Instance(name)
		offer, here := kind.Regions[region]
		if !here || slices.Contains(have, name) || !alike(kind, than) || !related(name, original) {
			continue
		}
		everywhere := !slices.ContainsFunc(zones, func(zone facts.Zone) bool { return !kind.OfferedIn(region, zone.ID) })
		if b := offer.InterruptionBand(); everywhere && b >= 0 && b < limit && offer.SpotUSD() > 0 {
			found = append(found, candidate{name, b, offer.SpotUSD()})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.band, b.band), cmp.Compare(a.usd, b.usd), cmp.Compare(a.name, b.name))
	})
	var names []string
	for _, c := range found[:min(len(found), mostBetter)] {
		names = append(names, c.name)
	}
	return names
}

func texts(v cty.Value) []string {
	if v == cty.NilVal || v.IsNull() || !v.IsWhollyKnown() || !v.CanIterateElements() {
		return nil
	}
	var found []string
	for _, element := range v.AsValueSlice() {
		if !element.IsNull() && element.Type() == cty.String {
			found = append(found, element.AsString())
		}
	}
	return found
}
