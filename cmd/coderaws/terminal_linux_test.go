package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudo-terminal of 100 columns and returns the user's end and the program's.
func terminal(t *testing.T) (user, program *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this system has no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { user.Close() })
	if err := unix.IoctlSetPointerInt(int(user.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(user.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	if err := unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 100}); err != nil {
		t.Fatal(err)
	}
	return user, program
}

// talk runs coderaws on a terminal and types lines, each when the program has asked for it, which ends with "> ". It returns what was on
// the screen, and the exit status. A line that is empty is just the enter key; end of input follows the last one.
func talk(t *testing.T, dir string, environ []string, lines []string, args ...string) (screen string, status int) {
	t.Helper()
	user, tty := terminal(t)
	cmd := exec.Command("coderaws", args...)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TERM=xterm"}, environ...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tty.Close()
	limit := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer limit.Stop()
	var seen strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := user.Read(buffer)
		seen.Write(buffer[:n])
		if err != nil {
			break // EIO: the program has ended, and nobody else has the terminal open
		}
		if strings.HasSuffix(seen.String(), "> ") {
			text := "\x04"
			if len(lines) > 0 {
				text, lines = lines[0]+"\n", lines[1:]
			}
			if _, err := user.WriteString(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait()
	return strings.ReplaceAll(seen.String(), "\r\n", "\n"), cmd.ProcessState.ExitCode()
}

// TestInitAsks is the specification of init on a terminal: it asks for what was not given, each question until the answer will do.
func TestInitAsks(t *testing.T) {
	for _, test := range []struct {
		name   string
		args   []string
		lines  []string
		status int
		// file is what is made; empty for nothing. holds are lines of it, screen is what must be read on the terminal.
		file   string
		holds  []string
		screen []string
	}{
		{
			name: "all answers", lines: []string{"coder.example.org", "eu-central-1", "team"},
			file: "dir/eu-central-1.tfvars", holds: []string{`region = "eu-central-1"`, `name = "team"`, `domain = "coder.example.org"`},
			screen: []string{"Domain name of Coder", "AWS region", "[us-east-1]", "[coder]", "dir is a deployment now."},
		},
		{
			name: "defaults", lines: []string{"coder.example.org", "", ""},
			file: "dir/us-east-1.tfvars", holds: []string{`name = "coder"`},
		},
		{
			name: "what was given is not asked", args: []string{"--domain", "a.example.org", "--name", "abc"}, lines: []string{""},
			file: "dir/us-east-1.tfvars", holds: []string{`name = "abc"`, `domain = "a.example.org"`},
		},
		{
			name: "an answer that will not do is asked again", args: []string{"--region", "us-east-1", "--name", "abc"},
			lines: []string{"https://coder.example.org", "", "coder.example.org"},
			file:  "dir/us-east-1.tfvars", holds: []string{`domain = "coder.example.org"`},
			screen: []string{"Write the bare domain: coder.example.com"},
		},
		{
			name: "no answer", args: []string{"--region", "us-east-1", "--name", "abc"}, status: 2,
			screen: []string{"no answer to: Domain name of Coder"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			args := append([]string{"init", "dir", "--pattern", "sr-simple"}, test.args...)
			screen, status := talk(t, dir, []string{"NO_COLOR=1"}, test.lines, args...)
			if status != test.status {
				t.Fatalf("exit status %d, want %d\n%s", status, test.status, screen)
			}
			for _, want := range test.screen {
				if !strings.Contains(screen, want) {
					t.Errorf("the screen does not show %q:\n%s", want, screen)
				}
			}
			if test.file == "" {
				if _, err := os.Stat(filepath.Join(dir, "dir")); !os.IsNotExist(err) {
					t.Errorf("a directory was made: %v", err)
				}
				return
			}
			text, err := os.ReadFile(filepath.Join(dir, test.file))
			if err != nil {
				t.Fatalf("%v\n%s", err, screen)
			}
			for _, want := range test.holds {
				if !strings.Contains("\n"+string(text), "\n"+want+"\n") {
					t.Errorf("%s does not hold %s", test.file, want)
				}
			}
		})
	}
}

// TestColors holds that colours are for terminals, and for those who want them.
func TestColors(t *testing.T) {
	for _, test := range []struct {
		name    string
		environ []string
		want    bool
	}{
		{"a terminal", nil, true},
		{"NO_COLOR", []string{"NO_COLOR=1"}, false},
		{"a dumb terminal", []string{"TERM=dumb"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			screen, status := talk(t, t.TempDir(), test.environ, nil, "check", "nowhere")
			if status != 2 || !strings.Contains(screen, "there is no directory nowhere") {
				t.Errorf("exit status %d, want 2\n%s", status, screen)
			}
			if got := strings.Contains(screen, "\x1b["); got != test.want {
				t.Errorf("colours: %t, want %t\n%q", got, test.want, screen)
			}
		})
	}
}

// TestProgressOnATerminal holds that a run that redraws its progress leaves the terminal as it found it, with the result on it.
func TestProgressOnATerminal(t *testing.T) {
	found := requireEngine(t)
	if found.Path == "" {
		t.Skip("there is neither OpenTofu nor Terraform to show the progress of")
	}
	t.Parallel()
	source, err := filepath.Abs("testdata/small")
	if err != nil {
		t.Fatal(err)
	}
	screen, status := talk(t, t.TempDir(), []string{"CODERAWS_TERRAFORM=" + found.Path}, nil, "rehearse", "small", "--source", source)
	if status != 0 || !strings.Contains(screen, "Destroyed: nothing is left.") {
		t.Fatalf("exit status %d, want 0 and a report\n%s", status, screen)
	}
	if hidden, shown := strings.LastIndex(screen, "\x1b[?25l"), strings.LastIndex(screen, "\x1b[?25h"); hidden > shown {
		t.Errorf("the cursor stays hidden:\n%q", screen)
	}
	for line := range strings.Lines(screen) {
		if strings.Contains(line, "DEBUG") || strings.Contains(line, "TRACE") {
			t.Errorf("a library's log is on the screen: %q", line)
		}
	}
}
