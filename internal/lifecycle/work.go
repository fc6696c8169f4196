package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync/atomic"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/engine"
	"coderaws/internal/plan"
	"coderaws/internal/progress"
)

// Work is an open place: what is done there is done with the engine, and shown.
type Work struct {
	Place
	// Engine runs Terraform here, and shows nothing by itself.
	Engine *engine.Stack
	// Workdir is the working directory of the region.
	Workdir *engine.Workdir

	runner *Runner
	region *deployment.Region
	// site is the region with its other places.
	site *Site
	// silent means that something else is shown meanwhile.
	silent atomic.Bool
	// unseen is the operation of which the plan is not finished yet, where planning and applying are one run; nil elsewhere.
	unseen *progress.Operation
	// heeded are the checks of the stack that were shown.
	heeded map[string]bool
}

// open binds the engine to a place of a site.
func (r *Runner) open(s *Site, stack string) (*Work, error) {
	backend, move := r.Target.State(s.region, stack)
	w := &Work{Place: Place{s.region.Name, stack}, runner: r, region: s.region, site: s, Workdir: s.workdir}
	var err error
	w.Engine, err = engine.NewStack(engine.Options{
		Backend: backend, Move: move, Archive: r.Target.Archive(s.region, stack),
		Workdir: s.workdir, Name: stack, Binary: r.Binary, Environ: r.Environ, Sink: w.event, Kill: r.Kill,
		CacheDir: r.CacheDir, ChangeEngine: r.ChangeEngine, Anew: len(r.Adopt) > 0,
		Providers: r.Target.Providers(s.workdir.StackDir(stack), r.Environ),
	})
	return w, err
}

// Site is the region that the place is in.
func (w *Work) Site() *Site { return w.site }

// Silence lets nothing be shown of this place until end is called.
func (w *Work) Silence() (end func()) {
	w.silent.Store(true)
	return func() { w.silent.Store(false) }
}

// kept is where the state is kept; "" for a file in the deployment's directory.
func (w *Work) kept() string { return w.Engine.StatePlace() }

// variables are the settings that the stack gets: those of the deployment, what comes from the stack before it, and overrides.
func (w *Work) variables(ctx context.Context, overrides map[string]any) (map[string]any, error) {
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
	if w.region.IsSpoke() {
		if w.site.hub == nil {
			return nil, w.site.noHub()
		}
		variables[hubVariable] = w.site.hub
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
func (w *Work) begin(operation progress.Operation) {
	operation.Subject = w.Place.String()
	if !w.silent.Load() {
		w.runner.Reporter.Begin(operation)
	}
}

func (w *Work) event(e engine.Event) {
	if w.silent.Load() {
		return
	}
	w.runner.Reporter.Event(e)
	w.tellDelegation(e)
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

func (w *Work) end(err error) {
	if !w.silent.Load() {
		w.runner.Reporter.End(err == nil)
	}
}

// Plan plans with progress.
func (w *Work) Plan(ctx context.Context, verb string, options engine.PlanOptions, overrides map[string]any) (*engine.Plan, error) {
	variables, err := w.variables(ctx, overrides)
	if err != nil {
		return nil, err
	}
	options.Vars = variables
	w.begin(progress.Operation{Verb: verb})
	plan, err := w.Engine.Plan(ctx, options)
	w.end(err)
	if err == nil {
		plan.Warnings = w.heed(plan.Warnings)
	}
	return plan, w.runner.Target.Explain(err)
}

// ApplyUnseen plans and applies in one run, with progress.
func (w *Work) ApplyUnseen(ctx context.Context, verb string, options engine.PlanOptions, overrides map[string]any) error {
	variables, err := w.variables(ctx, overrides)
	if err != nil {
		return err
	}
	if err := w.prepare(ctx); err != nil {
		return err
	}
	options.Vars = variables
	w.begin(progress.Operation{Verb: "planning"})
	w.unseen = &progress.Operation{Verb: verb, Subject: w.Place.String(), Totals: map[string]int{}}
	applied, err := w.Engine.ApplyUnseen(ctx, options)
	w.unseen = nil
	w.end(err)
	if err == nil {
		w.heed(applied.Warnings)
	}
	return w.unreachable(w.learn(applied, err))
}

// heed shows which checks of the stack did not hold, each once. They stop nothing: what stops is a rule of a variable or a precondition.
// Their text says in its first sentence what is so, and then what to do. All else that the engines warn of, of their own language, is
// returned.
func (w *Work) heed(warnings diagnostic.List) (others diagnostic.List) {
	for _, d := range warnings {
		if d.Summary != failedCheck {
			others = append(others, d)
			continue
		}
		if w.heeded[d.Why] {
			continue
		}
		if w.heeded == nil {
			w.heeded = map[string]bool{}
		}
		w.heeded[d.Why] = true
		what, todo, _ := strings.Cut(d.Why, ". ")
		shown := diagnostic.Warningf("%s: %s", w.Place, what)
		shown.Code, shown.Todo, shown.Where = "stack.check", todo, d.Where
		w.runner.warn(shown)
	}
	return others
}

// failedCheck is how both engines begin to say that the condition of a check block was false.
const failedCheck = "Check block assertion failed"

// LookAtCharts lets the charts be looked at that a plan of a platform installs.
func (w *Work) LookAtCharts(ctx context.Context, p *plan.Plan) error {
	if w.Stack != PlatformStack || w.runner.Charts == nil {
		return nil
	}
	return w.runner.Charts(ctx, p)
}

// Apply applies exactly the plan, with progress.
func (w *Work) Apply(ctx context.Context, verb string, plan *engine.Plan) error {
	if err := w.runner.Target.Before(w.Place, plan, w.runner.Reporter.Notice); err != nil {
		return errors.Join(err, plan.Discard())
	}
	if err := w.prepare(ctx); err != nil {
		return errors.Join(err, plan.Discard())
	}
	w.begin(progress.Operation{Verb: verb, Totals: progress.Totals(plan.JSON)})
	applied, err := w.Engine.Apply(ctx, plan)
	w.end(err)
	return w.unreachable(w.runner.Target.Explain(w.learn(applied, err)))
}

// learn keeps what the stack after this one needs to know, once an apply has ended well.
func (w *Work) learn(applied *engine.Applied, err error) error {
	if err == nil && w.Stack == CloudStack {
		w.site.Tell(Cloud{applied.Outputs[platformOutput].Value, applied.Outputs[addressesOutput].Value, Existing})
		return w.remember(applied.Outputs[settledOutput].Value)
	}
	return err
}
