package engine_test

import (
	"archive/zip"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/engine/registrytest"
)

// requirements are a root module that needs one provider.
const requirements = `terraform {
  required_providers {
    coder = {
      source  = "registry.terraform.io/coder/coder"
      version = "%s"
    }
  }
}
`

// mirrorScene is a registry with one provider, and a module that needs it.
func mirrorScene(t *testing.T, forged bool, version string) (*registrytest.Registry, string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: that providers are mirrored from a registry: only on Linux is its authority taken from SSL_CERT_FILE")
	}
	registry := registrytest.Start(t, forged, registrytest.Provider{Name: "coder/coder", Version: "2.19.0", OS: "linux", Arch: "arm64",
		Program: []byte("a provider for arm64")})
	module := t.TempDir()
	if err := os.WriteFile(filepath.Join(module, "main.tf"), fmt.Appendf(nil, requirements, version), 0o600); err != nil {
		t.Fatal(err)
	}
	return registry, module
}

// environFor is the user's environment with other variables. Whoever would ask another host than this machine gets no answer.
func environFor(more ...string) []string {
	nowhere := []string{"HTTPS_PROXY=http://127.0.0.1:1", "HTTP_PROXY=http://127.0.0.1:1", "NO_PROXY=127.0.0.1", "CHECKPOINT_DISABLE=1"}
	return append(append(os.Environ(), nowhere...), more...)
}

// TestMirror: Terraform writes a mirror of what a registry has for another platform, with what makes it a network mirror, too; and from the
// mirror alone, without any registry, a module finds its providers.
func TestMirror(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		registry, module := mirrorScene(t, false, "~> 2.4")
		mirror := filepath.Join(t.TempDir(), "providers")
		for range 2 { // the second finds what the first wrote
			if err := engine.Mirror(t.Context(), binary, environFor(registry.Environ...), module, mirror, "linux_arm64"); err != nil {
				t.Fatal(err)
			}
		}
		at := filepath.Join(mirror, registrytest.Host, "coder", "coder")
		if got := zipped(t, filepath.Join(at, "terraform-provider-coder_2.19.0_linux_arm64.zip")); got != "a provider for arm64" {
			t.Errorf("the mirror has %q", got)
		}
		for _, file := range []string{"index.json", "2.19.0.json"} {
			if _, err := os.Stat(filepath.Join(at, file)); err != nil {
				t.Error(err)
			}
		}
	})
}

// zipped is the one file in an archive.
func zipped(t *testing.T, file string) string {
	t.Helper()
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	if len(archive.File) != 1 {
		t.Fatalf("%s has %d files", file, len(archive.File))
	}
	content, err := archive.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestMirrorFails: what a registry lacks, or cannot prove to be its own, is no mirror.
func TestMirrorFails(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	for _, test := range []struct {
		name, version, why string
		forged, gone       bool
	}{
		{name: "a version that the registry lacks", version: "~> 3.0", why: "no releases match the given constraints"},
		{name: "a signature of somebody else", version: "~> 2.4", forged: true, why: "signature"},
		{name: "no registry", version: "~> 2.4", gone: true, why: registrytest.Host},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, binary engine.Binary) {
				registry, module := mirrorScene(t, test.forged, test.version)
				environ := environFor(registry.Environ...)
				if test.gone {
					environ = environFor("TF_CLI_CONFIG_FILE=", "TF_REGISTRY_DISCOVERY_RETRY=0")
				}
				mirror := t.TempDir()
				list := diagnostic.From(engine.Mirror(t.Context(), binary, environ, module, mirror, "linux_arm64"))
				if len(list) != 1 || list[0].Code != "engine.mirror" || !strings.Contains(list[0].Why, test.why) ||
					strings.Contains(list[0].Why, "\x1b") || !strings.Contains(list[0].Todo, "connect this machine") {
					t.Errorf("the error is %+v, which does not say %q", list, test.why)
				}
				if found, _ := filepath.Glob(filepath.Join(mirror, registrytest.Host, "coder", "coder", "terraform-provider-*.zip")); len(found) > 0 {
					t.Errorf("the mirror has %v all the same", found)
				}
			})
		})
	}
}

// TestMirrorAlone: with the mirror and no way to a registry, a module finds its providers, and is told at once which it does not find.
func TestMirrorAlone(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary engine.Binary) {
		registry := registrytest.Start(t, false, registrytest.Provider{Name: "coder/coder", Version: "2.19.0", OS: runtime.GOOS,
			Arch: runtime.GOARCH, Program: []byte("a provider")})
		_, module := mirrorScene(t, false, "~> 2.4")
		dir := t.TempDir()
		mirror, settings := filepath.Join(dir, "providers"), filepath.Join(dir, "terraform.tfrc")
		platform := runtime.GOOS + "_" + runtime.GOARCH
		if err := engine.Mirror(t.Context(), binary, environFor(registry.Environ...), module, mirror, platform); err != nil {
			t.Fatal(err)
		}
		text := fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
		if err := os.WriteFile(settings, text, 0o600); err != nil {
			t.Fatal(err)
		}
		initialize := func(module string) (string, error) {
			command := exec.CommandContext(t.Context(), binary.Path, "init", "-no-color", "-input=false")
			command.Dir, command.Env = module, environFor("TF_CLI_CONFIG_FILE="+settings)
			out, err := command.CombinedOutput()
			return string(out), err
		}
		if out, err := initialize(module); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		_, other := mirrorScene(t, false, "~> 3.0")
		out, err := initialize(other)
		if words := strings.Join(strings.Fields(out), " "); err == nil || !strings.Contains(words, "no available releases match") { // wrapped
			t.Errorf("a version that the mirror lacks: %v\n%s", err, out)
		}
	})
}
