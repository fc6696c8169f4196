package realprovider_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"coderaws/internal/engine"
)

// stateBucket is the bucket of the account that the emulator puts every caller into.
const stateBucket = "coderaws-123456789012-us-east-1-state"

// TestAWSTarget is `coderaws up --target aws` complete but for the account: the program itself, the real provider, and an AWS that others
// have written, with the state in its S3.
func TestAWSTarget(t *testing.T) {
	t.Parallel()
	p := prepare(t)
	program := filepath.Join(t.TempDir(), "coderaws")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../../cmd/coderaws").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, binary := range p.engines {
		t.Run(string(binary.Product), func(t *testing.T) {
			t.Parallel()
			a := &awsTarget{t: t, program: program, engine: binary.Path, emulated: p.start(t)}
			a.environ = append(append([]string{}, p.environ...), engine.BinaryVariable+"="+binary.Path)
			attached, err := a.emulated.Start(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range attached.Environment {
				a.environ = append(a.environ, name+"="+value)
			}
			a.live()
		})
	}
}

// awsTarget is a life on the target aws.
type awsTarget struct {
	t        *testing.T
	program  string
	engine   string
	environ  []string
	emulated *emulator
}

// deployment writes a deployment of the small source.
func (a *awsTarget) deployment() string {
	dir := a.t.TempDir()
	text := "region = \"us-east-1\"\ndomain = \"coder.example.com\"\n"
	if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(text), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return dir
}

// arguments are those of a verb on a deployment.
func (*awsTarget) arguments(verb, dir string, flags ...string) []string {
	return append([]string{verb, dir, "--source", "../../../cmd/coderaws/testdata/small", "--target", "aws"}, flags...)
}

// run runs a verb on a deployment, demands its exit status, and gives back what it wrote to standard output and to standard error.
func (a *awsTarget) run(status int, verb, dir string, flags ...string) (stdout, stderr string) {
	a.t.Helper()
	args := a.arguments(verb, dir, flags...)
	cmd := exec.CommandContext(a.t.Context(), a.program, args...)
	cmd.Env = a.environ
	var out, diagnostics bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		a.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != status {
		a.t.Fatalf("coderaws %s: exit status %d, want %d\n%s%s", strings.Join(args, " "), got, status, &out, &diagnostics)
	}
	return out.String(), diagnostics.String()
}

// says demands a text in what a run wrote.
func (a *awsTarget) says(text, want string) {
	a.t.Helper()
	if !strings.Contains(text, want) {
		a.t.Errorf("it did not say %q:\n%s", want, text)
	}
}

// keys is S3's list of what is in the bucket.
func (a *awsTarget) keys() string {
	return string(a.emulated.ask(a.t, question{kind: "state", service: "s3", path: "/" + stateBucket + "?list-type=2"}))
}

func (a *awsTarget) live() {
	dir, colleague := a.deployment(), a.deployment()
	before := a.emulated.inventory(a.t)

	out, _ := a.run(0, "status", dir)
	a.says(out, "us-east-1, stack cloud: nothing exists on aws")
	_, said := a.run(3, "up", dir)
	a.says(said, "nobody is there to agree to a new S3 bucket for Terraform's state, "+stateBucket)

	out, said = a.run(0, "up", dir, "--yes")
	a.says(said, "AWS account 123456789012")
	a.says(out, "us-east-1, stack cloud: 5 added, 0 changed, 0 destroyed")
	a.says(a.keys(), "<Key>small/us-east-1/cloud.tfstate</Key>")
	if strings.Contains(a.keys(), ".tflock") {
		a.t.Error("the lock was not released")
	}

	// The bucket's settings are looked at again, in another directory too, and nothing is left to do.
	for _, one := range []string{dir, colleague} {
		out, _ = a.run(0, "up", one)
		a.says(out, "us-east-1, stack cloud: 0 added, 0 changed, 0 destroyed")
	}
	out, _ = a.run(0, "status", colleague, "--drift")
	a.says(out, "us-east-1, stack cloud: 5 resources on aws")
	a.says(out, "state: s3://"+stateBucket+"/small/us-east-1/cloud.tfstate")
	a.says(out, "drift: none")

	out, said = a.run(0, "down", dir, "--yes", "--delete-data", "aws_secretsmanager_secret.token")
	a.says(out, "us-east-1, stack cloud: 0 added, 0 changed, 5 destroyed")
	a.says(said, "The S3 bucket "+stateBucket+" stays")
	out, _ = a.run(0, "status", colleague)
	a.says(out, "us-east-1, stack cloud: nothing exists on aws")

	// To kill a run between the last answer of AWS and the saving of the state takes a machine that has nothing else to do.
	if os.Getenv("CODERAWS_KILLS") != "" {
		a.dies(dir)
	}
	// The bucket stays, as was said: what it holds of earlier states may be wanted yet.
	before["bucket"] = append(before["bucket"], stateBucket)
	a.emulated.checkNothingLeft(a.t, before)
	for _, one := range []string{dir, colleague} {
		a.noStateIn(one)
	}
}

// dies kills a run and its Terraform when something was made of which no state knows yet, and demands that it is found by its tag, that the
// next run adopts it, and that nothing is made twice.
func (a *awsTarget) dies(dir string) {
	journal := filepath.Join(dir, ".coderaws", "aws", "us-east-1", "run", "cloud.journal")
	cmd := exec.CommandContext(a.t.Context(), a.program, a.arguments("up", dir, "--yes")...)
	cmd.Env = a.environ
	if err := cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	// All five are made, and the answers are there: of an answer that is lost, AWS would have to be asked by hand.
	for text := []byte(nil); bytes.Count(text, []byte(`"type":"apply_complete"`)) < 5; time.Sleep(time.Millisecond) {
		text, _ = os.ReadFile(journal) // it is not there yet
		if a.t.Context().Err() != nil {
			a.t.Fatal("not everything was made")
		}
	}
	if err := errors.Join(syscall.Kill(-childOf(cmd.Process.Pid), syscall.SIGKILL), cmd.Process.Kill()); err != nil {
		a.t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed

	_, said := a.run(0, "status", dir)
	a.says(said, "that no state knows")
	a.says(said, "ec2 arn:aws:ec2:us-east-1:123456789012:vpc/vpc-")
	// S3 keeps the lock of who was killed, and the next run says how it is released.
	_, said = a.run(1, "up", dir, "--yes")
	release := regexp.MustCompile(`-chdir=(\S+) force-unlock ([0-9a-f-]+)`).FindStringSubmatch(said)
	if release == nil {
		a.t.Fatalf("it was not said how the lock is released:\n%s", said)
	}
	unlock := exec.CommandContext(a.t.Context(), a.engine, "-chdir="+release[1], "force-unlock", "-force", release[2])
	unlock.Env = a.environ
	if out, err := unlock.CombinedOutput(); err != nil {
		a.t.Fatalf("force-unlock: %v\n%s", err, out)
	}
	_, said = a.run(0, "up", dir, "--yes")
	a.says(said, "<-   module.network.aws_vpc.this, which exists as vpc-")
	out, said := a.run(0, "status", dir)
	a.says(out, "us-east-1, stack cloud: 5 resources on aws")
	if strings.Contains(said, "no state knows") {
		a.t.Errorf("after the adoption:\n%s", said)
	}
	out, said = a.run(0, "down", dir, "--yes", "--delete-data", "aws_secretsmanager_secret.token")
	a.says(out, "us-east-1, stack cloud: 0 added, 0 changed, 5 destroyed")
	if strings.Contains(said, "no state knows") {
		a.t.Errorf("after down:\n%s", said)
	}
}

// childOf finds the process that another has started; 0 if there is none.
func childOf(parent int) int {
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// The name, in parentheses, may hold anything; the parent is the second field after it (proc_pid_stat(5)).
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil && len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			return pid
		}
	}
	return 0
}

// noStateIn fails for each state in a deployment's directory: with this target there is none, at no time.
func (a *awsTarget) noStateIn(dir string) {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		// The engine records its backend, not a state, in .terraform.
		if err == nil && strings.Contains(entry.Name(), ".tfstate") && !strings.Contains(path, "/.terraform/") {
			a.t.Errorf("a state is in the deployment's directory: %s", path)
		}
		return err
	})
	if err != nil {
		a.t.Error(err)
	}
}
