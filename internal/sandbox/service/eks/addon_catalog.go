package eks

import "strings"

// addon is what EKS offers under one name.
type addon struct {
	// newest and usual are the latest version and the one that EKS installs by default, which is often an older one; %s stands for the cluster's
	// Kubernetes version.
	newest, usual string
	// deployment says that the add-on runs as a Deployment, which needs nodes before it becomes healthy.
	deployment bool
	// configuration are the names at the top of the add-on's configuration schema; nil where they are not known.
	configuration []string
}

// latest is the newest version for a Kubernetes version.
func (a addon) latest(kubernetes string) string {
	return strings.ReplaceAll(a.newest, "%s", kubernetes)
}

// standard is the version that EKS installs where none is asked for.
func (a addon) standard(kubernetes string) string {
	return strings.ReplaceAll(a.usual, "%s", kubernetes)
}

// addons lists the add-ons of AWS and those of the community that EKS publishes (AWS documentation). Versions of vpc-cni, coredns, kube-proxy,
// metrics-server, aws-ebs-csi-driver and eks-pod-identity-agent were seen installed in 2026; the others, and which of two is the default, are
// estimates. Configuration names: the schemas of the add-ons, unverified.
var addons = map[string]addon{
	"vpc-cni": {newest: "v1.21.1-eksbuild.7", usual: "v1.21.1-eksbuild.5", configuration: []string{
		"affinity", "branchENICooldown", "cniConfig", "eniConfig", "enableNetworkPolicy", "enableWindowsIpam", "enableWindowsPrefixDelegation", "env", "extraVolumeMounts",
		"extraVolumes", "init", "livenessProbe", "livenessProbeTimeoutSeconds", "minimumWindowsIPTarget", "nodeAgent", "nodeSelector", "podAnnotations", "podLabels",
		"priorityClassName", "readinessProbe", "readinessProbeTimeoutSeconds", "resources", "tolerations", "updateStrategy", "warmWindowsIPTarget", "warmWindowsPrefixTarget"}},
	"kube-proxy": {newest: "v%s.3-eksbuild.2", usual: "v%s.0-eksbuild.2", configuration: []string{
		"affinity", "ipvs", "mode", "nodeSelector", "podAnnotations", "podLabels", "resources", "tolerations"}},
	"coredns": {newest: "v1.13.2-eksbuild.4", usual: "v1.13.2-eksbuild.3", deployment: true, configuration: []string{
		"affinity", "autoScaling", "computeType", "corefile", "nodeSelector", "podAnnotations", "podDisruptionBudget", "podLabels", "replicaCount", "resources",
		"tolerations", "topologySpreadConstraints"}},
	"aws-ebs-csi-driver": {newest: "v1.65.0-eksbuild.1", usual: "v1.64.0-eksbuild.1", deployment: true, configuration: []string{
		"additionalDaemonSets", "controller", "customLabels", "debugLogs", "defaultStorageClass", "experimental", "fips", "fullnameOverride", "helmTester", "image",
		"imagePullSecrets", "legacyXFS", "metadataLabeler", "nameOverride", "node", "nodeComponentOnly", "proxy", "selinux", "sidecars", "snapshotClasses", "storageClasses",
		"useOldCSIDriver", "volumeSnapshotClasses"}},
	"eks-pod-identity-agent": {newest: "v1.4.0-eksbuild.1", usual: "v1.3.10-eksbuild.3", configuration: []string{
		"affinity", "agent", "daemonsets", "env", "image", "init", "initContainer", "metrics", "nodeSelector", "podAnnotations", "podLabels", "priorityClassName", "resources",
		"tolerations", "updateStrategy"}},
	"metrics-server": {newest: "v0.8.1-eksbuild.6", usual: "v0.8.0-eksbuild.6", deployment: true, configuration: []string{
		"addonResizer", "affinity", "args", "commonLabels", "containerPort", "deploymentAnnotations", "dnsConfig", "extraVolumeMounts", "extraVolumes", "hostNetwork",
		"livenessProbe", "metrics", "nodeSelector", "podAnnotations", "podDisruptionBudget", "podLabels", "priorityClassName", "readinessProbe", "replicas", "resources",
		"revisionHistoryLimit", "schedulerName", "service", "serviceMonitor", "tolerations", "topologySpreadConstraints", "updateStrategy"}},
	"aws-efs-csi-driver":                          {newest: "v2.3.1-eksbuild.1", usual: "v2.3.0-eksbuild.1", deployment: true},
	"aws-fsx-csi-driver":                          {newest: "v1.7.0-eksbuild.1", usual: "v1.6.0-eksbuild.1", deployment: true},
	"aws-mountpoint-s3-csi-driver":                {newest: "v2.2.0-eksbuild.1", usual: "v2.1.0-eksbuild.1", deployment: true},
	"aws-secrets-store-csi-driver-provider":       {newest: "v2.1.0-eksbuild.1", usual: "v2.0.0-eksbuild.1"},
	"snapshot-controller":                         {newest: "v8.4.0-eksbuild.1", usual: "v8.3.0-eksbuild.1", deployment: true},
	"eks-node-monitoring-agent":                   {newest: "v1.6.0-eksbuild.1", usual: "v1.5.0-eksbuild.1"},
	"amazon-cloudwatch-observability":             {newest: "v6.5.0-eksbuild.1", usual: "v6.4.0-eksbuild.1", deployment: true},
	"adot":                                        {newest: "v0.131.0-eksbuild.1", usual: "v0.117.0-eksbuild.1", deployment: true},
	"aws-guardduty-agent":                         {newest: "v1.12.1-eksbuild.2", usual: "v1.11.0-eksbuild.4"},
	"aws-network-flow-monitoring-agent":           {newest: "v1.1.6-eksbuild.1", usual: "v1.1.5-eksbuild.1"},
	"aws-privateca-connector-for-kubernetes":      {newest: "v1.6.0-eksbuild.1", usual: "v1.5.0-eksbuild.1", deployment: true},
	"amazon-sagemaker-hyperpod-taskgovernance":    {newest: "v1.3.0-eksbuild.1", usual: "v1.2.0-eksbuild.1", deployment: true},
	"amazon-sagemaker-hyperpod-training-operator": {newest: "v1.2.0-eksbuild.1", usual: "v1.1.0-eksbuild.1", deployment: true},
	"amazon-sagemaker-hyperpod-observability":     {newest: "v1.2.0-eksbuild.1", usual: "v1.1.0-eksbuild.1", deployment: true},
	"kube-state-metrics":                          {newest: "v2.18.0-eksbuild.1", usual: "v2.17.0-eksbuild.1", deployment: true},
	"prometheus-node-exporter":                    {newest: "v1.10.2-eksbuild.1", usual: "v1.9.1-eksbuild.1"},
	"cert-manager":                                {newest: "v1.19.3-eksbuild.1", usual: "v1.19.2-eksbuild.1", deployment: true},
	"external-dns":                                {newest: "v0.20.0-eksbuild.1", usual: "v0.19.0-eksbuild.2", deployment: true},
	"fluent-bit":                                  {newest: "v4.2.0-eksbuild.1", usual: "v4.1.1-eksbuild.1"},
}
