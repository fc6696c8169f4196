package kubernetes

import (
	"fmt"
	"slices"
	"strings"
)

// grow starts a node for a pod, if the cluster autoscaler runs and a node group has room for one that takes it: the
// first of the groups, where the autoscaler's expander would choose. It returns the place of the node, or -1.
func (s *scheduler) grow(r *running) int {
	if !s.view.Autoscaler {
		return -1
	}
	for g := range s.groups {
		if s.groups[g].Size >= s.groups[g].Max {
			continue
		}
		s.add(s.next(g))
		at := len(s.places) - 1
		if s.filter(r.shape, at, r.claim) == nil {
			s.groups[g].Size++
			s.started = append(s.started, s.places[at].Node)
			return at
		}
		s.drop()
	}
	return -1
}

// next is the node that a group would start: Auto Scaling keeps its zones even.
func (s *scheduler) next(g int) Node {
	group := s.groups[g]
	counts := map[string]int{}
	for _, n := range s.places {
		if n.Group == group.Name {
			counts[n.Zone]++
		}
	}
	zone := group.zone(0)
	for _, z := range group.Zones {
		if counts[z] < counts[zone] {
			zone = z
		}
	}
	// Names of nodes that exist may be anything: the number is that of nodes that have been started.
	n := group.node(group.Size, zone)
	for i := group.Size; slices.ContainsFunc(s.places, func(p *place) bool { return p.Name == n.Name }); i++ {
		n = group.node(i+1, zone)
	}
	return n
}

// add makes a node part of the cluster, with the pods of the DaemonSets.
func (s *scheduler) add(n Node) {
	s.places = append(s.places, newPlace(n))
	at := len(s.places) - 1
	for _, of := range s.shapes {
		of.placed = append(of.placed, 0)
		of.bars = append(of.bars, s.never(of, s.places[at]))
	}
	for _, of := range s.shapes {
		if of.workload.daemon && of.bars[at] == nil && s.filter(of, at, nil) == nil {
			s.bind(&running{shape: of, name: of.workload.podName() + "-" + n.Name}, at)
		}
	}
}

// drop takes back the last node, which did not help.
func (s *scheduler) drop() {
	at := len(s.places) - 1
	name := s.places[at].Name
	s.pods = slices.DeleteFunc(s.pods, func(p Pod) bool { return p.Node == name })
	s.places = s.places[:at]
	for _, of := range s.shapes {
		of.placed, of.bars = of.placed[:at], of.bars[:at]
	}
}

// notGrown says why the cluster autoscaler starts no node for a pod, in its words; empty if it does not run.
func (s *scheduler) notGrown(r *running) string {
	if !s.view.Autoscaler {
		return ""
	}
	var bars []*bar
	for g := range s.groups {
		if s.groups[g].Size >= s.groups[g].Max {
			bars = append(bars, barred(true, "max node group size reached"))
			continue
		}
		s.add(s.next(g))
		if b := s.filter(r.shape, len(s.places)-1, r.claim); b != nil {
			bars = append(bars, b)
		}
		s.drop()
	}
	if len(bars) == 0 {
		return "pod didn't trigger scale-up"
	}
	return "pod didn't trigger scale-up: " + countReasons(bars)
}

// unschedulable says why no node takes a pod: the words of the scheduler and the autoscaler, what they leave out, and what can be done.
func (s *scheduler) unschedulable(r *running) Problem {
	var bars []*bar
	victims, useless := 0, 0
	for i := range s.places {
		b := s.filter(r.shape, i, r.claim)
		if b == nil {
			continue
		}
		bars = append(bars, b)
		if b.final {
			useless++
		} else {
			victims++
		}
	}
	all := len(s.places)
	message := fmt.Sprintf("0/%d nodes are available", all)
	if all == 0 {
		message = "no nodes available to schedule pods"
	} else {
		message += ": " + countReasons(bars) + "."
		var preemption []string
		if victims > 0 {
			preemption = append(preemption, fmt.Sprintf("%d No preemption victims found for incoming pod", victims))
		}
		if useless > 0 {
			preemption = append(preemption, fmt.Sprintf("%d Preemption is not helpful for scheduling", useless))
		}
		slices.Sort(preemption)
		if s.minor == 0 || s.minor >= 34 { // dynamic resources are on
			message += " no new claims to deallocate,"
		}
		message += fmt.Sprintf(" preemption: 0/%d nodes are available: %s.", all, strings.Join(preemption, ", "))
	}
	p := r.shape.workload.object.problem(Pending, Unschedulable, message)
	p.Field = r.shape.workload.field.String()
	var sentences []string
	if words := s.notGrown(r); words != "" {
		sentences = append(sentences, "Cluster autoscaler: "+words+".")
	}
	why, todo := s.explainNodes(r)
	p.Why, p.Todo = strings.Join(append(sentences, why...), " "), todo
	return p
}
