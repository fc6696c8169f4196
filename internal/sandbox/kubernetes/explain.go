package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	core "k8s.io/api/core/v1"
)

// kindOfNode is a node group, or the nodes that belong to none, for an explanation.
type kindOfNode struct {
	name   string
	nodes  []int
	sample Node
}

// kindsOfNodes are the groups in which nodes are alike; groups without nodes too.
func (s *scheduler) kindsOfNodes() []kindOfNode {
	byName := map[string]*kindOfNode{}
	for i, n := range s.places {
		name := n.Group
		if name == "" {
			name = n.Name
		}
		if byName[name] == nil {
			byName[name] = &kindOfNode{name: name, sample: n.Node}
		}
		byName[name].nodes = append(byName[name].nodes, i)
	}
	for _, g := range s.groups {
		if byName[g.Name] == nil && s.view.Autoscaler {
			byName[g.Name] = &kindOfNode{name: g.Name, sample: g.node(0, g.zone(0))}
		}
	}
	var all []kindOfNode
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, *byName[name])
	}
	return all
}

// explainNodes says for each group of nodes why it does not take a pod, with the names that Kubernetes leaves out, and what to do about it.
func (s *scheduler) explainNodes(r *running) (sentences []string, todo string) {
	of := r.shape
	groups := map[string][]string{} // reasons with the groups that have them
	var order []string
	note := func(reason, group string) {
		if groups[reason] == nil {
			order = append(order, reason)
		}
		groups[reason] = append(groups[reason], group)
	}
	var taints, labels, room, full bool
	for _, k := range s.kindsOfNodes() {
		n := newPlace(k.sample)
		if taint, found := untolerated(k.sample.Taints, of.pod.Spec.Tolerations); found {
			taints = true
			note("has taint "+taintText(taint)+", which the pod does not tolerate", k.name)
			continue
		}
		if match, err := of.required.Match(n.node); err != nil || !match {
			labels = true
			note("does not have the labels that the pod asks for ("+selectorText(of.pod)+")", k.name)
			continue
		}
		if b := fit(of, n); b != nil {
			room = true
			note(fmt.Sprintf("is too small: a node has %s, and the pod requests %s", n.left(), of.requests()), k.name)
			continue
		}
		full = true
		best := ""
		for _, i := range k.nodes {
			if b := s.filter(of, i, r.claim); b != nil && len(b.reasons) > 0 && strings.HasPrefix(b.reasons[0], "node(s)") {
				best = strings.TrimPrefix(b.reasons[0], "node(s) ")
			}
		}
		if best != "" {
			note("has nodes that "+best, k.name)
		} else {
			note(fmt.Sprintf("is full: the pod requests %s, and its freest node has %s left", of.requests(), s.freest(k.nodes)), k.name)
		}
	}
	for _, reason := range order {
		names, verb := groups[reason], "Node group "
		if len(names) > 1 {
			verb = "Each of the node groups "
		}
		sentences = append(sentences, verb+strings.Join(names, ", ")+" "+reason+".")
	}
	switch {
	case full:
		todo = "Allow more nodes in the group, use larger instance types, or run fewer replicas."
	case room:
		todo = "Request less, or use larger instance types."
	case taints:
		todo = "Give the pod a toleration for the taint of the nodes that it is meant for."
	case labels:
		todo = "Write a node selector that a node group's labels match."
	}
	return sentences, todo
}

func taintText(t core.Taint) string {
	text := t.Key
	if t.Value != "" {
		text += "=" + t.Value
	}
	return text + ":" + string(t.Effect)
}

// selectorText is the node selector of a pod as one would write it, with a word for what does not fit into one.
func selectorText(p *core.Pod) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(p.Spec.NodeSelector)) {
		parts = append(parts, key+"="+p.Spec.NodeSelector[key])
	}
	if a := p.Spec.Affinity; a != nil && a.NodeAffinity != nil && a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution != nil {
		parts = append(parts, "its node affinity")
	}
	return strings.Join(parts, ", ")
}

// left is what a node has for further pods, as text.
func (n *place) left() string {
	text := amounts(n.Allocatable.MilliCPU-n.milliCPU, n.Allocatable.Memory-n.memory)
	if n.pods >= n.Allocatable.Pods {
		text += " and no place for a pod"
	}
	return text
}

// freest is what the node of a group with the most CPU left has.
func (s *scheduler) freest(nodes []int) string {
	if len(nodes) == 0 {
		return "nothing"
	}
	best := s.places[nodes[0]]
	for _, i := range nodes[1:] {
		if n := s.places[i]; n.Allocatable.MilliCPU-n.milliCPU > best.Allocatable.MilliCPU-best.milliCPU {
			best = n
		}
	}
	return best.left()
}

// requests is what a pod asks for, as text.
func (s *shape) requests() string {
	text := amounts(s.milliCPU, s.memory)
	for _, name := range slices.Sorted(maps.Keys(s.other)) {
		text += fmt.Sprintf(" and %d %s", s.other[name], name)
	}
	return text
}

// amounts writes CPU in vCPU and memory in GiB, with no more digits than matter.
func amounts(milliCPU, memory int64) string {
	number := func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
	return fmt.Sprintf("%s vCPU and %s GiB", number(float64(milliCPU)/1000), number(float64(memory*100/(1<<30))/100))
}
