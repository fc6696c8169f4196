// Package sandbox is the embedded AWS: a Terraform provider that is served from inside this process and behaves as hashicorp/aws does
// on a real account. This package starts and stops it; the world behind it is in package world, AWS's rules are in
// package service, and the plugin protocol is in package protocol. It imports nothing of coderaws outside of sandbox and knows
// nothing of its modules: any Terraform that uses the AWS provider can run in it.
package sandbox

import (
	"coderaws/internal/sandbox/protocol"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"
)

// ProviderAddresses are the source addresses under which Terraform and OpenTofu know the AWS provider.
var ProviderAddresses = []string{"registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"}

// Sandbox is an embedded AWS at work. Create one with Start and end it with Stop.
type Sandbox struct {
	World   *world.World
	Catalog *service.Catalog
	server  *protocol.Server
	running *protocol.Running
}

// Options say what to serve.
type Options struct {
	// World is the AWS to work on. Required.
	World *world.World
	// Directories hold the Terraform configurations, states and modules that will be run; the provider serves the types that
	// are named in them. None serves the whole provider, which makes each start of Terraform some seconds slower.
	Directories []string
	// Region is that of provider blocks which name none; with "" they are refused.
	Region string
}

// patience is how often a deletion is tried again that something else holds up: for three seconds.
const patience = 30

// Start serves the embedded AWS on a local socket.
func Start(o Options) (*Sandbox, error) {
	catalog := service.NewCatalog()
	server, err := protocol.NewServer(o.World, catalog, o.Region, func() protocol.Used { return used(o) })
	if err != nil {
		return nil, err
	}
	server.Patient(patience)
	running, err := protocol.Serve(server)
	if err != nil {
		return nil, err
	}
	return &Sandbox{World: o.World, Catalog: catalog, server: server, running: running}, nil
}

// Remove deletes a resource from a world behind Terraform's back, with what is a part of it. The caller holds the world (inside Do).
func Remove(w *world.World, r *world.Resource) { service.NewCatalog().Remove(w, r) }

// Stop ends the serving; the world stays as it is.
func (s *Sandbox) Stop() { s.running.Stop() }

// Address is where Terraform finds the provider.
func (s *Sandbox) Address() protocol.Address { return s.running.Address }

// Operations lists what was done to the world, in order.
func (s *Sandbox) Operations() []protocol.Operation { return s.server.Operations() }

// Unmodelled lists the types that were used and of which the sandbox knows no more than their schema.
func (s *Sandbox) Unmodelled() []string { return s.server.Unmodelled() }

// Fallbacks lists the computed attributes, as type.attribute, that a model left open and that got a made-up value.
func (s *Sandbox) Fallbacks() []string { return s.server.Fallbacks() }

// used finds the types that the configurations name, and those that exist in the world already. It is asked again at every start of
// Terraform, so that modules fetched meanwhile are seen.
func used(o Options) protocol.Used {
	if len(o.Directories) == 0 {
		return protocol.Used{All: true}
	}
	scan := scanner{names: map[string]bool{}, seen: map[string]bool{}}
	for _, dir := range o.Directories {
		scan.directory(dir)
	}
	_ = o.World.Do(func() error {
		for _, r := range o.World.List(nil) {
			scan.names[r.Type] = true
		}
		return nil
	})
	return protocol.Used{Names: scan.names}
}
