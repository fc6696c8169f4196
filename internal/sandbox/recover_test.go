package sandbox_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/world"
)

// What a user sees of a fault of the embedded AWS: Terraform ends in order with an error that says whose fault it is, and exit code 1.
func TestRunSurvivesPanic(t *testing.T) {
	t.Parallel()
	engine, err := exec.LookPath("terraform")
	if err != nil {
		if engine, err = exec.LookPath("tofu"); err != nil {
			t.Skip("neither terraform nor tofu is on PATH")
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(`
provider "aws" {
  region = "us-east-1"
}

resource "aws_key_pair" "this" {
  key_name   = "mine"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG5fLdGt2KcZIbLQGvvbJPWTUXxJRm1Fz3uqQzr0VQnS"
}

resource "aws_ebs_volume" "this" {
  availability_zone = "us-east-1a"
  size              = 8
}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	// Only the volume asks for the time.
	w, err := world.Open(filepath.Join(dir, "kept", "world.json"), world.Options{Now: func() time.Time { panic("the clock is broken") }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	served, err := sandbox.Start(sandbox.Options{World: w, Directories: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(served.Stop)
	attached := object{}
	for name, address := range served.Providers() {
		attached[name] = object{"Protocol": "grpc", "ProtocolVersion": address.ProtocolVersion, "Pid": address.PID, "Test": true,
			"Addr": object{"Network": address.Network, "String": address.Path}}
	}
	reattach, err := json.Marshal(attached)
	if err != nil {
		t.Fatal(err)
	}
	run := func(arguments ...string) (string, error) {
		command := exec.CommandContext(t.Context(), engine, arguments...)
		command.Dir, command.Env = dir, append(os.Environ(), "TF_REATTACH_PROVIDERS="+string(reattach),
			"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
		output, err := command.CombinedOutput()
		return string(output), err
	}
	if output, err := run("init", "-no-color"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	output, err := run("apply", "-auto-approve", "-no-color")
	var exited *exec.ExitError
	if !errors.As(err, &exited) || exited.ExitCode() != 1 {
		t.Errorf("the run ends with %v", err)
	}
	output = strings.Join(strings.Fields(strings.ReplaceAll(output, "│", "")), " ")
	for _, want := range []string{
		"Error: the embedded AWS failed on aws_ebs_volume; this is a fault of coderaws", "the clock is broken",
		"Report this fault with the file " + w.Directory(),
		"aws_key_pair.this: Creation complete",
	} {
		if !strings.Contains(output, want) {
			t.Errorf("%q is missing in %s", want, output)
		}
	}
	if files, err := filepath.Glob(filepath.Join(w.Directory(), "coderaws-fault-*.txt")); err != nil || len(files) != 1 {
		t.Errorf("the stack is kept in %v (%v)", files, err)
	}
	// The world is as usable as before.
	if output, err := run("destroy", "-auto-approve", "-no-color"); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
