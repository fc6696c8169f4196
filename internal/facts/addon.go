package facts

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Addon is what EKS offers under one name.
type Addon struct {
	// Newest and Usual are the latest version and the one that EKS installs by default, which is often an older one; %s stands for the
	// cluster's Kubernetes version.
	Newest, Usual string
	// Deployment says that the add-on runs as a Deployment, which needs nodes before it becomes healthy.
	Deployment bool
	// Configuration are the names at the top of the add-on's configuration schema; nil where they are not known.
	Configuration []string
}

// Latest is the newest version for a Kubernetes version.
func (a Addon) Latest(kubernetes string) string {
	return strings.ReplaceAll(a.Newest, "%s", kubernetes)
}

// Standard is the version that EKS installs where none is asked for.
func (a Addon) Standard(kubernetes string) string {
	return strings.ReplaceAll(a.Usual, "%s", kubernetes)
}

// FindAddon finds an add-on by its name.
func FindAddon(name string) (Addon, bool) {
	a, ok := addons[name]
	return a, ok
}

// AddonNames lists the add-ons in alphabetical order.
func AddonNames() []string { return slices.Sorted(maps.Keys(addons)) }

// AddonNumbers are the four numbers of a version of an add-on, such as v1.21.1-eksbuild.7.
func AddonNumbers(version string) ([]int, bool) {
	release, build, ok := strings.Cut(strings.TrimPrefix(version, "v"), "-eksbuild.")
	fields := append(strings.Split(release, "."), build)
	if !ok || len(fields) != 4 || !strings.HasPrefix(version, "v") {
		return nil, false
	}
	numbers := make([]int, len(fields))
	for i, digits := range fields {
		n, err := strconv.ParseUint(digits, 10, 31)
		if err != nil {
			return nil, false
		}
		numbers[i] = int(n)
	}
	return numbers, true
}

// NewerAddon reports whether a version of an add-on is newer than the newest that is known for a Kubernetes version.
func NewerAddon(name, version, kubernetes string) bool {
	asked, ok := AddonNumbers(version)
	newest, known := AddonNumbers(addons[name].Latest(kubernetes))
	return ok && known && slices.Compare(asked, newest) > 0
}

// addons lists the add-ons of AWS and those of the community that EKS publishes (AWS documentation). Versions of vpc-cni, coredns,
// kube-proxy, metrics-server, aws-ebs-csi-driver and eks-pod-identity-agent were seen installed in 2026; the others, and which of two is
// the default, are estimates. Configuration names: the schemas of the add-ons, unverified.
var addons = map[string]Addon{
	"vpc-cni": {Newest: "v1.21.1-eksbuild.7", Usual: "v1.21.1-eksbuild.5", Configuration: []string{
		"affinity", "branchENICooldown", "cniConfig", "eniConfig", "enableNetworkPolicy", "enableWindowsIpam", "enableWindowsPrefixDelegation",
		"env", "extraVolumeMounts",
		"extraVolumes", "init", "livenessProbe", "livenessProbeTimeoutSeconds", "minimumWindowsIPTarget", "nodeAgent", "nodeSelector",
		"podAnnotations", "podLabels",
		"priorityClassName", "readinessProbe", "readinessProbeTimeoutSeconds", "resources", "tolerations", "updateStrategy",
		"warmWindowsIPTarget", "warmWindowsPrefixTarget"}},
	"kube-proxy": {Newest: "v%s.3-eksbuild.2", Usual: "v%s.0-eksbuild.2", Configuration: []string{
		"affinity", "ipvs", "mode", "nodeSelector", "podAnnotations", "podLabels", "resources", "tolerations"}},
	"coredns": {Newest: "v1.13.2-eksbuild.4", Usual: "v1.13.2-eksbuild.3", Deployment: true, Configuration: []string{
		"affinity", "autoScaling", "computeType", "corefile", "nodeSelector", "podAnnotations", "podDisruptionBudget", "podLabels",
		"replicaCount", "resources",
		"tolerations", "topologySpreadConstraints"}},
	"aws-ebs-csi-driver": {Newest: "v1.65.0-eksbuild.1", Usual: "v1.64.0-eksbuild.1", Deployment: true, Configuration: []string{
		"additionalDaemonSets", "controller", "customLabels", "debugLogs", "defaultStorageClass", "experimental", "fips", "fullnameOverride",
		"helmTester", "image",
		"imagePullSecrets", "legacyXFS", "metadataLabeler", "nameOverride", "node", "nodeComponentOnly", "proxy", "selinux", "sidecars",
		"snapshotClasses", "storageClasses",
		"useOldCSIDriver", "volumeSnapshotClasses"}},
	"eks-pod-identity-agent": {Newest: "v1.4.0-eksbuild.1", Usual: "v1.3.10-eksbuild.3", Configuration: []string{
		"affinity", "agent", "daemonsets", "env", "image", "init", "initContainer", "metrics", "nodeSelector", "podAnnotations", "podLabels",
		"priorityClassName", "resources",
		"tolerations", "updateStrategy"}},
	"metrics-server": {Newest: "v0.8.1-eksbuild.6", Usual: "v0.8.0-eksbuild.6", Deployment: true, Configuration: []string{
		"addonResizer", "affinity", "args", "commonLabels", "containerPort", "deploymentAnnotations", "dnsConfig", "extraVolumeMounts",
		"extraVolumes", "hostNetwork",
		"livenessProbe", "metrics", "nodeSelector", "podAnnotations", "podDisruptionBudget", "podLabels", "priorityClassName", "readinessProbe",
		"replicas", "resources",
		"revisionHistoryLimit", "schedulerName", "service", "serviceMonitor", "tolerations", "topologySpreadConstraints", "updateStrategy"}},
	"aws-efs-csi-driver":                          {Newest: "v2.3.1-eksbuild.1", Usual: "v2.3.0-eksbuild.1", Deployment: true},
	"aws-fsx-csi-driver":                          {Newest: "v1.7.0-eksbuild.1", Usual: "v1.6.0-eksbuild.1", Deployment: true},
	"aws-mountpoint-s3-csi-driver":                {Newest: "v2.2.0-eksbuild.1", Usual: "v2.1.0-eksbuild.1", Deployment: true},
	"aws-secrets-store-csi-driver-provider":       {Newest: "v2.1.0-eksbuild.1", Usual: "v2.0.0-eksbuild.1"},
	"snapshot-controller":                         {Newest: "v8.4.0-eksbuild.1", Usual: "v8.3.0-eksbuild.1", Deployment: true},
	"eks-node-monitoring-agent":                   {Newest: "v1.6.0-eksbuild.1", Usual: "v1.5.0-eksbuild.1"},
	"amazon-cloudwatch-observability":             {Newest: "v6.5.0-eksbuild.1", Usual: "v6.4.0-eksbuild.1", Deployment: true},
	"adot":                                        {Newest: "v0.131.0-eksbuild.1", Usual: "v0.117.0-eksbuild.1", Deployment: true},
	"aws-guardduty-agent":                         {Newest: "v1.12.1-eksbuild.2", Usual: "v1.11.0-eksbuild.4"},
	"aws-network-flow-monitoring-agent":           {Newest: "v1.1.6-eksbuild.1", Usual: "v1.1.5-eksbuild.1"},
	"aws-privateca-connector-for-kubernetes":      {Newest: "v1.6.0-eksbuild.1", Usual: "v1.5.0-eksbuild.1", Deployment: true},
	"amazon-sagemaker-hyperpod-taskgovernance":    {Newest: "v1.3.0-eksbuild.1", Usual: "v1.2.0-eksbuild.1", Deployment: true},
	"amazon-sagemaker-hyperpod-training-operator": {Newest: "v1.2.0-eksbuild.1", Usual: "v1.1.0-eksbuild.1", Deployment: true},
	"amazon-sagemaker-hyperpod-observability":     {Newest: "v1.2.0-eksbuild.1", Usual: "v1.1.0-eksbuild.1", Deployment: true},
	"kube-state-metrics":                          {Newest: "v2.18.0-eksbuild.1", Usual: "v2.17.0-eksbuild.1", Deployment: true},
	"prometheus-node-exporter":                    {Newest: "v1.10.2-eksbuild.1", Usual: "v1.9.1-eksbuild.1"},
	"cert-manager":                                {Newest: "v1.19.3-eksbuild.1", Usual: "v1.19.2-eksbuild.1", Deployment: true},
	"external-dns":                                {Newest: "v0.20.0-eksbuild.1", Usual: "v0.19.0-eksbuild.2", Deployment: true},
	"fluent-bit":                                  {Newest: "v4.2.0-eksbuild.1", Usual: "v4.1.1-eksbuild.1"},
}
