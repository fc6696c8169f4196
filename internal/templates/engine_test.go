// Package templates_test proves the workspace templates with Terraform: what it accepts, what people may choose, and
// what a start, a stop and a deletion of a workspace make and leave. Coder's provider is the real one, AWS is the
// embedded one, and Kubernetes is a provider with the real one's schema that agrees with every plan.
package templates_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/world"
	"coderaws/internal/templates/kubernetestest"
)

// program runs Terraform in a copy of a template, as Coder's provisioner does.
type program struct {
	t       *testing.T
	dir     string
	binary  string
	environ []string
	// aws is the embedded AWS.
	aws *sandboxtest.Driver
	// mirror is where other providers come from, and attached are those that are served from here, by address.
	mirror   string
	attached map[string]any
}

// workspace is what Coder tells its provider of a workspace.
type workspace struct {
	id, name, owner string
	// parameters are what was chosen, by name; previous what had been chosen for the build before.
	parameters, previous map[string]string
	// variables are what was pushed with the template.
	variables map[string]string
}

// coderProvider is built by `make bin/terraform-provider-coder`.
const coderProvider = "../../bin/terraform-provider-coder"

const coderProviderVersion = "2.19.0"

// open copies a template and prepares Terraform for it.
func open(t *testing.T, template string) *program {
	t.Helper()
	binary := ""
	for _, name := range []string{os.Getenv("CODERAWS_TERRAFORM"), "terraform", "../../bin/tofu", "tofu"} {
		if found, err := exec.LookPath(name); err == nil {
			if binary, err = filepath.Abs(found); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if binary == "" {
		t.Skip("SKIPPED: templates are validated by Terraform or OpenTofu, and there is neither: make tools")
	}
	provider, err := os.ReadFile(coderProvider)
	if err != nil {
		t.Skip("SKIPPED: templates are validated with Coder's own provider, which is not built: make bin/terraform-provider-coder")
	}
	p := &program{t: t, dir: t.TempDir(), binary: binary, aws: sandboxtest.New(t, "")}
	files, err := filepath.Glob(filepath.Join("../../templates", template, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no template %s: %v", template, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p.write(filepath.Base(file), string(text))
	}

	// A filesystem mirror serves Coder's provider, under the registries of both products; all else is attached.
	mirror := t.TempDir()
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(mirror, registry, "coder", "coder", coderProviderVersion, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "terraform-provider-coder_v"+coderProviderVersion), provider, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	settings := filepath.Join(mirror, "settings.tfrc")
	if err := os.WriteFile(settings, fmt.Appendf(nil,
		"provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror), 0o644); err != nil {
		t.Fatal(err)
	}
	attached := map[string]any{}
	for name, address := range serveAWS(t, p.aws.World, p.dir) {
		attached[name] = address
	}
	kubernetes := kubernetestest.Attach(t)
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		attached[registry+"/hashicorp/kubernetes"] = reattachment(kubernetes.Network, kubernetes.Path, kubernetes.ProtocolVersion, kubernetes.PID)
	}
	p.mirror, p.attached = mirror, attached
	p.environ = append(plainEnvironment(), "TF_CLI_CONFIG_FILE="+settings, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	return p
}

// plainEnvironment is this process's without what would change what Terraform or Coder's provider do.
func plainEnvironment() []string {
	var plain []string
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "TF_") && !strings.HasPrefix(entry, "CODER_") && !strings.HasPrefix(entry, "AWS_") {
			plain = append(plain, entry)
		}
	}
	return plain
}

// reattachment is an address as TF_REATTACH_PROVIDERS takes it.
func reattachment(network, path string, protocol, pid int) map[string]any {
	return map[string]any{"Protocol": "grpc", "ProtocolVersion": protocol, "Pid": pid, "Test": true,
		"Addr": map[string]string{"Network": network, "String": path}}
}

// serveAWS serves the embedded AWS for the configuration in dir.
func serveAWS(t *testing.T, w *world.World, dir string) map[string]any {
	t.Helper()
	running, err := sandbox.Start(sandbox.Options{World: w, Directories: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.Stop)
	addresses := map[string]any{}
	address := running.Address()
	for _, name := range sandbox.ProviderAddresses {
		addresses[name] = reattachment(address.Network, address.Path, address.ProtocolVersion, address.PID)
	}
	return addresses
}

// write puts a file into the copy.
func (p *program) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// replace changes the copy where the text stands exactly once.
func (p *program) replace(name, old, text string) {
	p.t.Helper()
	before, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		p.t.Fatal(err)
	}
	if strings.Count(string(before), old) != 1 {
		p.t.Fatalf("%s has %q %d times", name, old, strings.Count(string(before), old))
	}
	p.write(name, strings.Replace(string(before), old, text, 1))
}

// run runs Terraform and returns what it wrote.
func (p *program) run(environ []string, arguments ...string) (string, error) {
	p.t.Helper()
	reattach, err := json.Marshal(p.attached)
	if err != nil {
		p.t.Fatal(err)
	}
	command := exec.CommandContext(p.t.Context(), p.binary, arguments...)
	command.Dir, command.Env = p.dir, append(append(slices.Clone(p.environ), "TF_REATTACH_PROVIDERS="+string(reattach)), environ...)
	output, err := command.CombinedOutput()
	return string(output), err
}

// must is run for what cannot fail.
func (p *program) must(environ []string, arguments ...string) string {
	p.t.Helper()
	output, err := p.run(environ, arguments...)
	if err != nil {
		p.t.Fatalf("%s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return output
}

// environment is what Coder's provisioner sets for a build.
func (w workspace) environment(transition string) []string {
	environ := []string{
		"CODER_WORKSPACE_ID=" + w.id, "CODER_WORKSPACE_NAME=" + w.name, "CODER_WORKSPACE_TRANSITION=" + transition,
		"CODER_WORKSPACE_OWNER=" + w.owner, "CODER_WORKSPACE_OWNER_ID=" + ownerID(w.owner), "CODER_WORKSPACE_OWNER_NAME=",
		"CODER_WORKSPACE_OWNER_EMAIL=" + w.owner + "@example.com",
		"CODER_WORKSPACE_TEMPLATE_ID=t", "CODER_WORKSPACE_TEMPLATE_NAME=template", "CODER_WORKSPACE_TEMPLATE_VERSION=v1",
		"CODER_AGENT_URL=https://coder.example.com/",
	}
	for name, value := range w.parameters {
		environ = append(environ, parameterVariable("", name)+"="+value)
	}
	for name, value := range w.previous {
		environ = append(environ, parameterVariable("PREVIOUS_", name)+"="+value)
	}
	for name, value := range w.variables {
		environ = append(environ, "TF_VAR_"+name+"="+value)
	}
	return environ
}

// ownerID makes an id of the form that Coder has from a user's name.
func ownerID(name string) string {
	return fmt.Sprintf("00000000-0000-4000-8000-%012x", name[:min(6, len(name))])
}

// parameterVariable is where Coder's provider reads what was chosen for a parameter.
func parameterVariable(prefix, name string) string {
	sum := sha256.Sum256([]byte(name))
	return "CODER_PARAMETER_" + prefix + hex.EncodeToString(sum[:])
}

// resource is a resource in a state or a plan.
type resource struct {
	Address, Type string
	Values        map[string]any
}

// state are the managed resources there are, by address.
func (p *program) state() map[string]resource {
	p.t.Helper()
	var shown struct {
		Values struct {
			Root struct {
				Resources []struct {
					resource
					Mode string
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal([]byte(p.must(nil, "show", "-json")), &shown); err != nil {
		p.t.Fatal(err)
	}
	resources := map[string]resource{}
	for _, r := range shown.Values.Root.Resources {
		if r.Mode == "managed" {
			resources[r.Address] = r.resource
		}
	}
	return resources
}

// actions are what a plan would do, by address, without what stays.
func (p *program) actions(environ []string) map[string]string {
	p.t.Helper()
	p.must(environ, "plan", "-no-color", "-out=plan")
	var plan struct {
		Changes []struct {
			Address, Mode string
			Change        struct{ Actions []string }
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(p.must(nil, "show", "-json", "plan")), &plan); err != nil {
		p.t.Fatal(err)
	}
	actions := map[string]string{}
	for _, change := range plan.Changes {
		if action := strings.Join(change.Change.Actions, ","); change.Mode == "managed" && action != "no-op" {
			actions[change.Address] = action
		}
	}
	return actions
}

// at follows a path through lists and maps, such as "spec.0.replicas".
func at(t *testing.T, value any, path string) any {
	t.Helper()
	for _, step := range strings.Split(path, ".") {
		switch here := value.(type) {
		case map[string]any:
			value = here[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(here) {
				t.Fatalf("%s: no element %s", path, step)
			}
			value = here[i]
		default:
			t.Fatalf("%s: nothing at %s", path, step)
		}
	}
	return value
}

// parses holds a script to the syntax of its shell.
func parses(t *testing.T, shell string, script any) {
	t.Helper()
	program, err := exec.LookPath(shell)
	if err != nil {
		t.Logf("SKIPPED: scripts are not parsed, as there is no %s", shell)
		return
	}
	command := exec.CommandContext(t.Context(), program, "-n")
	command.Stdin = strings.NewReader(script.(string))
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("a script that %s cannot read: %v\n%s\n%s", shell, err, output, script)
	}
}
