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
	"path/filepath"
	"runtime"
	"strings"
	"testing"

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

// terraformSettings writes a CLI configuration by which Terraform takes Coder's own provider and the stand-in for the Kubernetes provider
// from a filesystem mirror, and asks no registry.
func terraformSettings(t *testing.T) string {
	t.Helper()
	mirror := t.TempDir()
	provider, err := os.ReadFile(built(t, "terraform-provider-coder"))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"coder/coder/" + coderProviderVersion:            provider,
		"hashicorp/kubernetes/" + kubernetestest.Version: fmt.Appendf(nil, "#!/bin/sh\n%s=1 TF_LOG_SDK=off exec '%s'\n", providerVariable, self),
	} {
		parts := strings.Split(name, "/")
		dir := filepath.Join(mirror, "registry.terraform.io", filepath.FromSlash(name), runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "terraform-provider-"+parts[1]+"_v"+parts[2]), text, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	settings := filepath.Join(mirror, "settings.tfrc")
	if err := os.WriteFile(settings, fmt.Appendf(nil,
		"provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror), 0o644); err != nil {
		t.Fatal(err)
	}
	return settings
}
