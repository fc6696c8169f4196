package templates_test

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestTemplatesAreValid holds each template to the schemas of all its providers, and shows that a misspelt argument
// would be found in each of its kinds of resources.
func TestTemplatesAreValid(t *testing.T) {
	for _, test := range []struct {
		template string
		// broken are texts of the template with what to put in their place, and the name that Terraform then complains of.
		broken [][4]string
	}{
		{"kubernetes", [][4]string{
			{"workspace.tf", "automount_service_account_token", "automount_service_token", "automount_service_token"},
			{"workspace.tf", "storage_class_name = local", "storage_class = local", "storage_class"},
			{"agent.tf", "connection_timeout", "connect_timeout", "connect_timeout"},
			{"parameters.tf", `monotonic = "increasing"`, `monotone = "increasing"`, "monotone"},
		}},
		{"kubernetes-gpu", [][4]string{
			{"workspace.tf", "size_limit", "memory_limit", "memory_limit"},
			{"parameters.tf", `monotonic = "increasing"`, `monotone = "increasing"`, "monotone"},
		}},
		{"ec2-linux", [][4]string{
			{"instance.tf", "http_tokens ", "http_token ", "http_token"},
			{"instance.tf", "stop_instance_before_detaching", "stop_before_detaching", "stop_before_detaching"},
			{"agent.tf", "connection_timeout", "connect_timeout", "connect_timeout"},
		}},
	} {
		t.Run(test.template, func(t *testing.T) {
			t.Parallel()
			p := open(t, test.template)
			p.must(nil, "init", "-no-color")
			p.must(nil, "validate", "-no-color")
			for _, change := range test.broken {
				p.replace(change[0], change[1], change[2])
				output, err := p.run(nil, "validate", "-no-color")
				if err == nil || !strings.Contains(output, `"`+change[3]+`"`) {
					t.Errorf("with %s for %s, validate says: %s", change[2], change[1], output)
				}
				p.replace(change[0], change[2], change[1])
			}
		})
	}
}

// TestAgentsAreAlike: the templates for Kubernetes have one agent, which must be changed in both.
func TestAgentsAreAlike(t *testing.T) {
	var texts []string
	for _, template := range []string{"kubernetes", "kubernetes-gpu"} {
		text, err := os.ReadFile(filepath.Join("../../templates", template, "agent.tf"))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("templates/kubernetes/agent.tf and templates/kubernetes-gpu/agent.tf differ")
	}
}

// TestInstancesAreValidForTheRealProvider holds the template to the AWS provider itself, of the version that a
// filesystem mirror has: an argument that only one of its major versions knows would be found.
func TestInstancesAreValidForTheRealProvider(t *testing.T) {
	real := filepath.Join(os.Getenv("CODERAWS_PROVIDER_MIRROR"), "registry.terraform.io", "hashicorp", "aws")
	if _, err := os.Stat(real); os.Getenv("CODERAWS_PROVIDER_MIRROR") == "" || err != nil {
		t.Skip("SKIPPED: this test takes the real AWS provider, in the filesystem mirror that CODERAWS_PROVIDER_MIRROR names: make test-provider")
	}
	p := open(t, "ec2-linux")
	if strings.HasSuffix(p.binary, "tofu") {
		t.Skip("SKIPPED: the mirror has providers for Terraform alone")
	}
	maps.DeleteFunc(p.attached, func(name string, _ any) bool { return strings.HasSuffix(name, "/aws") })
	platform := filepath.Join("*", runtime.GOOS+"_"+runtime.GOARCH)
	versions, err := filepath.Glob(filepath.Join(real, platform))
	if err != nil || len(versions) == 0 {
		t.Fatalf("%s has nothing for this platform: %v", real, err)
	}
	for _, version := range versions {
		// Terraform follows a link in this place alone.
		link := filepath.Join(p.mirror, "registry.terraform.io", "hashicorp", "aws", filepath.Base(filepath.Dir(version)), filepath.Base(version))
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(version, link); err != nil {
			t.Fatal(err)
		}
	}
	p.must(nil, "init", "-no-color")
	p.must(nil, "validate", "-no-color")
	p.replace("instance.tf", "http_tokens ", "http_token ")
	if output, err := p.run(nil, "validate", "-no-color"); err == nil || !strings.Contains(output, `"http_token"`) {
		t.Errorf("a misspelt argument: %v %s", err, output)
	}
}
