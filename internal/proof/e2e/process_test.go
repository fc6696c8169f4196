//go:build unix

package e2e_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a program that this test started, and ends.
type process struct {
	command *exec.Cmd
	output  output
	ended   chan struct{}
	err     error
}

// output collects what a program writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(text)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start starts the program in a process group of its own, so that all that it starts can be ended with it.
func (p *process) start(t *testing.T) {
	t.Helper()
	p.command.Stdout, p.command.Stderr = &p.output, &p.output
	if p.command.SysProcAttr == nil {
		p.command.SysProcAttr = &syscall.SysProcAttr{}
	}
	p.command.SysProcAttr.Setpgid = true
	p.command.WaitDelay = 5 * time.Second
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	p.ended = make(chan struct{})
	go func() {
		p.err = p.command.Wait()
		close(p.ended)
	}()
}

// running reports whether the program has not ended by itself.
func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// stop asks the program to end, and after half a minute ends its process group.
func (p *process) stop(t *testing.T, signal os.Signal) {
	t.Helper()
	if p.running() {
		_ = p.command.Process.Signal(signal) // it may have ended meanwhile
	}
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Errorf("%s did not end within 30 seconds of %v", p.command.Path, signal)
	}
	if err := syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL); err == nil {
		t.Logf("%s left something running, which was ended", p.command.Path)
	} else if !errors.Is(err, syscall.ESRCH) {
		t.Errorf("ending what %s started: %v", p.command.Path, err)
	}
	<-p.ended
}

// until waits for something that a program does, and fails if the program ends first.
func until(t *testing.T, p *process, patience time.Duration, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !done() {
		switch {
		case !p.running():
			t.Fatalf("before %s, %s ended: %v\n%s", what, p.command.Path, p.err, p.output.String())
		case time.Now().After(deadline):
			t.Fatalf("not within %s: %s\n%s", patience, what, p.output.String())
		}
		time.Sleep(50 * time.Millisecond)
	}
}
