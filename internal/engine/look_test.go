package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
)

// TestCopyKept: a look at a deployment takes what is kept there, without locks, and a state as a whole though it is just being written.
func TestCopyKept(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	kept := filepath.Join(".coderaws", "sandbox")
	state := filepath.Join(dir, kept, "us-east-1", "stacks", "cloud", "terraform.tfstate")
	for name, text := range map[string]string{
		"world.json":      "{}",
		"world.json.lock": "",
		"us-east-1/stacks/cloud/terraform.tfstate":                 `{"version": 4, "serial`,
		"us-east-1/stacks/cloud/.terraform.tfstate.lock.info":      "{}",
		"us-east-1/stacks/cloud/.terraform.lock.hcl":               "# locks",
		"us-east-1/stacks/cloud/.terraform/modules/modules.json":   "{}",
		"us-east-1/stacks/cloud/.terraform/providers/x/provider":   "large",
		"../aws/us-east-1/stacks/cloud/terraform.tfstate.of-other": "{}",
	} {
		file := filepath.Join(dir, kept, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o400)); err != nil {
			t.Fatal(err)
		}
	}
	written := time.AfterFunc(50*time.Millisecond, func() {
		_ = os.Remove(state)
		_ = os.WriteFile(state, []byte(`{"version": 4, "serial": 7}`), 0o600)
	})
	defer written.Stop()
	if err := engine.CopyKept(t.Context(), dir, "sandbox", to); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"sandbox/world.json":                                             "{}",
		"sandbox/world.json.lock":                                        "absent",
		"sandbox/us-east-1/stacks/cloud/terraform.tfstate":               `{"version": 4, "serial": 7}`,
		"sandbox/us-east-1/stacks/cloud/.terraform.tfstate.lock.info":    "absent",
		"sandbox/us-east-1/stacks/cloud/.terraform.lock.hcl":             "# locks",
		"sandbox/us-east-1/stacks/cloud/.terraform/modules/modules.json": "{}",
		"sandbox/us-east-1/stacks/cloud/.terraform/providers/x/provider": "large",
		"aws": "absent",
	} {
		text, err := os.ReadFile(filepath.Join(to, ".coderaws", name))
		if err != nil {
			text = []byte("absent")
		}
		if string(text) != want {
			t.Errorf("%s is %q, want %q", name, text, want)
		}
	}
	if info, err := os.Lstat(filepath.Join(to, kept, "us-east-1/stacks/cloud/.terraform/providers")); err != nil || info.IsDir() {
		t.Errorf("the providers were copied: %v", err)
	}
	if err := engine.CopyKept(t.Context(), t.TempDir(), "sandbox", t.TempDir()); err != nil {
		t.Errorf("of a deployment that has nothing: %v", err)
	}
}

// TestCopyKeptIsInterrupted: who waits for a state that never becomes whole can stop.
func TestCopyKeptIsInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state := filepath.Join(dir, ".coderaws", "sandbox", "us-east-1", "terraform.tfstate")
	if err := errors.Join(os.MkdirAll(filepath.Dir(state), 0o700), os.WriteFile(state, []byte(`{"version": 4, "serial`), 0o600)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := engine.CopyKept(ctx, dir, "sandbox", t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestOnlyLooked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	unlock, err := engine.Lock(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	_, taken := engine.Lock(dir, time.Now())
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, none := engine.Lock(file, time.Now())
	for _, test := range []struct {
		name string
		err  error
		want bool
	}{
		{"another run works there", taken, true},
		{"there is no directory", none, false},
		{"something else", diagnostic.Errorf("something else"), false},
		{"the lock is had", nil, false},
	} {
		if got := engine.OnlyLooked(test.err); got != test.want {
			t.Errorf("%s: %v for %v", test.name, got, test.err)
		}
	}
}
