package kubernetes

import (
	"slices"

	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	podresource "k8s.io/component-helpers/resource"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
)

// shape is what the scheduler looks at in the pods of a workload, which are all alike.
type shape struct {
	workload workload
	system   bool
	pod      *core.Pod
	priority int32

	milliCPU, memory int64
	other            map[string]int64
	volumes          int
	hostPorts        []hostPort

	required  nodeaffinity.RequiredNodeAffinity
	preferred *nodeaffinity.PreferredSchedulingTerms
	affinity  []term
	repulsion []term
	attracts  []term // preferred, with weights; negative ones repel
	spread    []constraint

	// placed counts its pods by the place of the node in the scheduler's list.
	placed []int
	// bars remembers why a node can never take it, by the place of the node: nil, if it can.
	bars []*bar
}

type hostPort struct {
	protocol core.Protocol
	address  string
	port     int32
}

// overlaps reports whether two pods cannot have both ports on one node.
func (p hostPort) overlaps(q hostPort) bool {
	return p.port == q.port && p.protocol == q.protocol && (p.address == q.address || p.address == "" || q.address == "")
}

// term is a pod affinity term: pods that it is about, and the label that makes nodes one place.
type term struct {
	selector   labels.Selector
	namespaces []string
	// everywhere says that it is about pods of all namespaces.
	everywhere bool
	key        string
	weight     int
}

// takes reports whether a term is about the pods of a shape.
func (t term) takes(s *shape) bool {
	return (t.everywhere || slices.Contains(t.namespaces, s.pod.Namespace)) && t.selector.Matches(labels.Set(s.pod.Labels))
}

// constraint is a topology spread constraint.
type constraint struct {
	key                 string
	maxSkew, minDomains int
	// hard says that a pod rather waits than breaks it.
	hard bool
	// own says that it is about the pods of the same workload alone: the scheduler's own default. Otherwise selector says which.
	own      bool
	selector labels.Selector
	// taints says that nodes whose taints the pod does not tolerate do not count; notByLabel that those without the labels
	// that it asks for do.
	taints, notByLabel bool
}

func (c constraint) takes(of, s *shape) bool {
	if c.own {
		return of == s
	}
	return of.pod.Namespace == s.pod.Namespace && c.selector.Matches(labels.Set(s.pod.Labels))
}

// shapeOf prepares a pod for the scheduler.
func shapeOf(w workload, pod *core.Pod, system bool) *shape {
	s := &shape{workload: w, system: system, pod: pod}
	if pod.Spec.Priority != nil {
		s.priority = *pod.Spec.Priority
	}
	requests := podresource.PodRequests(pod, podresource.PodResourcesOptions{})
	for name, quantity := range requests {
		switch {
		case name == core.ResourceCPU:
			s.milliCPU = quantity.MilliValue()
		case name == core.ResourceMemory:
			s.memory = quantity.Value()
		case extended(name):
			if s.other == nil {
				s.other = map[string]int64{}
			}
			s.other[string(name)] = quantity.Value()
		}
	}
	for _, v := range pod.Spec.Volumes {
		if v.PersistentVolumeClaim != nil || v.Ephemeral != nil {
			s.volumes++
		}
	}
	s.volumes += len(w.claims)
	for _, c := range pod.Spec.Containers {
		for _, p := range c.Ports {
			if p.HostPort != 0 {
				s.hostPorts = append(s.hostPorts, hostPort{protocol(p.Protocol), p.HostIP, p.HostPort})
			}
		}
	}
	s.required = nodeaffinity.GetRequiredNodeAffinity(pod)
	if a := pod.Spec.Affinity; a != nil {
		s.readAffinity(a)
	}
	s.readSpread()
	return s
}

func (s *shape) readAffinity(a *core.Affinity) {
	if n := a.NodeAffinity; n != nil && len(n.PreferredDuringSchedulingIgnoredDuringExecution) > 0 {
		if terms, err := nodeaffinity.NewPreferredSchedulingTerms(n.PreferredDuringSchedulingIgnoredDuringExecution); err == nil {
			s.preferred = terms
		}
	}
	if p := a.PodAffinity; p != nil {
		for _, t := range p.RequiredDuringSchedulingIgnoredDuringExecution {
			s.affinity = append(s.affinity, s.term(t, 0))
		}
		for _, t := range p.PreferredDuringSchedulingIgnoredDuringExecution {
			s.attracts = append(s.attracts, s.term(t.PodAffinityTerm, int(t.Weight)))
		}
	}
	if p := a.PodAntiAffinity; p != nil {
		for _, t := range p.RequiredDuringSchedulingIgnoredDuringExecution {
			s.repulsion = append(s.repulsion, s.term(t, 0))
		}
		for _, t := range p.PreferredDuringSchedulingIgnoredDuringExecution {
			s.attracts = append(s.attracts, s.term(t.PodAffinityTerm, -int(t.Weight)))
		}
	}
}

// term reads an affinity term. A selector that cannot be read matches nothing: Validate has said so.
func (s *shape) term(t core.PodAffinityTerm, weight int) term {
	selector, err := metav1.LabelSelectorAsSelector(t.LabelSelector)
	if err != nil {
		selector = labels.Nothing()
	}
	namespaces := t.Namespaces
	if len(namespaces) == 0 && t.NamespaceSelector == nil {
		namespaces = []string{s.pod.Namespace}
	}
	return term{selector: selector, namespaces: namespaces, everywhere: t.NamespaceSelector != nil, key: t.TopologyKey, weight: weight}
}

// readSpread reads topology spread constraints. A pod without any has those of the scheduler: its workload's pods over
// zones and nodes, as far as that can be. Source: Kubernetes documentation, "Pod Topology Spread Constraints", built-in
// default constraints.
func (s *shape) readSpread() {
	for _, c := range s.pod.Spec.TopologySpreadConstraints {
		selector, err := metav1.LabelSelectorAsSelector(c.LabelSelector)
		if err != nil {
			selector = labels.Nothing()
		}
		for _, key := range c.MatchLabelKeys {
			if value, found := s.pod.Labels[key]; found {
				if only, err := labels.ValidatedSelectorFromSet(labels.Set{key: value}); err == nil {
					requirements, _ := only.Requirements()
					selector = selector.Add(requirements...)
				}
			}
		}
		to := constraint{key: c.TopologyKey, maxSkew: int(c.MaxSkew), hard: c.WhenUnsatisfiable != core.ScheduleAnyway,
			selector: selector, minDomains: 1}
		if c.MinDomains != nil {
			to.minDomains = int(*c.MinDomains)
		}
		to.taints = c.NodeTaintsPolicy != nil && *c.NodeTaintsPolicy == core.NodeInclusionPolicyHonor
		to.notByLabel = c.NodeAffinityPolicy != nil && *c.NodeAffinityPolicy == core.NodeInclusionPolicyIgnore
		s.spread = append(s.spread, to)
	}
	if len(s.spread) == 0 && !s.workload.daemon {
		s.spread = []constraint{{key: core.LabelHostname, maxSkew: 3, own: true}, {key: core.LabelTopologyZone, maxSkew: 5, own: true}}
	}
}
