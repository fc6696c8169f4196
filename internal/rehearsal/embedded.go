// Package rehearsal makes deployments live on the AWS that is embedded in the program: a whole life with a report, a life that is disturbed
// by faults, a look at what would be made and how long AWS takes for it, and the sandbox that a deployment keeps. It is the embedded AWS as
// a target of package lifecycle, and makes lives of that package's steps. It and the facts are all that the rest of the program knows of
// internal/sandbox: who wants to know something of the embedded AWS asks here. It prints nothing.
package rehearsal

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/world"
)

// Embedded is the AWS that runs inside this process, as a target.
type Embedded struct {
	world *world.World
	// seen guards what stacks that are worked on at once have in common: running are the sandboxes that serve them, and record collects
	// what those did.
	seen    sync.Mutex
	running []*sandbox.Sandbox
	record  Record
	// states keeps the states of a rehearsal; nil where they are files.
	states *engine.StateServer
	// renderer is the command of the process that renders charts; none for this process.
	renderer []string
	// watch holds Terraform's calls to the policies of who runs it.
	watch permission.Watch
	faulty
}

// Record is what the embedded AWS saw of a run.
type Record struct {
	Unmodelled []string
	Invented   []string
}

// New makes the target of a rehearsal: an empty embedded AWS in memory.
func New(seed string, now func() time.Time) *Embedded {
	return &Embedded{world: world.New(world.Options{Seed: seed, Now: now})}
}

// NewIn makes the target of a rehearsal in an account: an embedded AWS in memory which has the account's id and is empty.
func NewIn(account, seed string, now func() time.Time) *Embedded {
	return &Embedded{world: world.New(world.Options{Account: account, Seed: seed, Now: now})}
}

// Open opens the sandbox that is kept in a deployment directory.
func Open(dir string, now func() time.Time) (*Embedded, error) {
	return openFile(WorldFile(dir), world.Options{Seed: filepath.Base(dir), Now: now})
}

// RenderBy has charts rendered by a process of a command that does RenderCharts, so that none can hurt this one. It returns the target.
func (e *Embedded) RenderBy(command []string) *Embedded {
	e.renderer = command
	return e
}

// RenderCharts renders the charts that the process which started this one asks for on in, and answers on out, until in ends.
func RenderCharts(in io.Reader, out io.Writer) error { return sandbox.RenderCharts(in, out) }

// aside is an embedded AWS with a working directory beside that of the deployment's own sandbox, for what is only looked at.
type aside struct{ *Embedded }

// Aside makes the target that plans a platform before its cloud exists on AWS: it has the providers that such a plan needs, and asks
// nobody. dir is the deployment's directory, and renderer is for RenderBy.
func Aside(dir string, now func() time.Time, renderer []string) lifecycle.Target {
	return &aside{New(dir, now).RenderBy(renderer)}
}

// Name is "rehearsed".
func (*aside) Name() string { return "rehearsed" }

// Name is "sandbox".
func (*Embedded) Name() string { return lifecycle.SandboxTarget }

// Close gives the world free.
func (e *Embedded) Close() error { return e.world.Close() }

// Ahead is true: the providers are in this process, and a state is where it always was.
func (*Embedded) Ahead() bool { return true }

// StandIn is not needed.
func (*Embedded) StandIn(string) lifecycle.Target { return nil }

// Delegation is nil: the embedded AWS has no internet that would have to find a zone.
func (*Embedded) Delegation(context.Context, string, string) (*lifecycle.Delegation, error) {
	return nil, nil
}

// Prepare has nothing to do: the embedded AWS asks nobody who he is.
func (*Embedded) Prepare(context.Context, *deployment.Deployment, lifecycle.StateUse) (diagnostic.List, error) {
	return nil, nil
}

// Billed is false.
func (*Embedded) Billed() bool { return false }

// Bucket is none.
func (*Embedded) Bucket(string) string { return "" }

// State is a file in the working directory, worth as much as the sandbox beside it; and that of a rehearsal is in memory, as its sandbox
// is.
func (e *Embedded) State(region *deployment.Region, stack string) (*engine.Backend, func(from, to string) error) {
	if e.states == nil {
		return nil, nil
	}
	return e.states.Backend(region.Name + "/" + stack), nil
}

// keepStates keeps states in memory from now on, until forget is called; without a source of secrets they stay files.
func (e *Embedded) keepStates(random io.Reader) (forget func(), err error) {
	if random == nil {
		return func() {}, nil
	}
	if e.states, err = engine.NewStateServer(random); err != nil {
		return nil, err
	}
	return func() {
		_ = e.states.Close() // what it kept is of no use any more
		e.states = nil
	}, nil
}

// Record is what was seen so far.
func (e *Embedded) Record() Record {
	e.seen.Lock()
	defer e.seen.Unlock()
	for _, running := range e.running {
		e.record.add(running)
	}
	return e.record
}

// add takes in what a sandbox has seen.
func (r *Record) add(s *sandbox.Sandbox) {
	r.Unmodelled = union(r.Unmodelled, s.Unmodelled())
	r.Invented = union(r.Invented, s.Fallbacks())
}

// Providers serve the embedded AWS for the root module in dir. Each stack has servers of its own, which know what this one names; they work
// on one world, at the same time if need be.
func (e *Embedded) Providers(dir string, environ []string) engine.Providers {
	return &providers{target: e, dir: dir, charts: ChartsOf(environ)}
}

type providers struct {
	target  *Embedded
	dir     string
	charts  sandbox.Charts
	started *sandbox.Sandbox
}

// Start serves the embedded AWS.
func (p *providers) Start(context.Context) (engine.Attachment, error) {
	started, err := sandbox.Start(sandbox.Options{World: p.target.world, Directories: []string{p.dir}, Charts: p.charts,
		Renderer: p.target.renderer, Watch: p.target.watch})
	if err != nil {
		return engine.Attachment{}, err
	}
	p.target.seen.Lock()
	defer p.target.seen.Unlock()
	p.started, p.target.running = started, append(p.target.running, started)
	return attachment(started), nil
}

// Stop ends the serving and keeps what was seen.
func (p *providers) Stop() error {
	p.target.seen.Lock()
	defer p.target.seen.Unlock()
	p.target.record.add(p.started)
	p.target.running = slices.DeleteFunc(p.target.running, func(s *sandbox.Sandbox) bool { return s == p.started })
	p.started.Stop()
	p.started = nil
	return nil
}

func union(a, b []string) []string {
	seen := map[string]bool{}
	var all []string
	for _, name := range append(append([]string{}, a...), b...) {
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return all
}

// attachment says how an engine reaches a running sandbox.
func attachment(s *sandbox.Sandbox) engine.Attachment {
	attached := engine.Attachment{Providers: map[string]engine.Endpoint{}}
	for name, address := range s.Providers() {
		attached.Providers[name] = engine.Endpoint{
			Network: address.Network, Address: address.Path, PID: address.PID, ProtocolVersion: address.ProtocolVersion,
		}
	}
	return attached
}

// on is a runner whose target this is.
func (e *Embedded) on(r *lifecycle.Runner) *lifecycle.Runner {
	own := *r
	own.Target = e
	return &own
}
