//go:build unix

package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/sandbox/world"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// coderaws runs the program, and returns its results.
func coderaws(t *testing.T, arguments ...string) []byte {
	t.Helper()
	var messages bytes.Buffer
	command := exec.CommandContext(t.Context(), built(t, "coderaws"), arguments...)
	command.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "TF_") })
	command.Stderr = &messages
	results, err := command.Output()
	if err != nil {
		t.Fatalf("coderaws %s: %v\n%s", strings.Join(arguments, " "), err, complaint(messages.String()))
	}
	return results
}

// installed installs the pattern sr-simple with single sign-on in the sandbox, as anybody would, and returns its directory.
func installed(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "deployment")
	coderaws(t, "init", dir, "--pattern", "sr-simple", "--region", "us-east-1", "--domain", "coder.example.com")
	file := filepath.Join(dir, "us-east-1.tfvars")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct{ where, what string }{
		{`(?m)^(coder = \{\n\s*version\s*=\s*)"[^"]*"`, fmt.Sprintf("${1}%q\n  oidc = { issuer_url = "+
			"\"https://login.example.com\", client_id = %q }", coderVersion, clientID)},
		{`(?m)^(secrets = \{\n)`, `${1}  oidc_client_secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/oidc-AbCdEf"` + "\n"},
	} {
		pattern := regexp.MustCompile(change.where)
		if len(pattern.FindAllIndex(text, -1)) != 1 {
			t.Fatalf("%s has %s not once", file, change.where)
		}
		text = pattern.ReplaceAll(text, []byte(change.what))
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	coderaws(t, "up", dir, "--target", "sandbox", "--yes")
	return dir
}

// variables are what coderaws pushes with a template for a deployment.
func variables(t *testing.T, dir, template string) map[string]string {
	t.Helper()
	var pushes struct {
		Templates []struct {
			Template  string
			Variables map[string]string
		}
	}
	if err := json.Unmarshal(coderaws(t, "templates", "push", dir, template, "--target", "sandbox", "--output", "json"), &pushes); err != nil {
		t.Fatal(err)
	}
	if len(pushes.Templates) != 1 || pushes.Templates[0].Template != template {
		t.Fatalf("pushes are %+v", pushes)
	}
	return pushes.Templates[0].Variables
}

// rendered is the container of coderd as Coder's chart made it from what stacks/platform says.
func rendered(t *testing.T, dir string) corev1.Container {
	t.Helper()
	w, err := world.Open(filepath.Join(dir, ".coderaws", "sandbox", "world.json"), world.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }() // nothing was changed
	var deployment appsv1.Deployment
	if err := w.Do(func() error {
		for _, r := range w.List(func(r *world.Resource) bool { return r.Type == "helm_release" && r.Attributes["name"] == "coder" }) {
			for _, kept := range list(r.Attributes["objects"]) {
				manifest := kept.(map[string]any)["text"].(string)
				var kind struct{ Kind string }
				if err := yaml.Unmarshal([]byte(manifest), &kind); err != nil {
					return err
				}
				if kind.Kind == "Deployment" {
					return yaml.UnmarshalStrict([]byte(manifest), &deployment)
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(deployment.Spec.Template.Spec.Containers) != 1 {
		t.Fatalf("the release coder has no Deployment of one container: is the chart of Coder %s in CODERAWS_CHARTS?", coderVersion)
	}
	return deployment.Spec.Template.Spec.Containers[0]
}

// podAddress is what the kubelet would say of the pod.
const podAddress = "127.0.0.1"

// reference is how Kubernetes puts one variable of a container into another.
var reference = regexp.MustCompile(`\$\(([A-Za-z_][A-Za-z0-9_]*)\)`)

// environment is the environment of the container as the kubelet makes it. secrets are what the Secrets Store CSI driver has brought.
func environment(t *testing.T, container corev1.Container, secrets map[string]string) map[string]string {
	t.Helper()
	settings := map[string]string{}
	for _, variable := range container.Env {
		value := variable.Value
		switch from := variable.ValueFrom; {
		case from == nil:
		case from.FieldRef != nil && from.FieldRef.FieldPath == "status.podIP":
			value = podAddress
		case from.SecretKeyRef != nil && secrets[from.SecretKeyRef.Key] != "":
			value = secrets[from.SecretKeyRef.Key]
		default:
			t.Fatalf("%s comes from %v, which this test does not know", variable.Name, from)
		}
		settings[variable.Name] = reference.ReplaceAllStringFunc(value, func(name string) string {
			return settings[reference.FindStringSubmatch(name)[1]]
		})
	}
	return settings
}

// localized is the environment with local's values in it. It adds no name: what is not in the chart's environment is not swapped.
func localized(t *testing.T, settings map[string]string, database, issuer string) map[string]string {
	t.Helper()
	others := local(t, database, issuer)
	for name := range others {
		if _, has := settings[name]; !has {
			t.Errorf("%s would be swapped, and the chart does not set it", name)
		}
	}
	return with(settings, others)
}
