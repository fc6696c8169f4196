package inventory

import (
	"maps"
	"slices"
	"strings"

	"coderaws/internal/configuration"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// Work is one thing that Terraform does when it applies a plan.
type Work struct {
	// ID names the work: the address of the resource, with " (destroy)" for the deletion of one that is replaced.
	ID string
	// Address and Type are those of the resource.
	Address, Type string
	// Action is Create, Update or Delete; a replacement is a deletion and a creation.
	Action Action
	// Values are the resource's attributes after the work, before it for a deletion.
	Values plan.Value
	// After are the IDs of the work that Terraform finishes first. Works of one block can share a list; it must not be changed.
	After []string
}

// Delete is the work of deleting a resource.
const Delete Action = "delete"

// destroyed marks the ID of a deletion where there is a creation of the same address.
const destroyed = " (destroy)"

// Plan lists the work of a plan in the order of IDs, with what waits for what, as Terraform orders it: by the references and the depends_on
// of the configuration, and for deletions by what the state recorded. written may be nil; the second result lists the local values that
// could then not be followed.
func Plan(p *plan.Plan, written *configuration.Module) ([]Work, []string) {
	o := &ordering{
		graph: newGraph(p.Document.Config, written), made: map[string][]string{}, gone: map[string][]string{}, reached: map[string][]string{},
	}
	var work []Work
	gently := map[string]bool{}   // replaced by creating first
	replaced := map[string]bool{} // deleted, and made again
	for _, change := range p.Changes() {
		actions := change.Actions
		block := plan.Block(change.Address)
		if actions.Create() || actions.Update() || actions.Replace() {
			action := Create
			if actions.Update() {
				action = Update
			}
			work = append(work, Work{change.Address, change.Address, change.Type, action, change.After, nil})
			o.made[block] = append(o.made[block], change.Address)
		}
		if actions.Delete() || actions.Replace() {
			id := change.Address
			if actions.Replace() {
				id += destroyed
				replaced[change.Address] = true
			}
			work = append(work, Work{id, change.Address, change.Type, Delete, change.Before, nil})
			o.gone[block] = append(o.gone[block], id)
		}
		gently[change.Address] = actions.CreateBeforeDestroy()
	}
	recorded := recordedDependents(p)
	for i := range work {
		w := &work[i]
		block := plan.Block(w.Address)
		if w.Action != Delete {
			w.After = slices.Clip(o.before(block)) // which all instances of the block share
			if !gently[w.Address] && replaced[w.Address] {
				w.After = append(w.After, w.Address+destroyed)
			}
			continue
		}
		for _, dependent := range recorded[block] {
			w.After = append(w.After, o.gone[dependent]...)
			if gently[w.Address] || !strings.HasSuffix(w.ID, destroyed) {
				w.After = append(w.After, o.made[dependent]...)
			}
		}
		if gently[w.Address] {
			w.After = append(w.After, w.Address)
		}
	}
	slices.SortFunc(work, func(a, b Work) int { return plan.Compare(a.ID, b.ID) })
	return work, o.graph.Opaque()
}

// ordering finds what comes before a block.
type ordering struct {
	graph *Graph
	// made and gone are the IDs of the creations and updates, and of the deletions, of each block.
	made, gone map[string][]string
	reached    map[string][]string
}

// before lists the work that comes before that of a block: that of the blocks it needs, or, where one of these has nothing to do, that
// of those which that one needs.
func (o *ordering) before(block string) []string {
	if known, ok := o.reached[block]; ok {
		return known
	}
	o.reached[block] = nil // a cycle, which Terraform never has, ends here
	found := map[string]bool{}
	for _, need := range o.graph.Needs(block) {
		ids := o.made[need]
		if len(ids) == 0 {
			ids = o.before(need)
		}
		for _, id := range ids {
			found[id] = true
		}
	}
	o.reached[block] = slices.Sorted(maps.Keys(found))
	return o.reached[block]
}

// recordedDependents are the blocks that depend on a block, by the state before the plan.
func recordedDependents(p *plan.Plan) map[string][]string {
	dependents := map[string][]string{}
	for _, resource := range p.Prior() {
		block := plan.Block(resource.Address)
		for _, dependency := range resource.After {
			if !slices.Contains(dependents[dependency], block) {
				dependents[dependency] = append(dependents[dependency], block)
			}
		}
	}
	return dependents
}

// Made lists the work that making all resources of a state was, ordered by the dependencies that the state recorded.
func Made(resources []*tfjson.StateResource) []Work {
	instances := map[string][]string{}
	for _, resource := range resources {
		block := plan.Block(resource.Address)
		instances[block] = append(instances[block], resource.Address)
	}
	work := make([]Work, len(resources))
	for i, resource := range resources {
		work[i] = Work{resource.Address, resource.Address, resource.Type, Create, plan.Of(resource.AttributeValues), nil}
		for _, dependency := range resource.DependsOn {
			work[i].After = append(work[i].After, instances[plan.Block(dependency)]...)
		}
	}
	return work
}
