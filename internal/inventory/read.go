package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/configuration"
	"coderaws/internal/diagnostic"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// Read makes the inventory of a plan. written is the configuration as it is written, or nil if its files are not at hand: then what
// only local values connect stays unconnected, and Opaque says so. The error lists what no engine plans, such as fewer than no nodes.
func Read(p *plan.Plan, written *configuration.Module) (*Inventory, error) {
	r := newReading(p, written)
	inv := empty()
	inv.reading = r
	r.network(inv)
	r.compute(inv)
	r.databases(inv)
	r.edge(inv)
	r.records(inv)
	r.others(inv)
	r.markCandidates(inv)
	regions := map[string]bool{}
	for _, resource := range r.all {
		if resource.Region != "" {
			regions[resource.Region] = true
		}
	}
	inv.Regions = slices.Sorted(maps.Keys(regions))
	inv.Opaque = r.graph.Opaque()
	return inv, r.refused.Err()
}

// reading holds a plan in the forms in which it is looked into.
type reading struct {
	graph *Graph
	all   []Resource
	// byType are the indexes in all, byAddress the index of an address.
	byType    map[string][]int
	byAddress map[string]int
	// instances are those of each block.
	instances map[string]*population
	// owners are the addresses by type and by what else names a resource: its id, its ARN, its name.
	owners map[[2]string]string
	// candidates are the arguments, by address, that were found to name one of several.
	candidates map[string][]string
	// taken marks types that have their own list.
	taken map[string]bool
	// refused is what no engine plans.
	refused diagnostic.List
}

func newReading(p *plan.Plan, written *configuration.Module) *reading {
	r := &reading{
		graph: newGraph(p.Document.Config, written), byType: map[string][]int{}, byAddress: map[string]int{},
		instances: map[string]*population{}, owners: map[[2]string]string{}, taken: map[string]bool{}, candidates: map[string][]string{},
	}
	regions := newRegions(p, r.graph)
	actions := map[string]Action{}
	for _, change := range p.Changes() {
		actions[change.Address] = actionOf(change.Actions)
	}
	for _, planned := range p.Planned() {
		if planned.IsData {
			continue
		}
		resource := Resource{Address: planned.Address, Type: planned.Type, Action: Keep, Values: planned.Values}
		if action, ok := actions[planned.Address]; ok {
			resource.Action = action
		}
		r.add(resource, regions, written)
	}
	slices.SortFunc(r.all, func(a, b Resource) int { return plan.Compare(a.Address, b.Address) })
	for i, resource := range r.all {
		r.byType[resource.Type] = append(r.byType[resource.Type], i)
		r.byAddress[resource.Address] = i
		block := plan.Block(resource.Address)
		if r.instances[block] == nil {
			r.instances[block] = &population{block: block, byKey: map[string][]int{}, modules: map[string]bool{}}
		}
		r.instances[block].add(resource.Address)
		for _, name := range []string{"id", "arn", "name", "cluster_identifier", "dns_name"} {
			if value := text(resource.Values, name); value != "" {
				r.owners[[2]string{resource.Type, value}] = resource.Address
			}
		}
	}
	return r
}

func (r *reading) add(resource Resource, regions *regions, written *configuration.Module) {
	block := plan.Block(resource.Address)
	resource.Region = regions.of(resource, r.graph.resources[block])
	resource.Name = cmp.Or(shown(resource.Values, "tags", "Name"), shown(resource.Values, "name"))
	if module := written; module != nil {
		path := plan.Module(block)
		for _, name := range strings.Split(path, ".") {
			if name != "" && name != "module" && module != nil {
				module = module.Calls[name]
			}
		}
		if module != nil {
			if at, ok := module.Blocks[strings.TrimPrefix(strings.TrimPrefix(block, path), ".")]; ok {
				resource.Where = &at
			}
		}
	}
	r.all = append(r.all, resource)
}

func actionOf(actions tfjson.Actions) Action {
	switch {
	case actions.Create():
		return Create
	case actions.Update():
		return Update
	case actions.Replace():
		return Replace
	}
	return Keep
}

// of lists the resources of some types, and marks the types as having a list of their own.
func (r *reading) of(types ...string) []Resource {
	var found []Resource
	for _, typ := range types {
		r.taken[typ] = true
		for _, i := range r.byType[typ] {
			found = append(found, r.all[i])
		}
	}
	return found
}

// refers says which resources of some types an argument of a resource names. The value is taken at its word where it is known;
// otherwise the configuration says where it comes from. A known value that the plan does not hold is returned as it is. The list is in the
// order of addresses; it can be shared, and must not be changed.
func (r *reading) refers(from Resource, path string, types ...string) []string {
	parts := strings.Split(path, ".")
	values := valuesAt(from.Values, parts)
	found := []string{}
	for _, value := range values {
		for _, typ := range types {
			if address, ok := r.owners[[2]string{typ, value}]; ok {
				value = address
				break
			}
		}
		found = append(found, value)
	}
	if len(found) == 0 {
		origins := r.graph.origins(plan.Block(from.Address), parts, func(typ string) bool { return slices.Contains(types, typ) })
		picked := pick(from.Address, origins, r.instances)
		if len(picked) > 1 {
			r.candidates[from.Address] = unique(append(r.candidates[from.Address], parts[0]))
		}
		if len(origins) == 1 && len(picked) > 0 {
			return picked
		}
		found = append(found, picked...)
	}
	slices.SortFunc(found, plan.Compare)
	return slices.Compact(found)
}

// refersOne is refers for an argument that names one resource; empty if that is not known.
func (r *reading) refersOne(from Resource, path string, types ...string) string {
	if found := r.refers(from, path, types...); len(found) > 0 {
		return found[0]
	}
	return ""
}

// resource finds a resource by its address.
func (r *reading) resource(address string) (Resource, bool) {
	i, ok := r.byAddress[address]
	if !ok {
		return Resource{}, false
	}
	return r.all[i], true
}

// markCandidates notes at the entries what was found through expressions alone.
func (r *reading) markCandidates(inv *Inventory) {
	for i := range inv.Clusters {
		inv.Clusters[i].Candidates = r.candidates[inv.Clusters[i].Address]
	}
	for i := range inv.NodeGroups {
		inv.NodeGroups[i].Candidates = r.candidates[inv.NodeGroups[i].Address]
	}
	for i := range inv.LoadBalancers {
		inv.LoadBalancers[i].Candidates = r.candidates[inv.LoadBalancers[i].Address]
	}
	for i := range inv.Endpoints {
		inv.Endpoints[i].Candidates = r.candidates[inv.Endpoints[i].Address]
	}
}
