package kubernetes

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// pods writes a Deployment of pods that request cpu and memory, with more fields of the pod, as a YAML flow, after them.
func pods(name string, replicas int, cpu, memory, more string) string {
	if more != "" {
		more = ", " + more
	}
	return fmt.Sprintf(`---
apiVersion: apps/v1
kind: Deployment
metadata: {name: %[1]s}
spec:
  replicas: %[2]d
  selector: {matchLabels: {app: %[1]s}}
  template:
    metadata: {labels: {app: %[1]s}}
    spec: {containers: [{name: a, image: 'a:1', resources: {requests: {cpu: '%[3]s', memory: %[4]s}}}]%[5]s}
`, name, replicas, cpu, memory, more)
}

// withVolumes writes a StatefulSet whose pods have so many volumes of EBS each.
func withVolumes(name string, replicas, volumes int) string {
	var claims strings.Builder
	for i := range volumes {
		fmt.Fprintf(&claims, "\n  - metadata: {name: v%d}\n    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}", i)
	}
	return fmt.Sprintf(`---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: %[1]s}
spec:
  replicas: %[2]d
  selector: {matchLabels: {app: %[1]s}}
  template:
    metadata: {labels: {app: %[1]s}}
    spec: {containers: [{name: a, image: 'a:1', resources: {requests: {cpu: 100m, memory: 100Mi}}}]}
  volumeClaimTemplates:%[3]s
`, name, replicas, claims.String())
}

// attaching makes a cluster of three nodes, to each of which so many volumes may be attached; 0 says that nobody knows.
func attaching(volumes int) func(*Cluster) {
	return func(c *Cluster) {
		room := Allocatable{MilliCPU: 4000, Memory: 8 << 30, Pods: 17, Volumes: volumes}
		c.Nodes = Group{Name: "small", Size: 3, Zones: []string{"us-east-1a"}, Allocatable: room}.Nodes()
		c.Groups = nil
	}
}

const (
	onWorkspaceNodes = "nodeSelector: {coder.com/node-group: workspace}"
	tolerates        = "tolerations: [{key: coder.com/node-group, operator: Equal, value: workspace, effect: NoSchedule}]"
	apart            = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: " +
		"kubernetes.io/hostname, labelSelector: {matchLabels: {app: a}}}]}}"
	overZones = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: " +
		"DoNotSchedule, labelSelector: {matchLabels: {app: a}}}]"
)

func TestPlace(t *testing.T) {
	autoscaled := func(c *Cluster) { c.Autoscaler = true }
	for _, test := range []struct {
		name, text string
		exists     string
		change     func(*Cluster)
		// nodes counts the pods of the objects by node group; waiting are those without a node.
		nodes   string
		waiting int
		started int
		// zones is how many zones the pods are in; 0: not asked.
		zones           int
		want, why, todo string
	}{
		{name: "pods of all kinds go to the nodes without a taint", text: pods("a", 2, "500m", "1Gi", ""), nodes: "control:2", zones: 2},
		{name: "pods with selector and toleration go to the others",
			text: pods("a", 2, "1", "1Gi", onWorkspaceNodes+", "+tolerates), nodes: "workspace:2", zones: 2},
		{name: "a toleration alone asks for nothing", text: pods("a", 3, "1", "1Gi", tolerates), nodes: "control:1 workspace:2", zones: 3},
		{name: "a selector without the toleration", text: pods("a", 2, "1", "1Gi", onWorkspaceNodes), waiting: 2,
			want: "0/8 nodes are available: 3 node(s) didn't match Pod's node affinity/selector, 5 node(s) had untolerated " +
				"taint(s). no new claims to deallocate, preemption: 0/8 nodes are available: 8 Preemption is not helpful for scheduling.",
			why:  "Node group workspace has taint coder.com/node-group=workspace:NoSchedule, which the pod does not tolerate.",
			todo: "Give the pod a toleration"},
		{name: "the same, in the words of an older cluster", text: pods("a", 1, "1", "1Gi", onWorkspaceNodes),
			change: func(c *Cluster) { c.Version = "1.33" }, waiting: 1,
			want: "0/8 nodes are available: 2 node(s) had untolerated taint {coder.com/node-group: workspace}, 3 node(s) " +
				"didn't match Pod's node affinity/selector, 3 node(s) had untolerated taint {coder.com/node-group: provisioner}. " +
				"preemption: 0/8 nodes are available: 8 Preemption is not helpful for scheduling."},
		{name: "a toleration of another value", text: pods("a", 1, "1", "1Gi",
			onWorkspaceNodes+", "+strings.Replace(tolerates, "value: workspace", "value: workspaces", 1)), waiting: 1,
			want: "untolerated taint(s)", why: "coder.com/node-group=workspace:NoSchedule"},
		{name: "a label that no node has", text: pods("a", 1, "1", "1Gi", "nodeSelector: {coder.com/node-group: controls}"), waiting: 1,
			want: "3 node(s) didn't match Pod's node affinity/selector",
			why:  "Node group control does not have the labels that the pod asks for (coder.com/node-group=controls)."},

		{name: "a request larger than a node", text: pods("a", 1, "16", "1Gi", ""), waiting: 1,
			want: "0/8 nodes are available: 3 Insufficient cpu, 5 node(s) had untolerated taint(s). no new claims to " +
				"deallocate, preemption: 0/8 nodes are available: 8 Preemption is not helpful for scheduling.",
			why:  "Node group control is too small: a node has 3.92 vCPU and 13.27 GiB, and the pod requests 16 vCPU and 1 GiB.",
			todo: "Request less, or use larger instance types."},
		{name: "requests that are larger than what is left",
			text: pods("a", 2, "2500m", "1Gi", "") + pods("b", 2, "2", "1Gi", ""), nodes: "control:3", waiting: 1,
			want: "3 Insufficient cpu, 5 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/8 nodes " +
				"are available: 3 No preemption victims found for incoming pod, 5 Preemption is not helpful for scheduling.",
			why: "Node group control is full: the pod requests 2 vCPU and 1 GiB, and its freest node has"},
		{name: "a GPU that no node has", text: strings.Replace(pods("a", 1, "1", "1Gi", ""), "memory: 1Gi}}",
			"memory: 1Gi}, limits: {nvidia.com/gpu: 1}}", 1), waiting: 1,
			want: "3 Insufficient nvidia.com/gpu", why: "requests 1 vCPU and 1 GiB and 1 nvidia.com/gpu"},
		{name: "more pods than a node takes", text: pods("a", 20, "1m", "1Mi", ""), change: func(c *Cluster) {
			c.Nodes = Group{Name: "small", Size: 1, Zones: []string{"us-east-1a"},
				Allocatable: Allocatable{MilliCPU: 4000, Memory: 8 << 30, Pods: 17}}.Nodes()
			c.Groups = nil
		}, nodes: "small:5", waiting: 15, want: "0/1 nodes are available: 1 Too many pods."},

		{name: "pods that must be apart, on three nodes", text: pods("a", 4, "100m", "1Gi", apart), nodes: "control:3", waiting: 1, zones: 3,
			want: "0/8 nodes are available: 3 node(s) didn't match pod anti-affinity rules, 5 node(s) had untolerated taint(s).",
			why:  "has nodes that didn't match pod anti-affinity rules"},
		{name: "pods that another refuses to be near", text: pods("b", 1, "100m", "1Gi", ""),
			exists: pods("a", 3, "100m", "1Gi", strings.Replace(apart, "matchLabels: {app: a}",
				"matchExpressions: [{key: app, operator: Exists}]", 1)), waiting: 1,
			want: "3 node(s) didn't satisfy existing pods anti-affinity rules"},
		{name: "pods that must be together", text: pods("a", 3, "100m", "1Gi",
			strings.Replace(apart, "podAntiAffinity", "podAffinity", 1)), nodes: "control:3", zones: 1},
		{name: "a pod that must be near what does not run",
			text: pods("a", 1, "100m", "1Gi", strings.Replace(strings.Replace(apart, "podAntiAffinity", "podAffinity", 1),
				"app: a", "app: b", 1)), waiting: 1,
			want: "3 node(s) didn't match pod affinity rules"},
		{name: "pods that must be spread over zones", text: pods("a", 5, "100m", "1Gi", overZones), nodes: "control:5", zones: 3},
		{name: "pods that must be spread over zones, one of which is full", text: pods("a", 5, "1200m", "1Gi", overZones),
			exists: pods("big", 1, "3", "1Gi", "nodeSelector: {kubernetes.io/hostname: control-0}"),
			nodes:  "control:2", waiting: 3, zones: 2, want: "1 Insufficient cpu, 2 node(s) didn't match pod topology spread constraints"},
		{name: "pods that must be spread over what nodes are not labelled with",
			text: pods("a", 1, "1", "1Gi", strings.Replace(overZones, "topology.kubernetes.io/zone", "rack", 1)), waiting: 1,
			want: "3 node(s) didn't match pod topology spread constraints (missing required label)"},
		{name: "pods without a word about zones are spread too", text: pods("a", 3, "100m", "1Gi", ""), nodes: "control:3", zones: 3},
		{name: "two pods with one port of the node", text: strings.Replace(pods("a", 4, "100m", "1Gi", ""), "image: 'a:1'",
			"image: 'a:1', ports: [{containerPort: 80, hostPort: 80}]", 1), nodes: "control:3", waiting: 1,
			want: "3 node(s) didn't have free ports for the requested pod ports"},

		{name: "more pods than the nodes hold, with the autoscaler",
			text: pods("a", 6, "3", "4Gi", onWorkspaceNodes+", "+tolerates), change: autoscaled, nodes: "workspace:6", started: 1, zones: 3},
		{name: "the same without it", text: pods("a", 6, "3", "4Gi", onWorkspaceNodes+", "+tolerates), nodes: "workspace:4",
			waiting: 2, want: "2 Insufficient cpu", todo: "Allow more nodes in the group"},
		{name: "more pods than the group may hold", text: pods("a", 14, "3", "4Gi", onWorkspaceNodes+", "+tolerates),
			change: autoscaled, nodes: "workspace:12", waiting: 2, started: 4,
			want: "0/12 nodes are available:", why: "Cluster autoscaler: pod didn't trigger scale-up: 3 max node group size reached."},
		{name: "a pod for which no group can grow", text: pods("a", 1, "1", "1Gi", onWorkspaceNodes), change: autoscaled, waiting: 1,
			want: "0/8 nodes are available", why: "pod didn't trigger scale-up: 1 node(s) had untolerated taint(s), 2 max node group size reached."},
		{name: "a group that starts from nothing", text: pods("a", 2, "1", "1Gi", onWorkspaceNodes+", "+tolerates), change: func(c *Cluster) {
			c.Autoscaler = true
			c.Groups[2].Size = 0
			c.Nodes = c.Nodes[:6]
		}, nodes: "workspace:2", started: 1},
		{name: "a cluster without nodes", text: pods("a", 1, "1", "1Gi", ""),
			change: func(c *Cluster) { c.Nodes, c.Groups = nil, nil }, waiting: 1, want: "no nodes available to schedule pods"},

		{name: "a volume that keeps its pods in its zone",
			exists: object("PersistentVolumeClaim", "metadata: {name: home}\nspec: {accessModes: [ReadWriteOnce], resources: "+
				"{requests: {storage: 1Gi}}}"),
			text:   pods("a", 1, "100m", "1Gi", "volumes: [{name: home, persistentVolumeClaim: {claimName: home}}]"),
			change: func(c *Cluster) { c.VolumeZones = map[string]string{"coder/home": "us-east-1c"} }, nodes: "control:1", zones: 1},
		{name: "a volume in a zone without a node", text: pods("a", 1, "100m", "1Gi",
			"volumes: [{name: home, persistentVolumeClaim: {claimName: home}}]"),
			change: func(c *Cluster) { c.VolumeZones = map[string]string{"coder/home": "us-east-1d"} }, waiting: 1,
			want: "3 node(s) didn't match PersistentVolume's node affinity"},
		{name: "one volume for pods on several nodes", exists: object("PersistentVolumeClaim",
			"metadata: {name: home}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}"),
			text:  pods("a", 3, "2500m", "1Gi", "volumes: [{name: home, persistentVolumeClaim: {claimName: home}}]"),
			nodes: "control:1", waiting: 2, want: "2 node(s) didn't match PersistentVolume's node affinity"},
		{name: "as many volumes as may be attached to the nodes", text: withVolumes("a", 3, 2), change: attaching(2), nodes: "small:3"},
		{name: "a volume more than may be attached", text: withVolumes("a", 4, 2), change: attaching(2), nodes: "small:3", waiting: 1,
			want: "0/3 nodes are available: 3 node(s) exceed max volume count."},
		{name: "a pod with more volumes than may be attached to any node", text: withVolumes("a", 1, 3), change: attaching(2), waiting: 1,
			want: "3 node(s) exceed max volume count"},
		{name: "volumes, where nobody knows how many may be attached", text: withVolumes("a", 4, 2), change: attaching(0), nodes: "small:4"},

		{name: "a pod that matters more pushes another out",
			text: object("PriorityClass", "metadata: {name: control}\nvalue: 1000") + "\n" + pods("a", 3, "3", "1Gi",
				"priorityClassName: control"), exists: pods("low", 3, "3", "1Gi", ""),
			nodes: "control:3", want: "Preempted by coder/a-2 on node control-2", why: "3 of its pods wait now"},
		{name: "a pod that matters as much pushes none out", text: pods("a", 1, "3", "1Gi", ""),
			exists: pods("low", 3, "3", "1Gi", ""), waiting: 1, want: "3 No preemption victims found for incoming pod"},

		{name: "a daemon set on all nodes that it tolerates",
			text: strings.NewReplacer("Deployment", "DaemonSet", "  replicas: 1\n",
				"").Replace(pods("a", 1, "10m", "10Mi", tolerates)), nodes: "control:3 workspace:2"},
		{name: "a daemon set that is too large", text: strings.NewReplacer("Deployment", "DaemonSet", "  replicas: 1\n",
			"").Replace(pods("a", 1, "5", "10Mi", "")), waiting: 3,
			want: "0/8 nodes are available: 1 Insufficient cpu, 7 node(s) didn't match Pod's node affinity/selector.", why: "Node control-0 has"},
		{name: "a job", text: object("Job", "metadata: {name: a}\nspec: {template: {spec: {restartPolicy: Never, "+
			"containers: [{name: a, image: 'a:1'}]}}}"), nodes: "control:1"},
		{name: "a cron job before its time", text: object("CronJob",
			"metadata: {name: a}\nspec: {schedule: '0 0 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, "+
				"containers: [{name: a, image: 'a:1'}]}}}}}")},
		{name: "secrets on nodes that the driver is told not to tolerate",
			text: pods("a", 1, "1", "1Gi", onWorkspaceNodes+", "+tolerates+
				", volumes: [{name: s, csi: {driver: secrets-store.csi.k8s.io}}]"), nodes: "workspace:1",
			change: func(c *Cluster) {
				c.Addons[secretsAddon]["secrets-store-csi-driver"] = map[string]any{"linux": map[string]any{"tolerations": []any{}}}
			}, want: "driver name secrets-store.csi.k8s.io not found in the list of registered CSI drivers",
			why:  "DaemonSet secrets-store-csi-driver of the EKS add-on aws-secrets-store-csi-driver-provider has no pod on node workspace-0",
			todo: "secrets-store-csi-driver.linux.tolerations"},
		{name: "secrets on nodes that the provider does not tolerate",
			text: pods("a", 1, "1", "1Gi", onWorkspaceNodes+", "+tolerates+
				", volumes: [{name: s, csi: {driver: secrets-store.csi.k8s.io}}]"), nodes: "workspace:1",
			change: func(c *Cluster) { delete(c.Addons[secretsAddon], "tolerations") },
			want:   `err: error connecting to provider "aws": provider not found: provider "aws"`},
		{name: "pods that a quota does not create are not placed", text: pods("a", 3, "1", "1Gi", ""),
			exists: object("ResourceQuota", "metadata: {name: q}\nspec: {hard: {pods: '2'}}"), nodes: "control:2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := testCluster()
			c.Install(decoded(t, namespaceOnly+"---\n"+test.exists)...)
			if test.change != nil {
				test.change(c)
			}
			placement, problems := c.Place(decoded(t, test.text))
			problems = slices.DeleteFunc(problems, func(p Problem) bool { return p.Code == RolloutBlocked }) // TestRollouts has them
			groups, zones := map[string]int{}, map[string]bool{}
			for _, p := range placement.Pods {
				if p.Node != "" {
					groups[p.Group]++
					zones[p.Zone] = true
				}
			}
			var counts []string
			for _, name := range slices.Sorted(maps.Keys(groups)) {
				counts = append(counts, fmt.Sprintf("%s:%d", name, groups[name]))
			}
			if got := strings.Join(counts, " "); got != test.nodes {
				t.Errorf("pods are on %q, want %q", got, test.nodes)
			}
			if _, waiting := placement.Count(); waiting != test.waiting || len(placement.Started) != test.started ||
				test.zones > 0 && len(zones) != test.zones {
				t.Errorf("%d wait, %d nodes started, %d zones; want %d, %d, %d", waiting, len(placement.Started), len(zones),
					test.waiting, test.started, test.zones)
			}
			if test.want == "" {
				if len(problems) > 0 {
					t.Errorf("problems: %+v", problems)
				}
				return
			}
			if len(problems) != 1 {
				t.Fatalf("%d problems: %+v", len(problems), problems)
			}
			p := problems[0]
			if !strings.Contains(p.Message, test.want) || !strings.Contains(p.Why, test.why) || !strings.Contains(p.Todo, test.todo) {
				t.Errorf("message: %s\nwhy: %s\ntodo: %s\nwant\n%s\n%s\n%s", p.Message, p.Why, p.Todo, test.want, test.why, test.todo)
			}
			if test.waiting > 0 && p.Pods != test.waiting {
				t.Errorf("the problem keeps %d pods, %d wait", p.Pods, test.waiting)
			}
		})
	}
}

func TestPlaceIsRepeatable(t *testing.T) {
	run := func() string {
		c := testCluster()
		c.Autoscaler = true
		c.Install(decoded(t, namespaceOnly+pods("b", 5, "1", "1Gi", ""))...)
		placement, problems := c.Place(decoded(t, pods("a", 9, "2", "3Gi", onWorkspaceNodes+", "+tolerates)+pods("c", 9, "500m", "100Mi", "")))
		return fmt.Sprintf("%+v %+v", placement, problems)
	}
	first := run()
	for range 20 {
		if again := run(); again != first {
			t.Fatalf("another answer:\n%s\n%s", first, again)
		}
	}
}

func TestMachineAllocatable(t *testing.T) {
	const mebibyte = 1 << 20
	for _, test := range []struct {
		name     string
		machine  Machine
		prefixes bool
		want     Allocatable
	}{
		// The figures of stacks/cloud/capacity.tf, with the 300 m, 256 MiB and 10 pods of daemons that it takes off as well.
		{"m5.2xlarge", Machine{VCPU: 8, MemoryGiB: 32, MaxENIs: 4, IPv4PerENI: 15, Nitro: true}, true,
			Allocatable{MilliCPU: 7610 + 300, Memory: (28489 + 256) * mebibyte, Pods: 110}},
		{"m5.2xlarge with an address for each pod", Machine{VCPU: 8, MemoryGiB: 32, MaxENIs: 4, IPv4PerENI: 15, Nitro: true},
			false, Allocatable{MilliCPU: 7910, Memory: 29317 * mebibyte, Pods: 58}},
		{"t3.medium", Machine{VCPU: 2, MemoryGiB: 4, MaxENIs: 3, IPv4PerENI: 6, Nitro: true}, false,
			Allocatable{MilliCPU: 1930, Memory: 3246 * mebibyte, Pods: 17}},
		{"a machine with 48 vCPU", Machine{VCPU: 48, MemoryGiB: 192, MaxENIs: 15, IPv4PerENI: 50, Nitro: true}, true,
			Allocatable{MilliCPU: 47810, Memory: 178757 * mebibyte, Pods: 250}},
	} {
		if got := test.machine.Allocatable(test.prefixes); fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s has %+v, want %+v", test.name, got, test.want)
		}
	}
}

// BenchmarkPlace places 200 pods of 50 workloads on 100 nodes.
func BenchmarkPlace(b *testing.B) {
	c := &Cluster{Version: "1.35", Addons: testCluster().Addons,
		Nodes: append(nodeGroup("control", 20, 20, 8, 32).Nodes(), nodeGroup("workspace", 80, 80, 8, 32).Nodes()...)}
	var text strings.Builder
	text.WriteString(namespaceOnly)
	for i := range 50 {
		text.WriteString(pods(fmt.Sprintf("w%d", i), 4, "1", "1Gi", onWorkspaceNodes+", "+tolerates))
	}
	objects := decoded(b, text.String())
	for b.Loop() {
		placement, _ := c.Place(objects)
		if placed, waiting := placement.Count(); placed != 200 || waiting != 0 {
			b.Fatalf("%d run and %d wait", placed, waiting)
		}
	}
}

// BenchmarkDecode reads a manifest of 50 workloads.
func BenchmarkDecode(b *testing.B) {
	var text strings.Builder
	for i := range 50 {
		text.WriteString(pods(fmt.Sprintf("w%d", i), 4, "1", "1Gi", ""))
	}
	for b.Loop() {
		if objects := decoded(b, text.String()); len(objects) != 50 {
			b.Fatal(len(objects))
		}
	}
}
