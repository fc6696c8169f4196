package upgrade

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/facts"

	"github.com/zclconf/go-cty/cty"
)

// kubernetes are the steps of the cluster: EKS upgrades it by one minor version at a time, and none whose managed node groups are behind it
// (API reference, UpdateClusterVersion). Each step takes add-ons and nodes along.
func (u *upgrade) kubernetes() []Step {
	wanted, from := u.wanted.Kubernetes, u.from.Kubernetes
	if wanted == "" {
		return nil
	}
	found, known := facts.FindKubernetes(wanted)
	first, last := facts.KubernetesMinor(from), facts.KubernetesMinor(wanted)
	switch {
	case !known && !facts.NewerKubernetes(wanted):
		return u.refuse(kubernetesSetting, "unknown_version", "EKS has none of this name", "write "+u.offered(),
			"there is no Kubernetes %s on EKS", wanted)
	case known && !found.Offered(u.now) && last > first:
		return u.refuse(kubernetesSetting, "not_offered", fmt.Sprintf("it came on %s and leaves extended support on %s", found.Released,
			found.ExtendedEnd), "write "+u.offered(), "EKS does not offer Kubernetes %s", wanted)
	case last < first:
		return u.refuse(kubernetesSetting, "downgrade", "EKS upgrades a cluster, and takes no upgrade back",
			"write "+from+" or later; for an older one make a second deployment, and move there", "Kubernetes %s cannot become %s", from, wanted)
	}
	var steps []Step
	for minor := first + 1; minor <= last; minor++ {
		version := fmt.Sprintf("1.%d", minor)
		settings := slices.Concat([]deployment.Assignment{text(kubernetesSetting, version)}, u.kubeProxy(version), u.releases(minor == first+1))
		steps = append(steps, Step{
			Title: fmt.Sprintf("Kubernetes 1.%d to %s", minor-1, version), Settings: settings, Back: "none: EKS takes no upgrade back",
		})
	}
	return steps
}

// offered words which versions EKS offers now that are not below the one that runs.
func (u *upgrade) offered() string {
	var all []string
	for _, version := range facts.KubernetesVersions() {
		if version.Offered(u.now) && facts.KubernetesMinor(version.Name) >= facts.KubernetesMinor(u.from.Kubernetes) {
			all = append(all, version.Name)
		}
	}
	if len(all) == 0 {
		return u.from.Kubernetes + " or later"
	}
	return "one of " + strings.Join(all, ", ")
}

// releases leaves it to EKS, from the first step on, which release of its images nodes come to: one that is pinned is made for the version
// before.
func (u *upgrade) releases(first bool) []deployment.Assignment {
	var settings []deployment.Assignment
	for _, group := range []string{"control", "provisioner", "workspace"} {
		setting := "node_groups." + group + ".release_version"
		if first && u.region.String(setting) != "" {
			settings = append(settings, deployment.Assignment{Setting: setting, Value: cty.NullVal(cty.String)})
		}
	}
	return settings
}

// kubeProxy brings a pinned kube-proxy along, which is made for one minor version of Kubernetes.
func (u *upgrade) kubeProxy(version string) []deployment.Assignment {
	pins := u.region.Value("cluster.addon_versions")
	if pins == cty.NilVal || pins.IsNull() || !pins.IsWhollyKnown() || !pins.CanIterateElements() {
		return nil
	}
	if _, pinned := pins.AsValueMap()["kube-proxy"]; !pinned {
		return nil
	}
	addon, _ := facts.FindAddon("kube-proxy")
	return []deployment.Assignment{text(kubeProxySetting, addon.Standard(version))}
}
