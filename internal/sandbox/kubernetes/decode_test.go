package kubernetes

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	core "k8s.io/api/core/v1"
)

// decoded reads objects that a test is sure of.
func decoded(t testing.TB, text string) []Object {
	t.Helper()
	objects, err := Decode("templates/test.yaml", text, "coder")
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func TestDecode(t *testing.T) {
	objects := decoded(t, `# a comment alone is no object
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, annotations: {helm.sh/hook: pre-install}}
data:
  script: |
    first
     --- not a separator
---
apiVersion: v1
kind: Namespace
metadata: {name: coder-workspaces, namespace: ignored}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Secret, metadata: {name: a, namespace: elsewhere}}
- {apiVersion: example.com/v1, kind: Widget, metadata: {name: b}, spec: {anything: [1, {at: all}]}}
---
apiVersion: v1
kind: ServiceAccountList
items:
- {metadata: {name: c}}
`)
	var got []string
	for _, o := range objects {
		got = append(got, o.Key().String())
	}
	want := []string{"ConfigMap coder/settings", "Namespace coder-workspaces", "Secret elsewhere/a", "Widget coder/b",
		"ServiceAccount coder/c"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !objects[0].Hook || objects[1].Hook {
		t.Error("an object with the annotation helm.sh/hook is a hook, and no other")
	}
	if c := objects[0].Typed.(*core.ConfigMap); c.Namespace != "coder" || !strings.Contains(c.Data["script"], "--- not a separator") {
		t.Errorf("the config map is %+v", c)
	}
	if objects[3].Typed != nil {
		t.Error("a kind that is not known has no type")
	}
	if again := decoded(t, objects[2].Text); again[0].Key() != objects[2].Key() {
		t.Errorf("the text of an object gives %v again, not %v", again[0].Key(), objects[2].Key())
	}
}

func TestDecodeRefuses(t *testing.T) {
	deployment := func(spec string) string {
		return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: coder}\nspec:\n" + spec
	}
	for _, test := range []struct{ name, text, want string }{
		{"a field that the kind does not have", deployment("  replica: 2\n"),
			`templates/test.yaml: Deployment coder: Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"`},
		{"a field of a container with a capital letter", deployment("  template: {spec: {containers: [{name: a, Image: b}]}}\n"),
			`unknown field "spec.template.spec.containers[0].Image"`},
		{"two of them", deployment("  replica: 2\n  templates: {}\n"), `unknown field "spec.replica", unknown field "spec.templates"`},
		{"text where a number is wanted", deployment("  replicas: two\n"),
			`json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32`},
		{"a number where text is wanted", deployment("  template: {spec: {containers: [{name: a, env: [{name: A, value: 1}]}]}}\n"),
			`json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string`},
		{"a quantity that is none", deployment("  template: {spec: {containers: [{name: a, resources: {requests: {cpu: 2 cores}}}]}}\n"),
			`quantities must match the regular expression`},
		{"a key that is there twice", deployment("  replicas: 1\n  replicas: 2\n"), `key "replicas" already set in map`},
		{"labels that are not text", "apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {b: true}}\n",
			`json: cannot unmarshal bool into Go struct field .metadata.labels of type string`},
		{"an object without a kind", "apiVersion: v1\nmetadata: {name: a}\n",
			`Object 'Kind' is missing in '{"apiVersion":"v1","metadata":{"name":"a"}}'`},
		{"an object without a version", "kind: Secret\nmetadata: {name: a}\n", `Object 'apiVersion' is missing in`},
		{"what is not YAML", "kind: [\n", `error converting YAML to JSON: yaml: line 1: did not find expected node content`},
		{"a class with a field that it does not have", "apiVersion: secrets-store.csi.x-k8s.io/v1\n" +
			"kind: SecretProviderClass\nmetadata: {name: a}\nspec: {secretObject: []}\n",
			`unknown field "spec.secretObject"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			objects, err := Decode("templates/test.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: good}\n---\n"+test.text, "coder")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is\n%v\nwant\n%s", err, test.want)
			}
			var of *DecodeError
			if !errors.As(err, &of) || of.Template != "templates/test.yaml" {
				t.Errorf("the error %#v does not name its template", err)
			}
			if len(objects) != 1 || objects[0].Name != "good" {
				t.Errorf("the other document gives %v", objects)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("apiVersion: v1\nkind: Secret\nmetadata: {name: good}\n---\nkind: [")
	f.Add("apiVersion: v1\nkind: List\nitems: [{kind: Pod, apiVersion: v1, spec: {containers: [{}]}}]")
	f.Add("apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\n" +
		"spec: {provider: aws, parameters: {objects: '- objectName: a'}, secretObjects: [null, {data: [null]}]}")
	f.Add("apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {schedule: '@every 1h', timeZone: Nowhere}")
	f.Fuzz(func(t *testing.T, text string) {
		objects, err := Decode("fuzz.yaml", text, "default")
		c := &Cluster{Version: "1.35", Nodes: Group{Name: "a", Size: 2, Zones: []string{"us-east-1a"},
			Allocatable: Allocatable{MilliCPU: 1000, Memory: 1 << 30, Pods: 10}}.Nodes()}
		c.Check(objects)
		for _, o := range objects {
			if w, ok := workloadOf(o); ok && w.replicas > 1000 {
				return // as many pods as somebody writes take as much time as that takes
			}
		}
		c.Place(objects)
		if err == nil {
			c.Install(objects...)
			c.Check(objects)
		}
	})
}
