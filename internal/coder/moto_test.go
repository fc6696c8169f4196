package coder_test

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/coder"
	"coderaws/internal/proof/awsproxy"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// emulate starts an empty AWS that moto_server plays, and points the SDK to it.
func emulate(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		t.Skipf("what is kept in Secrets Manager is not proven against AWS's own client: %v", awsproxy.ErrNoMoto)
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
	absent := filepath.Join(t.TempDir(), "absent")
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": absent, "AWS_SHARED_CREDENTIALS_FILE": absent, "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "AKIATESTER", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_SESSION_TOKEN": "", "AWS_CA_BUNDLE": "",
		"AWS_ENDPOINT_URL": server.URL, "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
}

func TestSecretsManager(t *testing.T) {
	if testing.Short() {
		t.Skip("starts moto_server")
	}
	emulate(t)
	settings, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("eu-west-1"))
	if err != nil {
		t.Fatal(err)
	}
	// As the cloud stack makes it: a secret without a value.
	made, err := secretsmanager.NewFromConfig(settings).CreateSecret(t.Context(),
		&secretsmanager.CreateSecretInput{Name: aws.String("coder/owner-password")})
	if err != nil {
		t.Fatal(err)
	}
	arn := aws.ToString(made.ARN)
	secrets, err := coder.OpenSecretsManager(t.Context(), "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	if value, has, err := secrets.Get(t.Context(), arn); err != nil || has || value != "" {
		t.Errorf("without a value: %q, %v, %v", value, has, err)
	}
	for _, value := range []string{"first", "second"} {
		if err := secrets.Put(t.Context(), arn, value); err != nil {
			t.Fatal(err)
		}
		if got, has, err := secrets.Get(t.Context(), arn); err != nil || !has || got != value {
			t.Errorf("put %q, got %q, %v, %v", value, got, has, err)
		}
	}
	_, _, err = secrets.Get(t.Context(), strings.Replace(arn, "coder/", "other/", 1))
	expect(t, err, "ResourceNotFoundException", "six random characters")
	err = secrets.Put(t.Context(), strings.Replace(arn, "coder/", "other/", 1), "canary-value")
	expect(t, err, "ResourceNotFoundException", "six random characters")
	if strings.Contains(err.Error(), "canary-value") {
		t.Errorf("the value is in %v", err)
	}
}
