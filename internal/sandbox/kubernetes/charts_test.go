package kubernetes

import (
	"testing"

	"coderaws/internal/sandbox/chart"
	"coderaws/internal/sandbox/chart/charttest"
)

// rendered renders one of Coder's charts and reads its objects.
func rendered(t *testing.T, name, version, values string) []Object {
	t.Helper()
	finder := &chart.Finder{Directories: charttest.Directories(t, version), Offline: true}
	c, err := finder.Find(t.Context(), chart.Reference{Repository: "https://helm.coder.com/v2", Chart: name, Version: version})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := chart.ParseValues(values)
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.Render(chart.Release{Name: name, Namespace: "coder", Values: parsed, KubernetesVersion: "1.35"})
	if err != nil {
		t.Fatal(err)
	}
	var objects []Object
	for _, d := range all.Documents {
		found, err := Decode(d.Template, d.Text, "coder")
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, found...)
	}
	return objects
}

// TestCoderCharts holds Coder's own charts, as somebody would use them, to the rules: there is nothing wrong with them.
func TestCoderCharts(t *testing.T) {
	for _, version := range charttest.Versions {
		for _, test := range []struct{ name, values string }{
			{"coder", `
coder:
  image: {tag: v` + version + `}
  replicaCount: 2
  service: {type: NodePort, httpNodePort: "30080"}
  env: [{name: CODER_ACCESS_URL, value: https://coder.example.com}, {name: CODER_PG_CONNECTION_URL, value: postgres://coder@db:5432/coder}]
  resources: {requests: {cpu: "2", memory: 4Gi}, limits: {cpu: "2", memory: 4Gi}}
  topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app.kubernetes.io/instance: coder}}}]
`},
			{"coder-provisioner", `
coder:
  image: {tag: v` + version + `}
  replicaCount: 2
  env: [{name: CODER_URL, value: https://coder.example.com}]
  tolerations: [{key: coder.com/node-group, operator: Equal, value: provisioner, effect: NoSchedule}]
  nodeSelector: {coder.com/node-group: provisioner}
provisionerDaemon: {keySecretName: key, keySecretKey: key, pskSecretName: ""}
`},
		} {
			t.Run(test.name+"-"+version, func(t *testing.T) {
				objects := rendered(t, test.name, version, test.values)
				if len(objects) < 4 {
					t.Fatalf("%d objects", len(objects))
				}
				c := testCluster()
				c.Install(decoded(t, `
apiVersion: v1
kind: Namespace
metadata: {name: coder}
---
apiVersion: v1
kind: Secret
metadata: {name: key}
data: {key: a2V5}
`)...)
				if problems := c.Check(objects); len(problems) > 0 {
					t.Errorf("%d problems, the first: %+v", len(problems), problems[0])
				}
				placement, problems := c.Place(objects)
				if len(problems) > 0 {
					t.Errorf("%d problems, the first: %+v", len(problems), problems[0])
				}
				if placed, waiting := placement.Count(); placed < 2 || waiting > 0 {
					t.Errorf("%d pods run and %d wait", placed, waiting)
				}
				zones := map[string]int{}
				for _, p := range placement.Pods {
					zones[p.Zone]++
				}
				if len(zones) < 2 {
					t.Errorf("all pods are in one zone: %v", zones)
				}
			})
		}
	}
}
