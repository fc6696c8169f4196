package kubernetes

import (
	"slices"
	"strings"
	"testing"
)

// deployment writes a Deployment around the specification of its pods, which is indented by six spaces.
func deployment(pod string) string {
	return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: coder}
spec:
  selector: {matchLabels: {app: coder}}
  template:
    metadata: {labels: {app: coder}}
    spec:
` + pod
}

// container writes a Deployment around one more field of its only container.
func container(field string) string {
	return deployment("      containers:\n      - name: coder\n        image: ghcr.io/coder/coder:v2.35.1\n        " + field + "\n")
}

func object(kind, rest string) string {
	version := map[string]string{
		"Service": "v1", "ConfigMap": "v1", "Secret": "v1", "Namespace": "v1", "ResourceQuota": "v1", "LimitRange": "v1",
		"PersistentVolumeClaim": "v1",
		"Job":                   "batch/v1", "CronJob": "batch/v1", "PodDisruptionBudget": "policy/v1",
		"NetworkPolicy": "networking.k8s.io/v1", "Ingress": "networking.k8s.io/v1",
		"Role": "rbac.authorization.k8s.io/v1", "RoleBinding": "rbac.authorization.k8s.io/v1",
		"ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
		"StorageClass":       "storage.k8s.io/v1", "PriorityClass": "scheduling.k8s.io/v1", "HorizontalPodAutoscaler": "autoscaling/v2",
		"StatefulSet": "apps/v1", "Deployment": "apps/v1", "Pod": "v1",
	}[kind]
	return "apiVersion: " + version + "\nkind: " + kind + "\n" + rest
}

func TestValidate(t *testing.T) {
	cron := func(spec string) string {
		return object("CronJob", "metadata: {name: scale}\nspec:\n  "+spec+
			"\n  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'a:1'}]}}}}\n")
	}
	for _, test := range []struct {
		name, text string
		// want is in the message of the only problem; empty if there is none.
		want string
	}{
		{"a deployment", container("ports: [{containerPort: 8080, name: http}]"), ""},
		{"a name with a capital letter", object("ConfigMap", "metadata: {name: Coder}"),
			`ConfigMap "Coder" is invalid: metadata.name: Invalid value: "Coder": a lowercase RFC 1123 subdomain must consist of`},
		{"a label with a slash too many", object("ConfigMap", "metadata: {name: a, labels: {a/b/c: d}}"),
			`metadata.labels: Invalid value: "a/b/c"`},
		{"a service whose name begins with a digit", object("Service",
			"metadata: {name: 1coder}\nspec: {ports: [{port: 80}]}"), `a DNS-1035 label must consist of`},
		{"a role whose name has a colon", object("Role",
			"metadata: {name: 'coder:pods'}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]"), ""},

		{"labels that the selector does not match", strings.Replace(container("tty: true"), "labels: {app: coder}", "labels: {app: other}", 1),
			"Deployment.apps \"coder\" is invalid: spec.template.metadata.labels: Invalid value: {\"app\":\"other\"}: " +
				"`selector` does not match template `labels`"},
		{"an empty selector", strings.Replace(container("tty: true"), "{matchLabels: {app: coder}}", "{}", 1),
			"empty selector is invalid for deployment"},
		{"no selector", strings.Replace(container("tty: true"), "  selector: {matchLabels: {app: coder}}\n", "", 1),
			"spec.selector: Required value"},
		{"fewer than no replicas", strings.Replace(container("tty: true"), "spec:\n", "spec:\n  replicas: -1\n", 1),
			"spec.replicas: Invalid value: -1: must be greater than or equal to 0"},
		{"a strategy of both kinds", strings.Replace(container("tty: true"), "spec:\n",
			"spec:\n  strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}\n", 1),
			"spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"},
		{"a strategy that never moves", strings.Replace(container("tty: true"), "spec:\n",
			"spec:\n  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}\n", 1), "may not be 0 when `maxSurge` is 0"},
		{"a deployment of pods that end", deployment("      restartPolicy: Never\n      containers: [{name: a, image: 'a:1'}]\n"),
			`spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"`},

		{"no containers", deployment("      containers: []\n"), "spec.template.spec.containers: Required value"},
		{"two containers of one name", deployment("      initContainers: [{name: a, image: 'a:1'}]\n" +
			"      containers: [{name: a, image: 'a:1'}]\n"),
			`spec.template.spec.containers[0].name: Duplicate value: "a"`},
		{"a container without an image", deployment("      containers: [{name: a}]\n"), "spec.template.spec.containers[0].image: Required value"},
		{"a container with an underscore", deployment("      containers: [{name: a_b, image: 'a:1'}]\n"),
			`spec.template.spec.containers[0].name: Invalid value: "a_b": a lowercase RFC 1123 label`},
		{"a variable with both value and source", container("env: [{name: CODER_ACCESS_URL, value: https://x, valueFrom: " +
			"{secretKeyRef: {name: db, key: url}}}]"),
			"spec.template.spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty"},
		{"a variable with an empty value and a source", container("env: [{name: A, value: '', valueFrom: {secretKeyRef: " +
			"{name: db, key: url}}}]"), ""},
		{"a variable without a source", container("env: [{name: A, valueFrom: {}}]"), "must specify one of: `fieldRef`"},
		{"a variable from two sources", container("env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}, " +
			"configMapKeyRef: {name: a, key: b}}}]"), "may not have more than one field specified at a time"},
		{"a secret without a key", container("env: [{name: A, valueFrom: {secretKeyRef: {name: a}}}]"),
			"valueFrom.secretKeyRef.key: Required value"},
		{"a variable without a name", container("env: [{value: a}]"), "env[0].name: Required value"},
		{"a port out of range", container("ports: [{containerPort: 70000}]"),
			"ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"},
		{"a port name that is too long", container("ports: [{containerPort: 80, name: prometheus-metrics}]"),
			"must be no more than 15 characters"},
		{"two ports of one name", container("ports: [{containerPort: 80, name: a}, {containerPort: 81, name: a}]"),
			`ports[1].name: Duplicate value: "a"`},
		{"a request above the limit", container("resources: {requests: {cpu: '2'}, limits: {cpu: '1'}}"),
			`spec.template.spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`},
		{"a request as large as the limit", container("resources: {requests: {memory: 1024Mi}, limits: {memory: 1Gi}}"), ""},
		{"a resource that does not exist", container("resources: {limits: {gpu: '1'}}"), "must be a standard resource for containers"},
		{"a GPU that is requested and not limited", container("resources: {requests: {nvidia.com/gpu: 1}}"),
			"Limit must be set for non overcommitable resources"},
		{"a mount without a volume", container("volumeMounts: [{name: secrets, mountPath: /a}]"),
			`spec.template.spec.containers[0].volumeMounts[0].name: Not found: "secrets"`},
		{"two mounts at one path", container("volumeMounts: [{name: a, mountPath: /a}, {name: a, mountPath: /a}]\n" +
			"      volumes: [{name: a, emptyDir: {}}]"), `volumeMounts[1].mountPath: Invalid value: "/a": must be unique`},
		{"two volumes of one name", container("tty: true\n      volumes: [{name: a, emptyDir: {}}, {name: a, emptyDir: {}}]"),
			`volumes[1].name: Duplicate value: "a"`},
		{"a volume of two kinds", container("tty: true\n      volumes: [{name: a, emptyDir: {}, secret: {secretName: b}}]"),
			"may not specify more than 1 volume type"},
		{"a volume of no kind", container("tty: true\n      volumes: [{name: a}]"), "volumes[0]: Required value: must specify a volume type"},
		{"a probe without a handler", container("readinessProbe: {periodSeconds: 5}"),
			"readinessProbe: Required value: must specify a handler type"},
		{"a liveness probe that has to succeed twice", container("livenessProbe: {successThreshold: 2, httpGet: {path: /, port: http}}"),
			"livenessProbe.successThreshold: Invalid value: 2: must be 1"},
		{"a privileged container that may not escalate",
			container("securityContext: {privileged: true, allowPrivilegeEscalation: false}"),
			"cannot set `allowPrivilegeEscalation` to false and `privileged` to true"},
		{"a toleration of everything without Exists", container("tty: true\n      tolerations: [{effect: NoSchedule}]"),
			"operator must be Exists when `key` is empty"},
		{"a toleration with Exists and a value", container("tty: true\n      tolerations: [{key: a, operator: Exists, value: b}]"),
			"value must be empty when `operator` is 'Exists'"},
		{"a toleration of an effect that is none", container("tty: true\n      tolerations: [{key: a, operator: Exists, effect: NoSchedul}]"),
			`Unsupported value: "NoSchedul"`},
		{"an affinity without a topology key", container("tty: true\n      affinity: {podAntiAffinity: " +
			"{requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {}}]}}"), "topologyKey: Required value: can not be empty"},
		{"an affinity without weight", container("tty: true\n      affinity: {podAntiAffinity: " +
			"{preferredDuringSchedulingIgnoredDuringExecution: [{podAffinityTerm: {topologyKey: a}}]}}"),
			"weight: Invalid value: 0: must be in the range 1-100"},
		{"a spread that does not say what to do", container("tty: true\n      topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone}]"),
			`whenUnsatisfiable: Unsupported value: ""`},
		{"a negative grace period", container("tty: true\n      terminationGracePeriodSeconds: -1"),
			"terminationGracePeriodSeconds: Invalid value: -1"},

		{"a job that starts again for ever", object("Job",
			"metadata: {name: a}\nspec: {template: {spec: {containers: [{name: a, image: 'a:1'}]}}}"),
			`Job.batch "a" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"`},
		{"a schedule", cron("schedule: '45 6 * * MON-FRI'\n  timeZone: America/New_York"), ""},
		{"a schedule with six fields", cron(`schedule: "0 45 6 * * MON-FRI"`),
			`spec.schedule: Invalid value: "0 45 6 * * MON-FRI": expected exactly 5 fields, found 6`},
		{"a schedule with Sunday as 7", cron(`schedule: "45 6 * * 1-7"`), "end of range (7) above maximum (6)"},
		{"a schedule every 7 minutes", cron(`schedule: "*/7 * * * *"`), ""},
		{"a schedule by name", cron(`schedule: "@daily"`), ""},
		{"a schedule by a name that is none", cron(`schedule: "@nightly"`), "unrecognized descriptor: @nightly"},
		{"a schedule with a time zone in it", cron(`schedule: "CRON_TZ=UTC 0 0 * * *"`),
			"cannot use TZ or CRON_TZ in schedule, use timeZone field instead"},
		{"a time zone that is none", cron("schedule: '0 0 * * *'\n  timeZone: America/Newyork"),
			"spec.timeZone: Invalid value: \"America/Newyork\": unknown time zone America/Newyork"},
		{"a cron job with a long name", strings.Replace(cron("schedule: '0 0 * * *'"), "name: scale",
			"name: "+strings.Repeat("a", 53), 1), "must be no more than 52 characters"},

		{"a node port", object("Service", "metadata: {name: a}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 30080, "+
			"targetPort: http}]}"), ""},
		{"a node port out of range", object("Service", "metadata: {name: a}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 8080}]}"),
			`Service "a" is invalid: spec.ports[0].nodePort: Invalid value: 8080: provided port is not in the valid range. The range of valid ports is 30000-32767`},
		{"a node port of another type", object("Service",
			"metadata: {name: a}\nspec: {ports: [{port: 80, nodePort: 30080}]}"), "may not be used when `type` is 'ClusterIP'"},
		{"a service without ports", object("Service", "metadata: {name: a}\nspec: {}"), "spec.ports: Required value"},
		{"two ports without names", object("Service", "metadata: {name: a}\nspec: {ports: [{port: 80, name: a}, {port: 81}]}"),
			"spec.ports[1].name: Required value"},
		{"a type that is none", object("Service", "metadata: {name: a}\nspec: {type: Nodeport, ports: [{port: 80}]}"),
			`spec.type: Unsupported value: "Nodeport"`},

		{"a budget of both kinds", object("PodDisruptionBudget",
			"metadata: {name: a}\nspec: {minAvailable: 1, maxUnavailable: 1}"), "minAvailable and maxUnavailable cannot be both set"},
		{"a budget above all", object("PodDisruptionBudget", "metadata: {name: a}\nspec: {maxUnavailable: 101%}"),
			"must not be greater than 100%"},
		{"a policy with a bad block", object("NetworkPolicy",
			"metadata: {name: a}\nspec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254]}}]}]}"),
			"must be a valid CIDR value"},
		{"a policy with an exception outside", object("NetworkPolicy",
			"metadata: {name: a}\nspec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]}"),
			"must be a strict subset of `cidr`"},
		{"a policy with a peer of two kinds", object("NetworkPolicy",
			"metadata: {name: a}\nspec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]}"),
			"may not specify both ipBlock and another peer"},
		{"a role without verbs", object("Role", "metadata: {name: a}\nrules: [{apiGroups: [''], resources: [pods]}]"),
			"rules[0].verbs: Required value: verbs must contain at least one value"},
		{"a binding to nothing", object("RoleBinding", "metadata: {name: a}\nroleRef: {kind: Role}"), "roleRef.name: Required value"},
		{"a binding of the whole cluster to a role", object("ClusterRoleBinding",
			"metadata: {name: a}\nroleRef: {kind: Role, name: a}"), `roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"`},
		{"an account without its namespace", object("ClusterRoleBinding",
			"metadata: {name: a}\nroleRef: {kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, name: b}]"),
			"subjects[0].namespace: Required value"},
		{"a priority of the system", object("PriorityClass", "metadata: {name: a}\nvalue: 2000000000"),
			"maximum allowed value of a user defined priority is 1000000000"},
		{"a storage class that binds some day", object("StorageClass",
			"metadata: {name: a}\nprovisioner: ebs.csi.aws.com\nvolumeBindingMode: WaitForConsumer"),
			`volumeBindingMode: Unsupported value: "WaitForConsumer"`},
		{"a claim without a size", object("PersistentVolumeClaim",
			"metadata: {name: a}\nspec: {accessModes: [ReadWriteOnce]}"), "spec.resources[storage]: Required value"},
		{"a quota of what cannot be counted", object("ResourceQuota", "metadata: {name: a}\nspec: {hard: {cpus: 4}}"),
			"must be a standard resource for quota"},
		{"a default above the largest", object("LimitRange",
			"metadata: {name: a}\nspec: {limits: [{type: Container, default: {cpu: 4}, max: {cpu: 2}}]}"),
			"default value 4 is greater than max value 2"},
		{"an autoscaler of no more than less", object("HorizontalPodAutoscaler",
			"metadata: {name: a}\nspec: {minReplicas: 3, maxReplicas: 2, scaleTargetRef: {kind: Deployment, name: a}}"),
			"must be greater than or equal to `minReplicas`"},
		{"a key with a slash", object("ConfigMap", "metadata: {name: a}\ndata: {a/b: c}"), `data[a/b]: Invalid value: "a/b"`},
		{"an ingress without a path type", object("Ingress",
			"metadata: {name: a}\nspec: {rules: [{host: a.example.com, http: {paths: [{path: /, backend: {service: {name: a, "+
				"port: {number: 80}}}}]}}]}"), "pathType: Required value: pathType must be specified"},
		{"a stateful set with a volume for each pod", object("StatefulSet", `metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: 'a:1', volumeMounts: [{name: data, mountPath: /data}]}]}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
`), ""},

		{"an image without a tag", deployment("      containers: [{name: a, image: ghcr.io/coder/coder}]\n"),
			"image ghcr.io/coder/coder has no fixed version"},
		{"an image of the latest version", deployment("      containers: [{name: a, image: 'localhost:5000/coder:latest'}]\n"),
			"image localhost:5000/coder:latest has no fixed version"},
		{"an image by its digest", deployment("      containers: [{name: a, image: " +
			"'coder@sha256:0000000000000000000000000000000000000000000000000000000000000000'}]\n"), ""},
		{"a second load balancer", object("Service", "metadata: {name: a}\nspec: {type: LoadBalancer, ports: [{port: 80}]}"),
			"makes a load balancer of its own"},
	} {
		t.Run(test.name, func(t *testing.T) {
			problems := Validate(decoded(t, test.text))
			if test.want == "" {
				if len(problems) > 0 {
					t.Errorf("refused: %v", problems[0])
				}
				return
			}
			if !slices.ContainsFunc(problems, func(p Problem) bool { return strings.Contains(p.Message, test.want) }) {
				t.Errorf("the problems are %v, want one of\n%s", problems, test.want)
			}
			if len(problems) > 1 {
				t.Errorf("%d problems, want one: %v", len(problems), problems)
			}
			for _, p := range problems {
				if finding := p.Code == ImageNotPinned || p.Code == LoadBalancer; finding != (p.Stage == Finding) || p.Fatal(true) == finding {
					t.Errorf("%v is %s", p, p.Stage)
				}
				if p.Template != "templates/test.yaml" || p.Field == "" && p.Code != Invalid {
					t.Errorf("%+v does not say where", p)
				}
			}
		})
	}
}
