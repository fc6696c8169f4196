package kubernetes

import (
	"slices"
	"strings"
	"testing"
)

const ownerARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/oidc-client-secret-AbCdEf"

// class writes a SecretProviderClass that mounts one secret, and makes the Secret oidc of it.
func class(alias, objectName string) string {
	entry := "{objectName: '" + ownerARN + "'"
	if alias != "" {
		entry += ", objectAlias: " + alias
	}
	return `---
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: oidc}
spec:
  provider: aws
  parameters:
    usePodIdentity: "true"
    objects: |
      - ` + entry + `}
  secretObjects: [{secretName: oidc, type: Opaque, data: [{key: client-secret, objectName: '` + objectName + `'}]}]
`
}

const mounted = `
      volumes: [{name: oidc, csi: {driver: secrets-store.csi.k8s.io, readOnly: true, volumeAttributes: {secretProviderClass: oidc}}}]
`

const reads = `env: [{name: CODER_OIDC_CLIENT_SECRET, valueFrom: {secretKeyRef: {name: oidc, key: client-secret}}}]`

const namespaceOnly = "apiVersion: v1\nkind: Namespace\nmetadata: {name: coder}\n"

// checkCase is what is given to a cluster with the namespace coder, and the only problem that it has; none, if want is empty.
type checkCase struct {
	name, text string
	// exists are objects of the cluster beside the namespace. change makes the cluster another one.
	exists string
	change func(*Cluster)
	want   string
	// why and todo are in the explanation.
	why, todo string
	code      Code
	stage     Stage
}

func (test checkCase) run(t *testing.T) {
	c := testCluster()
	c.Install(decoded(t, namespaceOnly+"---\n"+test.exists)...)
	if test.change != nil {
		test.change(c)
	}
	problems := c.Check(decoded(t, test.text))
	if test.want == "" {
		if len(problems) > 0 {
			t.Fatalf("refused: %+v", problems[0])
		}
		return
	}
	at := slices.IndexFunc(problems, func(p Problem) bool { return strings.Contains(p.Message, test.want) })
	if at < 0 || len(problems) > 1 {
		t.Fatalf("the problems are\n%v\nwant one, of\n%s", problems, test.want)
	}
	p := problems[at]
	if p.Code != test.code || p.Stage != test.stage {
		t.Errorf("code %s, stage %s; want %s and %s", p.Code, p.Stage, test.code, test.stage)
	}
	if !strings.Contains(p.Why, test.why) || !strings.Contains(p.Todo, test.todo) {
		t.Errorf("why: %s\ntodo: %s\nwant\n%s\n%s", p.Why, p.Todo, test.why, test.todo)
	}
	if p.Stage == Pending && p.Pods == 0 && p.Object.Kind == "Deployment" {
		t.Error("no pods wait")
	}
}

func TestCheckSecrets(t *testing.T) {
	refuse := func(e SecretError) func(*Cluster) {
		return func(c *Cluster) { c.Secrets = store{ownerARN: &e} }
	}
	for _, test := range []checkCase{
		{name: "a secret that exists", text: container(reads),
			exists: object("Secret", "metadata: {name: oidc}\nstringData: {client-secret: a}")},
		{name: "no secret", text: container(reads), want: `Error: secret "oidc" not found`, todo: "Make the secret",
			code: NotFound, stage: Pending},
		{name: "a secret without the key", text: container(reads), exists: object("Secret", "metadata: {name: oidc}\ndata: {secret: YQ==}"),
			want: "Error: couldn't find key client-secret in Secret coder/oidc", why: "It has secret.", code: KeyNotFound, stage: Pending},
		{name: "an optional secret", text: container(strings.Replace(reads, "key: client-secret", "key: client-secret, optional: true", 1))},
		{name: "all of a secret", text: container("envFrom: [{secretRef: {name: oidc}}]"),
			want: `Error: secret "oidc" not found`, code: NotFound, stage: Pending},
		{name: "a config map that is not there", text: container("envFrom: [{configMapRef: {name: settings}}]"),
			want: `Error: configmap "settings" not found`, code: NotFound, stage: Pending},
		{name: "a config map without the key", text: container("env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: b}}}]"),
			exists: object("ConfigMap", "metadata: {name: settings}\ndata: {a: '1'}"),
			want:   "Error: couldn't find key b in ConfigMap coder/settings", why: "It has a.", code: KeyNotFound, stage: Pending},
		{name: "a volume of no secret", text: container("tty: true\n      volumes: [{name: tls, secret: {secretName: tls}}]"),
			want: `MountVolume.SetUp failed for volume "tls" : secret "tls" not found`, code: NotFound, stage: Pending},
		{name: "a file of a secret that has it not", text: container("tty: true\n      volumes: [{name: tls, secret: " +
			"{secretName: tls, items: [{key: ca.crt, path: ca}]}}]"),
			exists: object("Secret", "metadata: {name: tls}\ndata: {tls.crt: YQ==}"),
			want:   `references non-existent secret key: ca.crt`, code: KeyNotFound, stage: Pending},
		{name: "the authority that each namespace has", text: container("tty: true\n      volumes: [{name: ca, configMap: " +
			"{name: kube-root-ca.crt}}]")},

		{name: "a secret that the pod's own class makes", text: container(reads) + mounted + class("oidc", "oidc")},
		{name: "a secret of a class that nobody mounts", text: container(reads) + class("oidc", "oidc"), want: `Error: secret "oidc" not found`,
			why:  "SecretProviderClass coder/oidc makes it as soon as a pod mounts that class, and none does.",
			todo: "Give the pod a volume", code: NotFound, stage: Pending},
		{name: "a secret of a class that another pod mounts", text: container(reads) + class("oidc", "oidc"),
			exists: strings.ReplaceAll(container("tty: true"), "name: coder}", "name: keeper}") + mounted},
		{name: "a driver that may not make secrets", text: container(reads) + mounted + class("oidc", "oidc"),
			change: func(c *Cluster) { c.Addons[secretsAddon] = nil },
			want:   `Error: secret "oidc" not found`, todo: "Set secrets-store-csi-driver.syncSecret.enabled to true",
			code: NotFound, stage: Pending},
		{name: "a class without the add-on", text: container("tty: true") + mounted, change: func(c *Cluster) { delete(c.Addons, secretsAddon) },
			want: `MountVolume.SetUp failed for volume "oidc" : kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name secrets-store.csi.k8s.io not found in the list of registered CSI drivers`,
			todo: "Add the add-on", code: DriverMissing, stage: Pending},
		{name: "no class", text: container("tty: true") + mounted,
			want: `rpc error: code = Unknown desc = failed to get secretproviderclass coder/oidc, error: SecretProviderClass.secrets-store.csi.x-k8s.io "oidc" not found`,
			todo: "Make the class in namespace coder", code: NotFound, stage: Pending},
		{name: "a class of another namespace", text: container("tty: true") + mounted,
			exists: strings.Replace(class("oidc", "oidc"), "name: oidc}", "name: oidc, namespace: kube-system}", 1),
			want:   "failed to get secretproviderclass coder/oidc", todo: "the one in namespace kube-system is for pods there",
			code: NotFound, stage: Pending},
		{name: "a class that the add-on would bring", text: class("oidc", "oidc"), change: func(c *Cluster) { delete(c.Addons, secretsAddon) },
			want: `no matches for kind "SecretProviderClass" in version "secrets-store.csi.x-k8s.io/v1"`, todo: "Add the add-on",
			code: UnknownKind, stage: Refused},

		{name: "a name with slashes instead of an alias", text: class("", "coder/oidc-client-secret"),
			want: "file matching objectName coder/oidc-client-secret not found in the pod",
			why:  "A slash in the name of a secret becomes an underscore",
			todo: "objectAlias without a slash", code: SecretMapping, stage: Finding},
		{name: "a name as its file has it", text: class("", strings.ReplaceAll(ownerARN, "/", "_"))},
		{name: "an alias with a slash", text: class("coder/oidc", "coder/oidc"),
			want: "file matching objectName coder/oidc not found", why: "The provider writes coder_oidc.", code: SecretMapping, stage: Finding},
		{name: "a pod that reads what a wrong mapping would make", text: container(reads) + mounted, exists: class("", "oidc"),
			want: `Error: secret "oidc" not found`, why: "file matching objectName oidc not found in the pod",
			todo: "objectAlias", code: NotFound, stage: Pending},
		{name: "a name without its type", text: strings.Replace(class("oidc", "oidc"), ownerARN, "coder/oidc", 1),
			want: "must use objectType when a full ARN is not specified: coder/oidc", code: SecretMapping, stage: Finding},
		{name: "a part of a secret", text: strings.Replace(class("oidc", "password"), "objectAlias: oidc}",
			"objectAlias: oidc, jmesPath: [{path: password, objectAlias: password}]}", 1)},

		{name: "a secret that Secrets Manager has not", text: container(reads) + mounted + class("oidc", "oidc"),
			change: refuse(SecretError{Message: "ResourceNotFoundException: Secrets Manager can't find the specified secret."}),
			want: "failed to mount secrets store objects for pod coder/coder, err: rpc error: code = Unknown desc = " +
				"us-east-1: Failed fetching secret " + ownerARN + ": ResourceNotFoundException: Secrets Manager can't find the specified secret.",
			why: "for service account default", code: SecretNotReadable, stage: Pending},
		{name: "a secret without a value", text: container(reads) + mounted + class("oidc", "oidc"),
			change: refuse(SecretError{Message: "ResourceNotFoundException", NoValue: true, Todo: "Wait."}),
			want:   "Failed fetching secret", todo: "Wait.", code: SecretWithoutValue, stage: Pending},
		{name: "a class that looks for a role on the service account", text: container("tty: true") + mounted,
			exists: strings.Replace(class("oidc", "oidc"), `usePodIdentity: "true"`, `region: us-east-1`, 1),
			want:   "us-east-1: An IAM role must be associated with service account default (namespace: coder)",
			todo:   `usePodIdentity: "true"`, code: SecretNotReadable, stage: Pending},
		{name: "a secret of a cron job", text: strings.ReplaceAll(object("CronJob", `metadata: {name: a}
spec: {schedule: "0 0 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'a:1', envFrom: [{secretRef: {name: b}}]}]}}}}}`), "\t", ""),
			want: `Error: secret "b" not found`, code: NotFound, stage: Finding},
	} {
		t.Run(test.name, test.run)
	}
}

func TestCheckReferences(t *testing.T) {
	claim := object("PersistentVolumeClaim", "metadata: {name: home}\nspec: {accessModes: [ReadWriteOnce], "+
		"storageClassName: gp3, resources: {requests: {storage: 1Gi}}}\n")
	gp3 := "---\n" + object("StorageClass", "metadata: {name: gp3, annotations: "+
		"{storageclass.kubernetes.io/is-default-class: 'true'}}\nprovisioner: ebs.csi.aws.com\n")
	service := func(selector, port string) string {
		return container("ports: [{name: http, containerPort: 8080}]") + "---\n" + object("Service",
			"metadata: {name: coder}\nspec: {selector: {app: "+selector+"}, ports: [{port: 80, targetPort: "+port+"}]}\n")
	}
	monitor := "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: coder}\n"
	for _, test := range []checkCase{
		{name: "no namespace", text: object("Secret", "metadata: {name: a, namespace: nowhere}"),
			want: `namespaces "nowhere" not found`, code: NotFound, stage: Refused},
		{name: "a namespace that the release makes", text: object("Secret",
			"metadata: {name: a, namespace: new}") + "\n---\n" + object("Namespace", "metadata: {name: new}")},
		{name: "an image that nodes do not get", text: container("tty: true"),
			change: func(c *Cluster) {
				c.Images = registries{"ghcr.io/coder/coder:v2.35.1": {Message: "dial tcp: i/o timeout", Why: "no way", Todo: "Copy it."}}
			},
			want: `ImagePullBackOff: Failed to pull image "ghcr.io/coder/coder:v2.35.1": dial tcp: i/o timeout`, why: "no way", todo: "Copy it.",
			code: ImageNotPulled, stage: Pending},
		{name: "a program that exits as it starts", text: container("tty: true"),
			change: func(c *Cluster) {
				c.Programs = programs{"coder": {Message: "create oidc config", Why: "no way", Todo: "Connect it."}}
			},
			want: "CrashLoopBackOff: back-off restarting failed container=coder: create oidc config", why: "no way", todo: "Connect it.",
			code: ContainerExits, stage: Pending},
		{name: "a program of another container that does", text: container("tty: true"),
			change: func(c *Cluster) { c.Programs = programs{"envbox": {Message: "create oidc config"}} }},
		{name: "no service account", text: container("tty: true\n      serviceAccountName: coder"),
			want: `pods "coder-" is forbidden: error looking up service account coder/coder: serviceaccount "coder" not found`,
			code: NotFound, stage: Pending},
		{name: "no priority class", text: container("tty: true\n      priorityClassName: control"),
			want: `pods "coder-" is forbidden: no PriorityClass with name control was found`, code: NotFound, stage: Pending},
		{name: "a priority class of Kubernetes", text: container("tty: true\n      priorityClassName: system-cluster-critical")},
		{name: "a pod itself without its account", text: object("Pod",
			"metadata: {name: a}\nspec: {serviceAccountName: b, containers: [{name: a, image: 'a:1'}]}"),
			want: `pods "a" is forbidden: error looking up service account coder/b`, code: NotFound, stage: Refused},
		{name: "a deployment without pods that needs much",
			text: strings.Replace(container("envFrom: [{secretRef: {name: b}}]\n      serviceAccountName: coder"), "spec:\n",
				"spec:\n  replicas: 0\n", 1)},

		{name: "a claim", text: claim + gp3},
		{name: "a claim of a class that is not there", text: claim, want: `storageclass.storage.k8s.io "gp3" not found`,
			code: NotFound, stage: Pending},
		{name: "a claim without a class, and without a default",
			text: strings.Replace(claim, "storageClassName: gp3, ", "", 1), want: "no storage class is set",
			why: "no default storage class", code: NotFound, stage: Pending},
		{name: "a claim of the default class", text: strings.Replace(claim, "storageClassName: gp3, ", "", 1) + gp3},
		{name: "a claim that no driver serves", text: claim + gp3, change: func(c *Cluster) { delete(c.Addons, ebsAddon) },
			want: "Waiting for a volume to be created either by the external provisioner 'ebs.csi.aws.com'",
			todo: "Add the add-on", code: DriverMissing, stage: Pending},
		{name: "a volume of no claim", text: container("tty: true\n      volumes: [{name: home, persistentVolumeClaim: {claimName: home}}]"),
			want: `persistentvolumeclaim "home" not found`, code: NotFound, stage: Pending},

		{name: "a binding to a role that is not there", text: object("RoleBinding",
			"metadata: {name: a}\nroleRef: {kind: Role, name: pods}"), want: `roles.rbac.authorization.k8s.io "pods" not found`,
			code: NotFound, stage: Finding},
		{name: "a binding to a role of Kubernetes", text: object("RoleBinding", "metadata: {name: a}\nroleRef: {kind: ClusterRole, name: view}")},
		{name: "a service", text: service("coder", "http")},
		{name: "a service of other pods", text: service("other", "http"), want: `endpoints "coder" has no addresses`,
			code: NotFound, stage: Finding},
		{name: "a service of pods that come later", text: object("Service",
			"metadata: {name: coder}\nspec: {selector: {app: coder}, ports: [{port: 80}]}")},
		{name: "a service that waited for other pods", text: container("tty: true"),
			exists: object("Service", "metadata: {name: front}\nspec: {selector: {app: coderd}, ports: [{port: 80}]}"),
			want:   `endpoints "front" has no addresses`, code: NotFound, stage: Finding},
		{name: "an autoscaler of nothing", text: container("tty: true") + "---\n" + object("HorizontalPodAutoscaler",
			"metadata: {name: a}\nspec: {maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: coderd}}"),
			want: `unable to get the target's current scale: deployments.apps "coderd" not found`, code: NotFound, stage: Finding},
		{name: "a service of a port that the pods have not", text: service("coder", "https"),
			want: `no container of Deployment coder/coder has a port named "https"`, code: NotFound, stage: Finding},

		{name: "a kind that nobody brings", text: monitor,
			want: "no matches for kind \"ServiceMonitor\" in version \"monitoring.coreos.com/v1\"\nensure CRDs are installed first",
			todo: "Install what brings it first", code: UnknownKind, stage: Refused},
		{name: "a kind that a definition brings", text: monitor, exists: `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: servicemonitors.monitoring.coreos.com}
spec: {group: monitoring.coreos.com, names: {kind: ServiceMonitor}, versions: [{name: v1, served: true}]}`},
		{name: "a version that was removed", text: "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}",
			want: `no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"`,
			why:  "since 1.25", todo: "Write policy/v1.", code: RemovedKind, stage: Refused},
		{name: "a version that never was", text: "apiVersion: apps/v2\nkind: Deployment\nmetadata: {name: a}",
			want: `no matches for kind "Deployment" in version "apps/v2"`, todo: "Write apiVersion: apps/v1.", code: UnknownKind, stage: Refused},

		{name: "two objects of one name", text: object("Secret", "metadata: {name: a}") + "\n---\n" + object("Secret",
			"metadata: {name: a}"), want: `secrets "a" already exists`, why: "makes it twice", code: Duplicate, stage: Refused},
		{name: "a hook and an object of one name", text: object("Secret",
			"metadata: {name: a}") + "\n---\n" + object("Secret", "metadata: {name: a, annotations: {helm.sh/hook: pre-install}}")},
		{name: "a node port that is taken", text: object("Service",
			"metadata: {name: b}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}"),
			exists: object("Service", "metadata: {name: a}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}"),
			want:   "provided port is already allocated", why: "Service coder/a has it.", code: Duplicate, stage: Refused},
		{name: "the same service again", text: object("Service",
			"metadata: {name: a}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}"),
			exists: object("Service", "metadata: {name: a}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}")},

		{name: "another selector", text: container("tty: true"), exists: strings.ReplaceAll(container("tty: true"), "app: coder", "app: other"),
			want: `cannot patch "coder" with kind Deployment: Deployment.apps "coder" is invalid: spec.selector: Invalid value: field is immutable`,
			code: Immutable, stage: Refused},
		{name: "another image", text: container("tty: true"), exists: strings.ReplaceAll(container("tty: true"), "v2.35.1", "v2.34.0")},
		{name: "another job", text: object("Job", "metadata: {name: a}\nspec: {template: {spec: {restartPolicy: Never, "+
			"containers: [{name: a, image: 'a:2'}]}}}"),
			exists: object("Job", "metadata: {name: a}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'a:1'}]}}}"),
			want:   "spec.template: Invalid value: field is immutable",
			todo:   "Make the Job a hook", code: Immutable, stage: Refused},
		{name: "a larger claim", text: strings.Replace(claim, "1Gi", "2Gi", 1), exists: claim + gp3},
		{name: "a smaller claim", text: claim, exists: strings.Replace(claim, "1Gi", "2Gi", 1) + gp3,
			want: "spec is immutable after creation", code: Immutable, stage: Refused},
	} {
		t.Run(test.name, test.run)
	}
}

func TestCheckAdmission(t *testing.T) {
	three := func(field string) string {
		return strings.Replace(container(field), "spec:\n", "spec:\n  replicas: 3\n", 1)
	}
	one := "resources: {requests: {cpu: '1', memory: 1Gi}, limits: {memory: 1Gi}}"
	quota := object("ResourceQuota", "metadata: {name: workspaces}\nspec: {hard: {requests.cpu: '2', pods: '10'}}\n")
	enforce := func(level string, version ...string) func(*Cluster) {
		return func(c *Cluster) {
			o := c.Objects[Key{Kind: "Namespace", Name: "coder"}]
			o.Labels = map[string]string{"pod-security.kubernetes.io/enforce": level}
			for _, v := range version {
				o.Labels["pod-security.kubernetes.io/enforce-version"] = v
			}
			c.Install(o)
		}
	}
	podSays := func(context string) string {
		return container("tty: true\n      securityContext: " + context)
	}
	restrictedPod := container("securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, " +
		"runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}")
	for _, test := range []checkCase{
		{name: "pods within the quota", text: strings.Replace(three(one), "replicas: 3", "replicas: 2", 1), exists: quota},
		{name: "one pod too many", text: three(one), exists: quota,
			want: `pods "coder-" is forbidden: exceeded quota: workspaces, requested: requests.cpu=1, used: requests.cpu=2, limited: requests.cpu=2`,
			why:  "2 of 3 pods are created.", code: QuotaExceeded, stage: Pending},
		{name: "a quota that others use", text: container(one),
			exists: quota + "---\n" + strings.ReplaceAll(strings.Replace(three(one), "replicas: 3", "replicas: 2", 1),
				"name: coder}", "name: other}"),
			want: "exceeded quota: workspaces", why: "0 of 1 pods", code: QuotaExceeded, stage: Pending},
		{name: "the same pods again", text: strings.Replace(three(one), "replicas: 3", "replicas: 2", 1),
			exists: quota + "---\n" + strings.Replace(three(one), "replicas: 3", "replicas: 2", 1)},
		{name: "pods that do not say what they want", text: container("tty: true"), exists: quota,
			want: "failed quota: workspaces: must specify requests.cpu for: coder", code: QuotaExceeded, stage: Pending},
		{name: "pods that a limit range speaks for", text: container("tty: true"),
			exists: quota + "---\n" + object("LimitRange", "metadata: {name: a}\nspec: {limits: [{type: Container, defaultRequest: {cpu: 100m}}]}")},
		{name: "a container above the limit range", text: container("resources: {limits: {cpu: '4'}}"),
			exists: object("LimitRange", "metadata: {name: a}\nspec: {limits: [{type: Container, max: {cpu: '2'}}]}"),
			want:   `pods "coder-" is forbidden: maximum cpu usage per Container is 2, but limit is 4`,
			why:    "LimitRange coder/a", code: NotCreated, stage: Pending},
		{name: "a container below the limit range", text: container("resources: {requests: {memory: 1Mi}}"),
			exists: object("LimitRange", "metadata: {name: a}\nspec: {limits: [{type: Container, min: {memory: 64Mi}}]}"),
			want:   `minimum memory usage per Container is 64Mi, but request is 1Mi`, code: NotCreated, stage: Pending},

		{name: "a restricted pod", text: restrictedPod, change: enforce("restricted")},
		{name: "a pod that keeps its capabilities", text: strings.Replace(restrictedPod, "capabilities: {drop: [ALL]}, ", "",
			1), change: enforce("restricted"),
			want: `pods "coder-" is forbidden: violates PodSecurity "restricted:latest": unrestricted capabilities (container "coder" must set securityContext.capabilities.drop=["ALL"])`,
			why:  "Namespace coder has the label pod-security.kubernetes.io/enforce: restricted.", code: NotCreated, stage: Pending},
		{name: "a pod that says nothing", text: container("tty: true"), change: enforce("restricted"),
			want: `allowPrivilegeEscalation != false (container "coder" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "coder" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "coder" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "coder" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`,
			code: NotCreated, stage: Pending},
		{name: "the same under baseline", text: container("tty: true"), change: enforce("baseline")},
		{name: "a path of the node under baseline", text: container("tty: true\n      volumes: [{name: sock, hostPath: {path: /var/run}}]"),
			change: enforce("baseline"),
			want:   `violates PodSecurity "baseline:latest": hostPath volumes (volume "sock")`, code: NotCreated, stage: Pending},
		{name: "a privileged container under baseline", text: container("securityContext: {privileged: true}"),
			change: enforce("baseline"), want: `privileged (container "coder" must not set securityContext.privileged=true)`,
			code: NotCreated, stage: Pending},
		{name: "an AppArmor profile of its own choice", text: container("securityContext: {appArmorProfile: {type: Unconfined}}"),
			change: enforce("baseline"),
			want:   `violates PodSecurity "baseline:latest": forbidden AppArmor profile (container "coder" must not set AppArmor profile type to "Unconfined")`,
			code:   NotCreated, stage: Pending},
		{name: "the runtime's AppArmor profile", text: container("securityContext: {appArmorProfile: {type: RuntimeDefault}}"),
			change: enforce("baseline")},
		{name: "an AppArmor profile by annotation", change: enforce("baseline"),
			text: strings.Replace(container("tty: true"), "labels: {app: coder}}\n    spec",
				"labels: {app: coder}, annotations: {container.apparmor.security.beta.kubernetes.io/coder: unconfined}}\n    spec", 1),
			want: `forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/coder="unconfined"")`,
			code: NotCreated, stage: Pending},
		{name: "an SELinux type that is not confined", text: podSays("{seLinuxOptions: {type: spc_t}}"), change: enforce("baseline"),
			want: `violates PodSecurity "baseline:latest": seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t")`,
			code: NotCreated, stage: Pending},
		{name: "an SELinux type of containers", text: podSays("{seLinuxOptions: {type: container_t}}"), change: enforce("baseline")},
		{name: "a sysctl of the node", text: podSays("{sysctls: [{name: kernel.msgmax, value: '1'}]}"), change: enforce("baseline"),
			want: `violates PodSecurity "baseline:latest": forbidden sysctls (kernel.msgmax)`,
			code: NotCreated, stage: Pending},
		{name: "a sysctl of the pod", text: podSays("{sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]}"), change: enforce("baseline")},
		{name: "a sysctl that is safe since 1.29", text: podSays("{sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '1'}]}"),
			change: enforce("baseline", "v1.29")},
		{name: "the same by the rules of 1.28", text: podSays("{sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '1'}]}"),
			change: enforce("baseline", "v1.28"),
			want:   `violates PodSecurity "baseline:v1.28": forbidden sysctls (net.ipv4.tcp_keepalive_time)`,
			code:   NotCreated, stage: Pending},
		{name: "the latest rules of an older cluster", text: podSays("{sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '1'}]}"),
			change: func(c *Cluster) { enforce("baseline")(c); c.Version = "1.28" },
			want:   `violates PodSecurity "baseline:latest": forbidden sysctls (net.ipv4.tcp_keepalive_time)`, code: NotCreated, stage: Pending},
		{name: "the whole of /proc", text: container("securityContext: {procMount: Unmasked}"), change: enforce("baseline"),
			want: `violates PodSecurity "baseline:latest": procMount (container "coder" must not set securityContext.procMount to "Unmasked")`,
			code: NotCreated, stage: Pending},
		{name: "the usual part of /proc", text: container("securityContext: {procMount: Default}"), change: enforce("baseline")},
		{name: "a level that is none is the strictest", text: container("tty: true"), change: enforce("privilegd"),
			want: `violates PodSecurity "restricted:latest"`, code: NotCreated, stage: Pending},
	} {
		t.Run(test.name, test.run)
	}
}
