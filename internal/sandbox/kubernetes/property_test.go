package kubernetes

import (
	"fmt"
	"testing"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"
)

// drawn is a workload that chance made, with the pods' specification that the laws are about.
type drawn struct {
	object   Object
	spec     core.PodSpec
	replicas int
	cpu      int64
	memory   int64
}

// drawWorkload makes a Deployment with any mix of what the scheduler looks at.
func drawWorkload(t *rapid.T, i int) drawn {
	name := fmt.Sprintf("w%d", i)
	labels := map[string]string{"app": name}
	d := drawn{
		replicas: rapid.IntRange(0, 8).Draw(t, "replicas"),
		cpu:      int64(rapid.SampledFrom([]int{0, 1, 250, 1000, 2500, 9000}).Draw(t, "cpu")),
		memory:   int64(rapid.SampledFrom([]int{0, 64, 1024, 6000, 40000}).Draw(t, "memory")) << 20,
	}
	requests := core.ResourceList{}
	if d.cpu > 0 {
		requests[core.ResourceCPU] = *resource.NewMilliQuantity(d.cpu, resource.DecimalSI)
	}
	if d.memory > 0 {
		requests[core.ResourceMemory] = *resource.NewQuantity(d.memory, resource.BinarySI)
	}
	d.spec.Containers = []core.Container{{Name: "a", Image: "a:1", Resources: core.ResourceRequirements{Requests: requests}}}
	group := rapid.SampledFrom([]string{"", "control", "provisioner", "workspace"}).Draw(t, "group")
	if group != "" {
		d.spec.NodeSelector = map[string]string{"coder.com/node-group": group}
	}
	if rapid.Bool().Draw(t, "tolerates") {
		d.spec.Tolerations = []core.Toleration{{Key: "coder.com/node-group", Operator: core.TolerationOpEqual, Value: group,
			Effect: core.TaintEffectNoSchedule}}
	}
	if rapid.Bool().Draw(t, "apart") {
		apart := []core.PodAffinityTerm{{
			TopologyKey: core.LabelHostname, LabelSelector: &metav1.LabelSelector{MatchLabels: labels},
		}}
		d.spec.Affinity = &core.Affinity{
			PodAntiAffinity: &core.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: apart},
		}
	}
	if rapid.Bool().Draw(t, "spread") {
		d.spec.TopologySpreadConstraints = []core.TopologySpreadConstraint{{
			MaxSkew: int32(rapid.IntRange(1, 2).Draw(t, "skew")), TopologyKey: core.LabelTopologyZone, WhenUnsatisfiable: core.DoNotSchedule,
			LabelSelector: &metav1.LabelSelector{MatchLabels: labels},
		}}
	}
	replicas := int32(d.replicas)
	d.object = Object{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "default", Name: name, Typed: &apps.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name},
		Spec: apps.DeploymentSpec{
			Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: core.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: d.spec},
		},
	}}
	return d
}

// TestPlacementLaws places anything on anything. No node is given more than it has, no pod goes where a taint or a
// label forbids it, pods that must be apart are, zones differ by no more than the skew, groups grow no larger than they
// may, and every pod is counted once.
func TestPlacementLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := testCluster()
		c.Autoscaler = rapid.Bool().Draw(t, "autoscaler")
		workloads, objects := map[Key]drawn{}, []Object{}
		for i := range rapid.IntRange(1, 6).Draw(t, "workloads") {
			d := drawWorkload(t, i)
			workloads[d.object.Key()] = d
			objects = append(objects, d.object)
		}
		placement, problems := c.Place(objects)

		nodes := map[string]Node{}
		for _, n := range append(append([]Node{}, c.Nodes...), placement.Started...) {
			nodes[n.Name] = n
		}
		type load struct {
			cpu, memory int64
			pods        int
		}
		used := map[string]*load{}
		for name := range nodes {
			used[name] = &load{}
		}
		zones, perNode, count := map[Key]map[string]int{}, map[string]int{}, map[Key]int{}
		waiting := 0
		for _, p := range placement.Pods {
			d := workloads[p.Object]
			count[p.Object]++
			if p.Node == "" {
				waiting++
				continue
			}
			n, known := nodes[p.Node]
			if !known || n.Zone != p.Zone || n.Group != p.Group {
				t.Fatalf("%+v runs on a node that does not exist", p)
			}
			if taint, found := untolerated(n.Taints, d.spec.Tolerations); found {
				t.Fatalf("%+v runs on a node with taint %v", p, taint)
			}
			for key, value := range d.spec.NodeSelector {
				if n.Labels[key] != value {
					t.Fatalf("%+v runs on a node without label %s=%s", p, key, value)
				}
			}
			u := used[p.Node]
			u.cpu, u.memory, u.pods = u.cpu+d.cpu, u.memory+d.memory, u.pods+1
			perNode[p.Node+" "+p.Object.Name]++
			if d.spec.Affinity != nil && perNode[p.Node+" "+p.Object.Name] > 1 {
				t.Fatalf("two pods of %v, which must be apart, run on %s", p.Object, p.Node)
			}
			if zones[p.Object] == nil {
				zones[p.Object] = map[string]int{}
			}
			zones[p.Object][p.Zone]++
		}
		requests := map[string]systemPod{}
		for _, s := range systemPods() {
			requests[s.name] = s
		}
		for _, p := range placement.Others {
			if p.Node == "" {
				continue
			}
			s, u := requests[p.Object.Name], used[p.Node]
			u.pods++
			if s.cpu != "" {
				q := resource.MustParse(s.cpu)
				u.cpu += q.MilliValue()
			}
			if s.memory != "" {
				q := resource.MustParse(s.memory)
				u.memory += q.Value()
			}
		}
		for name, u := range used {
			if a := nodes[name].Allocatable; u.cpu > a.MilliCPU || u.memory > a.Memory || u.pods > a.Pods {
				t.Fatalf("node %s has %+v and is given %+v", name, a, *u)
			}
		}
		for key, d := range workloads {
			if count[key] != d.replicas {
				t.Fatalf("%v has %d pods, wants %d", key, count[key], d.replicas)
			}
			for _, s := range d.spec.TopologySpreadConstraints {
				// A zone whose nodes the pod may not use is none of its zones, and the scheduler does not know of one whose first node the
				// autoscaler has still to start (https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/, limitations).
				for _, zone := range []string{"us-east-1a", "us-east-1b", "us-east-1c"} {
					for _, other := range zones[key] {
						if eligible(c.Nodes, d, zone) && other-zones[key][zone] > int(s.MaxSkew) {
							t.Fatalf("%v is spread as %v, which differs by more than %d", key, zones[key], s.MaxSkew)
						}
					}
				}
			}
		}
		sizes := map[string]int{}
		for _, n := range nodes {
			sizes[n.Group]++
		}
		for _, g := range c.Groups {
			if sizes[g.Name] > max(g.Size, g.Max) || !c.Autoscaler && sizes[g.Name] != g.Size {
				t.Fatalf("group %s has %d nodes of at most %d", g.Name, sizes[g.Name], g.Max)
			}
		}
		said := 0
		for _, p := range problems {
			if p.Code == Unschedulable && p.Stage == Pending {
				said += p.Pods
			}
		}
		if said != waiting {
			t.Fatalf("%d pods wait, and the problems speak of %d", waiting, said)
		}
	})
}

// eligible reports whether a zone has a node that counts for the spread of a workload: by default its labels count, and its taints do not.
func eligible(nodes []Node, d drawn, zone string) bool {
	for _, n := range nodes {
		if n.Zone != zone {
			continue
		}
		if group := d.spec.NodeSelector["coder.com/node-group"]; group == "" || group == n.Group {
			return true
		}
	}
	return false
}
