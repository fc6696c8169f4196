package cost

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"coderaws/internal/capacity"
	"coderaws/internal/configuration"
	"coderaws/internal/inventory"

	tfjson "github.com/hashicorp/terraform-json"
)

// Input is what a bill is made from.
type Input struct {
	Inventory *inventory.Inventory
	// Capacity is how many workspaces the plan's settings hold; nil if the plan does not say.
	Capacity *capacity.Capacity
	// sizes are what the plan's schedules set, by the name of the schedule.
	sizes map[string]scheduled
	// resized is what schedules would set with a piece of advice, by their address; it goes before all else.
	resized map[string]scheduled
	// hours are what time_based_scaling follows or would follow; nil if the plan does not say.
	hours *workingHours
	// loose are the database instances of which the plan does not say which cluster they belong to.
	loose []Unpriced
	// unknown are the top arguments that the plan does not know yet, by address.
	unknown map[string]map[string]any
}

// scheduled is what a schedule sets: the least sizes of node groups, by a name that is a key in the group's address, except on holidays.
type scheduled struct {
	Holidays []string       `json:"holidays"`
	MinSizes map[string]int `json:"min_sizes"`
}

// scalingOutput is the output of our stacks that says what schedules will set before the schedules themselves can.
const scalingOutput = "scaling"

// Read takes from a plan what a bill is made from. written is the configuration as it is written, or nil.
func Read(plan *tfjson.Plan, written *configuration.Module) (*Input, error) {
	in := &Input{Inventory: inventory.Read(plan, written), sizes: map[string]scheduled{}, unknown: map[string]map[string]any{}}
	var err error
	if in.Capacity, err = capacity.Read(plan); err != nil && !errors.Is(err, capacity.ErrNone) {
		return nil, err
	}
	for _, change := range plan.ResourceChanges {
		if change.Change == nil {
			continue
		}
		if unknown, ok := change.Change.AfterUnknown.(map[string]any); ok {
			in.unknown[change.Address] = unknown
		}
	}
	if plan.PlannedValues != nil {
		in.findLoose(plan.PlannedValues.RootModule)
	}
	var sizes map[string]scheduled
	if output(plan, scalingOutput, &sizes) && sizes != nil {
		in.sizes = sizes
	}
	var hours workingHours
	if output(plan, hoursOutput, &hours) {
		in.hours = &hours
	}
	return in, nil
}

// output reads an output of a plan, and reports whether it is there and known. Another stack's output of this name can have any form; then its
// schedules speak for themselves.
func output(plan *tfjson.Plan, name string, into any) bool {
	if plan.PlannedValues == nil || plan.PlannedValues.Outputs[name] == nil {
		return false
	}
	value, err := json.Marshal(plan.PlannedValues.Outputs[name].Value)
	return err == nil && string(value) != "null" && json.Unmarshal(value, into) == nil
}

// findLoose finds instances that no database of the inventory has.
func (in *Input) findLoose(module *tfjson.StateModule) {
	if module == nil {
		return
	}
	for _, resource := range module.Resources {
		has := func(d inventory.Database) bool {
			return slices.ContainsFunc(d.Instances, func(i inventory.DatabaseInstance) bool { return i.Address == resource.Address })
		}
		if resource.Type == "aws_rds_cluster_instance" && !slices.ContainsFunc(in.Inventory.Databases, has) {
			in.loose = append(in.loose, Unpriced{resource.Address, resource.Type, "the plan does not say which database it belongs to"})
		}
	}
	for _, child := range module.ChildModules {
		in.findLoose(child)
	}
}

// isUnknown reports whether the plan does not know an argument of a resource, or a part of it.
func (in *Input) isUnknown(address, argument string) bool {
	return anyTrue(in.unknown[address][argument])
}

func anyTrue(value any) bool {
	switch v := value.(type) {
	case bool:
		return v
	case []any:
		for _, element := range v {
			if anyTrue(element) {
				return true
			}
		}
	case map[string]any:
		for _, element := range v {
			if anyTrue(element) {
				return true
			}
		}
	}
	return false
}

// scheduleOf is what a schedule sets: what its own input says, if that is known, or else the plan's output.
func (in *Input) scheduleOf(schedule inventory.Schedule) (scheduled, bool) {
	if sets, ok := in.resized[schedule.Address]; ok {
		return sets, true
	}
	for _, target := range inventory.Blocks(schedule.Values, "target") {
		var input struct {
			Holidays []string `json:"holidays"`
			Sizes    []struct {
				NodeGroup string `json:"nodegroup"`
				MinSize   int    `json:"min_size"`
			} `json:"sizes"`
		}
		if err := json.Unmarshal([]byte(inventory.Text(target, "input")), &input); err == nil && len(input.Sizes) > 0 {
			found := scheduled{input.Holidays, map[string]int{}}
			for _, size := range input.Sizes {
				found.MinSizes[size.NodeGroup] = size.MinSize
			}
			return found, true
		}
	}
	found, ok := in.sizes[schedule.Name]
	return found, ok
}

// named reports whether a group is the one that a schedule means: by its own name, or by a key in its address.
func named(group inventory.NodeGroup, name string) bool {
	return inventory.Text(group.Values, "node_group_name") == name || inventory.Text(group.Values, "name") == name || strings.Contains(group.Address, `["`+name+`"]`)
}

// Before is what a bill of the time before a plan is made from: of what exists, as the plan found it.
func Before(plan *tfjson.Plan, written *configuration.Module) (*Input, error) {
	before := &tfjson.Plan{
		FormatVersion: plan.FormatVersion, TerraformVersion: plan.TerraformVersion, Variables: plan.Variables, Config: plan.Config, PriorState: plan.PriorState,
	}
	if plan.PriorState != nil {
		before.PlannedValues = plan.PriorState.Values
	}
	return Read(before, written)
}
