package templates_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTemplatesAreValid holds each template to the schemas of all its providers, and shows that a misspelt argument would be found in each of its
// kinds of resources.
func TestTemplatesAreValid(t *testing.T) {
	for _, test := range []struct {
		template string
		// broken are texts of the template with what to put in their place, and the name that Terraform then complains of.
		broken [][4]string
	}{
		{"kubernetes", [][4]string{
			{"workspace.tf", "automount_service_account_token", "automount_service_token", "automount_service_token"},
			{"workspace.tf", "storage_class_name = var", "storage_class = var", "storage_class"},
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
