package capacity_test

import (
	"math"
	"math/rand/v2"
	"slices"

	"coderaws/internal/capacity"
)

// pod is a workspace as the scheduler sees it: its requests, in millicores and MiB.
type pod struct{ cpu, memory float64 }

// node has what is left of it, and the pods on it.
type node struct {
	cpu, memory float64
	places      int
	pods        []pod
}

func (n *node) fits(p pod) bool {
	return n.places > 0 && n.cpu >= p.cpu-0.001 && n.memory >= p.memory-0.001
}

func (n *node) take(p pod) {
	n.cpu, n.memory, n.places, n.pods = n.cpu-p.cpu, n.memory-p.memory, n.places-1, append(n.pods, p)
}

func (n *node) give(i int) pod {
	p := n.pods[i]
	n.cpu, n.memory, n.places, n.pods = n.cpu+p.cpu, n.memory+p.memory, n.places+1, slices.Delete(n.pods, i, i+1)
	return p
}

// strategy prefers one of the nodes that a pod fits on, as scores of the Kubernetes scheduler do.
type strategy struct {
	name string
	// score says how much a node is liked; the most liked is taken, the first of those alike.
	score func(n *node, r *rand.Rand) float64
}

var strategies = []strategy{
	{"first fit", func(*node, *rand.Rand) float64 { return 0 }},
	{"least allocated, as Kubernetes does by default", func(n *node, _ *rand.Rand) float64 { return n.memory + 4*n.cpu }},
	{"most allocated", func(n *node, _ *rand.Rand) float64 { return -n.memory - 4*n.cpu }},
	{"random", func(_ *node, r *rand.Rand) float64 { return r.Float64() }},
}

// zone is the nodes of one zone, and how many an autoscaler may make of them.
type zone struct {
	nodes []*node
	most  int
	empty node
	rand  *rand.Rand
	strategy
}

// newZone has nodes that are empty, and no autoscaler.
func newZone(c *capacity.Capacity, nodes int, s strategy, r *rand.Rand) *zone {
	z := &zone{most: nodes, strategy: s, rand: r}
	z.empty = node{cpu: float64(c.Node.CPUMillicores), memory: float64(c.Node.MemoryMiB), places: c.Node.Workspaces}
	for range nodes {
		z.grow()
	}
	return z
}

func (z *zone) grow() *node {
	n := z.empty
	z.nodes = append(z.nodes, &n)
	return &n
}

// place finds a node for a pod, and says whether there was one.
func (z *zone) place(p pod) bool {
	var best *node
	score := math.Inf(-1)
	for _, n := range z.nodes {
		if n.fits(p) {
			if s := z.score(n, z.rand); s > score {
				best, score = n, s
			}
		}
	}
	if best == nil && len(z.nodes) < z.most && z.empty.fits(p) {
		best = z.grow()
	}
	if best == nil {
		return false
	}
	best.take(p)
	return true
}

// stop ends some of the workspaces that run, and returns them.
func (z *zone) stop(part float64) []pod {
	var stopped []pod
	for _, n := range z.nodes {
		for i := len(n.pods) - 1; i >= 0; i-- {
			if z.rand.Float64() < part {
				stopped = append(stopped, n.give(i))
			}
		}
	}
	z.rand.Shuffle(len(stopped), func(i, j int) { stopped[i], stopped[j] = stopped[j], stopped[i] })
	return stopped
}

// mix makes n workspaces by the profiles' shares, in random order: what the shares leave over goes to those that lack most.
func mix(c *capacity.Capacity, n int, r *rand.Rand) []pod {
	type part struct {
		pod  pod
		rest float64
	}
	var pods []pod
	var parts []part
	for _, name := range c.Sizes() {
		p := c.Profiles[name]
		exact := float64(n) * p.Share / 100
		one := pod{p.CPURequest * 1000, p.MemoryRequestGiB * 1024}
		for range int(math.Floor(exact + 1e-9)) {
			pods = append(pods, one)
		}
		parts = append(parts, part{one, exact - math.Floor(exact+1e-9)})
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		switch {
		case a.rest > b.rest:
			return -1
		case a.rest < b.rest:
			return 1
		}
		return 0
	})
	for i := 0; len(pods) < n; i++ {
		pods = append(pods, parts[i].pod)
	}
	r.Shuffle(len(pods), func(i, j int) { pods[i], pods[j] = pods[j], pods[i] })
	return pods
}
