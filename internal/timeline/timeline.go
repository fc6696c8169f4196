// Package timeline works out how long a run takes on AWS: Terraform's dependency graph, the time that AWS takes for
// each resource, and Terraform's parallelism give a schedule, its length and its critical path, which it folds for
// people and draws. It knows neither AWS nor Terraform: callers bring the graph and the times. The command line and
// lifecycle import it; it imports internal/svg alone.
package timeline

import (
	"container/heap"
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
	spans := map[string]Span{}
	for _, node := range nodes {
		spans[node.Address] = node.Span
	}
	gates, dependents := gatesOf(nodes, spans)
	ready := &queue{}
	for _, g := range gates {
		if g.left == 0 {
			*ready = append(*ready, g.behind...)
		}
	}
	heap.Init(ready)
	var steps []Step
	var running []Step
	var now time.Duration
	for len(*ready) > 0 || len(running) > 0 {
		for len(*ready) > 0 && len(running) < parallelism {
			next := heap.Pop(ready).(string)
			running = append(running, Step{Address: next, Start: now, End: now + take(spans[next])})
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
		for _, g := range dependents[done.Address] {
			if g.left--; g.left == 0 {
				for _, address := range g.behind {
					heap.Push(ready, address)
				}
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

// gate keeps nodes waiting until all that they wait for is done. Nodes that share one list of what comes first are
// behind one gate, so that a thousand instances that wait for a thousand others are two thousand entries, and not a
// million.
type gate struct {
	left   int
	behind []string
	// waits are those that it waits for.
	waits map[string]bool
}

// gatesOf are the gates of nodes, in the order of nodes, and those that each node opens.
func gatesOf(nodes []Node, spans map[string]Span) (gates []*gate, dependents map[string][]*gate) {
	type list struct {
		first  *string
		length int
	}
	dependents = map[string][]*gate{}
	shared := map[list]*gate{}
	for _, node := range nodes {
		key := list{length: len(node.After)}
		if key.length > 0 {
			key.first = &node.After[0]
		}
		if g, ok := shared[key]; ok && !g.waits[node.Address] {
			g.behind = append(g.behind, node.Address)
			continue
		}
		g := &gate{behind: []string{node.Address}, waits: map[string]bool{}}
		itself := false // which nobody waits for, so that the list means something else for others
		for _, before := range node.After {
			itself = itself || before == node.Address
			if _, ok := spans[before]; ok && before != node.Address && !g.waits[before] {
				g.waits[before] = true
				dependents[before] = append(dependents[before], g)
			}
		}
		g.left = len(g.waits)
		if !itself {
			shared[key] = g
		}
		gates = append(gates, g)
	}
	return gates, dependents
}

// queue holds the addresses of what is ready, as a heap.
type queue []string

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i] < q[j] }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(address any)  { *q = append(*q, address.(string)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// markCritical walks back from the step that ends last, each time to the step that it had to wait for: the dependency that ended
// last, or, if a worker was what it lacked, whichever step ended just when it could start.
func markCritical(steps []Step, nodes []Node) {
	after := map[string][]string{}
	for _, node := range nodes {
		after[node.Address] = node.After
	}
	at := map[string]int{}
	// ends are the steps by the moment of their end.
	ends := map[time.Duration][]int{}
	last := -1
	for i, step := range steps {
		at[step.Address] = i
		ends[step.End] = append(ends[step.End], i)
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
			for list := ends[start]; len(list) > 0; list = ends[start] {
				if next = list[len(list)-1]; !steps[next].Critical {
					break
				}
				next, ends[start] = -1, list[:len(list)-1]
			}
		}
		last = next
	}
}
