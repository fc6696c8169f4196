package helm

import (
	"strings"
	"testing"

	"coderaws/internal/sandbox/chart/charttest"
)

// repository is Coder's own. The tests take its charts from a directory, and ask no network.
const repository = "https://helm.coder.com/v2"

// coderRelease is a release of Coder's own chart in a version, which stands in the values as VERSION.
func coderRelease(version, chart, values string, more ...object) object {
	named := object{"chart": chart, "repository": repository, "version": version, "name": chart}
	return release("", strings.ReplaceAll(values, "VERSION", version), append([]object{named}, more...)...)
}

// sound are values of Coder's chart with which everything runs.
const sound = `
coder:
  image: {tag: vVERSION}
  service: {type: ClusterIP}
  replicaCount: 1
  env:
    - {name: CODER_ACCESS_URL, value: https://coder.example.com}
    - {name: CODER_WILDCARD_ACCESS_URL, value: '*.coder.example.com'}
    - {name: CODER_PG_AUTH, value: awsiamrds}
    - {name: CODER_PG_CONNECTION_URL, value: 'postgres://coder@db:5432/coder?sslmode=require'}
  resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}}
`

// proxy are values of the same chart with which a workspace proxy runs.
const proxy = `
coder:
  image: {tag: vVERSION}
  service: {type: ClusterIP}
  workspaceProxy: true
  replicaCount: 1
  env:
    - {name: CODER_PRIMARY_ACCESS_URL, value: https://coder.example.com}
    - {name: CODER_ACCESS_URL, value: https://coder-euw2.example.com}
    - {name: CODER_WILDCARD_ACCESS_URL, value: '*.coder-euw2.example.com'}
    - {name: CODER_PROXY_SESSION_TOKEN, value: a-token}
  resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}}
`

// TestCoderCharts installs Coder's own charts, as they are and with the mistakes that were seen in real deployments.
func TestCoderCharts(t *testing.T) {
	for _, version := range charttest.Versions[:2] {
		t.Run(version, func(t *testing.T) { coderCharts(t, version) })
	}
}

func coderCharts(t *testing.T, version string) {
	directories := charttest.Directories(t, version)
	more := func(lines string) string { return sound + lines }
	key := "coder: {image: {tag: vVERSION}, env: [{name: CODER_URL, value: 'http://coder.default.svc'}]}\nprovisionerDaemon: {pskSecretName: '', keySecretName: coder-provisioner-key, keySecretKey: key}\n"
	for _, row := range []struct {
		name    string
		release object
		words   []string // nothing is wrong if empty
	}{
		{"Coder as it should be", coderRelease(version, "coder", sound), nil},
		{"a disruption budget that the chart does not make", coderRelease(version, "coder", more("  podDisruptionBudget: {minAvailable: 1}\n")),
			[]string{"nothing in the chart reads the value coder.podDisruptionBudget"}},
		{"a service at the top", coderRelease(version, "coder", more("service: {type: ClusterIP}\n")),
			[]string{"nothing in the chart reads the value service"}},
		{"metrics at the top", coderRelease(version, "coder", more("metrics: {enabled: true}\n")),
			[]string{"nothing in the chart reads the value metrics"}},
		{"arguments under another name", coderRelease(version, "coder", more("  args: [server]\n")),
			[]string{"nothing in the chart reads the value coder.args"}},
		{"misspelt replicas", coderRelease(version, "coder", more("  replicas: 2\n")), []string{"coder.replicas", "Write coder.replicaCount"}},
		{"a wildcard URL with a scheme", coderRelease(version, "coder", strings.Replace(sound, "'*.coder", "'https://*.coder", 1)),
			[]string{"Deployment default/coder", "hostname pattern must not contain a scheme"}},
		{"a variable that coderd does not read",
			coderRelease(version, "coder", strings.Replace(sound, "CODER_WILDCARD_ACCESS_URL", "CODER_WILDCARD_URL", 1)),
			[]string{"does not read CODER_WILDCARD_URL; it reads CODER_WILDCARD_ACCESS_URL"}},
		{"a workspace proxy as it should be", coderRelease(version, "coder", proxy), nil},
		{"a workspace proxy that does not know its hub",
			coderRelease(version, "coder", strings.Replace(proxy, "CODER_PRIMARY_ACCESS_URL", "CODER_HUB", 1)),
			[]string{"Deployment default/coder", "required flags: primary-access-url"}},
		{"a workspace proxy whose token nobody issued",
			coderRelease(version, "coder", strings.Replace(proxy, "value: a-token", "valueFrom: {secretKeyRef: {name: coder-secrets, key: t}}", 1)),
			[]string{`secret "coder-secrets" not found`}},
		{"a workspace proxy with coderd's database",
			coderRelease(version, "coder", strings.Replace(proxy, "CODER_WILDCARD_ACCESS_URL", "CODER_PG_CONNECTION_URL", 1)),
			[]string{"does not read CODER_PG_CONNECTION_URL", "coderd reads it, a workspace proxy does not"}},
		{"coderd with the arguments of a proxy", coderRelease(version, "coder", strings.Replace(sound, "replicaCount: 1",
			"replicaCount: 1\n  workspaceProxy: true", 1)), []string{"required flags: proxy-session-token"}},
		{"a secret that nobody makes",
			coderRelease(version, "coder", strings.Replace(sound, "value: 'postgres://coder@db:5432/coder?sslmode=require'",
				"valueFrom: {secretKeyRef: {name: coder-db-url, key: url}}", 1)), []string{`secret "coder-db-url" not found`}},
		{"a request larger than a node", coderRelease(version, "coder", strings.Replace(sound, "cpu: 500m", "cpu: '4'", 1)),
			[]string{"context deadline exceeded", "Insufficient cpu"}},
		{"a version that is not the chart's", coderRelease(version, "coder", sound, object{"chart": "./coder", "repository": nil}),
			[]string{"Unable to locate chart"}},
		{"a provisioner without its key", coderRelease(version, "coder-provisioner", key),
			[]string{"context deadline exceeded", `secret "coder-provisioner-key" not found`}},
		{"a provisioner that need not run yet", coderRelease(version, "coder-provisioner", key, object{"wait": false}), nil},
		{"a provisioner without key and pre-shared key",
			coderRelease(version, "coder-provisioner", "coder: {image: {tag: vVERSION}}\nprovisionerDaemon: {pskSecretName: ''}\n"),
			[]string{"Either provisionerDaemon.pskSecretName or provisionerDaemon.keySecretName must be specified."}},
		{"a provisioner with a key and tags",
			coderRelease(version, "coder-provisioner", strings.Replace(key, "keySecretKey: key", "keySecretKey: key, tags: {a: b}", 1)),
			[]string{"provisionerDaemon.tags may not be specified with provisionerDaemon.keySecretName"}},
		{"a provisioner with a setting of coderd's", coderRelease(version, "coder-provisioner",
			strings.Replace(key, "CODER_URL, value", "CODER_ACCESS_URL, value", 1)), []string{"does not read CODER_ACCESS_URL"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDriver(t, directories...)
			_, err := d.apply(nil, row.release)
			if len(row.words) == 0 && err != nil {
				t.Fatal(err)
			}
			for _, words := range row.words {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Fatalf("got %v, want %q", err, words)
				}
			}
		})
	}
}

// TestCoderCounts: a rehearsal counts what Coder's chart makes, and what waits.
func TestCoderCounts(t *testing.T) {
	version := charttest.Versions[0]
	d := newDriver(t, charttest.Directories(t, version)...)
	d.must(nil, coderRelease(version, "coder", strings.Replace(sound, "replicaCount: 1", "replicaCount: 2", 1)))
	d.must(nil,
		coderRelease(version, "coder-provisioner",
			"coder: {image: {tag: vVERSION}, replicaCount: 3, resources: {requests: {cpu: 100m, memory: 128Mi}}, env: [{name: CODER_URL, value: "+
				"'http://coder.default.svc'}]}\nprovisionerDaemon: {pskSecretName: '', keySecretName: coder-provisioner-key, keySecretKey: key}\n",
			object{"wait": false}))
	made := d.server.Rendered()
	if len(made) != 2 || made[0].Name != "coder" || made[0].Pods != 2 || made[0].Waiting != 0 || made[0].Objects == 0 {
		t.Fatalf("made %+v", made)
	}
	if made[1].Pods != 0 || made[1].Waiting != 3 || made[1].Later != 0 || len(made[1].Reasons) != 1 ||
		!strings.Contains(made[1].Reasons[0], "coder-provisioner-key") {
		t.Errorf("made %+v", made[1])
	}
	if !provisioners(d.world, "main") || provisioners(d.world, "other") {
		t.Error("the provisioners are not seen, or in another cluster")
	}
}
