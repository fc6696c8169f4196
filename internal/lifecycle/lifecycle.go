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
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/progress"
)

// stacks are the root modules in the order in which they are applied.
var stacks = []string{"cloud"}

// Runner runs the verbs. All fields but Kill and Random are required.
type Runner struct {
	// Source holds stacks/ and modules/.
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
	runner  *Runner
	region  *deployment.Region
	workdir *engine.Workdir
	stack   *engine.Stack
}

// open lays out the working directory of a place below dir and binds the engine to it.
func (r *Runner) open(dir string, region *deployment.Region, stack string) (*work, error) {
	workdir, err := engine.OpenWorkdir(dir, r.Target.Name(), region.Name, r.Source, r.Program)
	if err != nil {
		return nil, err
	}
	backend, move := r.Target.State(region, stack)
	bound, err := engine.NewStack(engine.Options{
		Backend: backend, Move: move,
		Workdir: workdir, Name: stack, Binary: r.Binary, Environ: r.Environ, Sink: r.Reporter.Event, Kill: r.Kill,
		Providers: r.Target.Providers(workdir.Root),
	})
	if err != nil {
		return nil, err
	}
	return &work{Place{region.Name, stack}, r, region, workdir, bound}, nil
}

// kept is where the state is kept; "" for a file in the deployment's directory.
func (w *work) kept() string { return w.stack.StatePlace() }

// each opens every place of a deployment in order and calls f with it, until f fails.
func (r *Runner) each(d *deployment.Deployment, backwards bool, f func(*work) error) error {
	type at struct {
		region *deployment.Region
		stack  string
	}
	var places []at
	for i := range d.Regions {
		for _, stack := range stacks {
			places = append(places, at{&d.Regions[i], stack})
		}
	}
	if backwards {
		for i, j := 0, len(places)-1; i < j; i, j = i+1, j-1 {
			places[i], places[j] = places[j], places[i]
		}
	}
	if embedded, ok := r.Target.(*Embedded); ok {
		embedded.places = len(places)
	}
	for _, place := range places {
		w, err := r.open(d.Dir, place.region, place.stack)
		if err != nil {
			return err
		}
		err = f(w)
		if closeErr := w.stack.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// variables are the settings that the stack gets: those of the deployment, and overrides.
func (w *work) variables(overrides map[string]any) (map[string]any, error) {
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
	for name, value := range overrides {
		variables[name] = value
	}
	return variables, nil
}

// plan plans with progress.
func (w *work) plan(ctx context.Context, verb string, options engine.PlanOptions, overrides map[string]any) (*engine.Plan, error) {
	variables, err := w.variables(overrides)
	if err != nil {
		return nil, err
	}
	options.Vars = variables
	w.runner.Reporter.Begin(progress.Operation{Verb: verb, Subject: w.Place.String()})
	plan, err := w.stack.Plan(ctx, options)
	w.runner.Reporter.End(err == nil)
	return plan, resumable(err)
}

// applyUnseen plans and applies in one run, with progress.
func (w *work) applyUnseen(ctx context.Context, verb string, options engine.PlanOptions, overrides map[string]any) error {
	variables, err := w.variables(overrides)
	if err != nil {
		return err
	}
	options.Vars = variables
	w.runner.Reporter.Begin(progress.Operation{Verb: verb, Subject: w.Place.String()})
	_, err = w.stack.ApplyUnseen(ctx, options)
	w.runner.Reporter.End(err == nil)
	return err
}

// apply applies exactly the plan, with progress.
func (w *work) apply(ctx context.Context, verb string, plan *engine.Plan) error {
	if err := w.aim(plan); err != nil {
		return errors.Join(err, plan.Discard())
	}
	w.runner.Reporter.Begin(progress.Operation{Verb: verb, Subject: w.Place.String(), Totals: progress.Totals(plan.JSON)})
	_, err := w.stack.Apply(ctx, plan)
	w.runner.Reporter.End(err == nil)
	return resumable(err)
}
