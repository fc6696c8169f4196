// Package lifecycle holds the verbs of a deployment: plan, up, down and status, and the steps that they are made of. It brings
// together the deployment that a user wrote, the engine that runs Terraform, and the target on which it lives. What differs between
// AWS and the AWS that is embedded in the program, a Target answers; no verb asks which of them it is. AWS itself is here, and the
// embedded AWS in package rehearsal, which makes whole lives of the same steps. What is shown, asked or printed does not belong here.
// The rehearsal, the preflight and the command line import it.
package lifecycle

import (
	"context"
	"io"
	"io/fs"
	"slices"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/plan"
	"coderaws/internal/progress"
)

// The root modules. The cloud is what is made of AWS, and the platform what runs in its cluster.
const (
	CloudStack    = "cloud"
	PlatformStack = "platform"
)

// stacks are the root modules in the order in which they are applied.
var stacks = []string{CloudStack, PlatformStack}

// Runner runs the verbs. All fields but CacheDir, Kill, Random, Adopt, ChangeEngine, Stacks, Charts, Warn and Notice are
// required.
type Runner struct {
	// Source holds stacks/ and modules/. Of the stacks it may lack the platform.
	Source fs.FS
	// Program is this program's version, for the record.
	Program string
	Binary  engine.Binary
	// Environ is the user's environment.
	Environ []string
	// CacheDir is where small things are remembered between runs; see engine.Options.
	CacheDir string
	Target   Target
	Reporter progress.Reporter
	// Kill, once closed, ends a run at once; see engine.Interrupts.
	Kill <-chan struct{}
	Now  func() time.Time
	// Random is where secrets come from. Without it the state of a rehearsal is a file, which costs Terraform more time.
	Random io.Reader
	// Adopt names what exists and is in no state, by hand: by the address at which it belongs, the id by which its provider imports it. An
	// address that several regions have begins with its region and a colon.
	Adopt map[string]string
	// ChangeEngine lets another engine go on; see engine.Options.
	ChangeEngine bool
	// Stacks are those that a run is limited to, for reports that have nothing to say of the others; nil means all.
	Stacks []string
	// SideBySide lets regions that do not need each other be made and destroyed at the same time, where nobody is asked between.
	SideBySide bool
	// Charts is shown each plan of a platform before it is carried out, to look at the charts that it installs; an error ends the run.
	Charts func(ctx context.Context, p *plan.Plan) error
	// Warn shows findings that stop nothing, and Notice a line, where neither may be lost in the progress; nil shows nothing.
	Warn   func(diagnostic.List)
	Notice func(string)

	// together means that the pass that is at work takes regions side by side.
	together bool
	// leaving means that everything is destroyed: what coderd would say is of no use any more.
	leaving bool
}

func (r *Runner) warn(d *diagnostic.Diagnostic) {
	if r.Warn != nil {
		r.Warn(diagnostic.List{d})
	}
}

func (r *Runner) notice(line string) {
	if r.Notice != nil {
		r.Notice(line)
	}
}

// Place is one stack of one region of a deployment.
type Place struct {
	Region string
	Stack  string
}

func (p Place) String() string { return p.Region + " " + p.Stack }

// AtOnce is the runner for a pass that may take regions at the same time: what it does with each must not disturb the others.
func (r *Runner) AtOnce() *Runner {
	pass := *r
	pass.together = true
	return &pass
}

// ifSideBySide is AtOnce where that was asked for.
func (r *Runner) ifSideBySide() *Runner {
	if !r.SideBySide {
		return r
	}
	return r.AtOnce()
}

// Each opens every place of a deployment in order and calls f with it, until f fails. See Sites.
func (r *Runner) Each(ctx context.Context, d *deployment.Deployment, backwards bool, f func(*Work) error) error {
	return r.Sites(ctx, d, backwards, func(s *Site) error {
		places := slices.Clone(s.places)
		if backwards {
			slices.Reverse(places)
		}
		for i, w := range places {
			if i > 0 {
				s.early.Wait()
			}
			if err := f(w); err != nil {
				return err
			}
		}
		return nil
	})
}
