// Package engine runs Terraform or OpenTofu, alike, over the stacks that coderaws carries: it finds the program, lays out the
// working directory, initializes, plans, applies exactly the plan that was shown, and turns the machine-readable event
// stream into typed events and findings.
//
// What belongs here is how an engine is run. What does not: what is deployed (the stacks decide), where AWS is (a
// Providers implementation decides, and nil means the provider registry), and how progress looks (package progress).
// The package imports diagnostic alone. The command line and the reports' callers import it; it never imports them, nor the
// sandbox.
//
// The engine's processes are started directly rather than through terraform-exec: that library asks for the version once
// per client (one more process for every operation), compares OpenTofu's version with Terraform's, and has no way to kill
// a run at the second interrupt.
package engine

import "context"

// Product names the engine's implementation.
type Product string

const (
	// Terraform is HashiCorp's program.
	Terraform Product = "Terraform"
	// OpenTofu is the Linux Foundation's fork of it.
	OpenTofu Product = "OpenTofu"
)

// Providers supplies Terraform providers that already run, instead of those that init would download. The embedded AWS is one.
type Providers interface {
	// Start makes the providers ready and says how to reach them. It is called once for each Stack, before its first run.
	Start(ctx context.Context) (Attachment, error)
	// Stop ends what Start began. It is called once for each successful Start.
	Stop() error
}

// Sink receives each event as soon as the engine has written it, in order, from one goroutine at a time. It must not block.
type Sink func(Event)
