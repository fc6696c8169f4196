package rehearsal

import (
	"errors"
	"slices"
	"time"

	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/world"
)

// ServeOptions say what an embedded AWS serves, and to whom.
type ServeOptions struct {
	// File keeps the sandbox; "" for one that is forgotten.
	File string
	// Directories hold the Terraform files that name the types to serve; nil serves all types.
	Directories []string
	// Region is that of provider blocks without one; "" if there is none.
	Region string
	// Environ is the user's environment, which says where charts are.
	Environ []string
	// Renderer is the command of a process that does RenderCharts; none renders charts in this process.
	Renderer []string
	// Principal is who runs Terraform.
	Principal Principal
	Now       func() time.Time
}

// Served is an embedded AWS in the place of the providers of any Terraform.
type Served struct {
	// Environ is what has to be added to the environment of a program for its Terraform to find it.
	Environ []string
	target  *Embedded
	running *sandbox.Sandbox
}

// Serve serves an embedded AWS until it is closed.
func Serve(o ServeOptions) (*Served, error) {
	target := New("", o.Now)
	if o.File != "" {
		var err error
		if target, err = openFile(o.File, world.Options{Now: o.Now}); err != nil {
			return nil, err
		}
	}
	if err := target.RunAs(o.Principal); err != nil {
		return nil, errors.Join(err, target.Close())
	}
	running, err := sandbox.Start(sandbox.Options{World: target.world, Directories: o.Directories, Region: o.Region,
		Charts: ChartsOf(o.Environ), Renderer: o.Renderer, Watch: target.watch})
	if err != nil {
		return nil, errors.Join(err, target.Close())
	}
	s := &Served{target: target, running: running}
	if s.Environ, err = attachment(running).Environ(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Unmodelled are the types that were used and of which only the schema is known.
func (s *Served) Unmodelled() []string { return s.running.Unmodelled() }

// Newer are sentences on what was asked for and is newer than known: it was taken for the newest known.
func (s *Served) Newer() []string { return s.running.Newer() }

// Undecided lists, as sentences, what a condition decides that the embedded AWS does not know.
func (s *Served) Undecided() []string { return s.target.Undecided() }

// Unrendered are the releases of which the chart could not be fetched.
func (s *Served) Unrendered() []Release {
	var all []Release
	for _, r := range s.running.Unrendered() {
		all = append(all, releaseOf(r))
	}
	return all
}

// Findings are sentences on what the releases that were made do, that Kubernetes takes and that should not be so, and on what their pods
// wait for.
func (s *Served) Findings() []string {
	var all []string
	for _, r := range s.running.Rendered() {
		for _, what := range slices.Concat(r.Reasons, r.Findings) {
			all = append(all, "release "+r.Name+" of namespace "+r.Namespace+": "+what)
		}
	}
	return all
}

// Close ends the serving, and saves what is kept.
func (s *Served) Close() error {
	s.running.Stop()
	return s.target.Close()
}
