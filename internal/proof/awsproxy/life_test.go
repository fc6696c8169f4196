package awsproxy_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"coderaws/internal/proof/awsproxy"
	"coderaws/internal/proof/realprovider"
)

// TestRealProviderLivesAWholeLife applies testdata/everything with the real Terraform and the real AWS provider, plans
// it again, which must change nothing, and destroys it. It takes minutes, most of them the provider's own pauses.
func TestRealProviderLivesAWholeLife(t *testing.T) {
	mirror, _, err := realprovider.FindIfAsked()
	if err != nil {
		t.Skipf("NOT PROVEN against the real AWS provider: %v", err)
	}
	terraform, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("NOT PROVEN against the real AWS provider: terraform is not on the PATH")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	var log bytes.Buffer
	server, err := awsproxy.Start(ctx, "127.0.0.1:0", &log)
	if errors.Is(err, awsproxy.ErrNoMoto) {
		t.Skipf("NOT PROVEN against the real AWS provider: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()

	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/everything")); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "terraform.rc")
	installation := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
	if err := os.WriteFile(settings, []byte(installation), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) {
		t.Helper()
		started := time.Now()
		cmd := exec.CommandContext(ctx, terraform, append(args, "-no-color", "-input=false")...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+settings, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
			"AWS_ENDPOINT_URL="+server.URL, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_REGION=us-east-1",
			"AWS_EC2_METADATA_DISABLED=true")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("terraform %v: %v\n%s", args, err, tail(out, 4000))
		}
		t.Logf("terraform %s: %v", args[0], time.Since(started).Round(time.Second))
	}
	run("init")
	run("apply", "-auto-approve", "-parallelism=30")
	// Exit code 2 says that there are changes.
	run("plan", "-detailed-exitcode")
	run("destroy", "-auto-approve", "-parallelism=30")
}

func tail(b []byte, n int) []byte {
	return b[max(0, len(b)-n):]
}
