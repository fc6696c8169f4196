// Package renderer renders Helm charts in a process of its own, within limits: templates are programs of somebody else, and may neither
// end nor be content with the memory that there is. What is done with a chart stands in package chart; here is where it is done,
// and what becomes of one that does not end. The provider of helm_release in the embedded AWS imports it.
package renderer

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"

	"coderaws/internal/sandbox/chart"
)

const (
	// maxTime is what a chart has to be rendered. Large ones take a second.
	maxTime = 20 * time.Second
	// maxMemory is what the process may take for it, in bytes, garbage included. With large charts it takes a fifth of that.
	maxMemory = 512 << 20
	// maxOutput is how much a chart may render to, in bytes. Helm keeps a release, compressed, in a Secret of at most 1 MiB.
	maxOutput = 32 << 20
	// maxWords is how much is kept of what the process says when it dies, in bytes.
	maxWords = 4 << 10
)

// Renderer renders one chart after the other. Its process starts when it is needed, and again after one that died. Its methods may be
// called by several goroutines at once. A nil Renderer renders in the process of the caller, without limits.
type Renderer struct {
	command []string
	patient time.Duration

	// asking is held while the process is at work.
	asking sync.Mutex
	// guard is held for a moment, to look at the process.
	guard sync.Mutex
	child *child
	// interrupts counts them, so that what waits for its turn learns of one.
	interrupts int
}

// New makes a renderer whose process is the command, which has to Serve. Without a command it is nil.
func New(command []string) *Renderer {
	if len(command) == 0 {
		return nil
	}
	return &Renderer{command: command, patient: maxTime}
}

// LimitError says that a chart was not rendered because it took more than it may, or took the process that rendered it along.
type LimitError struct{ What string }

func (e *LimitError) Error() string { return e.What }

// ErrInterrupted says that a rendering was ended by Interrupt or Stop.
var ErrInterrupted = errors.New("the rendering was interrupted")

// Render is Chart.Render. Its errors may be *LimitError or ErrInterrupted, too.
func (r *Renderer) Render(c *chart.Chart, of chart.Release) (*chart.Rendered, error) {
	if r == nil {
		return c.Render(of)
	}
	a, err := r.ask(c, of, false)
	if err != nil {
		return nil, err
	}
	return a.Rendered, nil
}

// Unread is Chart.Unread, which reads the templates of a chart and may be led astray by them as well. Its errors are those that Render has
// beside the chart's.
func (r *Renderer) Unread(c *chart.Chart, values map[string]any) ([]chart.Unread, error) {
	if r == nil {
		return c.Unread(values), nil
	}
	a, err := r.ask(c, chart.Release{Values: values}, true)
	if err != nil {
		return nil, err
	}
	return a.Unread, nil
}

// Interrupt ends what is being rendered, and what waits to be.
func (r *Renderer) Interrupt() {
	if r == nil {
		return
	}
	r.guard.Lock()
	defer r.guard.Unlock()
	r.interrupts++
	if r.child != nil {
		r.child.end(ErrInterrupted)
	}
}

func (r *Renderer) interrupted() int {
	r.guard.Lock()
	defer r.guard.Unlock()
	return r.interrupts
}

// Stop ends the process. Another one is started if the renderer is used again.
func (r *Renderer) Stop() {
	if r == nil {
		return
	}
	r.Interrupt()
	r.asking.Lock()
	defer r.asking.Unlock()
	r.bury()
}

func (r *Renderer) ask(c *chart.Chart, of chart.Release, unread bool) (*answer, error) {
	asked, err := newRequest(c, of, unread)
	if err != nil {
		return nil, err
	}
	before := r.interrupted()
	r.asking.Lock()
	defer r.asking.Unlock()
	if r.interrupted() != before {
		return nil, ErrInterrupted
	}
	at, err := r.begun()
	if err != nil {
		return nil, fmt.Errorf("the process that renders charts could not be started: %w", err)
	}
	late := time.AfterFunc(r.patient, func() {
		at.end(&LimitError{fmt.Sprintf("it was not rendered after %s, and was given up", r.patient)})
	})
	got, err := at.ask(asked)
	late.Stop()
	if err != nil {
		r.bury()
		return nil, at.why()
	}
	if got.Last {
		r.bury()
	}
	return got, got.Failure.error()
}

// begun is the process, which is started if there is none, or one that was ended while it had nothing to do.
func (r *Renderer) begun() (*child, error) {
	r.guard.Lock()
	defer r.guard.Unlock()
	if r.child != nil && r.child.hasEnded() {
		r.child.bury()
		r.child = nil
	}
	if r.child == nil {
		started, err := start(r.command)
		if err != nil {
			return nil, err
		}
		r.child = started
	}
	return r.child, nil
}

// bury ends the process and waits for its end. The caller is asking.
func (r *Renderer) bury() {
	r.guard.Lock()
	defer r.guard.Unlock()
	if r.child == nil {
		return
	}
	r.child.bury()
	r.child = nil
}

// child is a process that renders.
type child struct {
	command *exec.Cmd
	stream
	words *head

	mu sync.Mutex
	// ended is why it was killed; nil if it was not.
	ended error
}

func start(command []string) (*child, error) {
	c := &child{command: exec.Command(command[0], command[1:]...), words: &head{}}
	// It needs nothing of the environment, and so has none of its secrets. When it dies it says so in a line, without all of its stacks.
	c.command.Env = []string{"GOTRACEBACK=none"}
	c.command.Stderr = c.words
	c.command.SysProcAttr = processAttributes()
	in, err := c.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.stream = newStream(out, in)
	return c, c.command.Start()
}

func (c *child) ask(asked *request) (*answer, error) {
	if err := c.Encode(asked); err != nil {
		return nil, err
	}
	got := &answer{}
	return got, c.Decode(got)
}

// end kills the process; the first reason counts.
func (c *child) end(why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended == nil {
		c.ended = why
	}
	_ = c.command.Process.Kill() // it may have ended by itself
}

// hasEnded reports whether it was killed for a reason.
func (c *child) hasEnded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended != nil
}

// bury ends the process and waits for its end.
func (c *child) bury() {
	c.end(nil)
	_ = c.command.Wait() // it was killed, or has said why it died
}

// why is why a process that has ended gave no answer.
func (c *child) why() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended != nil {
		return c.ended
	}
	words := c.words.String()
	switch {
	case strings.Contains(words, "out of memory"), strings.Contains(words, "cannot allocate memory"),
		// Go's own code begins so when it faults, where the kernel has no memory for it: a fault of a template would begin with panic.
		strings.HasPrefix(words, "SIGSEGV: segmentation violation"):
		return tooMuchMemory()
	case strings.Contains(words, "stack overflow"), strings.Contains(words, "stack exceeds"):
		return &LimitError{"its templates call each other without end"}
	case strings.TrimSpace(words) == "":
		return &LimitError{fmt.Sprintf("the process that rendered it died (%s)", c.command.ProcessState)}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(words), "\n")
	return &LimitError{"the process that rendered it died: " + first}
}

func tooMuchMemory() error {
	return &LimitError{fmt.Sprintf("it takes more than %d MiB of memory to render it", maxMemory>>20)}
}

// head keeps the beginning of what is written to it.
type head struct{ bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	_, _ = h.Buffer.Write(p[:min(len(p), maxWords-h.Len())]) // a buffer takes everything
	return len(p), nil
}
