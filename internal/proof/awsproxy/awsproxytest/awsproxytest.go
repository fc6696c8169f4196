// Package awsproxytest starts the emulated AWS of package awsproxy for one test, and points AWS's SDK to it. Tests of what asks AWS import
// it; what the emulator answers belongs to awsproxy.
package awsproxytest

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"coderaws/internal/proof/awsproxy"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

// Emulate starts an empty AWS that moto_server plays, until the test ends, and points the SDK to it. Without moto_server the test
// is skipped, which says what is not proven then.
func Emulate(t *testing.T, unproven string) aws.Config {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skipf("%s is not proven against AWS's own client: %v", unproven, awsproxy.ErrNoMoto)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var log bytes.Buffer
	server, err := awsproxy.Start(ctx, "127.0.0.1:0", &log)
	if err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	Isolate(t, server.URL)
	settings, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"))
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

// Isolate hides the caller's own credentials and settings from the SDK, and points it to an endpoint.
func Isolate(t *testing.T, endpoint string) {
	t.Helper()
	absent := filepath.Join(t.TempDir(), "absent")
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": absent, "AWS_SHARED_CREDENTIALS_FILE": absent, "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "AKIATESTER", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_SESSION_TOKEN": "", "AWS_CA_BUNDLE": "",
		"AWS_ENDPOINT_URL": endpoint, "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
}
