package consequence

import (
	"regexp"
	"slices"

	"coderaws/internal/plan"
)

// zoneAtEnd is the zone with which the name of a group of one zone ends, and after it the hyphen of a prefix.
var zoneAtEnd = regexp.MustCompile(`(?:^|-)([a-z]{2}(?:-[a-z]+){1,2}-[0-9][a-z])-?$`)

// stranded are the homes that no node reaches any more: a volume stays in its zone, and no group of workspaces has that zone.
func stranded(p *plan.Plan) []Consequence {
	var left []Consequence
	kept := map[string]bool{}
	zone := func(values map[string]any) string {
		prefix, _ := values["node_group_name_prefix"].(string)
		if found := zoneAtEnd.FindStringSubmatch(prefix); found != nil && kind(values) == "workspace" {
			return found[1]
		}
		return ""
	}
	changes := slices.DeleteFunc(slices.Clone(p.Changes()), func(c plan.Change) bool { return c.Type != "aws_eks_node_group" })
	for _, change := range changes {
		kept[zone(change.After.Object())] = true
	}
	for _, change := range changes {
		if was := zone(change.Before.Object()); was != "" && !kept[was] {
			left = append(left, Consequence{Effect: Interrupts, Who: "people whose homes are in " + was, Addresses: []string{change.Address},
				Text: "no node starts there any more: their workspaces cannot be started with these homes until a group has that zone again"})
		}
	}
	return left
}
