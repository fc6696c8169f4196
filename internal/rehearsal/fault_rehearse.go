package rehearsal

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"

	tfjson "github.com/hashicorp/terraform-json"
)

// Disturbance is what a rehearsal found out about the faults that were ordered.
type Disturbance struct {
	Faults []lifecycle.FaultRecord `json:"faults"`
	// Resources counts the resources that an undisturbed run makes and that can fail: those on AWS, and releases of Helm.
	Resources int `json:"resources"`
	// UpRuns and DownRuns are how many runs it took, at the place that took most, to make and to destroy everything.
	UpRuns   int `json:"up_runs"`
	DownRuns int `json:"down_runs"`
	// Failures are what the user of a failed run saw.
	Failures []Failure `json:"failures"`
	// Differences are what exists otherwise than after a run without faults; a good rehearsal has none.
	Differences []string `json:"differences_from_undisturbed"`
}

// Failure is one error of a run that failed by order.
type Failure struct {
	// Verb is up or down.
	Verb    string `json:"verb"`
	Run     int    `json:"run"`
	Region  string `json:"region"`
	Stack   string `json:"stack"`
	Address string `json:"address"`
	Code    string `json:"code,omitempty"`
	Summary string `json:"summary"`
}

// Unstruck lists the faults that never struck.
func (d *Disturbance) Unstruck() []string {
	var never []string
	for _, f := range d.Faults {
		if f.Strikes == 0 {
			never = append(never, f.Fault)
		}
	}
	return never
}

// good reports whether every fault struck, and nothing came of it in the end.
func (d *Disturbance) good() bool {
	return d == nil || len(d.Unstruck()) == 0 && len(d.Differences) == 0
}

// calm is what an undisturbed run made.
type calm struct {
	resources map[lifecycle.Place][]*tfjson.StateResource
	picture   picture
}

// values are the attributes of a resource, or nil if they are not known.
func (c *calm) values(place lifecycle.Place, address string) map[string]any {
	if c == nil {
		return nil
	}
	for _, r := range c.resources[place] {
		if r.Address == address {
			return r.AttributeValues
		}
	}
	return nil
}

// undisturbed makes the deployment on a copy of the target's world without faults, to compare with.
func (e *Embedded) undisturbed(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment) (*calm, error) {
	copied := e.world.Copy()
	elsewhere := *d
	elsewhere.Dir = filepath.Join(d.Dir, "undisturbed")
	if err := os.MkdirAll(elsewhere.Dir, 0o700); err != nil {
		return nil, err
	}
	found := &calm{resources: map[lifecycle.Place][]*tfjson.StateResource{}}
	err := (&Embedded{world: copied}).on(r).Each(ctx, &elsewhere, false, func(w *lifecycle.Work) error {
		if err := plannedUp(ctx, w); err != nil {
			return err
		}
		state, err := w.Engine.State(ctx)
		found.resources[w.Place] = lifecycle.Managed(state)
		return err
	})
	found.picture = pictured(copied, found.resources)
	return found, err
}

// prepare makes the deployment without faults first, if faults were ordered, to have something to compare with.
func (e *Embedded) prepare(ctx context.Context, r *lifecycle.Runner, d *deployment.Deployment, report *Report) error {
	if len(e.faults) == 0 {
		return nil
	}
	var err error
	if e.calm, err = e.undisturbed(ctx, r, d); err != nil {
		return err
	}
	e.disturbance = &Disturbance{Faults: []lifecycle.FaultRecord{}, Failures: []Failure{}, Differences: []string{}}
	for _, resources := range e.calm.resources {
		for _, resource := range resources {
			if strings.HasPrefix(resource.Type, "aws_") || resource.Type == lifecycle.ReleaseType {
				e.disturbance.Resources++
			}
		}
	}
	report.Disturbance = e.disturbance
	return nil
}

// remember keeps what Terraform has made at a place.
func (e *Embedded) remember(place lifecycle.Place, resources []*tfjson.StateResource) {
	if e.disturbance != nil {
		e.made[place] = resources
	}
}

// compare holds what exists to what exists after an undisturbed run.
func (e *Embedded) compare() {
	if e.disturbance != nil {
		e.disturbance.Differences = e.calm.picture.differences(pictured(e.world, e.made))
	}
}

// plannedUp makes a place as a user would, in two runs.
func plannedUp(ctx context.Context, w *lifecycle.Work) error {
	plan, err := w.Plan(ctx, "planning", engine.PlanOptions{}, nil)
	if err != nil {
		return err
	}
	if plan, err = w.Clear(ctx, plan); err != nil {
		return err
	}
	return w.Apply(ctx, "applying", plan)
}

// downAgain destroys what a run that failed has left. All data in a rehearsal counts as named.
func downAgain(ctx context.Context, w *lifecycle.Work, holders []lifecycle.Loss) error {
	var all []string
	for _, holder := range holders {
		all = append(all, holder.Address)
	}
	_, err := w.Destroy(ctx, all, nil)
	return err
}

// mostRuns bounds how often a run is repeated that fails by order. The resources of the largest deployments hang on each other in chains
// of about twenty.
const mostRuns = 100

// insist carries out a step, again for as long as it fails by order and may get further the next time. again says that the step is not the
// first.
func (e *Embedded) insist(w *lifecycle.Work, verb string, step func(again bool) error) error {
	if e.disturbance == nil {
		return step(false)
	}
	report := e.disturbance
	runs := &report.UpRuns
	if verb == "down" {
		runs = &report.DownRuns
	}
	for run := 1; ; run++ {
		before := len(e.world.Strikes())
		err := step(run > 1)
		*runs = max(*runs, run)
		found, others := ordered(err)
		if len(found) == 0 || others {
			return err
		}
		for _, d := range found {
			report.Failures = append(report.Failures, Failure{verb, run, w.Region, w.Stack, d.Address, d.Code, d.Summary})
		}
		lasting := true
		for _, s := range e.world.Strikes()[before:] {
			lasting = lasting && (s.Survived || s.Lasting)
		}
		if lasting || run == mostRuns {
			for _, d := range found {
				d.Todo = "nothing can be done as long as this lasts; order the fault for a number of times instead of always"
			}
			return err
		}
	}
}
