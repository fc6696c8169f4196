package lifecycle

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"coderaws"
	"coderaws/internal/coder"
	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"

	"github.com/google/go-cmp/cmp"
)

// cloudOutput is the cloud stack's output platform, as far as it is read.
const cloudOutput = `{"region": "us-east-1", "domain": "coder.example.com", "access_url": "https://coder.example.com", "cluster": {"name": "coder"},
  "secrets": {"owner_password": "arn:owner", "provisioner_key": "arn:key"}}`

// read loads a deployment of SR-HA with some settings changed.
func read(t *testing.T, change func(text string) string) *deployment.Deployment {
	t.Helper()
	text, err := os.ReadFile("../../patterns/sr-ha.tfvars")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/us-east-1.tfvars", []byte(change(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, coderaws.Source)
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	return d
}

// TestWanted: what the first steps are for is what the settings of the pattern say, and what the cloud stack made.
func TestWanted(t *testing.T) {
	const license, secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/license-AbCdEf",
		"arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/oidc-AbCdEf"
	for _, test := range []struct {
		name   string
		change func(string) string
		want   coder.Wanted
	}{
		{"as the pattern is", func(text string) string { return text },
			coder.Wanted{Domain: "coder.example.com", OwnerSecret: "arn:owner", KeySecret: "arn:key"}},
		{"with a licence and single sign-on", func(text string) string {
			text = strings.Replace(text, "secrets = {", "secrets = {\n license = \""+license+"\"\n oidc_client_secret = \""+secret+"\"", 1)
			return strings.Replace(text, "coder = {", "coder = {\n oidc = { issuer_url = \"https://login.example.com\", client_id = \"coder\" }", 1)
		}, coder.Wanted{Domain: "coder.example.com", OwnerSecret: "arn:owner", LicenseSecret: license, KeySecret: "arn:key", OIDC: true}},
	} {
		d := read(t, test.change)
		found := Installations(d, []State{
			{Place: Place{Region: "us-east-1", Stack: CloudStack},
				Outputs: map[string]engine.Output{"platform": {Value: json.RawMessage(cloudOutput)}}},
			{Place: Place{Region: "us-east-1", Stack: PlatformStack},
				Outputs: map[string]engine.Output{"coderd": {Value: json.RawMessage(`{"provisioners": 6}`)}}},
		})
		if len(found) != 1 || !found[0].Complete || found[0].Provisioners != 6 {
			t.Fatalf("%s: %+v", test.name, found)
		}
		if diff := cmp.Diff(test.want, found[0].Wanted); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestIncomplete: a cloud without a platform can be looked at, and what is no cloud for Coder cannot.
func TestIncomplete(t *testing.T) {
	d := read(t, func(text string) string { return text })
	cloud := State{Place: Place{Region: "us-east-1", Stack: CloudStack},
		Outputs: map[string]engine.Output{"platform": {Value: json.RawMessage(cloudOutput)}}}
	if found := Installations(d, []State{cloud}); len(found) != 1 || found[0].Complete {
		t.Errorf("a cloud alone: %+v", found)
	}
	cloud.Outputs = map[string]engine.Output{"bucket": {Value: json.RawMessage(`"b"`)}}
	if found := Installations(d, []State{cloud}); len(found) != 0 {
		t.Errorf("something else: %+v", found)
	}
	if found := Installations(d, nil); len(found) != 0 {
		t.Errorf("nothing: %+v", found)
	}
}

// TestOnly: a command for one Coder wants to know which, where there are several.
func TestOnly(t *testing.T) {
	in := func(region string) *Installation {
		i := &Installation{}
		i.Region = region
		return i
	}
	both := []*Installation{in("eu-west-1"), in("us-east-1")}
	for _, test := range []struct {
		name  string
		all   []*Installation
		want  string
		todo  string
		found string
	}{
		{"one, and none named", both[:1], "", "", "eu-west-1"},
		{"two, and one named", both, "us-east-1", "", "us-east-1"},
		{"two, and none named", both, "", "--region eu-west-1", ""},
		{"another named", both, "us-west-2", "--region eu-west-1", ""},
	} {
		got, err := Only(test.all, test.want)
		switch {
		case test.found != "":
			if err != nil || got.Region != test.found {
				t.Errorf("%s: %+v, %v", test.name, got, err)
			}
		case err == nil || diagnostic.Exit(err) != diagnostic.ExitInvalid || !strings.Contains(diagnostic.From(err)[0].Todo, test.todo):
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
	}
}

// TestInsideOnly: who cannot reach an internal load balancer is told from where it can be reached.
func TestInsideOnly(t *testing.T) {
	i := &Installation{}
	i.LoadBalancer.Internal = true
	unreachable := diagnostic.Errorf("coderd does not answer")
	unreachable.Code, unreachable.Todo = "coder.unreachable", "something else"
	if got := diagnostic.From(insideOnly(i, unreachable))[0].Todo; !strings.Contains(got, "from a machine that reaches the VPC") {
		t.Errorf("%q", got)
	}
	i.LoadBalancer.Internal, unreachable.Todo = false, "something else"
	if got := diagnostic.From(insideOnly(i, unreachable))[0].Todo; got != "something else" {
		t.Errorf("%q", got)
	}
}
