// Package lifecycle holds the verbs of a deployment: plan, up, down, status and rehearse. It brings together the deployment that a
// user wrote, the engine that runs Terraform, and the target: AWS, or the AWS that is embedded in the program. All that differs
// between targets is in Target. The command line imports this package; it imports the command line never. What is shown, asked
// or printed is not decided here.
package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/progress"
)

// The root modules. The cloud is what is made of AWS, and the platform what runs in its cluster.
const (
	CloudStack    = "cloud"
	PlatformStack = "platform"
)

// stacks are the root modules in the order in which they are applied.
var stacks = []string{CloudStack, PlatformStack}

// Runner runs the verbs. All fields but Kill, Random, Stacks and Derived are required.
type Runner struct {
	// Source holds stacks/ and modules/. Of the stacks it may lack the platform.
	Source fs.FS
	// Program is this program's version, for the record.
	Program string
	Binary  engine.Binary
	// Environ is the user's environment.
	Environ  []string
	Target   Target
	Reporter progress.Reporter
	// Kill, once closed, ends a run at once; see engine.Interrupts.
	Kill <-chan struct{}
	Now  func() time.Time
	// Random is where secrets come from. Without it the state of a rehearsal is a file, which costs Terraform more time.
	Random io.Reader
	// Stacks are those that a run is limited to, for reports that have nothing to say of the others; nil means all.
	Stacks []string
	// Derived gives settings of the platform stack that no user writes, beside `cloud`. It is asked where the cloud exists: platform is
	// the cloud stack's output of that name. Nil gives none.
	Derived func(ctx context.Context, region string, platform json.RawMessage) (map[string]any, error)
}

// Place is one stack of one region of a deployment.
type Place struct {
	Region string
	Stack  string
}

func (p Place) String() string { return p.Region + " " + p.Stack }

// work is an open place.
type work struct {
	Place
	runner *Runner
	region *deployment.Region
	// site is the region with its other places.
	site    *site
	workdir *engine.Workdir
	stack   *engine.Stack
	// silent means that something else is shown meanwhile.
	silent atomic.Bool
	// unseen is the operation of which the plan is not finished yet, where planning and applying are one run; nil elsewhere.
	unseen *progress.Operation
}

// open binds the engine to a place of a site.
func (r *Runner) open(s *site, stack string) (*work, error) {
	backend, move := r.Target.State(s.region, stack)
	w := &work{Place: Place{s.region.Name, stack}, runner: r, region: s.region, site: s, workdir: s.workdir}
	var err error
	w.stack, err = engine.NewStack(engine.Options{
		Backend: backend, Move: move,
		Workdir: s.workdir, Name: stack, Binary: r.Binary, Environ: r.Environ, Sink: w.event, Kill: r.Kill,
		Providers: r.Target.Providers(s.workdir.StackDir(stack)),
	})
	return w, err
}

// kept is where the state is kept; "" for a file in the deployment's directory.
func (w *work) kept() string { return w.stack.StatePlace() }

// each opens every place of a deployment in order and calls f with it, until f fails.
func (r *Runner) each(ctx context.Context, d *deployment.Deployment, backwards bool, f func(*work) error) error {
	return r.eachSite(ctx, d, backwards, func(s *site) error {
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

// variables are the settings that the stack gets: those of the deployment, what comes from the stack before it, and overrides.
func (w *work) variables(ctx context.Context, overrides map[string]any) (map[string]any, error) {
	text, err := w.region.Variables(w.Stack)
	if err != nil {
		return nil, err
	}
	variables := map[string]any{}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(text, &given); err != nil {
		return nil, fmt.Errorf("variables of %s: %w", w.Place, err)
	}
	for name, value := range given {
		variables[name] = value
	}
	if w.Stack == PlatformStack {
		derived, err := w.site.derived(ctx)
		if err != nil {
			return nil, err
		}
		maps.Copy(variables, derived)
	}
	maps.Copy(variables, overrides)
	return variables, nil
}

// begin, event and end show the progress of an operation, unless something else is shown.
func (w *work) begin(operation progress.Operation) {
	operation.Subject = w.Place.String()
	if !w.silent.Load() {
		w.runner.Reporter.Begin(operation)
	}
}

func (w *work) event(e engine.Event) {
	if w.silent.Load() {
		return
	}
	w.runner.Reporter.Event(e)
	if w.unseen == nil {
		return
	}
	switch {
	case e.Type == engine.EventPlannedChange && e.Change != nil:
		if n := steps(e.Change.Action); n > 0 {
			w.unseen.Totals[progress.Module(e.Change.Resource.Module)] += n
		}
	case e.Type == engine.EventChangeSummary && e.Changes != nil && e.Changes.Operation == "plan":
		w.runner.Reporter.End(true)
		w.runner.Reporter.Begin(*w.unseen)
		w.unseen = nil
	}
}

// steps is how many steps a planned change takes.
func steps(action string) int {
	switch action {
	case "create", "update", "delete":
		return 1
	case "replace":
		return 2
	}
	return 0
}

func (w *work) end(err error) {
	if !w.silent.Load() {
		w.runner.Reporter.End(err == nil)
	}
}

// plan plans with progress.
func (w *work) plan(ctx context.Context, verb string, options engine.PlanOptions, overrides map[string]any) (*engine.Plan, error) {
	variables, err := w.variables(ctx, overrides)
	if err != nil {
		return nil, err
	}
	options.Vars = variables
	w.begin(progress.Operation{Verb: verb})
	plan, err := w.stack.Plan(ctx, options)
	w.end(err)
	return plan, resumable(err)
}

// applyUnseen plans and applies in one run, with progress.
func (w *work) applyUnseen(ctx context.Context, verb string, options engine.PlanOptions, overrides map[string]any) error {
	variables, err := w.variables(ctx, overrides)
	if err != nil {
		return err
	}
	options.Vars = variables
	w.begin(progress.Operation{Verb: "planning"})
	w.unseen = &progress.Operation{Verb: verb, Subject: w.Place.String(), Totals: map[string]int{}}
	applied, err := w.stack.ApplyUnseen(ctx, options)
	w.unseen = nil
	w.end(err)
	return w.unreachable(w.learn(applied, err))
}

// apply applies exactly the plan, with progress.
func (w *work) apply(ctx context.Context, verb string, plan *engine.Plan) error {
	if err := w.aim(plan); err != nil {
		return errors.Join(err, plan.Discard())
	}
	w.begin(progress.Operation{Verb: verb, Totals: progress.Totals(plan.JSON)})
	applied, err := w.stack.Apply(ctx, plan)
	w.end(err)
	return w.unreachable(resumable(w.learn(applied, err)))
}

// learn keeps what the stack after this one needs to know, once an apply has ended well.
func (w *work) learn(applied *engine.Applied, err error) error {
	if err == nil && w.Stack == CloudStack {
		w.site.tell(cloud{applied.Outputs[platformOutput].Value, Existing})
	}
	return err
}
