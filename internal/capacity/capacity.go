// Package capacity reads from a plan how many workspaces its settings hold. The stacks decide that, in stacks/cloud/capacity.tf; here it is
// only scaled to hours in which fewer run. Its tests hold the stacks' arithmetic to what a scheduler does. The command line and cost import
// it; it imports package plan alone. What does not belong here: rules of AWS, and how a report looks.
package capacity

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/plan"
)

// Output is the name of the output of the stacks that a Capacity is read from.
const Output = "capacity"

// ErrNone means that a plan says nothing of its capacity: it is of another stack.
var ErrNone = errors.New("the plan has no output " + Output)

// Capacity is how many workspaces can run at once, and why not more.
type Capacity struct {
	// MaxWorkspaces is how many the settings promise, and Supported how many they hold.
	MaxWorkspaces int `json:"max_workspaces"`
	Supported     int `json:"supported"`
	// LimitedBy is the setting that ends it, and Limits is every setting that could.
	LimitedBy string  `json:"limited_by"`
	Limits    []Limit `json:"limits"`
	// Profiles are the sizes of workspaces by name.
	Profiles map[string]Profile `json:"profiles"`
	Node     Node               `json:"node"`
	// Zones are those that have workspaces, and ZoneWorkspaces is how many each provides for: its part, and more, as chance is uneven.
	Zones          int `json:"zones"`
	ZoneWorkspaces int `json:"zone_workspaces"`

	Nodes     Nodes     `json:"nodes"`
	Addresses Addresses `json:"addresses"`
	VCPUs     VCPUs     `json:"vcpus"`
	Builds    Builds    `json:"builds"`
	// Database is nil in a region that serves the Coder of another one: its workspaces are in that one's database.
	Database *Database `json:"database,omitempty"`
	// HomesGiB is the size of the home volumes of MaxWorkspaces workspaces together.
	HomesGiB float64 `json:"homes_gib"`
}

// Limit is one setting, its value, how many workspaces it holds, and what it needs for MaxWorkspaces.
type Limit struct {
	Setting  string `json:"setting"`
	Value    string `json:"value"`
	Needs    string `json:"needs"`
	Supports int    `json:"supports"`
}

// Profile is a size of workspaces. CPU is in vCPU, Share in percent of all running workspaces.
type Profile struct {
	Share            float64 `json:"share"`
	CPURequest       float64 `json:"cpu_request"`
	CPULimit         float64 `json:"cpu_limit"`
	MemoryRequestGiB float64 `json:"memory_request_gib"`
	MemoryLimitGiB   float64 `json:"memory_limit_gib"`
	HomeGiB          float64 `json:"home_gib"`
	// PerNode is how many fit on an empty node, Workspaces how many run at the busiest hour, and Nodes what they count for: in
	// nodes, with the room that a mix of sizes needs.
	PerNode    int     `json:"per_node"`
	Workspaces int     `json:"workspaces"`
	Nodes      float64 `json:"nodes"`
}

// Node is what one workspace node has for workspaces; Workspaces is the most that it takes of any size.
type Node struct {
	InstanceTypes []string `json:"instance_types"`
	CPUMillicores int      `json:"cpu_millicores"`
	MemoryMiB     int      `json:"memory_mib"`
	Workspaces    int      `json:"workspaces"`
}

// Nodes are the nodes at the busiest hour.
type Nodes struct {
	Workspace      int `json:"workspace"`
	PerZone        int `json:"per_zone"`
	SparePerZone   int `json:"spare_per_zone"`
	ProvisionerMax int `json:"provisioner_max"`
	Control        int `json:"control"`
}

// Addresses are the addresses of one zone's workspace subnet, in whole blocks as nodes take them.
type Addresses struct {
	PerNode          int `json:"per_node"`
	NeededPerZone    int `json:"needed_per_zone"`
	AvailablePerZone int `json:"available_per_zone"`
}

// VCPUs are what the account's quotas must allow at the busiest hour. Standard says that all count in the quotas of standard
// instances, L-1216C47A on demand and L-34B43A08 on spot; families such as G and P have quotas of their own.
type VCPUs struct {
	Standard bool `json:"standard"`
	OnDemand int  `json:"on_demand"`
	Spot     int  `json:"spot"`
}

// Builds are the builds of workspaces: how many run at once, and in how many minutes all workspaces can be started.
type Builds struct {
	AtOnce       int `json:"at_once"`
	PerNode      int `json:"per_node"`
	StartMinutes int `json:"start_minutes"`
}

// Database is what the database needs, in ACU and connections, and has.
type Database struct {
	ACU            float64 `json:"acu"`
	MaxACU         float64 `json:"max_acu"`
	Connections    int     `json:"connections"`
	MaxConnections int     `json:"max_connections"`
}

// UnknownError means that a plan does not know its capacity before it is applied: it lists the numbers that it lacks. There is no capacity
// of which a part is known, as each number hangs on others.
type UnknownError struct{ Numbers []string }

// Error words what is lacking.
func (e *UnknownError) Error() string {
	return "the plan does not know its capacity before it is applied: " + strings.Join(e.Numbers, ", ")
}

// Read takes the capacity from a plan. The error is ErrNone if the plan's stack has no such output, and an *UnknownError if it does not
// know it as a whole.
func Read(p *plan.Plan) (*Capacity, error) {
	output := p.Output(Output)
	if output.State() == plan.IsNull || output.State() == plan.IsKnown && output.Object() == nil {
		return nil, ErrNone
	}
	if lacking := output.Unknowns(); len(lacking) > 0 {
		for i, path := range lacking {
			lacking[i] = strings.TrimSuffix(Output+"."+path, ".")
		}
		return nil, &UnknownError{lacking}
	}
	text, err := json.Marshal(output.Known())
	if err != nil {
		return nil, fmt.Errorf("output %s as JSON: %w", Output, err)
	}
	var c Capacity
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("output %s of the plan: %w", Output, err)
	}
	return &c, nil
}

// Sizes lists the names of the profiles, the smallest first.
func (c *Capacity) Sizes() []string {
	return slices.SortedFunc(maps.Keys(c.Profiles), func(a, b string) int {
		p, q := c.Profiles[a], c.Profiles[b]
		return cmp.Or(cmp.Compare(p.MemoryRequestGiB, q.MemoryRequestGiB), cmp.Compare(p.CPURequest, q.CPURequest), cmp.Compare(a, b))
	})
}

// Narrowest lists the limits, the one that ends it first.
func (c *Capacity) Narrowest() []Limit {
	return slices.SortedStableFunc(slices.Values(c.Limits), func(a, b Limit) int { return cmp.Compare(a.Supports, b.Supports) })
}
