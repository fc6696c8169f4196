package chart

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// app is the release that fixtures are rendered for.
func app(values map[string]any) Release {
	return Release{Name: "web", Namespace: "team", Values: values, KubernetesVersion: "1.33"}
}

func TestRenderOrdersDocuments(t *testing.T) {
	c := fixture(t, `
-- crds/b.yaml --
kind: CustomResourceDefinition
metadata: {name: b}
---
# nothing
---
kind: CustomResourceDefinition
metadata: {name: b2}
-- crds/a.yaml --
kind: CustomResourceDefinition
metadata: {name: a}
-- templates/all.yaml --
kind: Deployment
metadata: {name: d}
---
kind: Service
metadata: {name: s}
---
# a comment is no object
---
kind: Namespace
metadata: {name: n}
---
kind: Job
metadata: {name: after, annotations: {helm.sh/hook: "post-install,post-upgrade", helm.sh/hook-delete-policy: "hook-succeeded, hook-failed"}}
---
kind: Job
metadata: {name: heavy, annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: "5"}}
---
kind: Job
metadata: {name: light, annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: "-5"}}
---
kind: Job
metadata: {name: both, annotations: {helm.sh/hook: "pre-install,post-install"}}
---
kind: Job
metadata: {name: upgrade, annotations: {helm.sh/hook: pre-upgrade}}
---
kind: Pod
metadata: {name: test, annotations: {helm.sh/hook: test-success}}
-- templates/empty.yaml --
{{ if .Values.no }}kind: Never{{ end }}
-- templates/NOTES.txt --
Installed {{ .Release.Name }}, revision {{ .Release.Revision }}.
-- templates/_helpers.tpl --
kind: NotRendered
`)
	for _, tt := range []struct {
		name    string
		upgrade bool
		notes   string
		want    []string
	}{
		{"an installation", false, "Installed web, revision 1.\n", []string{
			"definition a", "definition b", "definition b2",
			"light [pre-install] -5 [before-hook-creation]", "both [pre-install post-install] 0 [before-hook-creation]",
			"heavy [pre-install] 5 [before-hook-creation]",
			"n", "s", "d",
			"after [post-install post-upgrade] 0 [hook-succeeded hook-failed]",
			"test [test] 0 [before-hook-creation]", "upgrade [pre-upgrade] 0 [before-hook-creation]",
		}},
		{"an upgrade", true, "Installed web, revision 2.\n", []string{
			"definition a", "definition b", "definition b2",
			"upgrade [pre-upgrade] 0 [before-hook-creation]",
			"n", "s", "d",
			"after [post-install post-upgrade] 0 [hook-succeeded hook-failed]",
			"light [pre-install] -5 [before-hook-creation]", "both [pre-install post-install] 0 [before-hook-creation]",
			"test [test] 0 [before-hook-creation]", "heavy [pre-install] 5 [before-hook-creation]",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			release := app(nil)
			release.Upgrade = tt.upgrade
			rendered, err := c.Render(release)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range rendered.Documents {
				_, name, _ := strings.Cut(d.Text, "name: ")
				line := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("},\n", r) })[0]
				if d.Definition {
					line = "definition " + line
				}
				if d.Hook != nil {
					line += fmt.Sprint(" ", d.Hook, " ", d.Weight, " ", d.DeletePolicies)
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("documents (-want +got):\n%s", diff)
			}
			if rendered.Notes != tt.notes {
				t.Errorf("the notes are %q, want %q", rendered.Notes, tt.notes)
			}
		})
	}
}

// TestRender holds what templates see, one expression at a time.
func TestRender(t *testing.T) {
	for _, tt := range []struct{ name, expression, values, want string }{
		{"the release", "{{ .Release.Name }} {{ .Release.Namespace }} {{ .Release.IsInstall }} {{ .Release.Service }}", "", "web team true Helm"},
		{"values of the release over the chart's", "{{ .Values.a }} {{ .Values.b.c }} {{ .Values.b.d }}", "b: {c: given}", "1 given 3"},
		{"a null takes a default away", "{{ hasKey .Values.b \"c\" }}", "b: {c: null}", "false"},
		{"large numbers as Helm prints them", "{{ .Values.count }}", "count: 12345678", "1.2345678e+07"},
		{"a version of two parts is one of EKS", "{{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion.Minor }}", "",
			"v1.33.0-eks-0000000 33"},
		{"which is a pre-release to semverCompare",
			`{{ semverCompare ">=1.20" .Capabilities.KubeVersion.Version }} {{ semverCompare ">=1.20-0" .Capabilities.KubeVersion.Version }}`,
			"", "false true"},
		{"API versions that EKS serves",
			`{{ .Capabilities.APIVersions.Has "policy/v1" }} {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }}`, "", "true true"},
		{"and those that it has removed, or does not switch on",
			`{{ .Capabilities.APIVersions.Has "policy/v1beta1" }} {{ .Capabilities.APIVersions.Has "storage.k8s.io/v1alpha1" }} {{ .Capabilities.APIVersions.Has "resource.k8s.io/v1" }}`, "", "false false false"},
		{"those of an add-on", `{{ .Capabilities.APIVersions.Has "secrets-store.csi.x-k8s.io/v1" }}`, "", "true"},
		{"lookup finds nothing", `{{ lookup "v1" "Secret" "team" "a" | len }}`, "", "0"},
		{"no environment and no names of the network", `{{ getHostByName "localhost" }}.`, "", "."},
		{"the time is given", `{{ now | date "2006-01-02" }}`, "", "2026-03-01"},
		{"chance is the same each time",
			`{{ randAlphaNum 8 }} {{ randNumeric 4 }} {{ randAlpha 4 }} {{ uuidv4 }} {{ randInt 0 10 }} {{ shuffle "abcdef" }}`, "",
			"YJSEQhqZ 4762 ETlI 39c319bf-9e10-4b0e-86fe-b37e4453221d 8 aefcbd"},
		{"and no shorter for it", `{{ randAlphaNum 32 | len }} {{ randAscii 9 | len }} {{ randBytes 16 | b64dec | len }}`, "", "32 9 16"},
		{"a chart inside, which its condition keeps", `{{ .Subcharts.db.Values.size }}`, "db: {enabled: true}", "1"},
		{"a chart inside, which its condition drops", `{{ len .Subcharts }}`, "", "0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := fixture(t, `
-- Chart.yaml --
apiVersion: v2
name: app
version: 1.0.0
dependencies: [{name: db, version: 1.0.0, condition: db.enabled}]
-- values.yaml --
a: 1
b: {c: 2, d: 3}
db: {enabled: false}
-- charts/db/Chart.yaml --
apiVersion: v2
name: db
version: 1.0.0
-- charts/db/values.yaml --
size: 1
-- templates/NOTES.txt --
`+tt.expression)
			release := app(values(t, tt.values))
			release.APIVersions = []string{"secrets-store.csi.x-k8s.io/v1"}
			release.Now = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
			var texts [2]string
			for i := range texts {
				rendered, err := c.Render(release)
				if err != nil {
					t.Fatal(err)
				}
				texts[i] = strings.TrimSpace(rendered.Notes)
			}
			if texts[0] != texts[1] {
				t.Errorf("rendered twice, it says %q and %q", texts[0], texts[1])
			}
			if texts[0] != tt.want {
				t.Errorf("%s gives %q, want %q", tt.expression, texts[0], tt.want)
			}
		})
	}
}

// TestRenderRefuses holds the errors to Helm's words and to the place of the mistake.
func TestRenderRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, chart, values string
		change              func(*Release)
		want, place         string
		schema              bool
	}{
		{name: "a template that fails", chart: "-- templates/a.yaml --\na: 1\nb: {{ fail \"Say what b is.\" }}\n",
			want: "execution error at (app/templates/a.yaml:2:6): Say what b is.", place: "app/templates/a.yaml:2"},
		{name: "a value that is required", chart: "-- templates/a.yaml --\na: {{ required \"set a\" .Values.a }}\n",
			want: "execution error at (app/templates/a.yaml:1:6): set a", place: "app/templates/a.yaml:1"},
		{name: "a field of what is not there", chart: "-- templates/a.yaml --\n\na: {{ .Values.a.b.c }}\n",
			want:  "app/templates/a.yaml:2:13\n  executing \"app/templates/a.yaml\" at <.Values.a.b.c>:\n    nil pointer evaluating interface {}.b",
			place: "app/templates/a.yaml:2"},
		{name: "a template that does not parse", chart: "-- templates/a.yaml --\na: {{ .Values.a\n",
			want: "parse error at (app/templates/a.yaml:2): unclosed action started at app/templates/a.yaml:1", place: "app/templates/a.yaml:2"},
		{name: "YAML that is none", chart: "-- templates/a.yaml --\na: b: c\n",
			want:  "YAML parse error on app/templates/a.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in this context",
			place: "app/templates/a.yaml"},
		{name: "a schema", chart: "-- values.schema.json --\n{\"type\": \"object\", \"properties\": {\"replicas\": " +
			"{\"type\": \"integer\"}}}\n-- templates/a.yaml --\n", values: "replicas: many", schema: true,
			want: "values don't meet the specifications of the schema(s) in the following chart(s):\napp:\n" +
				"- at '/replicas': got string, want integer\n"},
		{name: "a Kubernetes that is too old", chart: "-- Chart.yaml --\napiVersion: v2\nname: app\nversion: 1.0.0\nkubeVersion: '>=1.34.0-0'\n",
			want: "chart requires kubeVersion: >=1.34.0-0 which is incompatible with Kubernetes v1.33.0"},
		{name: "a library", chart: "-- Chart.yaml --\napiVersion: v2\nname: app\nversion: 1.0.0\ntype: library\n",
			want: "library charts are not installable"},
		{name: "a chart that is not inside", chart: "-- Chart.yaml --\napiVersion: v2\nname: app\nversion: 1.0.0\n" +
			"dependencies: [{name: db, version: 1.0.0, repository: 'https://example.com'}]\n",
			want: "an error occurred while checking for chart dependencies. You may need to run `helm dependency build` to " +
				"fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: db"},
		{name: "a release's name", chart: "-- templates/a.yaml --\n", change: func(r *Release) { r.Name = "Web_1" },
			want: `release name "Web_1": invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53`},
		{name: "a version that is none", chart: "-- templates/a.yaml --\n", change: func(r *Release) { r.KubernetesVersion = "latest" },
			want: `the Kubernetes version "latest" is not one: could not parse "latest" as version`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			release := app(values(t, tt.values))
			if tt.change != nil {
				tt.change(&release)
			}
			_, err := fixture(t, tt.chart).Render(release)
			if err == nil {
				t.Fatal("it is rendered")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got := Place(err); got != tt.place {
				t.Errorf("it stands at %q, want %q", got, tt.place)
			}
			var schema *ValuesError
			if errors.As(err, &schema) != tt.schema {
				t.Errorf("it is %T", err)
			}
		})
	}
}

func TestRenderFromManyGoroutines(t *testing.T) {
	c := fixture(t, `
-- Chart.yaml --
apiVersion: v2
name: app
version: 1.0.0
dependencies: [{name: db, version: 1.0.0, condition: db.enabled}]
-- templates/a.yaml --
kind: ConfigMap
metadata: {name: "n{{ .Values.count }}"}
-- charts/db/Chart.yaml --
apiVersion: v2
name: db
version: 1.0.0
-- charts/db/templates/a.yaml --
kind: Secret
metadata: {name: "n{{ .Values.count }}"}
`)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			given := map[string]any{"count": i, "db": map[string]any{"enabled": i%2 == 0, "count": i}}
			rendered, err := c.Render(app(given))
			if err != nil {
				t.Error(err)
				return
			}
			if want := 2 - i%2; len(rendered.Documents) != want || !strings.Contains(rendered.Documents[0].Text, fmt.Sprintf("name: \"n%d\"", i)) {
				t.Errorf("release %d has the documents %v", i, rendered.Documents)
			}
			if unread := c.Unread(given); len(unread) > 0 {
				t.Errorf("unread: %v", unread)
			}
		})
	}
	all.Wait()
}

func TestRenderCodersCharts(t *testing.T) {
	for _, tt := range []struct {
		chart, version, values string
		want                   []string
	}{
		{"coder", "2.27.0", realistic, []string{"ServiceAccount", "ConfigMap", "ConfigMap", "Role", "Role", "RoleBinding",
			"RoleBinding", "Service", "Deployment", "Ingress"}},
		{"coder", "2.35.1", strings.ReplaceAll(realistic, "2.27.0", "2.35.1"),
			[]string{"ServiceAccount", "ConfigMap", "ConfigMap", "Role", "Role", "RoleBinding", "RoleBinding", "Service", "Deployment", "Ingress"}},
		{"coder", "2.24.4", "", []string{"ServiceAccount", "Role", "RoleBinding", "Service", "Deployment"}},
		{"coder-provisioner", "2.35.1", "provisionerDaemon: {keySecretName: a, pskSecretName: ''}",
			[]string{"ServiceAccount", "Role", "RoleBinding", "Deployment"}},
		{"coder-provisioner", "2.27.0", "provisionerDaemon: {keySecretName: a, pskSecretName: ''}",
			[]string{"ServiceAccount", "Role", "RoleBinding", "Deployment"}},
	} {
		t.Run(tt.chart+" "+tt.version, func(t *testing.T) {
			c := packed(t, tt.chart, tt.version)
			rendered, err := c.Render(Release{Name: "coder", Namespace: "coder", Values: values(t, tt.values), KubernetesVersion: "1.33"})
			if err != nil {
				t.Fatal(err)
			}
			var kinds []string
			for _, d := range rendered.Documents {
				_, kind, _ := strings.Cut("\n"+d.Text, "\nkind: ")
				kind, _, _ = strings.Cut(kind, "\n")
				kinds = append(kinds, kind)
			}
			if diff := cmp.Diff(tt.want, kinds); diff != "" {
				t.Errorf("kinds (-want +got):\n%s", diff)
			}
			if !strings.Contains(rendered.Notes, "Enjoy Coder!") {
				t.Errorf("the notes are %q", rendered.Notes)
			}
			if image := fmt.Sprintf("image: ghcr.io/coder/coder:v%s\n",
				tt.version); !strings.Contains(rendered.Documents[len(rendered.Documents)-1].Text+
				rendered.Documents[len(rendered.Documents)-2].Text, image) {
				t.Errorf("no document has %s", image)
			}
		})
	}
}

func BenchmarkRender(b *testing.B) {
	c, v := packed(b, "coder", "2.27.0"), values(b, realistic)
	for b.Loop() {
		if _, err := c.Render(Release{Name: "coder", Namespace: "coder", Values: v, KubernetesVersion: "1.33"}); err != nil {
			b.Fatal(err)
		}
	}
}
