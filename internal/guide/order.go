package guide

import (
	"fmt"
	"slices"

	"coderaws/internal/plan"
)

// stage is a part of the way, with a page of its own.
type stage struct {
	file, title, about string
	// modules are those of which it makes the resources; "" is the stack itself.
	modules []string
}

// stages are in the order of the pages. A resource that needs one of a later stage moves there.
func stages() []stage {
	return []stage{
		{"keys", "Keys and empty secrets", "One key for each kind of data. They come first, as all that holds data names one.",
			[]string{"kms", ""}},
		{"network", "The network", "A network of your own: subnets in each zone, ways in and out, and a record of what goes through.",
			[]string{"network", "endpoints"}},
		{"cluster", "The cluster is begun", "AWS needs about ten minutes for a control plane. It is begun here, and waited for later.",
			[]string{"cluster"}},
		{"certificate", "Domain and certificate",
			"The zone of the domain, and the certificate. Here is the one stop that must not be passed over.",
			[]string{"certificate"}},
		{"database", "The database", "Aurora PostgreSQL. Nobody knows its password: Coder signs in with its role.", []string{"database"}},
		{"add-ons", "Add-ons of the cluster", "What nodes need from the first moment on.", []string{"addon_identity", "addons_before_nodes"}},
		{"nodes", "Nodes", "The machines. All groups are begun, then waited for.", []string{"workspace_security_group", "node_group"}},
		{"add-ons-on-nodes", "Add-ons that need nodes", "What runs on nodes, and would fail without any.", []string{"addons_after_nodes"}},
		{"entrance", "The way in", "Load balancer, its records in DNS, and the archive of who connects.", []string{"archive", "ingress"}},
		{"identities", "Identities of workloads", "What each workload may do on AWS.", []string{"workload_identity", "registry"}},
		{"watch", "Scaling, alarms, budget, and what the account is audited by",
			"What goes on by itself, and who is told when it does not.",
			[]string{"scaling", "log_retention", "observability", "budget", "audit"}},
		{"platform", "Coder in the cluster", "The first owner, and what Helm installs: the foundation, Coder, and the way from the load balancer to it.", nil},
	}
}

// step is what a reader does at once: things of one type, or the wait for them.
type step struct {
	number int
	stage  int
	things []*thing
	// wait says that it waits for things which were begun before.
	wait bool
}

// title names a step.
func (s *step) title() string {
	noun := s.things[0].kind.noun
	count := ""
	if len(s.things) > 1 {
		count = fmt.Sprintf(" (%d)", len(s.things))
	}
	if s.wait {
		return "wait for the " + noun + count
	}
	return noun + count
}

// order puts all things into steps: each after what it needs, by stages, and those of one type together. A thing that takes long is begun
// in its turn, and waited for where the first other needs it.
func (g *Guide) order() {
	number := map[string]int{}
	all := stages()
	for i, s := range all {
		for _, module := range s.modules {
			number[module] = i
		}
	}
	platform := len(all) - 1
	for _, t := range g.things {
		if t.stage = platform - 1; t.platform {
			t.stage = platform
		} else if i, known := number[plan.TopModule(t.address)]; known {
			t.stage = i
		}
	}
	for changed := true; changed; {
		changed = false
		for _, t := range g.things {
			for _, n := range t.needs {
				if n.stage > t.stage {
					t.stage, changed = n.stage, true
				}
			}
		}
	}
	waiting, begun := []*thing{}, map[*thing]bool{}
	left := slices.Clone(g.things)
	slices.SortFunc(left, func(a, b *thing) int { return plan.Compare(a.address, b.address) })
	g.things = nil
	for at := range all {
		for {
			group := next(left, begun, waiting, at)
			if group == nil {
				break
			}
			// What runs in the cluster is begun when all of the cloud is there, and has no part in that.
			if group[0].platform {
				g.await(&waiting, group, platform-1)
			} else {
				g.await(&waiting, group, at)
			}
			if group[0].kind.make != nil || group[0].kind.settle != nil {
				g.steps = append(g.steps, &step{stage: at, things: group})
			}
			for _, t := range group {
				begun[t] = true
				if t.kind.apart {
					waiting = append(waiting, t)
				}
			}
			g.things = append(g.things, group...)
			left = slices.DeleteFunc(left, func(t *thing) bool { return begun[t] })
		}
	}
	for len(waiting) > 0 {
		g.await(&waiting, nil, platform-1)
	}
	for i, s := range g.steps {
		s.number = i + 1
	}
}

// next are things of one type and stage whose needs have begun; those that nothing must be waited for come first.
func next(left []*thing, begun map[*thing]bool, waiting []*thing, at int) []*thing {
	var group []*thing
	late := false
	for _, waits := range []bool{false, true} {
		for _, t := range left {
			ready := t.stage == at && !slices.ContainsFunc(t.needs, func(n *thing) bool { return !begun[n] })
			if !ready || len(group) > 0 && (group[0].kind != t.kind || late != waits) {
				continue
			}
			if slices.ContainsFunc(t.needs, func(n *thing) bool { return slices.Contains(waiting, n) }) == waits {
				group, late = append(group, t), waits
			}
		}
	}
	return group
}

// await adds the waits for what a group needs; a nil group needs everything.
func (g *Guide) await(waiting *[]*thing, group []*thing, at int) {
	var needed []*thing
	for _, w := range *waiting {
		if group == nil || slices.ContainsFunc(group, func(t *thing) bool { return slices.Contains(t.needs, w) }) {
			needed = append(needed, w)
		}
	}
	for len(needed) > 0 {
		same := []*thing{}
		for _, w := range needed {
			if w.kind == needed[0].kind {
				same = append(same, w)
			}
		}
		g.steps = append(g.steps, &step{stage: at, things: same, wait: true})
		done := func(t *thing) bool { return slices.Contains(same, t) }
		needed = slices.DeleteFunc(needed, done)
		*waiting = slices.DeleteFunc(*waiting, done)
	}
}
