package lifecycle

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/service"
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
	// Providers are what the engine runs with; nil is AWS itself, by the providers of the registry. root is the directory that
	// holds the Terraform that will run.
	Providers(root string) engine.Providers
	// State says where the state of a stack is kept, and who is asked before it is moved; see engine.Options.
	State(region *deployment.Region, stack string) (*engine.Backend, func(from, to string) error)
	// Close gives back what the target holds.
	Close() error
}

// Embedded is the AWS that runs inside this process.
type Embedded struct {
	World *world.World
	// current is the sandbox that runs now.
	current *sandbox.Sandbox
	// record collects what the sandboxes of this target did.
	record Record
	// states keeps the states of a rehearsal; nil where they are files.
	states *engine.StateServer
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
		if err := service.AddHostedZone(e.World, name, id); err != nil {
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
func (e *Embedded) Record() Record { return e.record }

// Providers serve the embedded AWS for the Terraform below root.
func (e *Embedded) Providers(root string) engine.Providers { return &embeddedProviders{e, root} }

type embeddedProviders struct {
	target *Embedded
	root   string
}

// Start serves the embedded AWS.
func (p *embeddedProviders) Start(context.Context) (engine.Attachment, error) {
	started, err := sandbox.Start(sandbox.Options{World: p.target.World, Directories: []string{p.root}})
	if err != nil {
		return engine.Attachment{}, err
	}
	p.target.current = started
	return Attachment(started), nil
}

// Stop ends the serving and keeps what was seen.
func (p *embeddedProviders) Stop() error {
	p.target.gather()
	p.target.current.Stop()
	p.target.current = nil
	return nil
}

// gather adds to the record what the running sandbox saw.
func (e *Embedded) gather() {
	if e.current != nil {
		e.record.Unmodelled = union(e.record.Unmodelled, e.current.Unmodelled())
		e.record.Invented = union(e.record.Invented, e.current.Fallbacks())
	}
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
	address := s.Address()
	attachment := engine.Attachment{Providers: map[string]engine.Endpoint{}}
	for _, name := range sandbox.ProviderAddresses {
		attachment.Providers[name] = engine.Endpoint{
			Network: address.Network, Address: address.Path, PID: address.PID, ProtocolVersion: address.ProtocolVersion,
		}
	}
	return attachment
}
