package kubernetes

import (
	"strings"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	networking "k8s.io/api/networking/v1"
	node "k8s.io/api/node/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	scheduling "k8s.io/api/scheduling/v1"
	storage "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// kind says what is known of a kind of one version of the API.
type kind struct {
	// make makes an empty object; nil for kinds whose fields are not checked.
	make func() runtime.Object
	// cluster says that objects of it have no namespace.
	cluster bool
	// addon is the EKS add-on that brings the kind; empty for those of Kubernetes itself.
	addon string
}

const (
	// A CustomResourceDefinition is how charts bring kinds of their own. Its Go type is not imported: what matters of it is its names.
	definitionKind  = "CustomResourceDefinition"
	definitionGroup = "apiextensions.k8s.io"
)

// kinds are those that a cluster of EKS serves, by "apiVersion kind". The list is a function, so that nothing is made at start.
func kinds() map[string]kind {
	of := func(make func() runtime.Object) kind { return kind{make: make} }
	wide := func(make func() runtime.Object) kind { return kind{make: make, cluster: true} }
	return map[string]kind{
		"v1 ConfigMap": of(func() runtime.Object { return &core.ConfigMap{} }),
		//lint:ignore SA1019 The API server serves it still, and charts still have it.
		"v1 Endpoints":             of(func() runtime.Object { return &core.Endpoints{} }),
		"v1 LimitRange":            of(func() runtime.Object { return &core.LimitRange{} }),
		"v1 Namespace":             wide(func() runtime.Object { return &core.Namespace{} }),
		"v1 PersistentVolume":      wide(func() runtime.Object { return &core.PersistentVolume{} }),
		"v1 PersistentVolumeClaim": of(func() runtime.Object { return &core.PersistentVolumeClaim{} }),
		"v1 Pod":                   of(func() runtime.Object { return &core.Pod{} }),
		"v1 ResourceQuota":         of(func() runtime.Object { return &core.ResourceQuota{} }),
		"v1 Secret":                of(func() runtime.Object { return &core.Secret{} }),
		"v1 Service":               of(func() runtime.Object { return &core.Service{} }),
		"v1 ServiceAccount":        of(func() runtime.Object { return &core.ServiceAccount{} }),

		"apps/v1 DaemonSet":   of(func() runtime.Object { return &apps.DaemonSet{} }),
		"apps/v1 Deployment":  of(func() runtime.Object { return &apps.Deployment{} }),
		"apps/v1 ReplicaSet":  of(func() runtime.Object { return &apps.ReplicaSet{} }),
		"apps/v1 StatefulSet": of(func() runtime.Object { return &apps.StatefulSet{} }),

		"batch/v1 CronJob": of(func() runtime.Object { return &batch.CronJob{} }),
		"batch/v1 Job":     of(func() runtime.Object { return &batch.Job{} }),

		"rbac.authorization.k8s.io/v1 ClusterRole":        wide(func() runtime.Object { return &rbac.ClusterRole{} }),
		"rbac.authorization.k8s.io/v1 ClusterRoleBinding": wide(func() runtime.Object { return &rbac.ClusterRoleBinding{} }),
		"rbac.authorization.k8s.io/v1 Role":               of(func() runtime.Object { return &rbac.Role{} }),
		"rbac.authorization.k8s.io/v1 RoleBinding":        of(func() runtime.Object { return &rbac.RoleBinding{} }),

		"networking.k8s.io/v1 Ingress":       of(func() runtime.Object { return &networking.Ingress{} }),
		"networking.k8s.io/v1 IngressClass":  wide(func() runtime.Object { return &networking.IngressClass{} }),
		"networking.k8s.io/v1 NetworkPolicy": of(func() runtime.Object { return &networking.NetworkPolicy{} }),

		"policy/v1 PodDisruptionBudget": of(func() runtime.Object { return &policy.PodDisruptionBudget{} }),

		"storage.k8s.io/v1 CSIDriver":    wide(func() runtime.Object { return &storage.CSIDriver{} }),
		"storage.k8s.io/v1 StorageClass": wide(func() runtime.Object { return &storage.StorageClass{} }),

		"scheduling.k8s.io/v1 PriorityClass":               wide(func() runtime.Object { return &scheduling.PriorityClass{} }),
		"autoscaling/v2 HorizontalPodAutoscaler":           of(func() runtime.Object { return &autoscaling.HorizontalPodAutoscaler{} }),
		"coordination.k8s.io/v1 Lease":                     of(func() runtime.Object { return &coordination.Lease{} }),
		"discovery.k8s.io/v1 EndpointSlice":                of(func() runtime.Object { return &discovery.EndpointSlice{} }),
		"node.k8s.io/v1 RuntimeClass":                      wide(func() runtime.Object { return &node.RuntimeClass{} }),
		"apiregistration.k8s.io/v1 APIService":             {cluster: true},
		definitionGroup + "/v1 " + definitionKind:          {cluster: true},
		"secrets-store.csi.x-k8s.io/v1 " + classKind:       {make: func() runtime.Object { return &SecretProviderClass{} }, addon: secretsAddon},
		"vpcresources.k8s.aws/v1beta1 SecurityGroupPolicy": {addon: "vpc-cni"},
		"crd.k8s.amazonaws.com/v1alpha1 ENIConfig":         {cluster: true, addon: "vpc-cni"},

		"admissionregistration.k8s.io/v1 MutatingWebhookConfiguration": wide(func() runtime.Object {
			return &admissionregistration.MutatingWebhookConfiguration{}
		}),
		"admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration": wide(func() runtime.Object {
			return &admissionregistration.ValidatingWebhookConfiguration{}
		}),
		"admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy": wide(func() runtime.Object {
			return &admissionregistration.ValidatingAdmissionPolicy{}
		}),
		"admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding": wide(func() runtime.Object {
			return &admissionregistration.ValidatingAdmissionPolicyBinding{}
		}),
	}
}

// removal says since when Kubernetes does not serve a version of an API any more, and what to write instead.
type removal struct {
	minor   int
	instead string
}

// removals are by "apiVersion kind". Source: the deprecated API migration guide of Kubernetes.
func removals() map[string]removal {
	return map[string]removal{
		"extensions/v1beta1 DaemonSet":                                        {16, "apps/v1"},
		"extensions/v1beta1 Deployment":                                       {16, "apps/v1"},
		"extensions/v1beta1 ReplicaSet":                                       {16, "apps/v1"},
		"extensions/v1beta1 NetworkPolicy":                                    {16, "networking.k8s.io/v1"},
		"extensions/v1beta1 Ingress":                                          {22, "networking.k8s.io/v1"},
		"apps/v1beta1 Deployment":                                             {16, "apps/v1"},
		"apps/v1beta1 StatefulSet":                                            {16, "apps/v1"},
		"apps/v1beta2 Deployment":                                             {16, "apps/v1"},
		"apps/v1beta2 StatefulSet":                                            {16, "apps/v1"},
		"apps/v1beta2 DaemonSet":                                              {16, "apps/v1"},
		"networking.k8s.io/v1beta1 Ingress":                                   {22, "networking.k8s.io/v1"},
		"networking.k8s.io/v1beta1 IngressClass":                              {22, "networking.k8s.io/v1"},
		"rbac.authorization.k8s.io/v1beta1 ClusterRole":                       {22, "rbac.authorization.k8s.io/v1"},
		"rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding":                {22, "rbac.authorization.k8s.io/v1"},
		"rbac.authorization.k8s.io/v1beta1 Role":                              {22, "rbac.authorization.k8s.io/v1"},
		"rbac.authorization.k8s.io/v1beta1 RoleBinding":                       {22, "rbac.authorization.k8s.io/v1"},
		"scheduling.k8s.io/v1beta1 PriorityClass":                             {22, "scheduling.k8s.io/v1"},
		"storage.k8s.io/v1beta1 StorageClass":                                 {22, "storage.k8s.io/v1"},
		"storage.k8s.io/v1beta1 CSIDriver":                                    {22, "storage.k8s.io/v1"},
		"coordination.k8s.io/v1beta1 Lease":                                   {22, "coordination.k8s.io/v1"},
		"apiextensions.k8s.io/v1beta1 CustomResourceDefinition":               {22, "apiextensions.k8s.io/v1"},
		"apiregistration.k8s.io/v1beta1 APIService":                           {22, "apiregistration.k8s.io/v1"},
		"admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration":   {22, "admissionregistration.k8s.io/v1"},
		"admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration": {22, "admissionregistration.k8s.io/v1"},
		"batch/v1beta1 CronJob":                                               {25, "batch/v1"},
		"policy/v1beta1 PodDisruptionBudget":                                  {25, "policy/v1"},
		"policy/v1beta1 PodSecurityPolicy":                                    {25, "labels pod-security.kubernetes.io/enforce on the namespace"},
		"discovery.k8s.io/v1beta1 EndpointSlice":                              {25, "discovery.k8s.io/v1"},
		"node.k8s.io/v1beta1 RuntimeClass":                                    {25, "node.k8s.io/v1"},
		"autoscaling/v2beta1 HorizontalPodAutoscaler":                         {25, "autoscaling/v2"},
		"autoscaling/v2beta2 HorizontalPodAutoscaler":                         {26, "autoscaling/v2"},
	}
}

// catalog answers what is known of kinds.
type catalog struct {
	kinds    map[string]kind
	removals map[string]removal
}

func newCatalog() *catalog { return &catalog{kinds: kinds(), removals: removals()} }

func kindKey(apiVersion, kind string) string { return apiVersion + " " + kind }

// nearest finds the version of a kind's API that is served, for a hint.
func (c *catalog) nearest(apiVersion, kind string) string {
	group, _, _ := strings.Cut(apiVersion, "/")
	best := ""
	for key := range c.kinds {
		version, name, _ := strings.Cut(key, " ")
		if strings.EqualFold(name, kind) && (best == "" || strings.HasPrefix(version, group+"/") || version < best) {
			best = version
		}
	}
	return best
}
