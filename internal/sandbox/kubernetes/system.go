package kubernetes

import (
	"maps"
	"slices"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// systemPod is what an EKS add-on runs.
type systemPod struct {
	addon, name string
	// replicas of a Deployment; 0 for a DaemonSet, which has a pod on each node that it tolerates.
	replicas int
	// cpu and memory are what the containers of a pod request together; empty if nothing.
	cpu, memory string
	// everywhere says that it tolerates all taints; critical that it tolerates CriticalAddonsOnly. Neither: it tolerates what the add-on's
	// configuration says at the path in tolerations.
	everywhere, critical bool
	tolerations          []string
	// network says that it uses the address of its node.
	network  bool
	priority string
}

const nodeCritical, clusterCritical = "system-node-critical", "system-cluster-critical"

// systemPods are the pods of the add-ons that this program's stacks use, as their manifests request them. Sources:
// amazon-vpc-cni-k8s, config/master (25 m each for aws-node and the network policy agent); Amazon EKS user guide,
// "kube-proxy" (100 m); the manifest of the add-on coredns; charts aws-ebs-csi-driver (10 m and 40 MiB for each
// container: 6 of the controller, 3 of the node), eks-pod-identity-agent, metrics-server (2 replicas as an add-on),
// secrets-store-csi-driver (50 m and 100 MiB, and twice 10 m and 20 MiB) and secrets-store-csi-driver-provider-aws (50
// m and 100 MiB). The driver tolerates all taints, its provider none, unless they are told otherwise.
func systemPods() []systemPod {
	return []systemPod{
		{addon: "vpc-cni", name: "aws-node", cpu: "50m", everywhere: true, network: true, priority: nodeCritical},
		{addon: "kube-proxy", name: "kube-proxy", cpu: "100m", everywhere: true, network: true, priority: nodeCritical},
		{addon: "eks-pod-identity-agent", name: "eks-pod-identity-agent", everywhere: true, network: true, priority: nodeCritical},
		{addon: ebsAddon, name: "ebs-csi-node", cpu: "30m", memory: "120Mi", everywhere: true, priority: nodeCritical},
		{addon: secretsAddon, name: secretsDriverPods, cpu: "70m", memory: "140Mi", everywhere: true,
			tolerations: []string{"secrets-store-csi-driver", "linux", "tolerations"}},
		{addon: secretsAddon, name: secretsProviderPods, cpu: "50m", memory: "100Mi", tolerations: []string{"tolerations"}},
		{addon: "coredns", name: "coredns", replicas: 2, cpu: "100m", memory: "70Mi", critical: true,
			tolerations: []string{"tolerations"}, priority: clusterCritical},
		{addon: ebsAddon, name: "ebs-csi-controller", replicas: 2, cpu: "60m", memory: "240Mi", critical: true,
			tolerations: []string{"controller", "tolerations"}, priority: clusterCritical},
		{addon: "metrics-server", name: "metrics-server", replicas: 2, cpu: "100m", memory: "200Mi",
			tolerations: []string{"tolerations"}, priority: clusterCritical},
		{addon: "snapshot-controller", name: "snapshot-controller", replicas: 2, tolerations: []string{"tolerations"}},
	}
}

// The DaemonSets of the add-on for secrets: both have to run on a node for its pods to mount secrets.
const secretsDriverPods, secretsProviderPods = "secrets-store-csi-driver", "secrets-store-csi-driver-provider-aws"

// system are the pods of the cluster's add-ons as workloads.
func (v *view) system() []workload {
	var all []workload
	for _, s := range systemPods() {
		values, installed := v.Addons[s.addon]
		if !installed {
			continue
		}
		pod := &core.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app.kubernetes.io/name": s.name}},
			Spec:       core.PodSpec{HostNetwork: s.network, PriorityClassName: s.priority},
		}
		requests := core.ResourceList{}
		for name, text := range map[core.ResourceName]string{core.ResourceCPU: s.cpu, core.ResourceMemory: s.memory} {
			if text != "" {
				requests[name] = resource.MustParse(text)
			}
		}
		pod.Spec.Containers = []core.Container{{Name: s.name, Resources: core.ResourceRequirements{Requests: requests}}}
		switch {
		case s.everywhere:
			pod.Spec.Tolerations = []core.Toleration{{Operator: core.TolerationOpExists}}
		case s.critical:
			pod.Spec.Tolerations = []core.Toleration{{Key: "CriticalAddonsOnly", Operator: core.TolerationOpExists}}
		}
		if given := tolerationsAt(values, s.tolerations); given != nil {
			pod.Spec.Tolerations = given
		}
		kind := "DaemonSet"
		if s.replicas > 0 {
			kind = "Deployment"
			// All three prefer to be on different nodes.
			apart := []core.WeightedPodAffinityTerm{{Weight: 100, PodAffinityTerm: core.PodAffinityTerm{
				TopologyKey: core.LabelHostname, LabelSelector: &metav1.LabelSelector{MatchLabels: maps.Clone(pod.Labels)},
			}}}
			pod.Spec.Affinity = &core.Affinity{
				PodAntiAffinity: &core.PodAntiAffinity{PreferredDuringSchedulingIgnoredDuringExecution: apart},
			}
		}
		all = append(all, workload{
			object:   Object{APIVersion: "apps/v1", Kind: kind, Namespace: "kube-system", Name: s.name, Template: "EKS add-on " + s.addon},
			pod:      pod,
			replicas: s.replicas, daemon: s.replicas == 0,
		})
	}
	return all
}

// tolerationsAt reads tolerations of an add-on's configuration; nil if it says nothing.
func tolerationsAt(values map[string]any, path []string) []core.Toleration {
	var at any = values
	for _, name := range path {
		m, _ := at.(map[string]any)
		at = m[name]
	}
	list, ok := at.([]any)
	if !ok {
		return nil
	}
	all := make([]core.Toleration, 0, len(list))
	for _, item := range list {
		m, _ := item.(map[string]any)
		text := func(name string) string { s, _ := m[name].(string); return s }
		all = append(all, core.Toleration{
			Key: text("key"), Operator: core.TolerationOperator(text("operator")), Value: text("value"), Effect: core.TaintEffect(text("effect")),
		})
	}
	return slices.Clip(all)
}
