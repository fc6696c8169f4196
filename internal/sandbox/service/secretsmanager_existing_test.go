package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
	"coderaws/internal/sandbox/service/secretsmanager"
)

// TestAddSecret is how a secret that somebody made by hand is found, by its ARN and by its name.
func TestAddSecret(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/oidc-client-secret-AbCdEf"
	for _, test := range []struct {
		arn  string
		want bool
	}{
		{arn, true},
		{arn, true}, // a second time changes nothing
		{"arn:aws:secretsmanager:us-east-1:123456789012:secret:", false},
		{"arn:aws:kms:us-east-1:123456789012:key/1", false},
		{"not an ARN", false},
	} {
		d := sandboxtest.New(t, "")
		for range 2 {
			if got, err := secretsmanager.AddSecret(d.World, test.arn, "value"); err != nil || got != test.want {
				t.Errorf("AddSecret(%q) = %v, %v, want %v", test.arn, got, err, test.want)
			}
		}
		if !test.want {
			continue
		}
		for _, by := range []object{{"arn": arn}, {"name": "coder/oidc-client-secret"}} {
			found, err := d.Data("aws_secretsmanager_secret", by)
			if err != nil || found["arn"] != arn {
				t.Errorf("the secret by %v: %v, %v", by, found["arn"], err)
			}
		}
		version, err := d.Data("aws_secretsmanager_secret_version", object{"secret_id": arn})
		if err != nil || version["secret_string"] != "value" {
			t.Errorf("its value: %v, %v", version["secret_string"], err)
		}
	}
}

// TestGiveValue is what a secret is before and after it was given a value that no Terraform made, and that the value goes with its secret.
func TestGiveValue(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	made, err := d.Create("aws_secretsmanager_secret", object{"name": "coder/owner-password", "recovery_window_in_days": 0})
	if err != nil {
		t.Fatal(err)
	}
	arn, _ := made["arn"].(string)
	if _, err := d.Data("aws_secretsmanager_secret_version", object{"secret_id": arn}); err == nil {
		t.Error("a secret without a value has one")
	}
	for _, to := range []string{arn, arn, "arn:aws:secretsmanager:us-east-1:123456789012:secret:elsewhere-AbCdEf", ""} {
		if err := secretsmanager.GiveValue(d.World, to); err != nil {
			t.Errorf("%q: %v", to, err)
		}
	}
	if _, err := d.Data("aws_secretsmanager_secret_version", object{"secret_id": arn}); err != nil {
		t.Errorf("the value is not there: %v", err)
	}
	if err := d.Delete("aws_secretsmanager_secret", made); err != nil {
		t.Errorf("the secret stays because of its value: %v", err)
	}
	if left := d.World.List(nil); len(left) != 0 {
		t.Errorf("left: %v", left[0])
	}
}
