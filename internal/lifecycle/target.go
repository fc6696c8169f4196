package lifecycle

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/service/route53"
	"coderaws/internal/sandbox/world"
)

// Names of the targets, as users give them.
const (
	SandboxTarget = "sandbox"
	AWSTarget     = "aws"
)

// Target is where a deployment lives. Everything that differs between the targets is here.
type Target interface {
	// Name is the target's name, and the name of its directory in a deployment's .coderaws.
	Name() string
	// Providers are what the engine runs with; nil is AWS itself, by the providers of the registry. dir is the directory of the root module
	// that will run.
	Providers(dir string) engine.Providers
	// State says where the state of a stack is kept, and who is asked before it is moved; see engine.Options.
	State(region *deployment.Region, stack string) (*engine.Backend, func(from, to string) error)
	// Close gives back what the target holds.
	Close() error
}

// Embedded is the AWS that runs inside this process.
type Embedded struct {
	World *world.World
	// seen guards what stacks that are worked on at once have in common: running are the sandboxes that serve them, and record collects
	// what those did.
	seen    sync.Mutex
	running []*sandbox.Sandbox
	record  Record
	// states keeps the states of a rehearsal; nil where they are files.
	states *engine.StateServer
	charts sandbox.Charts
	faulty
}

// Record is what the embedded AWS saw of a run.
type Record struct {
	Unmodelled []string
	Invented   []string
}

// WorldFile is where a deployment's sandbox is kept.
func WorldFile(dir string) string {
	return filepath.Join(dir, ".coderaws", SandboxTarget, "world.json")
}

// OpenEmbedded opens the sandbox that is kept in a deployment directory.
func OpenEmbedded(dir string, now func() time.Time) (*Embedded, error) {
	w, err := world.Open(WorldFile(dir), world.Options{Seed: filepath.Base(dir), Now: now})
	if err != nil {
		return nil, WorldFinding(WorldFile(dir), err)
	}
	return &Embedded{World: w}, nil
}

// WorldFinding says what is wrong with the sandbox that is kept in a file, and what to do.
func WorldFinding(file string, err error) error {
	d := diagnostic.Errorf("%v", err)
	d.Where = &diagnostic.Range{File: file}
	var damaged *world.DamagedError
	var newer *world.NewerFormatError
	switch {
	case errors.Is(err, world.ErrLocked):
		d.Code = "sandbox.locked"
		d.Todo = "wait until the other run has ended"
	case errors.As(err, &damaged):
		d.Code = "sandbox.damaged"
		d.Summary, d.Why = "the sandbox cannot be read", damaged.Err.Error()
		d.Todo = "remove the file and run Terraform again, which makes everything anew: a sandbox holds nothing but a rehearsal"
	case errors.As(err, &newer):
		d.Code = "sandbox.newer"
		d.Todo = "use the newer coderaws that wrote it, or remove the file to begin anew"
	default:
		d.Code = "sandbox.unusable"
		d.Summary, d.Why = "the sandbox cannot be opened", err.Error()
		d.Todo = "make " + filepath.Dir(file) + " readable and writable"
	}
	return d
}

// AddHostedZones puts public hosted zones into the embedded AWS that no deployment made, each as NAME or NAME=ID.
func (e *Embedded) AddHostedZones(zones []string) error {
	for _, zone := range zones {
		name, id, _ := strings.Cut(zone, "=")
		if err := route53.AddHostedZone(e.World, name, id); err != nil {
			return err
		}
	}
	return nil
}

// Name is "sandbox".
func (*Embedded) Name() string { return SandboxTarget }

// State is a file in the working directory, worth as much as the sandbox beside it; and that of a rehearsal is in memory, as its sandbox is.
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

// Close gives the world free.
func (e *Embedded) Close() error { return e.World.Close() }

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
func (e *Embedded) Providers(dir string) engine.Providers {
	return &embeddedProviders{target: e, dir: dir}
}

type embeddedProviders struct {
	target  *Embedded
	dir     string
	started *sandbox.Sandbox
}

// Start serves the embedded AWS.
func (p *embeddedProviders) Start(context.Context) (engine.Attachment, error) {
	charts := p.target.charts
	started, err := sandbox.Start(sandbox.Options{
		World: p.target.World, Directories: []string{p.dir}, Charts: charts,
	})
	if err != nil {
		return engine.Attachment{}, err
	}
	p.target.seen.Lock()
	defer p.target.seen.Unlock()
	p.started, p.target.running = started, append(p.target.running, started)
	return Attachment(started), nil
}

// Stop ends the serving and keeps what was seen.
func (p *embeddedProviders) Stop() error {
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

// Attachment says how an engine reaches a running sandbox.
func Attachment(s *sandbox.Sandbox) engine.Attachment {
	attachment := engine.Attachment{Providers: map[string]engine.Endpoint{}}
	for name, address := range s.Providers() {
		attachment.Providers[name] = engine.Endpoint{
			Network: address.Network, Address: address.Path, PID: address.PID, ProtocolVersion: address.ProtocolVersion,
		}
	}
	return attachment
}

// rehearsedTarget is an embedded AWS with a working directory beside that of the deployment's own sandbox, for what is only looked at.
type rehearsedTarget struct{ *Embedded }

// Name is "rehearsed".
func (*rehearsedTarget) Name() string { return "rehearsed" }
