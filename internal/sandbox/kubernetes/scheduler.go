package kubernetes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// scheduler puts pods on nodes, one after the other.
type scheduler struct {
	view   *view
	minor  int
	places []*place
	shapes []*shape
	// repelling are the shapes that refuse to be near others.
	repelling []*shape
	queue     []*running
	pods      []Pod
	// groups are the node groups as they grow, and started the nodes that they grew by.
	groups  []Group
	started []Node
	// zones are where volumes are, by "namespace/name" of their claim.
	zones map[string]string
	// preempted are the shapes that lost pods, with the pod and the node that they were lost to.
	preempted map[*shape]string
	problems  []Problem
}

func newScheduler(v *view) *scheduler {
	s := &scheduler{view: v, minor: v.minor(), groups: slices.Clone(v.Groups), zones: map[string]string{}, preempted: map[*shape]string{}}
	for claim, zone := range v.VolumeZones {
		s.zones[claim] = zone
	}
	for _, n := range v.Nodes {
		s.places = append(s.places, newPlace(n))
	}
	return s
}

// enqueue adds the pods of a shape to those that wait. Pods of a DaemonSet go to their nodes at once: its controller says which.
func (s *scheduler) enqueue(of *shape, replicas int) {
	of.placed, of.bars = make([]int, len(s.places)), make([]*bar, len(s.places))
	for i, n := range s.places {
		of.bars[i] = s.never(of, n)
	}
	s.shapes = append(s.shapes, of)
	if len(of.repulsion) > 0 {
		s.repelling = append(s.repelling, of)
	}
	if of.workload.daemon {
		for i := range s.places {
			s.daemon(of, i)
		}
		return
	}
	for i := range replicas {
		name := of.workload.podName()
		if replicas > 1 || of.workload.claims != nil {
			name = fmt.Sprintf("%s-%d", name, i)
		}
		s.queue = append(s.queue, &running{shape: of, name: name, claim: s.claims(of, name)})
	}
}

// claims are the volumes of a pod that are attached to its node, as "namespace/name".
func (s *scheduler) claims(of *shape, pod string) (names []string) {
	for _, volume := range of.pod.Spec.Volumes {
		if c := volume.PersistentVolumeClaim; c != nil {
			names = append(names, of.pod.Namespace+"/"+c.ClaimName)
		}
	}
	for _, c := range of.workload.claims {
		names = append(names, of.pod.Namespace+"/"+c.Name+"-"+pod)
	}
	return names
}

// run schedules the pods that wait: those of the highest priority first, and otherwise in their order.
func (s *scheduler) run() {
	failed := map[*shape][]string{}
	words := map[*shape]Problem{}
	for sorted := 0; len(s.queue) > 0; {
		if len(s.queue) > sorted { // at the start, and where pods were pushed out
			slices.SortStableFunc(s.queue, func(a, b *running) int { return cmp.Compare(b.shape.priority, a.shape.priority) })
		}
		next := s.queue[0]
		s.queue = s.queue[1:]
		sorted = len(s.queue)
		if s.schedule(next) {
			continue
		}
		if _, said := words[next.shape]; !said {
			words[next.shape] = s.unschedulable(next)
		}
		failed[next.shape] = append(failed[next.shape], next.name)
		s.pods = append(s.pods, Pod{Object: next.shape.workload.object.Key(), Namespace: next.shape.pod.Namespace, Name: next.name})
	}
	for _, of := range s.shapes {
		if names := failed[of]; len(names) > 0 {
			p := words[of]
			p.Pods = len(names)
			s.problems = append(s.problems, p)
		}
	}
}

// schedule finds a node for a pod: one that has room, one that others are pushed from, or one that the cluster autoscaler starts.
func (s *scheduler) schedule(r *running) bool {
	var fitting []int
	for i := range s.places {
		if s.filter(r.shape, i, r.claim) == nil {
			fitting = append(fitting, i)
		}
	}
	if len(fitting) > 0 {
		s.bind(r, s.best(r.shape, fitting))
		return true
	}
	if at := s.grow(r); at >= 0 {
		s.bind(r, at)
		return true
	}
	if at := s.preempt(r); at >= 0 {
		s.bind(r, at)
		return true
	}
	return false
}

// bind puts a pod on a node.
func (s *scheduler) bind(r *running, at int) {
	n := s.places[at]
	s.take(n, r, 1)
	n.running = append(n.running, r)
	n.hostPorts = append(n.hostPorts, r.shape.hostPorts...)
	r.shape.placed[at]++
	for _, claim := range r.claim {
		if _, bound := s.zones[claim]; !bound && n.Zone != "" {
			s.zones[claim] = n.Zone // the volume is made where its first pod runs
		}
	}
	s.pods = append(s.pods, Pod{
		Object: r.shape.workload.object.Key(), Namespace: r.shape.pod.Namespace, Name: r.name, Node: n.Name, Group: n.Group, Zone: n.Zone,
	})
}

// take adds what a pod requests to what a node has given away; with -1 it gives it back.
func (s *scheduler) take(n *place, r *running, sign int64) {
	of := r.shape
	n.milliCPU += sign * of.milliCPU
	n.memory += sign * of.memory
	n.pods += int(sign)
	n.volumes += int(sign) * of.volumes
	for name, amount := range of.other {
		n.other[name] += sign * amount
	}
}

// remove takes a pod off its node.
func (s *scheduler) remove(r *running, at int) {
	n := s.places[at]
	s.take(n, r, -1)
	n.running = slices.DeleteFunc(n.running, func(other *running) bool { return other == r })
	n.hostPorts = nil
	for _, other := range n.running {
		n.hostPorts = append(n.hostPorts, other.shape.hostPorts...)
	}
	r.shape.placed[at]--
	s.pods = slices.DeleteFunc(s.pods, func(p Pod) bool {
		return p.Name == r.name && p.Node == n.Name && p.Object == r.shape.workload.object.Key()
	})
}

// victims are the pods of a node that a pod may push out so that it fits: those of lower priority, the lowest first,
// and no more than must go. nil: it would not fit without all of them either.
func (s *scheduler) victims(r *running, at int) []*running {
	n := s.places[at]
	candidates := slices.DeleteFunc(slices.Clone(n.running), func(other *running) bool {
		return other.shape.priority >= r.shape.priority || other.shape.workload.daemon
	})
	slices.SortStableFunc(candidates, func(a, b *running) int { return cmp.Compare(a.shape.priority, b.shape.priority) })
	var gone []*running
	for _, c := range candidates {
		s.take(n, c, -1)
		c.shape.placed[at]--
		gone = append(gone, c)
		if s.filter(r.shape, at, r.claim) == nil {
			break
		}
	}
	fits := len(gone) > 0 && s.filter(r.shape, at, r.claim) == nil
	for _, c := range gone {
		s.take(n, c, 1)
		c.shape.placed[at]++
	}
	if !fits {
		return nil
	}
	return gone
}

// preempt pushes pods of lower priority from the node where the fewest have to go; they wait again. It is -1 if that helps nowhere.
func (s *scheduler) preempt(r *running) int {
	if p := r.shape.pod.Spec.PreemptionPolicy; p != nil && *p == "Never" {
		return -1
	}
	chosen, fewest := -1, []*running(nil)
	for i := range s.places {
		if b := s.filter(r.shape, i, r.claim); b == nil || b.final {
			continue
		}
		if v := s.victims(r, i); v != nil && (chosen < 0 || len(v) < len(fewest)) {
			chosen, fewest = i, v
		}
	}
	for _, v := range fewest {
		s.remove(v, chosen)
		s.preempted[v.shape] = fmt.Sprintf("%s/%s on node %s", r.shape.pod.Namespace, r.name, s.places[chosen].Name)
		s.queue = append(s.queue, v)
	}
	return chosen
}

// daemon puts the pod of a DaemonSet on a node, if it is one for it.
func (s *scheduler) daemon(of *shape, at int) {
	if of.bars[at] != nil {
		return
	}
	r := &running{shape: of, name: of.workload.podName() + "-" + s.places[at].Name}
	if b := s.filter(of, at, nil); b != nil {
		s.pods = append(s.pods, Pod{Object: of.workload.object.Key(), Namespace: of.pod.Namespace, Name: r.name})
		s.full(of, at, b)
		return
	}
	s.bind(r, at)
}

// full says that a DaemonSet finds no room on one of its nodes. Further nodes are counted, not named.
func (s *scheduler) full(of *shape, at int, b *bar) {
	key := of.workload.object.Key()
	for i := range s.problems {
		if s.problems[i].Object == key && s.problems[i].Code == Unschedulable {
			s.problems[i].Pods++
			return
		}
	}
	// The pod is for this one node; the others do not match it.
	words := append([]string{"1 " + strings.Join(b.reasons, ", 1 ")}, fmt.Sprintf("%d %s", len(s.places)-1, wordsAffinity))
	if len(s.places) == 1 {
		words = words[:1]
	}
	p := of.workload.object.problem(Pending, Unschedulable,
		fmt.Sprintf("0/%d nodes are available: %s.", len(s.places), strings.Join(words, ", ")))
	p.Pods = 1
	p.Why = fmt.Sprintf("Node %s has %s left, and a pod of this DaemonSet requests %s.", s.places[at].Name, s.places[at].left(), of.requests())
	p.Todo = "Lower what the DaemonSet requests, or use larger instance types."
	s.problems = append(s.problems, p)
}

// daemonsEverywhere gives nodes that were started late the pods of DaemonSets that came before them.
func (s *scheduler) daemonsEverywhere() {
	for _, of := range s.shapes {
		if !of.workload.daemon {
			continue
		}
		for i := range s.places {
			if of.placed[i] == 0 && of.bars[i] == nil && !s.waits(of, i) {
				s.daemon(of, i)
			}
		}
	}
}

// waits reports whether a DaemonSet has a pod that found no room on a node.
func (s *scheduler) waits(of *shape, at int) bool {
	name := of.workload.podName() + "-" + s.places[at].Name
	return slices.ContainsFunc(s.pods, func(p Pod) bool { return p.Node == "" && p.Name == name && p.Object == of.workload.object.Key() })
}
