package coder_test

import (
	"strings"
	"testing"

	"coderaws/internal/coder"
	"coderaws/internal/proof/awsproxy/awsproxytest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

func TestSecretsManager(t *testing.T) {
	if testing.Short() {
		t.Skip("starts moto_server")
	}
	awsproxytest.Emulate(t, "what is kept in Secrets Manager")
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
