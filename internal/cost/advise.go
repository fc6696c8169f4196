package cost

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/inventory"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// Setting is one assignment in a deployment's tfvars file, with the path of nested objects in its name.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Advice is a change that saves money at the same capacity.
type Advice struct {
	// Settings are what to write, Why is what it does and what to know before.
	Settings []Setting `json:"settings"`
	Why      string    `json:"why"`
	// Saving is of an average month; that of two pieces of advice together can be less.
	Saving pricing.USD `json:"saving"`
}

// leastSaving is what a change must save in a month to be worth a look.
const leastSaving = 1

// Advise finds changes of the settings of our stacks that save money at the same capacity, the most first. It prices the plan again with
// each change, as a plan with the change would be.
func Advise(in *Input, book *pricing.Book, options Options) ([]Advice, error) {
	now, err := Estimate(in, book, options)
	if err != nil {
		return nil, err
	}
	a := &adviser{in: in, book: book, options: options, total: now.Total()}
	for _, kind := range []string{"control", "provisioner", "workspace"} {
		a.types(kind)
	}
	a.offPeak()
	a.window()
	a.leastCapacity()
	slices.SortStableFunc(a.list, func(x, y Advice) int { return y.Saving.Cmp(x.Saving) })
	return a.list, a.err
}

type adviser struct {
	in      *Input
	book    *pricing.Book
	options Options
	total   pricing.USD
	list    []Advice
	err     error
}

// try prices a changed copy of the input, and keeps the advice if it saves enough.
func (a *adviser) try(why string, settings []Setting, change func(*Input)) {
	inv := *a.in.Inventory
	inv.NodeGroups, inv.Databases, inv.Schedules = slices.Clone(inv.NodeGroups), slices.Clone(inv.Databases), slices.Clone(inv.Schedules)
	changed := *a.in
	changed.Inventory, changed.resized = &inv, map[string]scheduled{}
	change(&changed)
	r, err := Estimate(&changed, a.book, a.options)
	if err != nil {
		if a.err == nil {
			a.err = err
		}
		return
	}
	saving := a.total.Minus(r.Total())
	if saving.Cmp(pricing.Dollars(decimal.NewFromInt(leastSaving))) >= 0 {
		a.list = append(a.list, Advice{settings, why, saving})
	}
}

// types looks for cheaper instance types of the same shape for the groups of a kind.
func (a *adviser) types(kind string) {
	groups := slices.DeleteFunc(slices.Clone(a.in.Inventory.NodeGroups), func(g inventory.NodeGroup) bool {
		return g.Labels[kindLabel] != kind || len(g.InstanceTypes) == 0
	})
	if len(groups) == 0 {
		return
	}
	current := groups[0].InstanceTypes
	spot := slices.ContainsFunc(groups, func(g inventory.NodeGroup) bool { return g.CapacityType == "SPOT" })
	var zones []string
	for _, group := range groups {
		zones = append(zones, group.Zones...)
	}
	replace := func(names []string) func(*Input) {
		return func(in *Input) {
			for i := range in.Inventory.NodeGroups {
				if in.Inventory.NodeGroups[i].Labels[kindLabel] == kind {
					in.Inventory.NodeGroups[i].InstanceTypes = names
				}
			}
		}
	}
	region := cmp.Or(groups[0].Region, a.options.Region, pricing.Reference)
	setting := func(names []string) Setting {
		return Setting{"node_groups." + kind + ".instance_types", `["` + strings.Join(names, `", "`) + `"]`}
	}
	shape := facts.Instance(current[0])
	if shape == nil {
		return
	}
	words := fmt.Sprintf("%d vCPU and %g GiB", shape.VCPU, shape.MemoryGiB)
	if names := a.cheapest(current, region, zones, spot, false); names != nil {
		why := fmt.Sprintf("%s nodes with the same %s for less", kind, words)
		if spot {
			why += ", and on spot taken back no more often than the worst of today's types"
		}
		a.try(why, []Setting{setting(names)}, replace(names))
	}
	if kind == "workspace" {
		return // what runs in workspaces is their owners', and may need the processor that it has
	}
	// The same image for the other processor: with fips it is one of Bottlerocket's. EKS takes AL2023's where a group says none.
	const standard = "AL2023_x86_64_STANDARD"
	image := strings.Replace(groups[0].Values.Attr("ami_type").Text().Else(standard, standard), "x86_64", "ARM_64", 1)
	if names := a.cheapest(current, region, zones, spot, true); names != nil {
		a.try(fmt.Sprintf("%s nodes on Graviton, with the same %s; Coder's own images run on it, others that you put on these nodes must, too",
			kind, words),
			[]Setting{setting(names), {"node_groups." + kind + ".ami_type", `"` + image + `"`}}, replace(names))
	}
}

// cheapest are as many types of the current shape and class as there are now, the cheapest first; nil if those are what there is already.
func (a *adviser) cheapest(current []string, region string, zones []string, spot, graviton bool) []string {
	architecture := "x86_64"
	if graviton {
		architecture = "arm64"
	}
	worst := -1
	for _, name := range current {
		kind := facts.Instance(name)
		if kind == nil || graviton && !slices.Contains(kind.Architectures, "x86_64") {
			return nil
		}
		worst = max(worst, kind.Regions[region].InterruptionBand())
	}
	type candidate struct {
		name string
		usd  decimal.Decimal
	}
	var found []candidate
	for _, name := range facts.InstanceNames() {
		kind := facts.Instance(name)
		offer, here := kind.Regions[region]
		like := func(other string) bool { return alike(kind, facts.Instance(other), name, other) }
		if !here || !slices.ContainsFunc(current, like) || !slices.Contains(kind.Architectures, architecture) || !inZones(kind, region, zones) {
			continue
		}
		item := pricing.EC2OnDemandHour
		if spot {
			item = pricing.EC2SpotHour
			if band := offer.InterruptionBand(); band < 0 || worst >= 0 && band > worst {
				continue
			}
		}
		figure, err := a.book.Price(pricing.Key{Item: item, Of: name, Region: region})
		if err != nil || figure.Estimated {
			continue
		}
		found = append(found, candidate{name, figure.Rate().Decimal()})
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.usd.Cmp(b.usd) })
	if len(found) < len(current) {
		return nil
	}
	var names []string
	for _, c := range found[:len(current)] {
		names = append(names, c.name)
	}
	if slices.Equal(names, current) {
		return nil
	}
	return names
}

// alike says whether nodes of a type hold what those of another hold: as much CPU, memory and network interfaces, and built for the same
// use.
func alike(kind, than *facts.InstanceType, name, original string) bool {
	class := func(name string) string {
		return strings.TrimRight(strings.SplitN(name, ".", 2)[0], "abcdefghijklmnopqrstuvwxyz-")
	}
	use := func(name string) string { return strings.TrimRight(class(name), "0123456789") }
	generation := func(name string) string { return strings.TrimPrefix(class(name), use(name)) }
	return kind.VCPU == than.VCPU && kind.MemoryGiB == than.MemoryGiB && kind.GPUs == than.GPUs && !strings.Contains(name, ".metal") &&
		kind.MaxENIs >= than.MaxENIs && kind.IPv4PerENI >= than.IPv4PerENI && use(name) == use(original) &&
		generation(name) >= generation(original)
}

func inZones(kind *facts.InstanceType, region string, zones []string) bool {
	for _, zone := range zones {
		if id := facts.ZoneID(region, zone); id != "" && !kind.OfferedIn(region, id) {
			return false
		}
	}
	return true
}

// leastCapacity lets an idle database be as small as Coder can live with.
func (a *adviser) leastCapacity() {
	if a.in.Capacity == nil {
		return // not our stacks, so that there is no such setting
	}
	least := 0.5
	a.try("an idle database shrinks to half a capacity unit, about 1 GiB; it grows by itself, and takes at most 2,000 connections",
		[]Setting{{"database.min_acu", "0.5"}}, func(in *Input) {
			for i := range in.Inventory.Databases {
				if in.Inventory.Databases[i].MinACU.Else(0, 0) > least {
					in.Inventory.Databases[i].MinACU = plan.Known(least)
				}
			}
		})
}
