//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is one run of coderaws in a process group of its own, as a shell would start it.
type program struct {
	*exec.Cmd
	stdout bytes.Buffer
	stderr *bufio.Reader
	said   strings.Builder
}

// start runs coderaws in dir on the small source. Nothing of the caller's environment is seen but PATH.
func start(t *testing.T, dir string, environ []string, args ...string) *program {
	t.Helper()
	source, err := filepath.Abs("testdata/small")
	if err != nil {
		t.Fatal(err)
	}
	p := &program{Cmd: exec.Command("coderaws", append([]string{"--source", source}, args...)...)}
	p.Dir = dir
	p.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}, environ...)
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.Stdout = &p.stdout
	pipe, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stderr = bufio.NewReader(pipe)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.ProcessState == nil {
			_ = syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
			_ = p.Wait()
		}
	})
	return p
}

// until reads what the program says on standard error up to a line that holds text.
func (p *program) until(t *testing.T, text string) {
	t.Helper()
	for {
		line, err := p.stderr.ReadString('\n')
		p.said.WriteString(line)
		if strings.Contains(line, text) {
			return
		}
		if err != nil {
			t.Fatalf("the program ended before it said %q:\n%s", text, &p.said)
		}
	}
}

// interrupt does what Ctrl-C does on a terminal: the whole group gets the signal.
func (p *program) interrupt(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(-p.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
}

// end waits for the end of the program, which must come soon, and demands its exit status.
func (p *program) end(t *testing.T, status int) {
	t.Helper()
	limit := time.AfterFunc(time.Minute, func() { _ = syscall.Kill(-p.Process.Pid, syscall.SIGKILL) })
	defer limit.Stop()
	_, _ = io.Copy(&p.said, p.stderr)
	err := p.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := p.ProcessState.ExitCode(); got != status {
		t.Fatalf("exit status %d (%s), want %d\n%s%s", got, p.ProcessState, status, &p.said, &p.stdout)
	}
}

// awaitFile waits until a file exists, for half a minute at most.
func awaitFile(t *testing.T, path string) {
	t.Helper()
	for range 600 {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s did not appear within half a minute", path)
}

// smallDeployment writes a deployment for the small source, with further settings.
func smallDeployment(t *testing.T, settings string) string {
	t.Helper()
	dir := t.TempDir()
	text := "region = \"us-east-1\"\ndomain = \"coder.example.com\"\n" + settings
	if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestInterrupt interrupts a run in the middle, as Ctrl-C would, and lets the next one complete it.
func TestInterrupt(t *testing.T) {
	found := requireEngine(t)
	if found.Path == "" {
		t.Skip("there is neither OpenTofu nor Terraform to interrupt")
	}
	t.Parallel()
	dir := smallDeployment(t, "seconds = 5\n")
	environ := []string{"CODERAWS_TERRAFORM=" + found.Path}

	first := start(t, dir, environ, "up", ".")
	first.until(t, "aws_subnet.this[\"b\"] created")
	first.interrupt(t)
	first.end(t, 130)
	for _, want := range []string{"Interrupted: stopping in order", "error: "} {
		if !strings.Contains(first.said.String(), want) {
			t.Errorf("it did not say %q:\n%s", want, &first.said)
		}
	}
	if first.stdout.Len() > 0 {
		t.Errorf("an interrupted run printed a result: %s", &first.stdout)
	}

	status := start(t, dir, environ, "status", ".")
	status.end(t, 0)
	if strings.Contains(status.stdout.String(), "nothing exists") {
		t.Errorf("the state of the interrupted run is lost: %s", &status.stdout)
	}

	if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"),
		[]byte("region = \"us-east-1\"\ndomain = \"coder.example.com\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, dir, environ, "up", ".").end(t, 0)
	again := start(t, dir, environ, "plan", ".")
	again.end(t, 0)
	if want := "us-east-1, stack cloud: no changes\n"; !strings.HasPrefix(again.stdout.String(), want) {
		t.Errorf("after the next run the plan is %q, want %q first", &again.stdout, want)
	}
}

// TestInterruptTwice interrupts a run that does not stop when asked to: the second time it is ended at once, and the lock with it.
func TestInterruptTwice(t *testing.T) {
	found := requireEngine(t)
	if found.Path == "" {
		t.Skip("there is neither OpenTofu nor Terraform to interrupt")
	}
	t.Parallel()
	dir := smallDeployment(t, "")
	stubborn := filepath.Join(dir, "stubborn")
	deaf := filepath.Join(dir, "deaf")
	text := "#!/bin/sh\nif [ \"$1\" = apply ]; then trap '' INT; : >'" + deaf + "'; sleep 300; fi\nexec '" + found.Path + "' \"$@\"\n"
	if err := os.WriteFile(stubborn, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}

	first := start(t, dir, []string{"CODERAWS_TERRAFORM=" + stubborn}, "up", ".")
	awaitFile(t, deaf)
	first.interrupt(t)
	first.until(t, "Interrupted: stopping in order")
	first.interrupt(t)
	first.end(t, 130)
	if !strings.Contains(first.said.String(), "Interrupted twice: stopping now.") {
		t.Errorf("it did not say that it was interrupted twice:\n%s", &first.said)
	}

	start(t, dir, []string{"CODERAWS_TERRAFORM=" + found.Path}, "up", ".").end(t, 0)
}

// TestInterruptEndsARendering interrupts a plan while a chart of it is rendered that never ends.
func TestInterruptEndsARendering(t *testing.T) {
	found := requireMortalEngine(t)
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.tf": `terraform {
  required_providers {
    helm = { source = "hashicorp/helm" }
  }
}
provider "helm" {
  kubernetes = { host = "https://cluster.example.com", token = "t" }
}
resource "helm_release" "shop" {
  name  = "shop"
  chart = "./endless"
}
`,
		"endless/Chart.yaml":       "apiVersion: v2\nname: endless\nversion: 1.0.0\n",
		"endless/templates/a.yaml": strings.Repeat("{{ range until 10000 }}", 5) + strings.Repeat("{{ end }}", 5),
	} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dir, nil, "sandbox", "exec", "--", found.Path, "init", "-no-color").end(t, 0)
	run := start(t, dir, nil, "sandbox", "exec", "--", found.Path, "plan", "-no-color")
	for !renders(childOf(run.Process.Pid, programName)) {
		time.Sleep(time.Millisecond)
	}
	run.interrupt(t)
	run.end(t, 1)
	if said := run.said.String() + run.stdout.String(); !strings.Contains(said, "the rendering was interrupted") {
		t.Errorf("it said %s", said)
	}
}

// renders reports whether a process is the one that renders charts. Its name does not say so: a process that is about to become the engine
// is called as the program is, too.
func renders(pid int) bool {
	arguments, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && bytes.HasSuffix(arguments, []byte("\x00render\x00"))
}
