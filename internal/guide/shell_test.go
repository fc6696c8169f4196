package guide

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// cloud is an AWS CLI that knows a VPC, a subnet in it, and a role: what was made is a file. FAIL names the call that is refused.
const cloud = `#!/bin/bash
cd "$STORE"
echo "$1 $2" >>calls
if [ "$1 $2" = "${FAIL:-}" ]; then
  echo "An error occurred (AccessDenied) when calling: no" >&2
  exit 254
fi
shown() { if [ -e "$1" ]; then echo "$1"; else echo None; fi; }
case "$1 $2" in
"--version ") echo "aws-cli/${CLI:-2.17.0} Python/3" ;;
"sts get-caller-identity") echo "${ACCOUNT:-999900001111}" ;;
"ec2 describe-availability-zones") printf '%s\tus-east-1b\n' "${ZONE:-us-east-1a}" ;;
"ec2 create-vpc") touch vpc-1 ;;
"ec2 describe-vpcs") shown vpc-1 ;;
"ec2 delete-vpc") rm vpc-1 ;;
"ec2 create-subnet") touch subnet-1 ;;
"ec2 describe-subnets") shown subnet-1 ;;
"ec2 delete-subnet") rm subnet-1 ;;
"ec2 create-launch-template") [[ $4 =~ \"LaunchTemplateName\":\ \"([^\"]+)\" ]] && echo "${BASH_REMATCH[1]} lt-1" >template ;;
"ec2 describe-launch-templates") if [ -e template ]; then cat template; else echo None; fi ;;
"iam create-role") touch role-1 ;;
"iam get-role")
  [ -e role-1 ] || { echo "An error occurred (NoSuchEntity) when calling the GetRole operation" >&2; exit 254; }
  echo logs
  ;;
"iam delete-role") rm role-1 ;;
esac
`

// reader is somebody who runs the scripts.
type reader struct {
	folder, store string
}

func newReader(t *testing.T, resources string) *reader {
	t.Helper()
	g, err := New(state(t, resources), Options{Name: "coder", Region: "us-east-1",
		Holds: map[string]string{`module.network.aws_subnet.public["us-east-1a"]`: "addresses"}})
	if err != nil {
		t.Fatal(err)
	}
	files, err := g.Files()
	if err != nil {
		t.Fatal(err)
	}
	return handed(t, append(files, File{Name: "bin/aws", Text: cloud, Runs: true}))
}

// handed is somebody who has the files of a guide, and programs in its folder bin.
func handed(t *testing.T, files []File) *reader {
	t.Helper()
	r := &reader{folder: t.TempDir(), store: t.TempDir()}
	for _, file := range files {
		path, mode := filepath.Join(r.folder, file.Name), os.FileMode(0o644)
		if file.Runs {
			mode = 0o755
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(file.Text), mode)); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// run runs a line of a shell in the folder, and gives all that it says, the calls that may change something, and how it ended.
func (r *reader) run(t *testing.T, line string) (said, changing string, code int) {
	t.Helper()
	calls := filepath.Join(r.store, "calls")
	if err := os.RemoveAll(calls); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", line)
	cmd.Dir = r.folder
	cmd.Env = []string{"PATH=" + filepath.Join(r.folder, "bin") + ":" + os.Getenv("PATH"), "STORE=" + r.store}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	text, err := os.ReadFile(calls)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var made []string
	for call := range strings.Lines(string(text)) {
		for _, verb := range []string{" create-", " delete-", " modify-"} {
			if strings.Contains(call, verb) {
				made = append(made, strings.TrimSpace(call))
			}
		}
	}
	return string(out), strings.Join(made, ", "), cmd.ProcessState.ExitCode()
}

// TestScripts follows a guide in the shell. Each row goes on from where the row before it ended, but for rows that begin anew.
func TestScripts(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash")
	}
	const (
		network = "ec2 modify-vpc-attribute, ec2 modify-vpc-attribute"
		all     = "ec2 create-vpc, " + network + ", iam create-role, ec2 create-subnet"
		named   = ` --delete-data 'module.network.aws_subnet.public["us-east-1a"]'`
	)
	var r *reader
	for _, c := range []struct {
		name, line string
		anew       bool
		code       int
		says, not  string
		changing   string
	}{
		{name: "the old CLI is refused", anew: true, line: "CLI=1.45.0 ./guide.sh", code: 1, says: "AWS CLI 2 is needed"},
		{name: "so is an account without the zones", line: "ZONE=us-east-1c ./guide.sh", code: 1, says: "no zone us-east-1a"},
		{name: "the steps are listed", line: "./guide.sh --list", says: "The network: subnet"},
		{name: "the help is no error", line: "./guide.sh --help 2>/dev/null", says: "usage: ./guide.sh"},
		{name: "what the script does not know is one", line: "./guide.sh --fast", code: 2, says: "usage: ./guide.sh"},
		{name: "a step that does not exist is refused", line: "./guide.sh --only 99", code: 2, says: "there is no step 99"},
		{name: "to begin with, too", line: "./guide.sh --from 4", code: 2, says: "there is no step 4"},
		{name: "and one whose number no shell can hold", line: "./guide.sh --from 99999999999999999999", code: 2,
			says: "there is no step 99999999999999999999"},
		{name: "a step is not named by a part of its number", line: "./guide.sh --only 0x1", code: 2, says: "needs the number of a step"},
		{name: "from one step and only another is both at once", line: "./guide.sh --from 1 --only 2", code: 2, says: "exclude each other"},
		{name: "what would be made is said, and not made", line: "./guide.sh --dry-run", says: "would make network_vpc"},
		{name: "nothing is there", line: "./guide.sh status", says: "0 of 3 things are there"},
		{name: "Terraform cannot take over yet", line: "./guide.sh imports", code: 1, says: "needs NETWORK_VPC_ID"},
		{name: "zeros before a number mean nothing", line: "./guide.sh --only 03 --dry-run", says: "3  The network: subnet"},
		{name: "zero is the first step", line: "./guide.sh --only 00 --dry-run", says: "0  account"},
		{name: "a step needs those before it", line: "./guide.sh --only 3", code: 1, says: "needs NETWORK_VPC_ID"},
		{name: "AWS refuses a call", line: "FAIL='ec2 create-subnet' ./guide.sh", code: 254, says: "subnet_public_us_east_1a is not made",
			changing: all},
		{name: "and the next run goes on from there", line: "./guide.sh", says: "there  network_vpc", changing: "ec2 create-subnet"},
		{name: "a third makes nothing", line: "./guide.sh", says: "there  network_subnet", not: "make "},
		{name: "all is there", line: "./guide.sh status", says: "3 of 3 things are there"},
		{name: "Terraform can take over", line: "./guide.sh imports", says: "id = \"vpc-1\""},
		{name: "another account is refused", line: "ACCOUNT=222 ./guide.sh", code: 1, says: "begun in account 999900001111"},
		{name: "without what was found out, the third run makes nothing either", line: "rm env; ./guide.sh", changing: network},
		{name: "who may not look is not told that nothing is there", line: "FAIL='iam get-role' ./guide.sh", code: 1,
			says: "did not say whether network_role_logs is there"},
		{name: "data is not deleted unless it is named", line: "./teardown.sh", code: 3, says: "REFUSED"},
		{name: "what holds no data cannot be named", line: "./teardown.sh --delete-data nonsense", code: 2,
			says: "nonsense holds no data of this guide"},
		{name: "the help names what does", line: "./teardown.sh --help 2>/dev/null",
			says: `module.network.aws_subnet.public["us-east-1a"]  addresses`},
		{name: "what would be deleted is said", line: "./teardown.sh --dry-run" + named, says: "would delete network_vpc"},
		{name: "teardown stops at what AWS refuses", line: "FAIL='ec2 delete-subnet' ./teardown.sh" + named, code: 254,
			says: "network_subnet_public_us_east_1a is still there", changing: "ec2 delete-subnet"},
		{name: "and goes on from there", line: "./teardown.sh" + named, says: "Nothing of this guide is left",
			changing: "ec2 delete-subnet, iam delete-role, ec2 delete-vpc"},
		{name: "a second teardown finds nothing", line: "./teardown.sh", says: "Nothing of this guide is left"},
		{name: "the guide can be begun again", line: "./guide.sh", changing: all},
		{name: "killed after a thing was made and before it was complete", anew: true, line: "FAIL='ec2 modify-vpc-attribute' ./guide.sh",
			code: 254, says: "network_vpc is not complete", changing: "ec2 create-vpc, ec2 modify-vpc-attribute"},
		{name: "it is completed, and not made twice", line: "./guide.sh",
			changing: network + ", iam create-role, ec2 create-subnet"},
	} {
		if c.anew {
			r = newReader(t, account+","+vpc+","+subnet+","+role)
		}
		said, changing, code := r.run(t, c.line)
		if code != c.code || changing != c.changing || !strings.Contains(said, c.says) || c.not != "" && strings.Contains(said, c.not) {
			t.Errorf("%s: %s\nended with %d, want %d\nchanged %s\nwant    %s\nsays, want %q:\n%s", c.name, c.line, code, c.code, changing,
				c.changing, c.says, said)
		}
	}
}

// TestGeneratedNamesAreWrittenDown: what follows names a thing by the name that it got, in this run and in the next.
func TestGeneratedNamesAreWrittenDown(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash")
	}
	r := newReader(t, account+`, {"address": "aws_launch_template.nodes", "mode": "managed", "type": "aws_launch_template", "values": {
		"id": "lt-0123456789abcdef0", "name": "nodes-20260102030405000000000001", "name_prefix": "nodes-", "tags_all": {"Name": "nodes"}}}`)
	said, changing, code := r.run(t, "./guide.sh && cat env")
	made := regexp.MustCompile(`(?m)^LAUNCH_TEMPLATE_NODES_NAME='nodes-[0-9a-f]{26}'$`)
	if code != 0 || changing != "ec2 create-launch-template" || !made.MatchString(said) {
		t.Errorf("ended with %d, changed %s, and lacks %s:\n%s", code, changing, made, said)
	}
}
