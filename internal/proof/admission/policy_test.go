package admission_test

import (
	"strings"
	"testing"
)

// asked is one thing that is asked of the API server; refused is a part of the answer, empty if it is admitted.
type asked struct {
	name string
	request
	refused string
}

func check(t *testing.T, all []asked) {
	t.Helper()
	s := serve(t)
	for _, test := range all {
		t.Run(test.name, func(t *testing.T) {
			answer := s.ask(t, test.request)
			if (answer == "") != (test.refused == "") || !strings.Contains(answer, test.refused) {
				t.Errorf("answered %q, want %q", answer, test.refused)
			}
		})
	}
}

// spec is what a workspace's pod is by the templates of this repository, with some of its lines replaced.
func spec(replaced ...string) string {
	return strings.NewReplacer(replaced...).Replace(`
nodeSelector: {coder.com/node-group: workspace, kubernetes.io/arch: amd64}
tolerations: [{key: coder.com/node-group, operator: Equal, value: workspace, effect: NoSchedule}]
priorityClassName: coder-workspace
containers: [{name: workspace, image: "ubuntu:24.04", resources: {requests: {cpu: 500m}}}]
`)
}

func pod(spec string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: " + indent(spec, "  ")
}

func workload(version, kind, spec string) string {
	return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: x}\nspec:\n  template:\n    spec: " + indent(spec, "      ")
}

func indent(text, by string) string { return strings.ReplaceAll(text, "\n", "\n"+by) }

func TestPods(t *testing.T) {
	const (
		tolerations  = "tolerations: [{key: coder.com/node-group, operator: Equal, value: workspace, effect: NoSchedule}]"
		nodeSelector = "{coder.com/node-group: workspace, kubernetes.io/arch: amd64}"
		priority     = "priorityClassName: coder-workspace"
		// the parts of answers that say what to do
		nodes   = "set the node selector coder.com/node-group to workspace or gpu"
		taints  = "coder.com/node-group with the operator Equal and the value workspace or gpu"
		named   = "leave nodeName out"
		classes = "set priorityClassName to it"
	)
	tolerating := func(toleration string) request {
		return request{after: pod(spec(tolerations, "tolerations: [{key: coder.com/node-group, value: workspace}, "+toleration+"]"))}
	}
	old := pod("\ncontainers: [{name: a, image: \"b:1\"}]\n") // from before there were policies
	check(t, []asked{
		{name: "a pod of our templates", request: request{after: pod(spec())}},
		{name: "a deployment of our templates", request: request{after: workload("apps/v1", "Deployment", spec())}},
		{name: "a pod that names no nodes", request: request{after: pod(spec(nodeSelector, "{}"))}, refused: nodes},
		{name: "a pod on control nodes", refused: nodes,
			request: request{after: pod(spec(nodeSelector, "{coder.com/node-group: control}"))}},
		{name: "a pod on provisioner nodes, by a deployment", refused: nodes,
			request: request{after: workload("apps/v1", "Deployment", spec(nodeSelector, "{coder.com/node-group: provisioner}"))}},
		{name: "a stateful set that names no nodes", refused: nodes,
			request: request{after: workload("apps/v1", "StatefulSet", spec(nodeSelector, "{}"))}},
		{name: "a job that names no nodes", refused: nodes, request: request{after: workload("batch/v1", "Job", spec(nodeSelector, "{}"))}},
		{name: "a pod that leaves its nodes by affinity alone", refused: nodes,
			request: request{after: pod(spec("nodeSelector: "+nodeSelector, `affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms: [{matchExpressions: [{key: coder.com/node-group, operator: In, values: [control]}]}]`))}},
		{name: "a pod on nodes that an administrator has added", request: request{after: pod(spec("workspace", "gpu"))}, refused: classes},
		{name: "a pod on such nodes with the class of workspaces",
			request: request{after: pod(spec("node-group: workspace", "node-group: gpu", "value: workspace", "value: gpu"))}},

		{name: "a pod that chooses its node", request: request{after: pod(spec(priority, priority+"\nnodeName: ip-10-0-0-1"))}, refused: named},
		{name: "a deployment that chooses its node", refused: named,
			request: request{after: workload("apps/v1", "Deployment", spec(priority, priority+"\nnodeName: ip-10-0-0-1"))}},

		{name: "the tolerations that Kubernetes adds",
			request: tolerating("{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 300}")},
		{name: "every taint", request: tolerating("{operator: Exists}"), refused: taints},
		{name: "every node group's taint", request: tolerating("{key: coder.com/node-group, operator: Exists}"), refused: taints},
		{name: "the taint of provisioners", request: tolerating("{key: coder.com/node-group, value: provisioner}"), refused: taints},
		{name: "nodes that are being emptied", request: tolerating("{key: node.kubernetes.io/unschedulable, operator: Exists}"), refused: taints},
		{name: "the taint of a resource that nobody asks for", request: tolerating("{key: nvidia.com/gpu, operator: Exists}"), refused: taints},
		{name: "the taint of a resource that is asked for", request: request{after: pod(spec(
			tolerations, "tolerations: [{key: nvidia.com/gpu, operator: Exists}]", "cpu: 500m", "cpu: 500m, nvidia.com/gpu: 1"))}},

		{name: "the taint of a resource that a deployment limits, which asks for it", request: request{after: workload("apps/v1", "Deployment",
			spec(tolerations, "tolerations: [{key: nvidia.com/gpu, operator: Exists}]",
				"{requests: {cpu: 500m}}", "{limits: {nvidia.com/gpu: 1}}"))}},
		{name: "the taint of a resource that nobody limits", refused: taints, request: request{after: workload("apps/v1", "Deployment", spec(
			tolerations, "tolerations: [{key: nvidia.com/gpu, operator: Exists}]", "{requests: {cpu: 500m}}", "{limits: {cpu: 1}}"))}},

		{name: "no priority class", request: request{after: workload("apps/v1", "Deployment", spec(priority, ""))}, refused: classes},
		{name: "the platform's priority class", refused: classes,
			request: request{after: pod(spec(priority, "priorityClassName: coder-platform"))}},

		{name: "another label of an old pod", request: request{before: old,
			after: strings.Replace(old, "{name: x}", "{name: x, labels: {a: b}}", 1)}},
		{name: "another image of an old deployment", refused: nodes, request: request{
			before: workload("apps/v1", "Deployment", "\ncontainers: [{name: a, image: \"b:1\"}]\n"),
			after:  workload("apps/v1", "Deployment", "\ncontainers: [{name: a, image: \"b:2\"}]\n")}},
		{name: "a toleration that is added to a pod that runs", refused: taints, request: request{
			before: pod(spec(priority, priority+"\nnodeName: ip-10-0-0-1")),
			after:  pod(spec(priority, priority+"\nnodeName: ip-10-0-0-1", tolerations, "tolerations: [{operator: Exists}]"))}},
		{name: "an image that is changed in a pod that runs", request: request{
			before: pod(spec(priority, priority+"\nnodeName: ip-10-0-0-1")),
			after:  pod(spec(priority, priority+"\nnodeName: ip-10-0-0-1", "24.04", "26.04"))}},
		{name: "an administrator's pod among workspaces", request: request{who: administrator, after: old}, refused: nodes},
		{name: "a pod of Coder's own namespace", request: request{namespace: "coder", after: old}},
	})
}

func TestServices(t *testing.T) {
	service := func(spec string) string {
		return "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {" + spec + "}"
	}
	check(t, []asked{
		{name: "a Service inside of the cluster", request: request{after: service("ports: [{port: 80}]")}},
		{name: "a Service that is a name", request: request{after: service("type: ExternalName, externalName: example.com")}},
		{name: "a Service with an address of others", request: request{after: service("externalIPs: [10.0.0.10], ports: [{port: 5432}]")},
			refused: "take no externalIPs"},
		{name: "such an address that is added", refused: "take no externalIPs", request: request{
			before: service("ports: [{port: 80}]"), after: service("externalIPs: [10.0.0.10], ports: [{port: 80}]")}},
		{name: "a port of every node", request: request{after: service("type: NodePort, ports: [{port: 80}]")}, refused: "set type to ClusterIP"},
		{name: "a load balancer", request: request{after: service("type: LoadBalancer, ports: [{port: 80}]")}, refused: "set type to ClusterIP"},
		{name: "an old load balancer whose finalizer goes", request: request{before: service("type: LoadBalancer, ports: [{port: 80}]"),
			after: strings.Replace(service("type: LoadBalancer, ports: [{port: 80}]"), "{name: x}", "{name: x, finalizers: []}", 1)}},
		{name: "a Service of Coder's own namespace", request: request{namespace: "coder", after: service("type: NodePort, ports: [{port: 80}]")}},
	})
}

func TestSecrets(t *testing.T) {
	secret := func(labels string) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {name: x, labels: {" + labels + "}}"
	}
	const of = "com.coder.resource: \"true\""
	const refused = "give the secret that label"
	check(t, []asked{
		{name: "a template's secret", request: request{after: secret(of)}},
		{name: "a secret without the label", request: request{after: secret("")}, refused: refused},
		{name: "a template's secret that is changed", request: request{before: secret(of), after: secret(of + ", a: b")}},
		{name: "a template's secret that is deleted", request: request{before: secret(of)}},
		{name: "a secret of others that is changed", request: request{before: secret(""), after: secret("")}, refused: refused},
		{name: "a secret of others that is made one's own", request: request{before: secret(""), after: secret(of)}, refused: refused},
		{name: "a secret of others that is deleted", request: request{before: secret("")}, refused: refused},
		{name: "an administrator's secret", request: request{who: administrator, after: secret("")}},
		{name: "a secret of Coder's own namespace", request: request{namespace: "coder", after: secret("")}},
	})
}
