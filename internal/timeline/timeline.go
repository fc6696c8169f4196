// Package timeline works out how long a run takes on AWS: Terraform's dependency graph, the time that AWS takes for each resource,
// and Terraform's parallelism give a schedule, its length and its critical path, which it folds for people and draws. It knows
// neither AWS nor Terraform: callers bring the graph and the times. The command line and lifecycle import it; it imports internal/svg alone.
package timeline

import (
	"slices"
	"strings"
	"time"
)

// DefaultParallelism is how many resources Terraform works on at once, unless told otherwise.
const DefaultParallelism = 10

// Span is how long one piece of work takes.
type Span struct{ Typical, Min, Max time.Duration }

// Node is one piece of work: a resource to create or to delete.
type Node struct {
	// Address is Terraform's address of the resource instance.
	Address string
	Span    Span
	// After lists addresses of what must be done first; those that are no node are done already.
	After []string
}

// Step is a node with its place in the schedule.
type Step struct {
	Address    string
	Start, End time.Duration
	// Critical means that a delay of this step delays the whole run.
	Critical bool
}

// Schedule is what a run looks like over time.
type Schedule struct {
	// Steps are in the order of their start.
	Steps []Step
	// Total is the length of the run at typical times; Shortest and Longest are its lengths if all work takes its minimum or its
	// maximum.
	Total, Shortest, Longest time.Duration
}

// Critical lists the steps of the critical path in order.
func (s Schedule) Critical() []Step {
	var path []Step
	for _, step := range s.Steps {
		if step.Critical {
			path = append(path, step)
		}
	}
	return path
}

// Reverse returns the graph of a destroy: what came first goes last. The spans are those of the nodes given.
func Reverse(nodes []Node) []Node {
	reversed := make([]Node, len(nodes))
	at := map[string]int{}
	for i, node := range nodes {
		reversed[i] = Node{Address: node.Address, Span: node.Span}
		at[node.Address] = i
	}
	for _, node := range nodes {
		for _, before := range node.After {
			if i, ok := at[before]; ok {
				reversed[i].After = append(reversed[i].After, node.Address)
			}
		}
	}
	return reversed
}

// Plan schedules nodes with at most parallelism of them at once (DefaultParallelism if zero). A graph with a cycle, which Terraform
// never has, leaves the nodes of the cycle out.
func Plan(nodes []Node, parallelism int) Schedule {
	if parallelism <= 0 {
		parallelism = DefaultParallelism
	}
	typical := run(nodes, parallelism, func(s Span) time.Duration { return s.Typical })
	schedule := Schedule{
		Steps:    typical,
		Total:    length(typical),
		Shortest: length(run(nodes, parallelism, func(s Span) time.Duration { return s.Min })),
		Longest:  length(run(nodes, parallelism, func(s Span) time.Duration { return s.Max })),
	}
	markCritical(schedule.Steps, nodes)
	return schedule
}

func length(steps []Step) time.Duration {
	var last time.Duration
	for _, step := range steps {
		last = max(last, step.End)
	}
	return last
}

// run plays the work as Terraform does: whatever is ready starts when a worker is free, in the order of its address.
func run(nodes []Node, parallelism int, take func(Span) time.Duration) []Step {
	waiting, dependents := map[string]int{}, map[string][]string{}
	spans := map[string]Span{}
	for _, node := range nodes {
		spans[node.Address] = node.Span
	}
	for _, node := range nodes {
		waiting[node.Address] += 0
		for _, before := range unique(node.After) {
			if _, ok := spans[before]; ok && before != node.Address {
				waiting[node.Address]++
				dependents[before] = append(dependents[before], node.Address)
			}
		}
	}
	var ready []string
	for _, node := range nodes {
		if waiting[node.Address] == 0 {
			ready = append(ready, node.Address)
		}
	}
	var steps []Step
	var running []Step
	var now time.Duration
	for len(ready) > 0 || len(running) > 0 {
		slices.Sort(ready)
		for len(ready) > 0 && len(running) < parallelism {
			running = append(running, Step{Address: ready[0], Start: now, End: now + take(spans[ready[0]])})
			ready = ready[1:]
		}
		slices.SortFunc(running, func(a, b Step) int {
			if a.End != b.End {
				return int(a.End - b.End)
			}
			return strings.Compare(a.Address, b.Address)
		})
		done := running[0]
		running, now = running[1:], done.End
		steps = append(steps, done)
		for _, address := range dependents[done.Address] {
			if waiting[address]--; waiting[address] == 0 {
				ready = append(ready, address)
			}
		}
	}
	slices.SortFunc(steps, func(a, b Step) int {
		if a.Start != b.Start {
			return int(a.Start - b.Start)
		}
		return strings.Compare(a.Address, b.Address)
	})
	return steps
}

func unique(list []string) []string {
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// markCritical walks back from the step that ends last, each time to the step that it had to wait for: the dependency that ended
// last, or, if a worker was what it lacked, whichever step ended just when it could start.
func markCritical(steps []Step, nodes []Node) {
	after := map[string][]string{}
	for _, node := range nodes {
		after[node.Address] = node.After
	}
	at := map[string]int{}
	last := -1
	for i, step := range steps {
		at[step.Address] = i
		if last < 0 || step.End > steps[last].End {
			last = i
		}
	}
	for last >= 0 {
		steps[last].Critical = true
		start, next := steps[last].Start, -1
		for _, before := range after[steps[last].Address] {
			if i, ok := at[before]; ok && steps[i].End == start && !steps[i].Critical {
				next = i
			}
		}
		if next < 0 && start > 0 {
			for i, step := range steps {
				if step.End == start && !step.Critical {
					next = i
				}
			}
		}
		last = next
	}
}
