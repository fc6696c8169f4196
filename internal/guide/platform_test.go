package guide

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"coderaws"
	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

const (
	ownerSecret = `{"address": "aws_secretsmanager_secret.issued[\"owner-password\"]", "mode": "managed", "type": "aws_secretsmanager_secret",
		"values": {"name": "coder/owner-password", "arn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:coder/owner-password-AbCdEf"}}`
	releases = `{"address": "helm_release.foundation", "mode": "managed", "type": "helm_release", "values": {"name": "foundation",
		"namespace": "kube-system", "chart": "../../charts/foundation", "timeout": 600, "wait": true,
		"values": ["owner:\n  secretArn: arn:aws:secretsmanager:us-east-1:111122223333:secret:coder/owner-password-AbCdEf\n"]}},
		{"address": "helm_release.autoscaler", "mode": "managed", "type": "helm_release", "depends_on": ["helm_release.foundation"], "values": {
		"name": "autoscaler", "namespace": "kube-system", "chart": "autoscaler", "repository": "https://charts.example.com", "version": "9.1.0",
		"wait": false, "values": ["region: us-east-1\n"]}}`
	handedOver = `{"domain": "coder.example.com", "access_url": "https://coder.example.com", "cluster": {"name": "coder"}, "secrets": {
		"owner_password": "arn:aws:secretsmanager:us-east-1:111122223333:secret:coder/owner-password-AbCdEf"}}`
)

// withPlatform is a guide of a secret and two releases.
func withPlatform(t *testing.T) *Guide {
	t.Helper()
	var module tfjson.StateModule
	if err := json.Unmarshal([]byte(`{"resources": [`+account+","+ownerSecret+`]}`), &module); err != nil {
		t.Fatal(err)
	}
	var output any
	if err := json.Unmarshal([]byte(handedOver), &output); err != nil {
		t.Fatal(err)
	}
	made := plan.Read(&tfjson.Plan{PlannedValues: &tfjson.StateValues{RootModule: &module,
		Outputs: map[string]*tfjson.StateOutput{platformOutput: {Value: output}}}})
	g, err := New(made, Options{Name: "coder", Region: "us-east-1", Platform: state(t, releases), Source: coderaws.Source})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestPlatformIsInTheGuide(t *testing.T) {
	files := filesOf(t, withPlatform(t))
	for _, want := range []struct{ what, file, text string }{
		{"the values are the stack's, with the ids of the account", "in/foundation.values.yaml",
			"owner:\n  secretArn: @{SECRET_ISSUED_OWNER_PASSWORD_ARN}\n"},
		{"a chart of the stacks is taken along", "in/resources.sh",
			`helm upgrade --install foundation charts/foundation --namespace kube-system --wait --timeout 600s --values <(printf '%s' "$values")`},
		{"with its files", "charts/foundation/Chart.yaml", "name: foundation"},
		{"a chart of a registry is named with its version, and waited for only where Terraform does", "in/resources.sh",
			"helm upgrade --install autoscaler autoscaler --repo https://charts.example.com --version 9.1.0 --namespace kube-system --values <("},
		{"the owner comes before the releases", "in/steps.sh",
			"step_2() {\n  ensure first_owner\n}\n\nstep_3() {\n  ensure release_foundation\n}\n\nstep_4() {\n  ensure release_autoscaler\n}"},
		{"a page says what is installed", "12-platform.md", "## Step 3: release foundation"},
		{"who begins is told how to sign in", "README.md", "Sign in as `owner@coder.example.com`"},
		{"and that Helm is needed", "README.md", "[Helm](https://helm.sh/docs/intro/install/)"},
	} {
		if !strings.Contains(files[want.file], want.text) {
			t.Errorf("%s: %s lacks %s\n%s", want.what, want.file, want.text, files[want.file])
		}
	}
	if strings.Contains(files["in/imports.tf"], "helm_release") {
		t.Error("a release is imported into the stack of the cloud")
	}
}

// cluster is an AWS CLI that knows a secret and a cluster, and helm one that knows releases. What Helm was given is in the store.
const (
	cluster = `#!/bin/bash
cd "$STORE"
echo "$*" >>calls
case "$1 $2" in
"--version ") echo "aws-cli/2.17.0 Python/3" ;;
"sts get-caller-identity") echo 999900001111 ;;
"secretsmanager create-secret") touch secret ;;
"secretsmanager delete-secret") rm -f secret owner ;;
"secretsmanager describe-secret")
  case "$*" in
  *VersionIds*) if [ -e owner ]; then echo there; else echo None; fi ;;
  *) if [ -e secret ]; then echo arn:secret; else echo None; fi ;;
  esac
  ;;
"secretsmanager get-random-password") echo hunter2 ;;
"secretsmanager put-secret-value") cat /dev/stdin >owner ;;
"eks describe-cluster")
  [ -e secret ] || { echo "An error occurred (ResourceNotFoundException)" >&2; exit 254; }
  echo "${STATUS:-ACTIVE}"
  ;;
esac
`
	helm = `#!/bin/bash
cd "$STORE"
echo "helm $1 $2 $3" >>calls
[ -z "${BROKEN:-}" ] || { echo "Error: Kubernetes cluster unreachable" >&2; exit 1; }
case "$1" in
upgrade) touch "release-$3"; cat "${@: -1}" >"values-$3" ;;
uninstall) rm "release-$2" ;;
list) name=${5#^}; name=${name%$}; [ ! -e "release-$name" ] || echo "$name" ;;
esac
`
)

// posix are the programs that the scripts need besides.
const posix = "bash cat date dirname env grep mktemp rm touch tr"

func TestPlatformIsInstalled(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash")
	}
	files, err := withPlatform(t).Files()
	if err != nil {
		t.Fatal(err)
	}
	r := handed(t, append(files, File{Name: "bin/aws", Text: cluster, Runs: true}, File{Name: "bin/helm", Text: helm, Runs: true}))
	for _, c := range []struct {
		name, line string
		code       int
		says, not  string
	}{
		{name: "what would be installed is said", line: "./guide.sh --dry-run", says: "would make release_foundation"},
		{name: "in a cluster that cannot be reached nobody says that nothing is there", line: "BROKEN=yes ./guide.sh", code: 1,
			says: "did not say whether release_foundation is there"},
		{name: "in one that is begun nothing is installed yet", line: "STATUS=CREATING ./guide.sh status",
			says: "not there  release_foundation"},
		{name: "without Helm it is said where to find it",
			line: "mkdir few; cp bin/aws few; for p in " + posix + `; do ln -s "$(command -v $p)" few; done; PATH=few ./guide.sh`,
			code: 1, says: "Helm is not installed: https://helm.sh"},
		{name: "the releases are installed", line: "./guide.sh && cat $STORE/values-foundation", says: "secretArn: arn:secret"},
		{name: "the owner has an address of the domain, and the password of AWS", line: "cat $STORE/owner",
			says: `{"username":"owner","email":"owner@coder.example.com","password":"hunter2"}`},
		{name: "a second run installs nothing", line: "./guide.sh", says: "there  release_autoscaler", not: "make "},
		{name: "no password is in a file of the guide, or was on a command line",
			line: "! grep -r hunter2 env in $STORE/calls"},
		{name: "teardown takes the releases away first", line: "./teardown.sh", says: "delete release_autoscaler\n  delete release_foundation\n"},
		{name: "and has nothing to ask a cluster that is gone", line: "./teardown.sh", says: "Nothing of this guide is left"},
	} {
		said, _, code := r.run(t, c.line)
		if code != c.code || !strings.Contains(said, c.says) || c.not != "" && strings.Contains(said, c.not) {
			t.Errorf("%s: %s\nended with %d, want %d\nsays, want %q:\n%s", c.name, c.line, code, c.code, c.says, said)
		}
	}
	if _, err := os.Stat(filepath.Join(r.store, "release-foundation")); err == nil {
		t.Error("a release is left")
	}
}

func TestPlatformWithoutItsCloud(t *testing.T) {
	_, err := New(state(t, account), Options{Platform: state(t, releases), Source: coderaws.Source})
	if err == nil || !strings.Contains(err.Error(), "the guide does not know the cluster of helm_release.") {
		t.Errorf("got %v, want that the cluster is not known", err)
	}
}
