package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
)

// Pod is a pod that a controller creates.
type Pod struct {
	// Object is what it belongs to. Name is made of its name and a number: what a controller makes up is not known.
	Object          Key
	Namespace, Name string
	// Node is where it runs, with its node group and zone; all are empty if it waits.
	Node, Group, Zone string
}

// Placement is which pod runs where.
type Placement struct {
	// Pods are those of the objects that were placed. Others are those of the add-ons, and of the objects that exist already.
	Pods, Others []Pod
	// Started are the nodes that the cluster autoscaler starts for them.
	Started []Node
}

// Count is how many pods of the objects run, and how many wait for a node.
func (p Placement) Count() (placed, waiting int) {
	for _, pod := range p.Pods {
		if pod.Node != "" {
			placed++
		}
	}
	return placed, len(p.Pods) - placed
}

// Place puts the pods of objects on the nodes of the cluster, after those of its add-ons and of the objects that exist,
// as the scheduler and the cluster autoscaler would, and says in their words why a pod finds no node. Pods of a higher
// priority come first, and push out others if they must. Pods that are not created, as Check says, are not placed.
// CronJobs have no pods until they are due.
func (c *Cluster) Place(objects []Object) (Placement, []Problem) {
	v := c.view(objects)
	s := newScheduler(v)
	var placement Placement
	for _, w := range v.system() {
		pod := &core.Pod{ObjectMeta: w.pod.ObjectMeta, Spec: w.pod.Spec}
		pod.Namespace = w.object.Namespace
		v.prioritize(pod)
		s.enqueue(shapeOf(w, pod, true), w.replicas)
	}
	s.run()

	admitted := v.admission(objects)
	isNew := map[Key]bool{}
	for _, o := range objects {
		isNew[o.Key()] = true
	}
	enqueue := func(o Object) {
		w, ok := workloadOf(o)
		if !ok || w.cron {
			return
		}
		if a := admitted[o.Key()]; a.pod != nil && (a.created > 0 || w.daemon && a.problem == nil) {
			s.enqueue(shapeOf(w, a.pod, false), a.created)
		}
	}
	v.all(func(o Object) {
		if !isNew[o.Key()] {
			enqueue(o)
		}
	})
	s.run()
	placed := map[Key]bool{}
	for _, o := range objects {
		if !placed[o.Key()] { // twice the same object is one
			placed[o.Key()] = true
			enqueue(o)
		}
	}
	s.run()
	s.daemonsEverywhere()

	for _, p := range s.pods {
		if isNew[p.Object] {
			placement.Pods = append(placement.Pods, p)
		} else {
			placement.Others = append(placement.Others, p)
		}
	}
	placement.Started = s.started
	problems := s.problems
	problems = append(problems, s.withoutDriver(isNew)...)
	problems = append(problems, s.sharedVolumes(isNew)...)
	problems = append(problems, s.rollouts(isNew)...)
	problems = slices.DeleteFunc(problems, func(p Problem) bool { return !isNew[p.Object] })
	problems = append(problems, s.pushedOut(isNew)...)
	sortProblems(problems)
	return placement, problems
}

// pushedOut finds objects that exist and lose pods to new ones of higher priority.
func (s *scheduler) pushedOut(isNew map[Key]bool) (problems []Problem) {
	for _, of := range s.shapes {
		key := of.workload.object.Key()
		by, pushed := s.preempted[of]
		if !pushed || isNew[key] {
			continue
		}
		waiting := 0
		for _, p := range s.pods {
			if p.Object == key && p.Node == "" {
				waiting++
			}
		}
		p := of.workload.object.problem(Finding, Unschedulable, "Preempted by "+by)
		p.Pods = waiting
		p.Why = fmt.Sprintf("Pods of higher priority take its place; %d of its pods wait now for another.", waiting)
		p.Todo = "Allow more nodes, or give both the same priority."
		problems = append(problems, p)
	}
	return problems
}

// withoutDriver finds pods that mount secrets on nodes where the driver or its provider does not run.
func (s *scheduler) withoutDriver(isNew map[Key]bool) (problems []Problem) {
	if !hasAddon(s.view.Addons, secretsAddon) {
		return nil // Check has said so
	}
	for _, of := range s.shapes {
		key := of.workload.object.Key()
		if of.system || !isNew[key] {
			continue
		}
		at := slices.IndexFunc(of.pod.Spec.Volumes, func(v core.Volume) bool { return v.CSI != nil && v.CSI.Driver == secretsDriver })
		if at < 0 {
			continue
		}
		pods, node, missing := 0, "", ""
		for i, n := range of.placed {
			if n == 0 {
				continue
			}
			for _, daemon := range []string{secretsDriverPods, secretsProviderPods} {
				if !s.runs(daemon, i) {
					pods, node, missing = pods+n, s.places[i].Name, daemon
					break
				}
			}
		}
		if pods == 0 {
			continue
		}
		volume := of.pod.Spec.Volumes[at]
		words := unregistered(secretsDriver)
		if missing == secretsProviderPods {
			words = fmt.Sprintf("rpc error: code = Unknown desc = failed to mount secrets store objects for pod %s/%s, err: "+
				"error connecting to provider %q: provider not found: provider %q",
				key.Namespace, key.Name, "aws", "aws")
		}
		p := of.workload.object.problem(Pending, DriverMissing, fmt.Sprintf("MountVolume.SetUp failed for volume %q : %s", volume.Name, words))
		p.Field, p.Pods = of.workload.field.Child("volumes").Index(at).String(), pods
		p.Why = fmt.Sprintf("DaemonSet %s of the EKS add-on %s has no pod on node %s, whose taints it does not tolerate.",
			missing, secretsAddon, node)
		p.Todo = "Give the add-on's configuration tolerations for these taints: at tolerations for the provider, at " +
			"secrets-store-csi-driver.linux.tolerations for the driver."
		problems = append(problems, p)
	}
	return problems
}

// runs reports whether a DaemonSet of an add-on has a pod on a node.
func (s *scheduler) runs(daemon string, node int) bool {
	return slices.ContainsFunc(s.shapes, func(of *shape) bool {
		return of.system && of.workload.object.Name == daemon && of.placed[node] > 0
	})
}

// sharedVolumes finds pods on several nodes that want one volume, which can be attached to one node at a time.
func (s *scheduler) sharedVolumes(isNew map[Key]bool) (problems []Problem) {
	type use struct {
		of    *shape
		nodes map[string]bool
	}
	uses := map[string]*use{}
	for _, n := range s.places {
		for _, r := range n.running {
			for _, claim := range r.claim {
				if uses[claim] == nil {
					uses[claim] = &use{of: r.shape, nodes: map[string]bool{}}
				}
				uses[claim].nodes[n.Name] = true
			}
		}
	}
	for _, claim := range keysOf(uses) {
		u := uses[claim]
		namespace, name, _ := strings.Cut(claim, "/")
		if len(u.nodes) < 2 || !isNew[u.of.workload.object.Key()] || !s.attachesOnce(namespace, name) {
			continue
		}
		p := u.of.workload.object.problem(Pending, NotCreated,
			fmt.Sprintf("Multi-Attach error for volume %q Volume is already used by pod(s) %s", claim, u.of.workload.object.Name))
		p.Pods = len(u.nodes) - 1
		p.Why = fmt.Sprintf("The claim has access mode ReadWriteOnce, and the scheduler put its pods on %d nodes.", len(u.nodes))
		p.Todo = "Use one replica, or a StatefulSet, which has a volume for each pod."
		problems = append(problems, p)
	}
	return problems
}

// attachesOnce reports whether the volume of a claim can be attached to one node alone.
func (s *scheduler) attachesOnce(namespace, name string) bool {
	o, found := s.view.find(Key{Kind: "PersistentVolumeClaim", Namespace: namespace, Name: name})
	t, ok := o.Typed.(*core.PersistentVolumeClaim)
	return found && ok && !slices.ContainsFunc(t.Spec.AccessModes, func(m core.PersistentVolumeAccessMode) bool {
		return m == core.ReadWriteMany || m == core.ReadOnlyMany
	})
}
