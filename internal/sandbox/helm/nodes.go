package helm

import (
	"maps"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/kubernetes"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/eks"
	"coderaws/internal/sandbox/world"

	core "k8s.io/api/core/v1"
)

// groups are the managed node groups of a cluster, in order of name. cni is the configuration of the network add-on.
func groups(c cluster, cni map[string]any) []kubernetes.Group {
	env, _ := cni["env"].(map[string]any)
	prefixes := env["ENABLE_PREFIX_DELEGATION"] == "true"
	var all []kubernetes.Group
	for _, r := range c.call.All("aws_eks_node_group") {
		if r.String("cluster_name") == c.name() && !r.Failed {
			all = append(all, group(c, r, prefixes))
		}
	}
	slices.SortFunc(all, func(a, b kubernetes.Group) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// group is one managed node group.
func group(c cluster, r *world.Resource, prefixes bool) kubernetes.Group {
	size := func(name string) int {
		n, _ := model.At(r.Attributes, "scaling_config."+name).(float64)
		return int(n)
	}
	g := kubernetes.Group{
		Name: r.String("node_group_name"), Labels: map[string]string{}, Zones: c.call.Zones(model.Strings(r.Attributes, "subnet_ids")),
		Size: size("desired_size"), Min: size("min_size"), Max: size("max_size"),
	}
	if labels, ok := r.Attributes["labels"].(world.Object); ok {
		for key, value := range labels {
			g.Labels[key], _ = value.(string)
		}
	}
	if capacity := r.String("capacity_type"); capacity != "" {
		g.Labels["eks.amazonaws.com/capacityType"] = capacity
	}
	if strings.Contains(r.String("ami_type"), "ARM_64") {
		g.Labels[core.LabelArchStable] = "arm64"
	}
	taints, _ := r.Attributes["taint"].([]any)
	for _, element := range taints {
		taint, _ := element.(world.Object)
		g.Taints = append(g.Taints, core.Taint{Key: text(taint, "key"), Value: text(taint, "value"), Effect: effect(text(taint, "effect"))})
	}
	slices.SortFunc(g.Taints, func(a, b core.Taint) int { return strings.Compare(a.Key, b.Key) })
	types := eks.NodeInstances(&model.Call{World: c.call.World, Account: c.call.Account, Region: c.call.Region, ProviderRegion: c.call.Region,
		Object: r.Attributes})
	g.Allocatable = smallest(types, prefixes)
	if len(types) == 1 {
		g.InstanceType = types[0]
	}
	return g
}

// effect is EKS's name of an effect in Kubernetes's words.
func effect(name string) core.TaintEffect {
	return map[string]core.TaintEffect{
		"NO_SCHEDULE": core.TaintEffectNoSchedule, "PREFER_NO_SCHEDULE": core.TaintEffectPreferNoSchedule,
		"NO_EXECUTE": core.TaintEffectNoExecute,
	}[name]
}

// smallest is what the least of several instance types leaves to pods: any of them may be started.
func smallest(types []string, prefixes bool) kubernetes.Allocatable {
	var least *kubernetes.Allocatable
	for _, name := range types {
		instance := facts.Instance(name)
		if instance == nil {
			continue
		}
		// All types of the current generation are built on Nitro, whose interfaces take prefixes.
		machine := kubernetes.Machine{VCPU: instance.VCPU, MemoryGiB: instance.MemoryGiB, MaxENIs: instance.MaxENIs,
			IPv4PerENI: instance.IPv4PerENI, Nitro: instance.Generation == "current", GPUs: instance.GPUs}
		a := machine.Allocatable(prefixes)
		if least == nil {
			least = &a
			continue
		}
		least.MilliCPU, least.Memory, least.Pods = min(least.MilliCPU, a.MilliCPU), min(least.Memory, a.Memory), min(least.Pods, a.Pods)
		maps.DeleteFunc(least.Other, func(resource string, _ int64) bool { return a.Other[resource] == 0 })
		for resource, amount := range a.Other {
			if had, both := least.Other[resource]; both {
				least.Other[resource] = min(had, amount)
			}
		}
	}
	if least == nil {
		return kubernetes.Allocatable{}
	}
	return *least
}
