package rehearsal

// Ready says how long it takes to make a region, all its stacks one after the other.
type Ready struct {
	Region string `json:"region"`
	// Spoke says that it is the region's workspace proxy that answers. Its time begins with that of the hub, which is made before it; spokes
	// are made side by side.
	Spoke bool `json:"spoke,omitempty"`
	Duration
	// Critical is what that hangs on, from the beginning of the first stack.
	Critical []StackStep `json:"critical_path"`
}

// StackStep is a step of the critical path with the stack that it belongs to.
type StackStep struct {
	Stack string `json:"stack"`
	CriticalStep
}

// readiness adds up the stacks of each region, in the order of lives.
func readiness(lives []Life) []Ready {
	all := []Ready{}
	for _, life := range lives {
		if len(all) == 0 || all[len(all)-1].Region != life.Region {
			next := Ready{Region: life.Region, Spoke: life.spoke, Critical: []StackStep{}}
			if len(all) > 0 && life.spoke {
				next.Duration = all[0].Duration
			}
			all = append(all, next)
		}
		ready := &all[len(all)-1]
		for _, step := range life.Critical {
			step.Start += ready.Typical
			ready.Critical = append(ready.Critical, StackStep{life.Stack, step})
		}
		ready.Duration = ready.plus(life.Up)
	}
	return all
}

// plus is one duration after another.
func (d Duration) plus(after Duration) Duration {
	return Duration{d.Typical + after.Typical, d.Shortest + after.Shortest, d.Longest + after.Longest}
}
