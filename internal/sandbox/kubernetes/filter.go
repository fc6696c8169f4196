package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
)

// bar is why a node does not take a pod, in the scheduler's words.
type bar struct {
	reasons []string
	// final says that taking other pods off the node would not help.
	final bool
}

func barred(final bool, reasons ...string) *bar { return &bar{reasons: reasons, final: final} }

// place is a node while pods are put on it.
type place struct {
	Node
	node             *core.Node
	milliCPU, memory int64
	pods, volumes    int
	other            map[string]int64
	hostPorts        []hostPort
	running          []*running
}

// running is a pod on a node.
type running struct {
	shape *shape
	name  string
	claim []string
}

func newPlace(n Node) *place {
	node := &core.Node{}
	node.Name, node.Labels = n.Name, n.Labels
	return &place{Node: n, node: node, other: map[string]int64{}}
}

// Words of the scheduler's plugins. Source: kube-scheduler, the constants of its plugins.
const (
	wordsAffinity     = "node(s) didn't match Pod's node affinity/selector"
	wordsPorts        = "node(s) didn't have free ports for the requested pod ports"
	wordsPods         = "Too many pods"
	wordsVolumes      = "node(s) exceed max volume count"
	wordsVolumeZone   = "node(s) didn't match PersistentVolume's node affinity"
	wordsSpread       = "node(s) didn't match pod topology spread constraints"
	wordsSpreadLabel  = wordsSpread + " (missing required label)"
	wordsPodAffinity  = "node(s) didn't match pod affinity rules"
	wordsAntiAffinity = "node(s) didn't match pod anti-affinity rules"
	wordsExistingAnti = "node(s) didn't satisfy existing pods anti-affinity rules"
)

// taintWords are those for a taint. Since 1.34.2 they do not say which, as that may be a secret.
func (s *scheduler) taintWords(t core.Taint) string {
	if s.minor == 0 || s.minor >= 34 {
		return "node(s) had untolerated taint(s)"
	}
	return fmt.Sprintf("node(s) had untolerated taint {%s: %s}", t.Key, t.Value)
}

// never says why a node can never take a shape: taints and labels do not change.
func (s *scheduler) never(of *shape, n *place) *bar {
	if taint, found := untolerated(n.Taints, of.pod.Spec.Tolerations); found {
		return barred(true, s.taintWords(taint))
	}
	if match, err := of.required.Match(n.node); err != nil || !match {
		return barred(true, wordsAffinity)
	}
	return nil
}

// untolerated is the first taint that keeps a pod away.
func untolerated(taints []core.Taint, tolerations []core.Toleration) (core.Taint, bool) {
	for _, t := range taints {
		if t.Effect != core.TaintEffectPreferNoSchedule && !tolerated(t, tolerations) {
			return t, true
		}
	}
	return core.Taint{}, false
}

// tolerated reports whether one of the tolerations is for the taint.
func tolerated(t core.Taint, tolerations []core.Toleration) bool {
	return slices.ContainsFunc(tolerations, func(l core.Toleration) bool {
		switch {
		case l.Effect != "" && l.Effect != t.Effect, l.Key != "" && l.Key != t.Key:
			return false
		case l.Operator == core.TolerationOpExists:
			return true
		default:
			return l.Key != "" && l.Value == t.Value
		}
	})
}

// filter asks the plugins of the scheduler in their order; the first that refuses the node says why.
func (s *scheduler) filter(of *shape, i int, claims []string) *bar {
	n := s.places[i]
	if of.bars[i] != nil {
		return of.bars[i]
	}
	for _, p := range of.hostPorts {
		if slices.ContainsFunc(n.hostPorts, p.overlaps) {
			return barred(false, wordsPorts)
		}
	}
	if b := fit(of, n); b != nil {
		return b
	}
	if n.Allocatable.Volumes > 0 && of.volumes > 0 && n.volumes+of.volumes > n.Allocatable.Volumes {
		return barred(false, wordsVolumes)
	}
	for _, claim := range claims {
		if zone, bound := s.zones[claim]; bound && zone != n.Zone {
			return barred(true, wordsVolumeZone)
		}
	}
	if b := s.spreads(of, n); b != nil {
		return b
	}
	return s.attraction(of, n)
}

// fit wants room for what the pod requests.
func fit(of *shape, n *place) *bar {
	a := n.Allocatable
	if n.pods+1 <= a.Pods && of.milliCPU <= a.MilliCPU-n.milliCPU && of.memory <= a.Memory-n.memory && len(of.other) == 0 {
		return nil
	}
	b := &bar{final: of.milliCPU > a.MilliCPU || of.memory > a.Memory}
	if n.pods+1 > a.Pods {
		b.reasons = append(b.reasons, wordsPods)
	}
	if of.milliCPU > 0 && of.milliCPU > a.MilliCPU-n.milliCPU {
		b.reasons = append(b.reasons, "Insufficient cpu")
	}
	if of.memory > 0 && of.memory > a.Memory-n.memory {
		b.reasons = append(b.reasons, "Insufficient memory")
	}
	for _, name := range slices.Sorted(maps.Keys(of.other)) {
		if want := of.other[name]; want > a.Other[name]-n.other[name] {
			b.reasons = append(b.reasons, "Insufficient "+name)
			b.final = b.final || want > a.Other[name]
		}
	}
	if len(b.reasons) == 0 {
		return nil
	}
	return b
}

// spreads asks the hard topology spread constraints: with the pod on the node, the skew of its domain must not be too large.
func (s *scheduler) spreads(of *shape, n *place) *bar {
	for _, c := range of.spread {
		if !c.hard {
			continue
		}
		domain, labelled := n.Labels[c.key]
		if !labelled {
			return barred(true, wordsSpreadLabel)
		}
		counts := s.domains(of, c)
		least := 0
		if len(counts) >= c.minDomains {
			least = smallest(counts)
		}
		own := 0
		if c.takes(of, of) {
			own = 1
		}
		if counts[domain]+own-least > c.maxSkew {
			return barred(false, wordsSpread)
		}
	}
	return nil
}

// domains counts the pods that a constraint is about in each domain of the nodes that the pod may be on.
func (s *scheduler) domains(of *shape, c constraint) map[string]int {
	counts := map[string]int{}
	eligible := make([]string, len(s.places))
	for i, n := range s.places {
		domain, labelled := n.Labels[c.key]
		if !labelled {
			continue
		}
		if match, err := of.required.Match(n.node); !c.notByLabel && (err != nil || !match) {
			continue
		}
		if _, repelled := untolerated(n.Taints, of.pod.Spec.Tolerations); c.taints && repelled {
			continue
		}
		eligible[i] = domain
		counts[domain] += 0
	}
	for _, other := range s.shapes {
		if !c.takes(of, other) {
			continue
		}
		for i, pods := range other.placed {
			if pods > 0 && eligible[i] != "" {
				counts[eligible[i]] += pods
			}
		}
	}
	return counts
}

func smallest(counts map[string]int) int {
	least := -1
	for _, n := range counts {
		if least < 0 || n < least {
			least = n
		}
	}
	return max(0, least)
}

// attraction asks the required pod affinities: those of the pod, and those of the pods that run and want to be without it.
func (s *scheduler) attraction(of *shape, n *place) *bar {
	for _, t := range of.affinity {
		// The first pod of a group that wants to be together is let in anywhere.
		if s.near(t, n) == 0 && (s.anywhere(t) > 0 || !t.takes(of)) {
			return barred(true, wordsPodAffinity)
		}
	}
	for _, t := range of.repulsion {
		if s.near(t, n) > 0 {
			return barred(false, wordsAntiAffinity)
		}
	}
	for _, other := range s.repelling {
		for _, t := range other.repulsion {
			if t.takes(of) && s.shares(other, t.key, n) {
				return barred(false, wordsExistingAnti)
			}
		}
	}
	return nil
}

// near counts the pods that a term is about in the same place as a node.
func (s *scheduler) near(t term, n *place) (count int) {
	domain, labelled := n.Labels[t.key]
	if !labelled {
		return 0
	}
	for _, other := range s.shapes {
		if len(other.placed) == 0 || !t.takes(other) {
			continue
		}
		for i, pods := range other.placed {
			if pods > 0 && s.places[i].Labels[t.key] == domain {
				count += pods
			}
		}
	}
	return count
}

func (s *scheduler) anywhere(t term) (count int) {
	for _, other := range s.shapes {
		if t.takes(other) {
			for _, pods := range other.placed {
				count += pods
			}
		}
	}
	return count
}

// shares reports whether a pod of a shape runs in the same place as a node.
func (s *scheduler) shares(other *shape, key string, n *place) bool {
	domain, labelled := n.Labels[key]
	if !labelled {
		return false
	}
	for i, pods := range other.placed {
		if pods > 0 && s.places[i].Labels[key] == domain {
			return true
		}
	}
	return false
}

// countReasons writes how many nodes each reason keeps away, as the scheduler does.
func countReasons(bars []*bar) string {
	counts := map[string]int{}
	for _, b := range bars {
		for _, reason := range b.reasons {
			counts[reason]++
		}
	}
	words := make([]string, 0, len(counts))
	for reason, n := range counts {
		words = append(words, fmt.Sprintf("%d %s", n, reason))
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}
