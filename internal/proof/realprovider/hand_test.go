package realprovider_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"coderaws/internal/guide"
)

// hand follows a guide: it runs its scripts with the installed AWS CLI, every call of which goes to an emulator.
type hand struct {
	// folder holds the guide, and calls is a file with the service and operation of each call. marks is a folder with a file for each call
	// after which a script was or could have been killed.
	folder, calls, marks string
	environ              []string
}

// client is the CLI that a guide finds. Where KILL_AT says so, with the number of a call that changes something or with all of them, it
// kills the script that called it, once for each call: AWS has done what it was told, and nothing of it is written down.
const client = `#!/bin/sh
echo "$1 $2" >>'%s'
'%s' -IS '%s' call '%s' "$@"
status=$?
case "${KILL_AT:+$2}" in '' | describe-* | get-* | list-* | wait) exit $status ;; esac
mark='%s'/$(printf %%s "$*" | cksum | tr -d ' ')
if [ $status != 0 ] || [ -e "$mark" ]; then exit $status; fi
: >"$mark"
if [ "$KILL_AT" = all ] || [ "$KILL_AT" = "$(ls '%[5]s' | wc -l | tr -d ' ')" ]; then kill -9 $PPID; fi
`

// findCLI gives the Python that has the AWS CLI, or skips the test.
func findCLI(t *testing.T) string {
	t.Helper()
	// What is on PATH may be a script that looks for the interpreter, which takes longer than a call.
	python, err := exec.CommandContext(t.Context(), "python3", "-c", "import awscli, sys; print(sys.executable)").Output()
	if err != nil {
		t.Skipf("NOT PROVEN: no python3 on PATH has the AWS CLI: install it with: pip install awscli: %v", err)
	}
	return strings.TrimSpace(string(python))
}

// take writes a guide down, and starts the CLI for it.
func take(t *testing.T, python string, g *guide.Guide, emulated *emulator) *hand {
	t.Helper()
	files, err := g.Files()
	if err != nil {
		t.Fatal(err)
	}
	// The path of a socket may have 107 letters, which that of a test's own directory exceeds.
	short, err := os.MkdirTemp("", "aws")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(short) })
	h := &hand{folder: t.TempDir(), calls: filepath.Join(short, "calls"), marks: filepath.Join(short, "marks")}
	socket, program := filepath.Join(short, "socket"), absolute(t, filepath.Join("testdata", "aws.py"))
	for _, file := range append(files, guide.File{Name: "bin/aws", Runs: true,
		Text: fmt.Sprintf(client, h.calls, python, program, socket, h.marks)}) {
		path, mode := filepath.Join(h.folder, file.Name), os.FileMode(0o644)
		if file.Runs {
			mode = 0o755
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(file.Text), mode)); err != nil {
			t.Fatal(err)
		}
	}
	h.environ = []string{"PATH=" + filepath.Join(h.folder, "bin") + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + short}
	h.start(t, python, program, socket, emulated)
	return h
}

// start runs the process that answers for the CLI until the test ends.
func (h *hand) start(t *testing.T, python, program, socket string, emulated *emulator) {
	t.Helper()
	var log bytes.Buffer
	server := exec.Command(python, program, "serve", socket, emulated.server.URL)
	server.Env = append(h.environ, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true")
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if _, err := os.Stat(socket); err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the AWS CLI does not start:\n%s", log.String())
		}
	}
}

// run runs a script of the guide, and gives what it printed and what it said, how it ended, and the calls that it sent.
func (h *hand) run(ctx context.Context, t *testing.T, script string, arguments ...string) (printed, said string, code int, calls []string) {
	t.Helper()
	if err := os.RemoveAll(h.calls); err != nil {
		t.Fatal(err)
	}
	var out, progress bytes.Buffer
	cmd := exec.CommandContext(ctx, filepath.Join(h.folder, script), arguments...)
	cmd.Env, cmd.Stdout, cmd.Stderr = h.environ, &out, &progress
	// The context ends the shell, and not what it has begun, which still holds its output.
	cmd.WaitDelay = 5 * time.Second
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v\n%s", script, err, progress.String())
	}
	text, err := os.ReadFile(h.calls)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return out.String(), progress.String(), cmd.ProcessState.ExitCode(), strings.Split(strings.TrimSpace(string(text)), "\n")
}

// killed runs guide.sh, which is killed after the calls that at names. It gives what it said, and how it ended: -1 if it was killed.
func (h *hand) killed(ctx context.Context, t *testing.T, at string, arguments ...string) (said string, code int) {
	t.Helper()
	if err := os.MkdirAll(h.marks, 0o755); err != nil {
		t.Fatal(err)
	}
	quiet := h.environ
	defer func() { h.environ = quiet }()
	h.environ = append(slices.Clone(quiet), "KILL_AT="+at)
	_, said, code, _ = h.run(ctx, t, "guide.sh", append([]string{"--delegated"}, arguments...)...)
	return said, code
}

// stepBegun finds the number of a step that a script has begun.
var stepBegun = regexp.MustCompile(`(?m)^([0-9]+)  `)

// persist follows the guide though it is killed after each call that changes something: it goes on with the step that was begun last.
func (h *hand) persist(ctx context.Context, t *testing.T) {
	t.Helper()
	for kills, from := 0, "0"; ; kills++ {
		said, code := h.killed(ctx, t, "all", "--from", from)
		if code == 0 {
			t.Logf("guide.sh went on after it was killed %d times", kills)
			return
		}
		begun := stepBegun.FindAllStringSubmatch(said, -1)
		if code != -1 || len(begun) == 0 {
			t.Fatalf("guide.sh ended with %d:\n%s", code, said)
		}
		from = begun[len(begun)-1][1]
	}
}

// forget lets the calls after which a script was killed kill again.
func (h *hand) forget(t *testing.T) {
	t.Helper()
	if err := os.RemoveAll(h.marks); err != nil {
		t.Fatal(err)
	}
}

// tearDown deletes everything, and names what holds data.
func (h *hand) tearDown(ctx context.Context, t *testing.T, holders []string) {
	t.Helper()
	var named []string
	for _, holder := range holders {
		named = append(named, "--delete-data", holder)
	}
	if _, log, code, _ := h.run(ctx, t, "teardown.sh", named...); code != 0 {
		t.Fatalf("teardown.sh ended with %d:\n%s", code, log)
	}
}

// changes are those calls that may change something.
func changes(calls []string) []string {
	var changing []string
	for _, call := range calls {
		_, operation, _ := strings.Cut(call, " ")
		reads := call == "" || call == "--version "
		for _, reading := range []string{"describe-", "get-", "list-", "wait"} {
			reads = reads || strings.HasPrefix(operation, reading)
		}
		if !reads {
			changing = append(changing, call)
		}
	}
	return changing
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	whole, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}
