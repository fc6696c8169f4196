package kubernetes

import core "k8s.io/api/core/v1"

// Weights of the scheduler's plugins, and the requests that it assumes for pods that have none, so that they do not all go to one node.
// Source: kube-scheduler's default configuration. Which images a node has is not known here, and not reckoned.
const (
	weightTaint, weightNodeAffinity, weightSpread, weightPodAffinity = 3, 2, 2, 2
	assumedMilliCPU, assumedMemory                                   = 100, 200 << 20
)

// best chooses the node with the highest score among those that take the pod; the first of equals, where the scheduler would draw lots.
func (s *scheduler) best(of *shape, fitting []int) int {
	if len(fitting) == 1 {
		return fitting[0]
	}
	total := make([]float64, len(fitting))
	s.scoreResources(of, fitting, total)
	s.scoreNodes(of, fitting, total)
	s.scoreSpread(of, fitting, total)
	s.scoreNeighbours(of, fitting, total)
	chosen := 0
	for i := range total {
		if total[i] > total[chosen]+1e-9 {
			chosen = i
		}
	}
	return fitting[chosen]
}

// scoreResources prefers nodes that have more left, and those whose CPU and memory are used alike.
func (s *scheduler) scoreResources(of *shape, fitting []int, total []float64) {
	cpu, memory := float64(of.milliCPU), float64(of.memory)
	if of.milliCPU == 0 {
		cpu = assumedMilliCPU
	}
	if of.memory == 0 {
		memory = assumedMemory
	}
	for i, at := range fitting {
		n := s.places[at]
		if n.Allocatable.MilliCPU == 0 || n.Allocatable.Memory == 0 {
			continue
		}
		usedCPU := min(1, (float64(n.milliCPU)+cpu)/float64(n.Allocatable.MilliCPU))
		usedMemory := min(1, (float64(n.memory)+memory)/float64(n.Allocatable.Memory))
		total[i] += 100 * (1 - (usedCPU+usedMemory)/2)
		total[i] += 100 * (1 - max(usedCPU-usedMemory, usedMemory-usedCPU)/2)
	}
}

// scoreNodes prefers nodes that the pod prefers by their labels, and those without taints that ask it to go elsewhere.
func (s *scheduler) scoreNodes(of *shape, fitting []int, total []float64) {
	wanted, unwanted := make([]float64, len(fitting)), make([]float64, len(fitting))
	some := of.preferred != nil
	for i, at := range fitting {
		n := s.places[at]
		if of.preferred != nil {
			wanted[i] = float64(of.preferred.Score(n.node))
		}
		for _, t := range n.Taints {
			if t.Effect == core.TaintEffectPreferNoSchedule && !tolerated(t, of.pod.Spec.Tolerations) {
				unwanted[i]--
				some = true
			}
		}
	}
	if some {
		normalize(wanted, weightNodeAffinity, total)
		normalize(unwanted, weightTaint, total)
	}
}

// scoreSpread prefers the domains that have the fewest of the pods that are to be spread.
func (s *scheduler) scoreSpread(of *shape, fitting []int, total []float64) {
	score := make([]float64, len(fitting))
	for _, c := range of.spread {
		if c.hard {
			continue
		}
		var counts map[string]int
		byNode := c.own && c.key == core.LabelHostname // each node is a domain of its own
		if !byNode {
			counts = s.domains(of, c)
		}
		for i, at := range fitting {
			n := s.places[at]
			switch domain, labelled := n.Labels[c.key]; {
			case byNode:
				score[i] -= float64(of.placed[at])
			case labelled:
				score[i] -= float64(counts[domain])
			}
		}
	}
	normalize(score, weightSpread, total)
}

// scoreNeighbours prefers nodes near the pods that this one prefers to be near, and far from the others.
func (s *scheduler) scoreNeighbours(of *shape, fitting []int, total []float64) {
	if len(of.attracts) == 0 {
		return
	}
	score := make([]float64, len(fitting))
	for _, t := range of.attracts {
		for i, at := range fitting {
			score[i] += float64(t.weight * s.near(t, s.places[at]))
		}
	}
	normalize(score, weightPodAffinity, total)
}

// normalize adds scores, stretched so that the best has 100 and the worst 0, times the weight of their plugin.
func normalize(score []float64, weight float64, total []float64) {
	least, most := score[0], score[0]
	for _, n := range score {
		least, most = min(least, n), max(most, n)
	}
	if most == least {
		return
	}
	for i, n := range score {
		total[i] += weight * 100 * (n - least) / (most - least)
	}
}
