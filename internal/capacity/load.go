package capacity

import "math"

// exact takes off what a binary fraction adds to a whole number before it is rounded up.
const exact = 1e-9

// ACU is what the database needs for so many running workspaces: the part of what the stack reckons for MaxWorkspaces. It is 0 where there
// is none.
func (c *Capacity) ACU(workspaces float64) float64 {
	if c.Database == nil {
		return 0
	}
	return c.Database.ACU * c.part(workspaces)
}

// part is how much of MaxWorkspaces so many are.
func (c *Capacity) part(workspaces float64) float64 {
	if c.MaxWorkspaces == 0 {
		return 0
	}
	return workspaces / float64(c.MaxWorkspaces)
}

// filled is how many nodes there are of those that the stack counts workspaces for, whatever the order in which they come: of 91 for 500 of
// them, schedulers take 70 to 83 (the tests of this package, TestUnevenZones and TestEvening).
const filled = 0.875

// WorkspaceNodes is how many nodes have a workspace on them while so many run, where most ran at once since the day's quietest hour. When
// people go, they go by chance, nobody moves those that stay, and a node stays for its last one: of a node that had n, it is there with the
// chance that not all n have gone.
func (c *Capacity) WorkspaceNodes(running, most float64) int {
	needed, left := 0.0, 0.0
	for _, size := range c.Sizes() {
		p := c.Profiles[size]
		nodes := p.Nodes * filled
		needed += nodes * c.part(running)
		if nodes > 0 && most > running {
			onNode := float64(c.MaxWorkspaces) * p.Share / 100 / nodes
			left += nodes * c.part(most) * (1 - math.Pow(1-running/most, onNode))
		}
	}
	return int(math.Ceil(max(needed, left) - exact))
}

// ProvisionerNodes is how many nodes so many builds at once take.
func (c *Capacity) ProvisionerNodes(builds float64) int {
	return int(math.Ceil(builds/float64(max(1, c.Builds.PerNode)) - exact))
}
