// Package sandbox is the embedded AWS: a Terraform provider that is served from inside this process and behaves as hashicorp/aws does
// on a real account, and beside it one that behaves as hashicorp/helm does on the clusters of that account. This package starts and stops
// them; the world behind them is in package world, what a resource type is in package model, AWS's rules are in the folders of
// package service, the plugin protocol is in package protocol, and
// Helm in package helm. It imports nothing of coderaws outside of sandbox and knows nothing of its modules: any Terraform that uses
// these providers can run in it.
package sandbox

import (
	"io"

	"coderaws/internal/sandbox/chart"
	"coderaws/internal/sandbox/helm"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/protocol"
	"coderaws/internal/sandbox/renderer"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"
)

// ProviderAddresses are the source addresses under which Terraform and OpenTofu know the AWS provider.
var ProviderAddresses = []string{"registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"}

// HelmProviderAddresses are those under which they know the Helm provider.
var HelmProviderAddresses = []string{"registry.terraform.io/hashicorp/helm", "registry.opentofu.org/hashicorp/helm"}

// Sandbox is an embedded AWS at work. Create one with Start and end it with Stop.
type Sandbox struct {
	World   *world.World
	Catalog *model.Catalog
	server  *protocol.Server
	running *protocol.Running
	// helm is the Helm provider.
	helm        *helm.Server
	helmRunning *protocol.Running
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
	// Charts say where Helm charts are, beside the repositories that releases name.
	Charts Charts
	// Renderer is the command, with its arguments, of a process that does RenderCharts, so that no chart can hurt this one; none renders
	// charts in this process.
	Renderer []string
	// Watch holds Terraform's calls to the policies of who runs it; its zero value holds them to none.
	Watch permission.Watch
}

// Charts say where Helm charts are found.
type Charts struct {
	// Directories hold charts, unpacked or packed, named <chart>-<version>; they are looked at before any network is.
	Directories []string
	// Cache is a directory for charts that are fetched; "" keeps none.
	Cache string
	// Offline fetches nothing: a chart that is not at hand is not rendered.
	Offline bool
}

// patience is how often a call is tried again whose answer other calls may change: for three seconds.
const patience = 30

// Start serves the embedded AWS on a local socket.
func Start(o Options) (*Sandbox, error) {
	catalog := newCatalog()
	server, err := protocol.NewServer(o.World, catalog, o.Region, func() protocol.Used { return used(o) })
	if err != nil {
		return nil, err
	}
	server.Patient(patience)
	server.Watched(o.Watch)
	running, err := protocol.Serve(server, o.World.Directory())
	if err != nil {
		return nil, err
	}
	s := &Sandbox{World: o.World, Catalog: catalog, server: server, running: running}
	if err := s.startHelm(o); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// startHelm serves the Helm provider, whether or not a configuration names a release: an engine that needs none does not ask, and what
// init depends on does not change when the world gets its first release.
func (s *Sandbox) startHelm(o Options) error {
	scan := scanned(o)
	server, err := helm.NewServer(helm.Options{
		World: o.World, Catalog: s.Catalog,
		Charts:      &chart.Finder{Directories: o.Charts.Directories, Cache: o.Charts.Cache, Offline: o.Charts.Offline},
		Renderer:    renderer.New(o.Renderer),
		Directories: func() []string { return scan.releases },
	})
	if err != nil {
		return err
	}
	running, err := helm.Serve(server, o.World.Directory())
	if err != nil {
		return err
	}
	s.helm, s.helmRunning = server, running
	return nil
}

// newCatalog has the declarations of all types.
func newCatalog() *model.Catalog {
	catalog := service.NewCatalog()
	helm.Declare(catalog)
	return catalog
}

// Remove deletes a resource from a world behind Terraform's back, with what is a part of it. The caller holds the world (inside Do).
func Remove(w *world.World, r *world.Resource) { newCatalog().Remove(w, r) }

// Stop ends the serving; the world stays as it is.
func (s *Sandbox) Stop() {
	s.running.Stop()
	if s.helmRunning != nil {
		s.helmRunning.Stop()
		s.helm.Renderer.Stop()
	}
}

// RenderCharts renders the charts that the process which started this one asks for on in, and answers on out, until in ends.
func RenderCharts(in io.Reader, out io.Writer) error { return renderer.Serve(in, out) }

// Address is where Terraform finds the AWS provider.
func (s *Sandbox) Address() protocol.Address { return s.running.Address }

// Providers are where Terraform finds each provider that is served, by its source address.
func (s *Sandbox) Providers() map[string]protocol.Address {
	all := map[string]protocol.Address{}
	for _, name := range ProviderAddresses {
		all[name] = s.running.Address
	}
	for _, name := range HelmProviderAddresses {
		all[name] = s.helmRunning.Address
	}
	return all
}

// Rendered lists the Helm releases that were made and whose charts were rendered, also those that are gone again.
func (s *Sandbox) Rendered() []helm.Summary {
	return s.helm.Rendered()
}

// Unrendered lists the Helm releases whose charts could not be fetched: they were simulated without their objects.
func (s *Sandbox) Unrendered() []helm.Summary {
	return s.helm.Unrendered()
}

// Operations lists what was done to the world, each provider's in order.
func (s *Sandbox) Operations() []protocol.Operation {
	return append(s.server.Operations(), s.helm.Operations()...)
}

// Unmodelled lists the types that were used and of which the sandbox knows no more than their schema.
func (s *Sandbox) Unmodelled() []string { return s.server.Unmodelled() }

// Newer lists, as sentences, what was asked for and is newer than known.
func (s *Sandbox) Newer() []string { return s.server.Newer() }

// Fallbacks lists the computed attributes, as type.attribute, that a model left open and that got a made-up value.
func (s *Sandbox) Fallbacks() []string { return s.server.Fallbacks() }

// used finds the types that the configurations name, and those that exist in the world already. It is asked again at every start of
// Terraform, so that modules fetched meanwhile are seen.
func used(o Options) protocol.Used {
	if len(o.Directories) == 0 {
		return protocol.Used{All: true}
	}
	return protocol.Used{Names: scanned(o).names}
}

// scanned is what the configurations and the world name.
func scanned(o Options) *scanner {
	scan := &scanner{names: map[string]bool{}, seen: map[string]bool{}}
	for _, dir := range o.Directories {
		scan.directory(dir)
	}
	_ = o.World.Do(func() error { // looking cannot fail
		for _, r := range o.World.List(nil) {
			scan.names[r.Type] = true
		}
		return nil
	})
	return scan
}
