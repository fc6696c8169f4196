package kubernetes

import (
	"fmt"
	"maps"
	"math"
	"slices"

	core "k8s.io/api/core/v1"
)

// Node is a machine that pods run on.
type Node struct {
	Name string
	// Group is the node group that it belongs to; empty if to none. Zone is its availability zone.
	Group, Zone string
	Labels      map[string]string
	Taints      []core.Taint
	Allocatable Allocatable
}

// Allocatable is what a node has for pods, those of the system included.
type Allocatable struct {
	// MilliCPU is in thousandths of a vCPU, Memory in bytes. Pods is how many the kubelet takes.
	MilliCPU, Memory int64
	Pods             int
	// Volumes is how many EBS volumes can be attached for pods; 0 if that is not reckoned.
	Volumes int
	// Other are extended resources in whole numbers, such as nvidia.com/gpu.
	Other map[string]int64
}

// Group is a node group whose nodes are alike.
type Group struct {
	Name   string
	Labels map[string]string
	Taints []core.Taint
	// Allocatable is that of the smallest machine that the group may start.
	Allocatable Allocatable
	// Zones are where nodes are started, evenly. Size is how many run, Min and Max are the bounds of the cluster autoscaler.
	Zones          []string
	Size, Min, Max int
	// InstanceType is a label of the nodes; empty if it is not known.
	InstanceType string
}

// Machine is what EC2 says of an instance type.
type Machine struct {
	VCPU      int
	MemoryGiB float64
	// MaxENIs and IPv4PerENI are how many network interfaces it can have, and how many addresses each.
	MaxENIs, IPv4PerENI int
	// Nitro says that addresses come in prefixes of 16, if the cluster delegates prefixes.
	Nitro bool
	GPUs  int
}

// MaxPods is how many pods the kubelet takes. EKS recommends at most 110 below 30 vCPU and 250 above; fewer where the network
// interfaces have not so many addresses. Source: Amazon EKS user guide, "Choose an optimal Amazon EC2 node instance type".
func (m Machine) MaxPods(prefixes bool) int {
	block := 1
	if prefixes && m.Nitro {
		block = 16
	}
	most := 250
	if m.VCPU < 30 {
		most = 110
	}
	if m.MaxENIs == 0 {
		return most
	}
	return min(most, m.MaxENIs*(m.IPv4PerENI-1)*block+2)
}

// Allocatable is what Amazon's image for EKS leaves to pods: of the CPU 6 % of the first core, 1 % of the second, 0.5 %
// of the next two and 0.25 % of the others are the kubelet's; of the memory 7.5 % are the hypervisor's and the
// kernel's, 255 MiB and 11 MiB for each possible pod the kubelet's, and 100 MiB the threshold of eviction. Sources:
// nodeadm of amazon-eks-ami; Karpenter's VM_MEMORY_OVERHEAD_PERCENT.
func (m Machine) Allocatable(prefixes bool) Allocatable {
	const mebibyte = 1 << 20
	cores := float64(m.VCPU)
	reserved := 60 + 10*max(0, min(1, cores-1)) + 5*max(0, min(2, cores-2)) + 2.5*max(0, cores-4)
	pods := m.MaxPods(prefixes)
	memory := m.MemoryGiB*1024*0.925 - float64(255+11*pods) - 100
	a := Allocatable{MilliCPU: max(0, int64(math.Floor(cores*1000-reserved))), Memory: max(0, int64(memory)) * mebibyte, Pods: pods}
	if m.GPUs > 0 {
		a.Other = map[string]int64{"nvidia.com/gpu": int64(m.GPUs)}
	}
	return a
}

// Nodes are the nodes of a group as they start: evenly over its zones, in their order.
func (g Group) Nodes() []Node {
	nodes := make([]Node, 0, g.Size)
	for i := range g.Size {
		nodes = append(nodes, g.node(i, g.zone(i)))
	}
	return nodes
}

func (g Group) zone(i int) string {
	if len(g.Zones) == 0 {
		return ""
	}
	return g.Zones[i%len(g.Zones)]
}

// node makes one of the group's nodes, with the labels that EKS and the kubelet give each.
func (g Group) node(i int, zone string) Node {
	name := fmt.Sprintf("%s-%d", g.Name, i)
	labels := maps.Clone(g.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	labels[core.LabelHostname] = name
	labels[core.LabelOSStable] = "linux"
	labels["eks.amazonaws.com/nodegroup"] = g.Name
	if zone != "" {
		labels[core.LabelTopologyZone] = zone
		labels[core.LabelTopologyRegion] = zone[:len(zone)-1]
		labels["topology.ebs.csi.aws.com/zone"] = zone
	}
	if g.InstanceType != "" {
		labels[core.LabelInstanceTypeStable] = g.InstanceType
	}
	if _, given := labels[core.LabelArchStable]; !given {
		labels[core.LabelArchStable] = "amd64"
	}
	return Node{Name: name, Group: g.Name, Zone: zone, Labels: labels, Taints: slices.Clone(g.Taints), Allocatable: g.Allocatable}
}
