package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree is what is read of Coder's source, in small.
var tree = map[string]string{
	"go.mod": "module github.com/coder/coder/v2\n\nrequire (\n\tgithub.com/coder/serpent v0.15.0\n)\n",
	"codersdk/deployment.go": `package codersdk

import "github.com/coder/serpent"

type Auth string

const AuthPassword Auth = "password"

var Auths = []string{string(AuthPassword), "iam"}

type Link struct{}

type TLS struct{ Address serpent.HostPort }

type DeploymentValues struct {
	TLS      TLS
	Verbose, Quiet serpent.Bool
	Links    serpent.Struct[[]Link]
	Auth     string
}

func (c *DeploymentValues) Options() serpent.OptionSet {
	address := serpent.Option{Env: "CODER_ADDRESS", Value: &c.TLS.Address}
	return serpent.OptionSet{
		{Flag: "no-variable", Value: &c.Quiet},
		{Env: "CODER_QUIET", Value: &c.Quiet, UseInstead: []serpent.Option{address}},
		{Env: "CODER_LINKS", Value: serpent.Validate(&c.Links, func(*serpent.Struct[[]Link]) error { return nil })},
		{Env: "CODER_AUTH", Value: serpent.EnumOf(&c.Auth, Auths...),
			Annotations: serpent.Annotations{}.Mark(annotationExternalProxies, "true")},
		{Env: "CODER_SITE", Value: serpent.EnumOf(&c.Auth, "lax", "none")},
		{Env: "TUNNEL", Value: &c.Quiet},
	}
}
`,
	"enterprise/cli/proxy.go": `package cli

func (r *RootCmd) proxyServer() {
	var (
		token serpent.String
		hub   serpent.URL
	)
	_ = O{Env: "CODER_TOKEN", Value: &token}
	_ = O{Env: "CODER_HUB", Value: serpent.Validate(&hub, func(*serpent.URL) error { return nil })}
}
`,
	"enterprise/cli/start.go": "//go:build !slim\n\npackage cli\n\n" +
		"func (r *RootCmd) provisionerDaemonStart() { _ = O{Env: \"CODER_NAME\", Value: serpent.StringOf(&name)} }\n",
	"enterprise/cli/start_slim.go": "//go:build slim\n\npackage cli\n\nfunc (r *RootCmd) provisionerDaemonStart() {}\n",
	"cli/root.go": `package cli

const envURL = "CODER_URL"

func (r *RootCmd) Command() {
	_ = O{Env: envURL, Value: serpent.URLOf(&r.url)}
	_, _ = os.LookupEnv("CODER_TRACE")
}

func (o *OrganizationContext) AttachOptions() { _ = O{Env: "CODER_ORGANIZATION", Value: serpent.StringOf(&o.name)} }
`,
	"cli/server.go":                    "package cli\n\nfunc run() { _ = inv.Environ.Get(\"CODER_QUIET\"); _ = headers.Get(\"Accept\") }\n",
	"coderd/telemetry/telemetry.go":    "package telemetry\n\nvar source = os.Getenv(\"CODER_SOURCE\")\n",
	"coderd/telemetry/other.go":        "package telemetry\n",
	"codersdk/broken_on_windows_go.md": "no Go",
}

func unpack(t *testing.T, changes map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range tree {
		if changed, ok := changes[name]; ok {
			text = changed
		}
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestExtract(t *testing.T) {
	got, err := extract(unpack(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := release{
		serpent: "v0.15.0",
		server: map[string]string{
			"CODER_ADDRESS": "host:port", "CODER_QUIET": "bool", "CODER_LINKS": "struct[[]codersdk.Link]",
			"CODER_AUTH": "enum[password|iam]", "CODER_SITE": "enum[lax|none]",
		},
		proxy:       map[string]string{"CODER_AUTH": "enum[password|iam]", "CODER_TOKEN": "string", "CODER_HUB": "url"},
		provisioner: map[string]string{"CODER_NAME": "string", "CODER_ORGANIZATION": "string"},
		every:       map[string]string{"CODER_URL": "url", "CODER_TRACE": "string", "CODER_SOURCE": "string"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(release{})); diff != "" {
		t.Errorf("extracted (-want +got):\n%s", diff)
	}
}

// TestExtractUnknown: what the tool does not understand is an error rather than an option that is missing.
func TestExtractUnknown(t *testing.T) {
	options := func(value string) map[string]string {
		return map[string]string{"codersdk/deployment.go": "package codersdk\n\ntype DeploymentValues struct { Clock serpent.Clock }\n\n" +
			"func (c *DeploymentValues) Options() { _ = O{Env: \"CODER_CLOCK\", Value: " + value + "} }\n"}
	}
	for _, tt := range []struct {
		name    string
		changes map[string]string
		want    string
	}{
		{"a type that serpent did not have", options("&c.Clock"), "serpent's name for serpent.Clock is not known"},
		{"a field that there is not", options("&c.Watch"), "DeploymentValues has no field Watch"},
		{"a variable of the function", options("&clock"), "the receiver"},
		{"another way to make a value", options("serpent.ClockOf(&c.Clock)"), "the type of serpent.ClockOf(&c.Clock) is not known"},
		{"a name that is computed", map[string]string{"cli/root.go": tree["cli/root.go"] +
			"\nfunc (a *AgentAuth) AttachOptions() { _ = O{Env: prefix + name, Value: serpent.StringOf(&x)} }\n"},
			"the text of prefix + name is not known"},
		{"a function that moved", map[string]string{"cli/root.go": "package cli\n"}, "no function (OrganizationContext).AttachOptions"},
		{"another parser", map[string]string{"go.mod": "module x\n"}, "go.mod does not require github.com/coder/serpent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := extract(unpack(t, tt.changes)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestTable(t *testing.T) {
	of := func(version string, server map[string]string) release {
		return release{version: version, serpent: "v0.1.0", server: server}
	}
	text, err := table([]release{
		of("1.0.0", map[string]string{"CODER_A": "bool", "CODER_OLD": "string"}),
		of("2.0.0", map[string]string{"CODER_A": "bool", "CODER_OLD": "string", "CODER_NEW": "enum[a|b]"}),
		of("3.0.0", map[string]string{"CODER_A": "bool", "CODER_NEW": "enum[a|b]"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `  "server": [
    {"name": "CODER_A", "type": "bool"},
    {"name": "CODER_NEW", "type": "enum[a|b]", "since": "2.0.0"},
    {"name": "CODER_OLD", "type": "string", "until": "2.0.0"}
  ],
`
	if !strings.Contains(string(text), want) {
		t.Errorf("written:\n%s", text)
	}
	for _, tt := range []struct {
		name     string
		releases []release
		want     string
	}{
		{"another type", []release{of("1.0.0", map[string]string{"CODER_A": "bool"}), of("2.0.0", map[string]string{"CODER_A": "int"})},
			"CODER_A is of type int in Coder 2.0.0, and was of type bool"},
		{"an option that comes back", []release{of("1.0.0", map[string]string{"CODER_A": "bool"}), of("2.0.0", nil),
			of("3.0.0", map[string]string{"CODER_A": "bool"})},
			"CODER_A is read up to 1.0.0 and from 3.0.0 on, and not between"},
	} {
		if _, err := table(tt.releases); err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}
