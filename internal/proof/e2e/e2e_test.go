//go:build unix

// Package e2e_test boots a real coderd against a real PostgreSQL, with the environment that the charts give it, and
// does with it what coderaws does on the first day: first steps, templates. `make e2e` builds what that takes and runs
// it; elsewhere these tests are skipped.
//
// What is not real here: the network (loopback alone), AWS (secrets are kept in memory, and the database is not
// Aurora), the licence (there is none, so that what is Premium is asked for and refused), and the Kubernetes cluster in
// which templates would start pods.
package e2e_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"coderaws/internal/engine"
	"coderaws/internal/engine/registrytest"
	"coderaws/internal/templates/kubernetestest"
)

// optIn is what `make e2e` sets.
const optIn = "CODERAWS_TEST_E2E"

// providerVariable makes this program a Terraform provider, for coderd's Terraform to start.
const providerVariable = "CODERAWS_E2E_SERVE_KUBERNETES"

func TestMain(m *testing.M) {
	if os.Getenv(providerVariable) != "" {
		if err := kubernetestest.Serve(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// coderVersion is that of bin/coder and of the chart that its environment comes from.
const coderVersion = "2.24.4"

// coderProviderVersion is that of bin/terraform-provider-coder.
const coderProviderVersion = "2.19.0"

// wanted skips the test where nobody asked for it or something is missing that it takes, and says what.
func wanted(t *testing.T) {
	t.Helper()
	if os.Getenv(optIn) == "" {
		t.Skip("SKIPPED: this test boots a real coderd: make e2e")
	}
}

// built is the path of a program that `make e2e` builds.
func built(t *testing.T, name string) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("../../../bin", name))
	if err == nil {
		_, err = os.Stat(file)
	}
	if err != nil {
		t.Fatalf("bin/%s is not built: make bin/%s", name, name)
	}
	return file
}

// freePort is a port of the loopback interface that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}

// nowhere are the variables of a machine that reaches no registry: whoever is not on it is behind a proxy that does not answer.
func nowhere() []string {
	return []string{"HTTPS_PROXY=http://127.0.0.1:1", "HTTP_PROXY=http://127.0.0.1:1", "NO_PROXY=127.0.0.1,localhost", "CHECKPOINT_DISABLE=1"}
}

// needed are the providers of the template kubernetes, as its main.tf requires them.
const needed = `terraform {
  required_providers {
    coder = {
      source  = "registry.terraform.io/coder/coder"
      version = "~> 2.4"
    }
    kubernetes = {
      source  = "registry.terraform.io/hashicorp/kubernetes"
      version = "~> 2.38"
    }
  }
}
`

// terraformSettings writes a CLI configuration by which Terraform takes Coder's own provider and the stand-in for the Kubernetes provider
// from a filesystem mirror, and asks no registry. The mirror is made as a bundle's is: by Terraform itself, of a registry that signs them.
func terraformSettings(t *testing.T) string {
	t.Helper()
	provider, err := os.ReadFile(built(t, "terraform-provider-coder"))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	registry := registrytest.Start(t, false,
		registrytest.Provider{Name: "coder/coder", Version: coderProviderVersion, OS: runtime.GOOS, Arch: runtime.GOARCH, Program: provider},
		registrytest.Provider{Name: "hashicorp/kubernetes", Version: kubernetestest.Version, OS: runtime.GOOS, Arch: runtime.GOARCH,
			Program: fmt.Appendf(nil, "#!/bin/sh\n%s=1 TF_LOG_SDK=off exec '%s'\n", providerVariable, self)})
	binary, err := engine.Find(t.Context(), engine.Lookup{Environ: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	dir, module := t.TempDir(), t.TempDir()
	write(t, filepath.Join(module, "main.tf"), needed)
	mirror, settings := filepath.Join(dir, "providers"), filepath.Join(dir, "terraform.tfrc")
	environ := append(append(os.Environ(), nowhere()...), registry.Environ...)
	if err := engine.Mirror(t.Context(), binary, environ, module, mirror, runtime.GOOS+"_"+runtime.GOARCH); err != nil {
		t.Fatal(err)
	}
	write(t, settings, fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror))
	return settings
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTemplateWithoutRegistry: the template kubernetes finds all that it needs in the mirror, on a machine that reaches no registry.
func TestTemplateWithoutRegistry(t *testing.T) {
	wanted(t)
	settings, module := terraformSettings(t), t.TempDir()
	if err := os.CopyFS(module, os.DirFS("../../../templates/kubernetes")); err != nil {
		t.Fatal(err)
	}
	binary, err := engine.Find(t.Context(), engine.Lookup{Environ: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{{"init", "-no-color", "-input=false"}, {"validate", "-no-color"}} {
		command := exec.CommandContext(t.Context(), binary.Path, arguments...)
		command.Dir, command.Env = module, append(append(os.Environ(), nowhere()...), "TF_CLI_CONFIG_FILE="+settings)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", arguments, err, out)
		}
	}
}
