package cost

import (
	"encoding/json"
	"errors"
	"strings"

	"coderaws/internal/capacity"
	"coderaws/internal/configuration"
	"coderaws/internal/inventory"
	"coderaws/internal/plan"
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
	// models are the AI models that people are given; nil if there are none, or the plan does not say.
	models *models
	// unknown is what the plan does not know yet of the whole, so that the bill lacks it.
	unknown []Unpriced
}

// scheduled is what a schedule sets: the least sizes of node groups, by a name that is a key in the group's address, except on holidays.
type scheduled struct {
	Holidays []string       `json:"holidays"`
	MinSizes map[string]int `json:"min_sizes"`
}

// scalingOutput is the output of our stacks that says what schedules will set before the schedules themselves can.
const scalingOutput = "scaling"

// Read takes from a plan what a bill is made from. written is the configuration as it is written, or nil.
func Read(p *plan.Plan, written *configuration.Module) (*Input, error) {
	inv, err := inventory.Read(p, written)
	if err != nil {
		return nil, err
	}
	in := &Input{Inventory: inv, sizes: map[string]scheduled{}}
	var lacking *capacity.UnknownError
	switch in.Capacity, err = capacity.Read(p); {
	case errors.As(err, &lacking):
		in.unknown = append(in.unknown, Unpriced{"output." + capacity.Output, "output",
			lacking.Error() + "; nobody is counted as a user unless --set users=N says how many there are"})
	case err != nil && !errors.Is(err, capacity.ErrNone):
		return nil, err
	}
	if sizes := p.Output(scalingOutput); sizes.State() == plan.IsKnown {
		for name := range sizes.Object() {
			var sets scheduled
			if output(sizes.Attr(name), &sets) {
				in.sizes[name] = sets
			}
		}
	}
	var hours workingHours
	if output(p.Output(hoursOutput), &hours) {
		in.hours = &hours
	}
	var given models
	if output(p.Output(modelsOutput), &given) && given.Main != "" && given.Small != "" {
		in.models = &given
	}
	return in, nil
}

// output reads an output of a plan, or a part of one, and reports whether it is there and known as a whole. Another stack's output of the
// name can have any form; then its schedules speak for themselves.
func output(value plan.Value, into any) bool {
	if value.State() != plan.IsKnown || value.HasUnknown() {
		return false
	}
	text, err := json.Marshal(value.Known())
	return err == nil && json.Unmarshal(text, into) == nil
}

// text is a string attribute, empty if it is not known or not there.
func text(values plan.Value, name string) string { return values.Attr(name).Text().Else("", "") }

// scheduleOf is what a schedule sets: what its own input says, if that is known, or else the plan's output.
func (in *Input) scheduleOf(schedule inventory.Schedule) (scheduled, bool) {
	if sets, ok := in.resized[schedule.Address]; ok {
		return sets, true
	}
	for _, target := range schedule.Values.Blocks("target") {
		var input struct {
			Holidays []string `json:"holidays"`
			Sizes    []struct {
				NodeGroup string `json:"nodegroup"`
				MinSize   *int   `json:"min_size"`
			} `json:"sizes"`
		}
		if err := json.Unmarshal([]byte(text(target, "input")), &input); err == nil && len(input.Sizes) > 0 {
			found := scheduled{input.Holidays, map[string]int{}}
			for _, size := range input.Sizes {
				if size.MinSize != nil {
					found.MinSizes[size.NodeGroup] = *size.MinSize
				}
			}
			return found, true
		}
	}
	found, ok := in.sizes[schedule.Name]
	return found, ok
}

// named reports whether a group is the one that a schedule means: by its own name, or by a key in its address.
func named(group inventory.NodeGroup, name string) bool {
	return text(group.Values, "node_group_name") == name || text(group.Values, "name") == name ||
		strings.Contains(group.Address, `["`+name+`"]`)
}
