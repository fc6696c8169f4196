package kubernetes

import (
	"fmt"

	apps "k8s.io/api/apps/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// share is how many pods a number or a percentage of them means; a missing one is a quarter.
func share(n *intstr.IntOrString, of int, up bool) int {
	quarter := intstr.FromString("25%")
	if n == nil {
		n = &quarter
	}
	count, err := intstr.GetScaledValueFromIntOrPercent(n, of, up)
	if err != nil {
		return 0 // Validate has said so
	}
	return count
}

// rollouts finds Deployments that no rolling update could ever change: none of their pods may stop before a new one runs, and there is no
// room for one more. It is a finding while nothing changes, and keeps the release waiting when something does.
func (s *scheduler) rollouts(isNew map[Key]bool) (problems []Problem) {
	for _, of := range s.shapes {
		o := of.workload.object
		d, ok := o.Typed.(*apps.Deployment)
		if !ok || of.system || !isNew[o.Key()] || of.workload.replicas == 0 || d.Spec.Strategy.Type == apps.RecreateDeploymentStrategyType {
			continue
		}
		rolling := d.Spec.Strategy.RollingUpdate
		if rolling == nil {
			rolling = &apps.RollingUpdateDeployment{}
		}
		stop, start := share(rolling.MaxUnavailable, of.workload.replicas, false), share(rolling.MaxSurge, of.workload.replicas, true)
		if stop > 0 || start == 0 || !s.allPlaced(of) {
			continue
		}
		one := &running{shape: of, name: of.workload.podName() + "-new", claim: s.claims(of, of.workload.podName())}
		if s.takes(one) {
			continue
		}
		p := s.unschedulable(one)
		p.Code, p.Stage, p.Pods = RolloutBlocked, Finding, 1
		if before, exists := s.view.Objects[o.Key()]; exists {
			if was, ok := before.Typed.(*apps.Deployment); ok && !equality.Semantic.DeepEqual(was.Spec.Template, d.Spec.Template) {
				p.Stage = Pending
			}
		}
		if p.Stage == Finding {
			p.Message = "the next rolling update would wait: " + p.Message
		}
		p.Field = "spec.strategy"
		p.Why = fmt.Sprintf("A change of this Deployment starts a new pod before it stops one: of %d replicas, %d may be "+
			"away and %d may be too many. No node takes one more. %s", of.workload.replicas, stop, start, p.Why)
		p.Todo = "Set spec.strategy.rollingUpdate.maxUnavailable to 1, or leave room for one more pod: larger or more nodes, or smaller requests."
		problems = append(problems, p)
	}
	return problems
}

// allPlaced reports whether every pod of a shape has a node.
func (s *scheduler) allPlaced(of *shape) bool {
	count := 0
	for _, n := range of.placed {
		count += n
	}
	return count == of.workload.replicas
}

// takes reports whether the cluster has a node for one more pod, or would start one; it changes nothing.
func (s *scheduler) takes(r *running) bool {
	for i := range s.places {
		if s.filter(r.shape, i, r.claim) == nil {
			return true
		}
	}
	if !s.view.Autoscaler {
		return false
	}
	for g := range s.groups {
		if s.groups[g].Size >= s.groups[g].Max {
			continue
		}
		s.add(s.next(g))
		fits := s.filter(r.shape, len(s.places)-1, r.claim) == nil
		s.drop()
		if fits {
			return true
		}
	}
	return false
}

// budgets finds disruption budgets that never let a pod go: nodes cannot be drained then, neither for an upgrade of EKS
// nor by the autoscaler.
func (k *checker) budgets() {
	k.all(func(o Object) {
		b, ok := o.Typed.(*policy.PodDisruptionBudget)
		if !ok || b.Spec.Selector == nil {
			return
		}
		_, fresh := k.new[o.Key()]
		pods := 0
		k.all(func(other Object) {
			w, has := workloadOf(other)
			if !has || other.Namespace != o.Namespace || !matches(b.Spec.Selector, w.pod.Labels) {
				return
			}
			pods += w.replicas
			if _, is := k.new[other.Key()]; is {
				fresh = true
			}
		})
		if pods == 0 || !fresh {
			return
		}
		may := pods
		switch {
		case b.Spec.MaxUnavailable != nil:
			may = share(b.Spec.MaxUnavailable, pods, true)
		case b.Spec.MinAvailable != nil:
			may = pods - share(b.Spec.MinAvailable, pods, true)
		}
		if may > 0 {
			return
		}
		p := o.problem(Finding, EvictionBlocked, "Cannot evict pod as it would violate the pod's disruption budget.")
		p.Field = "spec"
		p.Why = fmt.Sprintf("The budget lets none of %d pods go. An upgrade of the nodes fails with PodEvictionFailure, "+
			"and the autoscaler never empties theirs.", pods)
		p.Todo = "Write maxUnavailable: 1, or run more replicas."
		k.add(p)
	})
}
