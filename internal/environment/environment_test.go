package environment

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
)

func TestCheck(t *testing.T) {
	// It takes the brace that ends coder for its own.
	const spoke = "deployment_features = {\n  workspace_proxy = true"
	const license = `license = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf"`
	for _, row := range []struct {
		name, coder, secrets, provisioners string
		// what and todo are parts of the only finding; "" if there is none. line is the text of the line that it is at.
		what, todo, line string
	}{
		{name: "nothing is added"},
		{name: "what coderd reads", coder: `env = { CODER_SWAGGER_ENABLE = "true" }`},
		{name: "a name that it does not read", coder: `env = { CODER_DEFAULT_QUIET_HOURS_SCHEDULE = "CRON_TZ=UTC 0 0 * * *" }`,
			what: "coder.env: coderd 2.35.1 does not read CODER_DEFAULT_QUIET_HOURS_SCHEDULE; it reads CODER_QUIET_HOURS_DEFAULT_SCHEDULE",
			todo: "write CODER_QUIET_HOURS_DEFAULT_SCHEDULE", line: "CODER_DEFAULT_QUIET_HOURS_SCHEDULE"},
		{name: "a value that makes it exit", coder: `env = { CODER_HEALTH_CHECK_REFRESH = "10" }`, what: "missing unit in duration", todo: "24h",
			line: "CODER_HEALTH_CHECK_REFRESH"},
		{name: "a setting of a later version", coder: "version = \"2.27.0\"\n  env = { CODER_HOST_PREFIX_COOKIE = \"true\" }",
			what: "coderd 2.27.0 does not read CODER_HOST_PREFIX_COOKIE", todo: "take it out", line: "CODER_HOST_PREFIX_COOKIE"},
		{name: "what needs a licence", coder: `env = { CODER_AUDIT_LOGS_RETENTION = "365d" }`,
			what: "CODER_AUDIT_LOGS_RETENTION needs a Premium licence", todo: "set a licence", line: "CODER_AUDIT_LOGS_RETENTION"},
		{name: "the same with a licence", coder: `env = { CODER_AUDIT_LOGS_RETENTION = "365d" }`, secrets: license},
		{name: "what a workspace proxy reads", coder: "env = { CODER_DERP_SERVER_ENABLE = \"true\" }\n}\n" + spoke},
		{name: "a setting of coderd where a workspace proxy runs", coder: "env = { CODER_SWAGGER_ENABLE = \"true\" }\n}\n" + spoke,
			what: "coder.env: The workspace proxy of Coder 2.35.1 does not read CODER_SWAGGER_ENABLE", todo: "take it out",
			line: "CODER_SWAGGER_ENABLE"},
		{name: "a setting of coderd among those of provisioners", provisioners: `env = { CODER_ACCESS_URL = "https://coder.example.com" }`,
			what: "provisioners.env", todo: "take it out", line: "CODER_ACCESS_URL"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			text := fmt.Sprintf("region = \"us-east-1\"\nname = \"coder\"\ndomain = \"coder.example.com\"\ncoder = {\n  %s\n}\nsecrets = {\n  "+
				"%s\n}\nprovisioners = {\n  %s\n}\n", row.coder, row.secrets, row.provisioners)
			if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(text, spoke) { // which is none without a hub
				hub := "region = \"us-west-2\"\nname = \"hub\"\ndomain = \"hub.example.com\"\nnetwork = { cidr = \"10.9.0.0/16\" }\n"
				if err := os.WriteFile(filepath.Join(dir, "us-west-2.tfvars"), []byte(hub), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			d, findings := deployment.Load(dir, os.DirFS("../.."))
			if findings.HasErrors() {
				t.Fatal(findings)
			}
			found := Check(d)
			if row.what == "" {
				if len(found) > 0 {
					t.Fatal(found)
				}
				return
			}
			if len(found) != 1 {
				t.Fatalf("found %d, want 1: %v", len(found), found)
			}
			f := found[0]
			if f.Severity != diagnostic.Error || !strings.Contains(f.Summary, row.what) || !strings.Contains(f.Todo, row.todo) || f.Why == "" ||
				f.Where == nil || !strings.Contains(f.Where.Text, row.line) {
				t.Errorf("found %+v at %+v", f, f.Where)
			}
		})
	}
}
