package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"time"
)

// exitChanges is plan -detailed-exitcode's status for "there are changes": a result, not a failure.
const exitChanges = 2

// pipeDelay bounds the wait for output after the engine itself has ended, in case a plugin it left behind holds the pipe.
const pipeDelay = 5 * time.Second

// stderrLimit bounds how much of standard error is kept; its end holds the cause.
const stderrLimit = 16 << 10

// process is one run of the engine.
type process struct {
	path string
	args []string
	dir  string
	env  []string
	// kill, once closed, ends the run at once; see Interrupts.
	kill <-chan struct{}
	// stdout consumes standard output until its end.
	stdout func(io.Reader) error
	// record is a file to which standard output is appended, and where it is read from; "" for a pipe. Go programs, the engines among them,
	// are ended by writing to a pipe that nobody reads any more; a file outlives this process.
	record string
}

// ended is how a process ended.
type ended struct {
	// code is the exit status, -1 if a signal ended it.
	code int
	// state describes the end as os.ProcessState does, such as "signal: killed".
	state  string
	stderr string
}

// run starts the process and waits for its end. When ctx is done it asks once for an orderly stop, and goes on waiting: the
// engine needs the time to record what it was creating. The error speaks of starting and reading only.
func (p process) run(ctx context.Context) (ended, error) {
	if err := ctx.Err(); err != nil {
		return ended{}, err
	}
	// The kernel ends the child when the thread that started it ends, so that thread must live as long as the child.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	stderr := &tail{limit: stderrLimit}
	cmd := exec.Command(p.path, p.args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	cmd.Stderr = stderr
	cmd.SysProcAttr, cmd.WaitDelay = processAttributes(), pipeDelay
	out, err := p.open(ctx)
	if err != nil {
		return ended{}, err
	}
	cmd.Stdout = out.writer
	if err := cmd.Start(); err != nil {
		return ended{}, errors.Join(fmt.Errorf("starting %s: %w", p.path, err), out.close())
	}

	read := make(chan error, 1)
	go func() {
		err := p.stdout(out.reader)
		// Whatever is left must be taken, or the engine blocks on a full pipe.
		_, _ = io.Copy(io.Discard, out.reader)
		read <- err
	}()
	exited := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		p.watch(ctx, cmd, exited)
	}()

	err = cmd.Wait()
	close(exited)
	<-watched
	out.end()
	readErr := errors.Join(<-read, out.close())

	end := ended{code: cmd.ProcessState.ExitCode(), state: cmd.ProcessState.String(), stderr: stderr.String()}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return end, fmt.Errorf("waiting for %s: %w", p.path, err)
	}
	return end, readErr
}

// watch passes on interrupts until the process has ended. Signals to a process that just ended fail; that is no error.
func (p process) watch(ctx context.Context, cmd *exec.Cmd, exited <-chan struct{}) {
	select {
	case <-exited:
		return
	case <-p.kill:
		_ = killGroup(cmd.Process)
		return
	case <-ctx.Done():
		_ = interrupt(cmd.Process)
	}
	select {
	case <-exited:
	case <-p.kill:
		_ = killGroup(cmd.Process)
	}
}

// tail keeps the last bytes written to it.
type tail struct {
	limit int
	buf   bytes.Buffer
}

func (t *tail) Write(b []byte) (int, error) {
	t.buf.Write(b)
	if over := t.buf.Len() - t.limit; over > 0 {
		t.buf.Next(over)
	}
	return len(b), nil
}

func (t *tail) String() string { return t.buf.String() }
