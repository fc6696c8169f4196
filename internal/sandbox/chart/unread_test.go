package chart

import (
	"testing"

	"coderaws/internal/sandbox/chart/charttest"

	"github.com/google/go-cmp/cmp"
)

// realistic is what a deployment sets, and more: whatever the chart reads in one way or another.
const realistic = `
coder:
  replicaCount: 2
  image: {repo: ghcr.io/coder/coder, tag: v2.27.0, pullPolicy: IfNotPresent, pullSecrets: [{name: registry}]}
  env:
  - {name: CODER_PG_AUTH, value: awsiamrds}
  - {name: CODER_OIDC_CLIENT_SECRET, valueFrom: {secretKeyRef: {name: coder, key: oidc}}}
  envFrom: [{secretRef: {name: more}}]
  envUseClusterAccessURL: false
  annotations: {a: b}
  labels: {team: platform}
  podAnnotations: {prometheus.io/scrape: "true"}
  podLabels: {team: platform}
  serviceAccount:
    name: coder
    annotations: {eks.amazonaws.com/role-arn: arn}
    workspacePerms: true
    enableDeployments: true
    extraRules: [{apiGroups: [""], resources: [services], verbs: [get]}]
    workspaceNamespaces: [{name: coder-workspaces, workspacePerms: true}]
  securityContext: {runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: Localhost, localhostProfile: x}}
  podSecurityContext: {fsGroup: 1000}
  volumes: [{name: secrets, csi: {driver: secrets-store.csi.k8s.io}}]
  volumeMounts: [{name: secrets, mountPath: /mnt/secrets}]
  tls: {secretNames: [tls]}
  lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
  resources: {requests: {cpu: "2", memory: 4Gi}, limits: {memory: 4Gi}}
  readinessProbe: {initialDelaySeconds: 5}
  livenessProbe: {initialDelaySeconds: 5}
  certs: {secrets: [{name: ca, key: ca.crt}]}
  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}
  topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone}]
  tolerations: [{key: coder.com/node-group, operator: Exists}]
  nodeSelector: {coder.com/node-group: control}
  initContainers: [{name: wait, image: busybox}]
  service: {type: NodePort, httpNodePort: 30080, annotations: {a: b}, sessionAffinity: ClientIP}
  ingress: {enable: true, host: coder.example.com, tls: {enable: true, secretName: tls, wildcardSecretName: wild}}
  command: [/opt/coder]
  commandArgs: [server]
  workspaceProxy: false
nameOverride: coder
provisionerDaemon: {pskSecretName: psk}
extraTemplates:
- |
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: "{{ .Values.ours.name }}"}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}, data: {a: "{{ .Values.ours.data }}"}}
ours: {name: a, data: b, more: c}
`

func TestUnreadOfCodersCharts(t *testing.T) {
	for _, tt := range []struct {
		name, chart, values string
		want                []Unread
	}{
		{"all that a deployment sets", "coder", realistic, []Unread{{Path: "ours.more"}}},
		{"a pod disruption budget", "coder", "coder: {podDisruptionBudget: {minAvailable: 1}}", []Unread{{Path: "coder.podDisruptionBudget"}}},
		{"the service at the top", "coder", "service: {type: NodePort}", []Unread{{"service", "coder.service"}}},
		{"metrics at the top", "coder", "metrics: {enabled: true}", []Unread{{Path: "metrics"}}},
		{"arguments of the container", "coder", "coder: {args: [server]}", []Unread{{"coder.args", "coder.commandArgs"}}},
		{"a probe of one's own", "coder", "coder: {livenessProbe: {httpGet: {path: /healthz}, initialDelaySeconds: 1}}",
			[]Unread{{Path: "coder.livenessProbe.httpGet"}}},
		{"replicas, misspelt", "coder", "coder: {replicas: 2}", []Unread{{"coder.replicas", "coder.replicaCount"}}},
		{"the deprecated secret of TLS, which only an unused template looks at", "coder", "coder: {tls: {secretName: a}}",
			[]Unread{{"coder.tls.secretName", "coder.tls.secretNames"}}},
		{"globals", "coder", "global: {image: {registry: a}}", []Unread{{Path: "global"}}},
		{"a key with a dot", "coder", `coder: {"a.b": 1}`, []Unread{{Path: `coder.a\.b`}}},
		{"what the provisioner's chart reads", "coder-provisioner", `
coder: {replicaCount: 3, env: [{name: CODER_URL, value: a}], serviceAccount: {workspaceNamespaces: [a]}, topologySpreadConstraints: [], podSecurityContext: {fsGroup: 1}, image: {tag: a}}
provisionerDaemon: {keySecretName: a, keySecretKey: key, tags: {scope: organization}, terminationGracePeriodSeconds: 60}
extraTemplates: [a]`, nil},
		{"what only coderd's chart reads", "coder-provisioner", "coder: {service: {enable: false}, envFrom: []}",
			[]Unread{{Path: "coder.envFrom"}, {Path: "coder.service"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := packed(t, tt.chart, charttest.Versions[0])
			if diff := cmp.Diff(tt.want, c.Unread(values(t, tt.values))); diff != "" {
				t.Errorf("unread in %s (-want +got):\n%s", tt.chart, diff)
			}
		})
	}
}

func BenchmarkUnread(b *testing.B) {
	c, v := packed(b, "coder", charttest.Versions[0]), values(b, realistic)
	for b.Loop() {
		c.Unread(v)
	}
}
