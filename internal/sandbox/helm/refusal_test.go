package helm

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/sandbox/chart"
	"coderaws/internal/sandbox/protocol"
	"coderaws/internal/sandbox/world"
)

// TestRefusals: what keeps a release from being what was meant, and the words that it is told in. Row by row: what is given beside the
// cluster of newDriver, the release, and parts of the answer. Those that a plan can tell are told while planning.
func TestRefusals(t *testing.T) {
	repository := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/index.yaml" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(
			[]byte("apiVersion: v1\nentries:\n  coder:\n    - {apiVersion: v2, name: coder, version: 2.35.1, urls: [coder-2.35.1.tgz]}\n    - " +
				"{apiVersion: v2, name: coder, version: 2.34.0, urls: [coder-2.34.0.tgz]}\n"))
	}))
	t.Cleanup(repository.Close)
	coder := func(variables string) string {
		return "image: ghcr.io/coder/coder:v2.27.0\nextra:\n  env:\n    - {name: CODER_ACCESS_URL, value: https://coder.example.com}\n    - " +
			"{name: CODER_PG_CONNECTION_URL, value: postgres://coder@db/coder}\n" + variables
	}
	for _, row := range []struct {
		name    string
		given   func(*driver)
		release object
		// planned says that the plan tells it.
		planned bool
		words   []string // nothing is wrong if empty
	}{
		{"a chart that is not there", nil, release("shop", ""), true,
			[]string{"chart", `Unable to locate chart ./shop: path "./shop" not found`}},
		{"a version that the repository does not have", nil,
			release("", "", object{"chart": "coder", "repository": repository.URL, "version": "2.35.7"}), true,
			[]string{"version", `chart "coder" version "2.35.7" not found`, "2.35.1", "Write one of its versions"}},
		{"a chart that the repository does not have", nil,
			release("", "", object{"chart": "codre", "repository": repository.URL, "version": "2.35.1"}), true,
			[]string{"chart", `chart "codre" version "2.35.1" not found`}},
		{"another version than that of a local chart", nil, release("web", "", object{"version": "1.3.0"}), true,
			[]string{"Planned version is different from configured version", `"1.2.0"`}},
		{"a version with a v", nil, release("web", "", object{"version": "v1.2.0"}), false, nil},

		{"a value that nothing reads", nil, release("web", "replica: 3"), true,
			[]string{"values", "release shop, chart web 1.2.0: nothing in the chart reads the value replica", "Write replicas"}},
		{"values that are no YAML", nil, release("web", "replicas: ["), true, []string{"Error unmarshaling values"}},
		{"a template that fails", nil, release("web", "broken: true"), true,
			[]string{"cannot be rendered with these values", "tell me what is broken", "web/templates/workload.yaml"}},
		{"a field that there is not", nil, release("web", "extra: {livenesProbe: {}}"), true,
			[]string{"the API server would not take an object", `livenesProbe`, "web/templates/workload.yaml"}},
		{"a value of another type", nil, release("web", "replicas: many"), true, []string{"Deployment shop", "replicas"}},
		{"a value and a reference in one variable", nil,
			release("web", "extra: {env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]}"), true,
			[]string{"valueFrom", "Deployment default/shop"}},
		{"a set that Helm cannot read", nil, release("web", "", object{"set": []any{object{"name": "a[x]", "value": "b", "type": nil}}}), true,
			[]string{`Failed parsing key "a[x]"`}},

		{"pods that nobody tolerates", nil, release("web", "nodeSelector: {group: workspace}"), false,
			[]string{"context deadline exceeded", "after 300 s", "Deployment default/shop: 0/3 nodes are available", "untolerated taint",
				"only=workspaces:NoSchedule, which the pod does not tolerate", "didn't match Pod's node affinity/selector"}},
		{"the same with a toleration", nil, release("web", "nodeSelector: {group: workspace}\ntolerations: [{key: only, operator: Exists}]"),
			false, nil},
		{"a request larger than a node", nil, release("web", "cpu: 3"), false,
			[]string{"context deadline exceeded", "Insufficient cpu", "Deployment default/shop"}},
		{"more replicas than the nodes hold", nil, release("web", "cpu: 1500m\nreplicas: 3"), false,
			[]string{"context deadline exceeded", "Insufficient cpu"}},
		{"a secret that is not there", nil, release("web", "secret: token"), false,
			[]string{"context deadline exceeded", `secret "token" not found`, "Deployment default/shop"}},
		{"a service account that is not there", nil, release("web", "account: nobody"), false,
			[]string{"context deadline exceeded", `serviceaccount "nobody" not found`}},
		{"a priority that is not there", nil, release("web", "priority: urgent"), false, []string{"no PriorityClass with name urgent was found"}},
		{"pods that cannot run, and nobody waits", nil, release("web", "cpu: 3", object{"wait": false}), false, nil},
		{"pods that cannot run, all or nothing", nil, release("web", "cpu: 3", object{"atomic": true}), false,
			[]string{"installation failed", "release shop failed, and has been uninstalled due to atomic being set: context deadline exceeded"}},
		{"a hook that cannot run, even if nobody waits", nil, release("job", "cpu: 3", object{"wait": false}), false,
			[]string{"failed pre-install: 1 error occurred:", "timed out waiting for the condition", "Insufficient cpu"}},
		{"a hook of another event", nil, release("job", "cpu: 3\nevent: pre-upgrade"), false, nil},
		{"a class of secrets without the add-on that brings it", nil,
			release("web", "provider: arn:aws:secretsmanager:us-east-1:123456789012:secret:x-AbCdEf"), false,
			[]string{"1 error occurred:", `no matches for kind "SecretProviderClass"`}},

		{"a namespace that is not there", nil, release("web", "", object{"namespace": "shop"}), false,
			[]string{"namespace", `create: failed to create: namespaces "shop" not found`, "create_namespace = true"}},
		{"the same, made by Helm", nil, release("web", "", object{"namespace": "shop", "create_namespace": true}), false, nil},
		{"objects of another release", func(d *driver) {
			d.must(nil, release("web", "namespaced: true"))
		}, release("web", "namespaced: true", object{"namespace": "kube-system"}), false,
			[]string{
				`Unable to continue with install: Namespace "shop" in namespace "" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: key "meta.helm.sh/release-namespace" must equal "kube-system": current value is "default"`}},
		{"objects that Helm did not make", nil, release("web", "namespaced: true", object{"name": "kube-public"}), false,
			[]string{`invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"`,
				"was not made by Helm"}},
		{"the same, to be taken over", nil, release("web", "namespaced: true", object{"name": "kube-public", "take_ownership": true}),
			false, nil},
		{"a name that is taken", func(d *driver) {
			d.must(nil, release("web", ""))
		}, release("web", ""), false, []string{"cannot re-use a name that is still in use", "Import it as default/shop"}},
		{"a name that is taken, to be upgraded", func(d *driver) {
			d.must(nil, release("web", ""))
		}, release("web", "", object{"upgrade_install": true}), false, nil},
		{"a name that is too long", nil, release("web", "", object{"name": strings.Repeat("n", 54)}), true, []string{"release name"}},

		{"a cluster that is not there", func(d *driver) {
			d.configure(object{"host": "https://GONE.gr7.us-east-1.eks.amazonaws.com", "token": "t"})
		},
			release("web", ""), false,
			[]string{
				`Kubernetes cluster unreachable: Get "https://gone.gr7.us-east-1.eks.amazonaws.com/version": dial tcp: lookup gone.gr7.us-east-1.eks.amazonaws.com: no such host`}},
		{"a token of another cluster", func(d *driver) {
			d.configure(object{"host": endpoint, "exec": object{"api_version": "client.authentication.k8s.io/v1beta1", "command": "aws", "env": nil,
				"args": []any{"eks", "get-token", "--cluster-name", "other"}}})
		},
			release("web", ""), false, []string{"the server has asked for the client to provide credentials"}},
		{"no credentials", func(d *driver) {
			d.configure(object{"host": endpoint})
		}, release("web", ""), false, []string{"the server has asked for the client to provide credentials"}},
		{"no cluster at all", func(d *driver) {
			d.configure(object{})
		}, release("web", ""), false, []string{"no configuration has been provided"}},

		{"a Coder as it should be", nil, release("web", coder("")), false, nil},
		{"a setting that coderd does not read", nil,
			release("web", coder("    - {name: CODER_DEFAULT_QUIET_HOURS_SCHEDULE, value: CRON_TZ=UTC 0 0 * * *}\n")), true,
			[]string{"Deployment default/shop: coderd 2.27.0 does not read CODER_DEFAULT_QUIET_HOURS_SCHEDULE; it reads " +
				"CODER_QUIET_HOURS_DEFAULT_SCHEDULE", "container web"}},
		{"a wildcard URL with a scheme", nil,
			release("web", coder("    - {name: CODER_WILDCARD_ACCESS_URL, value: 'https://*.coder.example.com'}\n")), true,
			[]string{"hostname pattern must not contain a scheme", "exits", "Write *.coder.example.com"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDriver(t)
			if row.given != nil {
				row.given(d)
			}
			planned, _, err := d.plan(nil, row.release)
			if (err != nil) != row.planned {
				t.Fatalf("the plan says %v", err)
			}
			if err == nil {
				_, err = d.change(nil, planned, row.release)
			}
			if len(row.words) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, words := range row.words {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Fatalf("got %v, want %q", err, words)
				}
			}
		})
	}
}

// TestSensitive: what is marked as sensitive stands in no message and in nothing that is kept, wherever the chart puts it.
func TestSensitive(t *testing.T) {
	const canary = "canary-5f1e"
	sensitive := func(name string) object {
		return object{"set_sensitive": []any{object{"name": name, "value": canary, "type": "string"}}}
	}
	for name, place := range map[string]string{
		"where any text may stand": "extra.workingDir", "where a number must stand": "replicas", "where a quantity must stand": "cpu",
		"where a name must stand": "priority", "in the name of a value that nothing reads": "replica",
	} {
		t.Run(name, func(t *testing.T) {
			d := newDriver(t)
			state, err := d.apply(nil, release("web", "", sensitive(place), object{"wait": false}))
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the error says it: %v", err)
			}
			if state != nil && strings.Contains(world.NaturalKey(state["metadata"].(object)), canary) {
				t.Errorf("the state shows it: %v", state["metadata"])
			}
			for _, kept := range d.world.List(nil) {
				if strings.Contains(world.NaturalKey(kept.Attributes), canary) {
					t.Errorf("the world keeps it in %s", kept.ID)
				}
			}
		})
	}
	// A text that something needs is hidden all the same, and the object stays known by its name.
	d := newDriver(t)
	d.must(nil, release("web", "", object{"set_sensitive": []any{object{"name": "cpu", "value": "0.150", "type": "string"}}}))
	names := map[string]bool{}
	for _, o := range Objects(d.world) {
		names[o.Key().String()] = true
	}
	if !names["Deployment default/shop"] {
		t.Errorf("kept %v", names)
	}
}

// TestFindings: what works and should not be done is a warning of the plan, and kept for reports.
func TestFindings(t *testing.T) {
	for values, want := range map[string]string{
		"service: {type: LoadBalancer}":           "load balancer",
		"image: registry.example.com/web:latest":  "latest",
		"image: registry.example.com/web":         "registry.example.com/web",
		"image: registry.example.com/web:3.4.5-r": "",
	} {
		d := newDriver(t)
		d.must(nil, release("web", values))
		found := strings.Join(d.server.Rendered()[0].Findings, "\n")
		if want == "" && found != "" || !strings.Contains(found, want) {
			t.Errorf("%s: found %q, want %q", values, found, want)
		}
	}
}

// TestNoProvisioner: a coderd without provisioners of its own is warned of once it is there and nobody else builds either.
func TestNoProvisioner(t *testing.T) {
	config := release("web",
		"image: ghcr.io/coder/coder:v2.27.0\nextra:\n  env:\n    - {name: CODER_ACCESS_URL, value: https://coder.example.com}\n    - {name: "+
			"CODER_PG_CONNECTION_URL, value: postgres://coder@db/coder}\n    - {name: CODER_PROVISIONER_DAEMONS, value: '0'}\n")
	warned := func(d *driver, prior object) bool {
		t.Helper()
		_, _, err := d.plan(prior, config)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(d.warnings, "no external provisioner runs")
	}
	d := newDriver(t)
	if warned(d, nil) {
		t.Error("warned before anything is there")
	}
	state := d.must(nil, config)
	if !warned(d, state) {
		t.Error("not warned")
	}
	d.must(nil,
		release("web",
			"image: ghcr.io/coder/coder:v2.27.0\nextra:\n  args: [provisionerd, start]\n  env:\n    - {name: CODER_URL, value: 'http://coder'}\n  "+
				"  - {name: CODER_PROVISIONER_DAEMON_KEY, value: k}\n", object{"name": "builder"}))
	if warned(d, state) {
		t.Error("warned although a provisioner runs")
	}
}

// TestFailedInstallation: the provider leaves a failed release in the cluster and out of Terraform's state. A second run goes on only where
// it may upgrade what it finds.
func TestFailedInstallation(t *testing.T) {
	d := newDriver(t)
	state, err := d.apply(nil, release("web", "cpu: 3"))
	if state != nil || err == nil || !strings.Contains(err.Error(), "Helm release error\ncontext deadline exceeded") ||
		!strings.Contains(err.Error(), "upgrade_install = true") {
		t.Fatalf("state %v, error %v", state, err)
	}
	if all := Releases(d.world); len(all) != 1 || all[0].Status != "failed" {
		t.Fatalf("left %+v", all)
	}
	if _, err := d.apply(nil, release("web", "cpu: 1")); err == nil ||
		!strings.Contains(err.Error(), "cannot re-use a name that is still in use") || !strings.Contains(err.Error(), "upgrade_install") {
		t.Fatalf("the second run says %v", err)
	}
	state, err = d.apply(nil, release("web", "cpu: 1", object{"upgrade_install": true}))
	if err != nil || state["status"] != "deployed" || state["metadata"].(object)["revision"] != 2.0 {
		t.Fatalf("going on gives %v, %v", state, err)
	}
	if planned, _, err := d.plan(d.read(state), release("web", "cpu: 1", object{"upgrade_install": true})); err != nil ||
		protocol.IsUnknown(planned["metadata"]) {
		t.Errorf("and then there is more to do: %v", err)
	}
}

func TestFailedUpgrade(t *testing.T) {
	d := newDriver(t)
	first := d.must(nil, release("web", ""))
	kept, err := d.apply(first, release("web", "cpu: 3"))
	if err == nil || !strings.Contains(err.Error(), "Error upgrading chart\nUpgrade failed: context deadline exceeded") {
		t.Fatal(err)
	}
	if kept["status"] != "deployed" || d.read(kept)["status"] != "failed" {
		t.Errorf("Terraform keeps %v, the cluster has %v", kept["status"], d.read(kept)["status"])
	}
	planned, _, err := d.plan(d.read(kept), release("web", ""))
	if err != nil || planned["status"] != "deployed" {
		t.Fatalf("planned %v, %v", planned["status"], err)
	}
	if mended, err := d.change(d.read(kept), planned, release("web", "")); err != nil || mended["status"] != "deployed" {
		t.Errorf("mended %v, %v", mended, err)
	}
}

// TestUnreachable: the provider takes a cluster that it cannot reach for one without releases.
func TestUnreachable(t *testing.T) {
	d := newDriver(t)
	state := d.must(nil, release("web", ""))
	d.configure(object{"host": "https://gone", "token": "t"})
	if found := d.read(state); found != nil {
		t.Errorf("read %v", found)
	}
	if _, err := d.change(state, nil, nil); err != nil {
		t.Error(err)
	}
}

// TestUnrendered: a chart that cannot be fetched is installed without its objects, and that is said; once it can be had, it is upgraded.
func TestUnrendered(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	t.Cleanup(server.Close)
	d := newDriver(t)
	config := release("", "replicas: 1", object{"chart": "web", "repository": server.URL, "version": "1.2.0"})
	state := d.must(nil, config)
	if state["version"] != "1.2.0" || state["status"] != "deployed" {
		t.Errorf("made %v", state)
	}
	found := d.server.Unrendered()
	if len(found) != 1 || found[0].Name != "shop" || found[0].Chart != "web" || found[0].Version != "1.2.0" || found[0].Unrendered == "" ||
		len(d.server.Rendered()) != 0 {
		t.Errorf("unrendered: %+v", found)
	}
	if planned, _, err := d.plan(d.read(state), config); err != nil || protocol.IsUnknown(planned["metadata"]) {
		t.Errorf("the second plan changes something: %v", err)
	}
	directory := t.TempDir()
	if err := os.CopyFS(filepath.Join(directory, "web-1.2.0"), os.DirFS("testdata/charts/web")); err != nil {
		t.Fatal(err)
	}
	d.server.Charts = &chart.Finder{Directories: []string{directory}}
	d.must(d.read(state), config)
	if made := d.server.Rendered(); len(made) != 1 || made[0].Pods != 1 || len(d.server.Unrendered()) != 0 {
		t.Errorf("made %+v", made)
	}
}
