package rehearsal_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"
	"coderaws/internal/sandbox/service/secretsmanager"
	"coderaws/internal/sandbox/world"
)

// canary begins every secret value that TestNoSecretIsKept seeds.
const canary = "canary-7c1f"

// secretSettings sets all that is secret in a deployment. Rendered are Coder's charts of 2.27.0 where they are at hand.
const secretSettings = `
coder = {
  version = "2.27.0"
  oidc    = { issuer_url = "https://login.example.com", client_id = "coder", email_domains = ["example.com"] }
  external_auth = [{ id = "github", type = "github", client_id = "Iv1.0123456789abcdef" }]
}
secrets = {
  license            = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf"
  oidc_client_secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/oidc-AbCdEf"
  external_auth      = { github = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/github-AbCdEf" }
  env                = { CODER_SCIM_AUTH_HEADER = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/scim-AbCdEf" }
}
`

// TestNoSecretIsKept seeds values into every secret of a deployment and into the environment of its runs, lives its life, and looks for
// them in all that is left of it: states, plans, working directories, what was printed, and the manifests of its releases.
func TestNoSecretIsKept(t *testing.T) {
	if testing.Short() {
		t.Skip("a life takes some seconds")
	}
	d := withSecrets(t)
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	target, err := rehearsal.Open(d.Dir, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"license", "oidc", "github", "scim"} {
		if _, err := secretsmanager.AddSecret(target.World(), "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/"+name+"-AbCdEf",
			canary+"-"+name); err != nil {
			t.Fatal(err)
		}
	}
	var printed bytes.Buffer
	r := runnerOn(target, engineOrSkip(t))
	r.Reporter = progress.NewPlain(&printed, now)
	r.Environ = append(r.Environ, "AWS_SECRET_ACCESS_KEY="+canary+"-key", "AWS_SESSION_TOKEN="+canary+"-session",
		"CODER_SESSION_TOKEN="+canary+"-token")
	said := map[string]any{}
	up := func(when string) {
		_, err := r.Up(t.Context(), d, nil, func(p lifecycle.Planned) error {
			said[when+" plan of "+p.Stack] = p.Plan.JSON
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		states, err := r.Status(t.Context(), d, false)
		if err != nil {
			t.Fatal(err)
		}
		said[when+" status"] = states
	}
	up("first")
	issue(t, target.World())
	up("second")

	look := func(where string, text []byte) {
		if at := bytes.Index(text, []byte(canary)); at >= 0 {
			t.Errorf("%s holds a secret: …%s…", where, text[max(0, at-80):min(len(text), at+40)])
		}
	}
	for what, value := range said {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		look("the "+what, text)
	}
	look("what was printed", printed.Bytes())
	files := 0
	err = filepath.WalkDir(d.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path == rehearsal.WorldFile(d.Dir) {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		look(path, text)
		return err
	})
	if err != nil || files < 10 {
		t.Errorf("%d files were looked at, %v", files, err)
	}
	secrets, releases := 0, 0
	_ = target.World().Do(func() error {
		for _, r := range target.World().List(nil) {
			text, err := json.Marshal(r)
			if err != nil {
				return err
			}
			switch {
			case r.Type == "aws_secretsmanager_secret_version":
				secrets += bytes.Count(text, []byte(canary))
				continue
			case r.Type == "helm_release":
				releases++
			}
			look(r.Type+" "+r.ID, text)
		}
		return nil
	})
	if secrets < 6 || releases < 4 {
		t.Errorf("%d secrets with values and %d releases exist, so that this test shows nothing", secrets, releases)
	}
}

// withSecrets is a deployment that has every kind of secret, in a directory of its own.
func withSecrets(t *testing.T) *deployment.Deployment {
	t.Helper()
	text, err := os.ReadFile("../../patterns/sr-simple.tfvars")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	kept := without(string(text), "coder", "secrets") + secretSettings
	if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, os.DirFS("../.."))
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	return d
}

// without takes settings that are objects out of a pattern.
func without(text string, names ...string) string {
	for _, name := range names {
		begin := strings.Index(text, "\n"+name+" = {\n")
		end := strings.Index(text[begin:], "\n}\n")
		text = text[:begin+1] + text[begin+end+3:]
	}
	return text
}

// issue gives the secrets that Terraform made their values, as the first steps in a new Coder do.
func issue(t *testing.T, w *world.World) {
	t.Helper()
	_ = w.Do(func() error {
		for _, name := range []string{"coder/owner-password", "coder/provisioner-key"} {
			found := w.List(func(r *world.Resource) bool { return r.Type == "aws_secretsmanager_secret" && r.String("name") == name })
			if len(found) != 1 {
				t.Errorf("%d secrets are called %s", len(found), name)
				continue
			}
			secret := found[0]
			w.Put(&world.Resource{Type: "aws_secretsmanager_secret_version", ID: secret.ID + "|1", Account: secret.Account, Region: secret.Region,
				Owner: secret.Key(), Attributes: world.Object{
					"id": secret.ID + "|1", "arn": secret.ID, "secret_arn": secret.ID, "secret_id": secret.ID, "version_id": "1",
					"version_stages": []any{"AWSCURRENT"}, "secret_string": canary + "-" + name, "secret_binary": "",
				}})
		}
		return nil
	})
}
