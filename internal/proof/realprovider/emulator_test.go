package realprovider_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/proof/awsproxy"
	"coderaws/internal/proof/realprovider"
)

// proof is what the comparisons need: the real provider and its schema, Terraform or OpenTofu, and an emulator of AWS.
type proof struct {
	schema *realprovider.Schema
	// settings is a file that makes Terraform and OpenTofu take the provider from the mirror.
	settings string
	// environ is this process's environment without what would lead the provider to an account.
	environ []string
	engines []engine.Binary
}

// prepare finds everything, or skips the test and says what is not proven.
func prepare(t *testing.T) *proof {
	t.Helper()
	skip := func(err error) { t.Skipf("NOT PROVEN against the real AWS provider: %v", err) }
	mirror, binary, err := realprovider.FindIfAsked()
	if err != nil {
		skip(err)
	}
	if _, err := exec.LookPath("moto_server"); err != nil {
		skip(awsproxy.ErrNoMoto)
	}
	p := &proof{settings: writeSettings(t, mirror)}
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "AWS_") {
			p.environ = append(p.environ, pair)
		}
	}
	if p.engines = findEngines(t, p.environ); len(p.engines) == 0 {
		skip(errors.New("there is neither terraform nor tofu"))
	}
	provider, err := realprovider.StartOffline(t.Context(), binary)
	if err != nil {
		t.Fatal(err)
	}
	defer provider.Close()
	p.schema = provider.Schema()
	return p
}

// writeSettings makes a mirror with the provider under the addresses of both registries, and a file that names it.
func writeSettings(t *testing.T, mirror string) string {
	t.Helper()
	both := t.TempDir()
	version := filepath.Join("hashicorp", "aws", realprovider.Version)
	platform := runtime.GOOS + "_" + runtime.GOARCH
	from := filepath.Join(mirror, "registry.terraform.io", version, platform)
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		to := filepath.Join(both, host, version)
		if err := os.MkdirAll(to, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(from, filepath.Join(to, platform)); err != nil {
			t.Fatal(err)
		}
	}
	settings := filepath.Join(both, "terraform.rc")
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", both)
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return settings
}

// findEngines gives one of each product, Terraform first: what is on PATH, and what make tools has built.
func findEngines(t *testing.T, environ []string) []engine.Binary {
	t.Helper()
	var found []engine.Binary
	seen := map[engine.Product]bool{}
	for _, name := range []string{"terraform", "tofu", "../../../bin/tofu"} {
		binary, err := engine.Find(t.Context(), engine.Lookup{Environ: append(environ[:len(environ):len(environ)],
			engine.BinaryVariable+"="+name)})
		if err == nil && !seen[binary.Product] {
			seen[binary.Product] = true
			found = append(found, binary)
		}
	}
	return found
}

// emulator is AWS as a target, with the real provider in front of one that moto_server and the proxy play.
type emulator struct {
	lifecycle.AWS
	server   *awsproxy.Server
	settings string
}

// start starts an empty emulator that ends with the test.
func (p *proof) start(t *testing.T) *emulator {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var log bytes.Buffer
	server, err := awsproxy.Start(ctx, "127.0.0.1:0", &log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &emulator{server: server, settings: p.settings}
}

func (*emulator) Name() string                                  { return "emulator" }
func (e *emulator) Providers(string, []string) engine.Providers { return e }

// State is a file: what is proven with it is the provider's work.
func (*emulator) State(*deployment.Region, string) (*engine.Backend, func(from, to string) error) {
	return nil, nil
}

func (*emulator) Stop() error { return nil }

// Start says where AWS is; the provider is started by Terraform itself.
func (e *emulator) Start(context.Context) (engine.Attachment, error) {
	return engine.Attachment{Environment: map[string]string{
		"AWS_ENDPOINT_URL": e.server.URL, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_EC2_METADATA_DISABLED": "true", "TF_CLI_CONFIG_FILE": e.settings,
	}}, nil
}

// runner runs the verbs on a target.
func (p *proof) runner(binary engine.Binary, target lifecycle.Target) *lifecycle.Runner {
	return &lifecycle.Runner{
		Source: source, Program: "test", Binary: binary, Environ: p.environ, Target: target, Reporter: &stopwatch{}, Now: time.Now,
		Stacks: []string{lifecycle.CloudStack}, // there is no cluster behind the emulator that Helm could install to
	}
}

// stopwatch notes which steps took longest: most of a life is the provider's own pauses, and this shows whose.
type stopwatch struct {
	mu    sync.Mutex
	steps []step
}

type step struct {
	seconds         float64
	action, address string
}

func (*stopwatch) Begin(progress.Operation) {}
func (*stopwatch) Notice(string)            {}
func (*stopwatch) End(bool)                 {}

func (s *stopwatch) Event(e engine.Event) {
	if e.Type != engine.EventApplyComplete || e.Hook == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps = append(s.steps, step{e.Hook.ElapsedSeconds, e.Hook.Action, e.Hook.Resource.Address})
}

// slowest lists the steps of more than ten seconds, slowest first, and forgets all.
func (s *stopwatch) slowest() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortFunc(s.steps, func(a, b step) int { return cmp.Compare(b.seconds, a.seconds) })
	text := ""
	for _, one := range s.steps {
		if one.seconds > 10 {
			text += fmt.Sprintf("\n\t%3.0f s %s %s", one.seconds, one.action, one.address)
		}
	}
	s.steps = nil
	return text
}

// Strays looks at nothing: the emulator of a test holds what the test makes alone, and live counts what is left there.
func (*emulator) Strays(context.Context, *deployment.Region, map[string][]string, map[string][]string) ([]lifecycle.Stray, error) {
	return nil, nil
}
