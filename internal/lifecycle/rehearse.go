package lifecycle

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/progress"
	"coderaws/internal/sandbox/world"

	tfjson "github.com/hashicorp/terraform-json"
)

// Report is what a rehearsal found out. Its JSON form is version 1 and only grows.
type Report struct {
	Version int    `json:"version"`
	Name    string `json:"name"`
	Engine  string `json:"engine"`
	Places  []Life `json:"places"`
	// Ready says for each region how long it takes until Coder answers: all stacks one after the other.
	Ready []Ready `json:"ready"`
	// Left is what a destroy left behind, by mistake; a good rehearsal leaves nothing.
	Left []Remainder `json:"left"`
	// Kept is what stays on purpose, such as the final snapshot of a database.
	Kept []Remainder `json:"kept"`
	// Quotas are the quotas that the deployment needs above AWS's defaults.
	Quotas []QuotaNeed `json:"quotas_above_default"`
	// Unmodelled are the types of which the sandbox knows no more than their schema: what AWS would say to them is not known.
	Unmodelled []string `json:"not_modelled"`
	// Invented are the computed attributes of modelled types that got a made-up value.
	Invented []string `json:"made_up_values"`
	// Scaling is what the schedules of the deployment do to its node groups.
	Scaling []Scaling `json:"scaling"`
	// Seconds is how long the rehearsal itself took.
	Seconds float64 `json:"seconds"`
	// Disturbance is what came of the faults that were ordered; nil if there were none.
	Disturbance *Disturbance `json:"disturbance,omitempty"`
}

// Life is the life of one place.
type Life struct {
	Region    string         `json:"region"`
	Stack     string         `json:"stack"`
	Resources int            `json:"resources"`
	ByModule  map[string]int `json:"resources_by_module"`
	// Differences are what a second plan would change; a good rehearsal has none.
	Differences []Change `json:"second_plan"`
	// Up and Down are how long AWS would take to make and to delete everything.
	Up   Duration `json:"up"`
	Down Duration `json:"down"`
	// Critical is the chain of resources that the time to make everything hangs on.
	Critical []CriticalStep `json:"critical_path"`
	// Releases are those of Helm, in the order in which they were made; left out for a stack without any.
	Releases []Release `json:"releases,omitempty"`

	// holders are the resources that hold data, and lifted means that they are protected no more.
	holders []Loss
	lifted  bool
	// cloud is what the place told the platform.
	cloud cloud
}

// Duration is a time on AWS in seconds.
type Duration struct {
	Typical  float64 `json:"typical_seconds"`
	Shortest float64 `json:"shortest_seconds"`
	Longest  float64 `json:"longest_seconds"`
}

// CriticalStep is one resource of the critical path, with its start and its length in seconds.
type CriticalStep struct {
	Address string  `json:"address"`
	Start   float64 `json:"start_seconds"`
	Length  float64 `json:"seconds"`
}

// Change is one difference of a plan.
type Change struct {
	Address    string   `json:"address"`
	Action     string   `json:"action"`
	Attributes []string `json:"attributes,omitempty"`
}

// Remainder is a resource that still exists after everything was destroyed.
type Remainder struct {
	Type   string `json:"type"`
	ID     string `json:"id"`
	Region string `json:"region"`
}

// QuotaNeed is a quota that a new account would have to raise.
type QuotaNeed struct {
	Code    string  `json:"code"`
	Service string  `json:"service"`
	Name    string  `json:"name"`
	Region  string  `json:"region"`
	Default float64 `json:"default"`
	Needed  float64 `json:"needed"`
}

// Good reports whether the life went as it should: nothing to change after the first run, every pod able to run, nothing left after the last.
func (r *Report) Good() bool {
	for _, life := range r.Places {
		if len(life.Differences) > 0 || slices.ContainsFunc(life.Releases, func(r Release) bool { return r.Stuck > 0 }) {
			return false
		}
	}
	for _, s := range r.Scaling {
		if s.Failure != "" {
			return false
		}
	}
	return len(r.Left) == 0 && r.Disturbance.good()
}

// Rehearse lives the whole life of a deployment on an empty embedded AWS: it makes everything, plans again, destroys everything,
// and reports. d.Dir is where the working directories go; name is what the report calls it. The runner's target must be a
// fresh *Embedded. The report is returned as far as it goes even with an error.
func (r *Runner) Rehearse(ctx context.Context, name string, d *deployment.Deployment) (*Report, error) {
	target, ok := r.Target.(*Embedded)
	if !ok {
		return nil, errors.New("only the embedded AWS can rehearse")
	}
	began := r.Now()
	report := &Report{
		Version: 1, Name: name, Engine: string(r.Binary.Product) + " " + r.Binary.Version,
		Left: []Remainder{}, Kept: []Remainder{}, Ready: []Ready{}, Quotas: []QuotaNeed{}, Unmodelled: []string{}, Invented: []string{}, Scaling: []Scaling{},
	}
	forget, err := target.keepStates(r.Random)
	if err != nil {
		return report, err
	}
	defer forget()
	before := target.keys()
	if err := r.prepare(ctx, d, target, report); err != nil {
		return report, afresh(err)
	}
	lives := map[Place]*Life{}
	err = r.eachSite(ctx, d, false, func(s *site) error { return s.liveUp(ctx, lives) })
	if err == nil {
		target.compare()
		report.Scaling = scalings(target.World, r.Now())
		err = r.eachSite(ctx, d, true, func(s *site) error { return s.liveDown(ctx, lives) })
	}
	for _, region := range d.Regions {
		for _, stack := range stacks {
			if life := lives[Place{region.Name, stack}]; life != nil {
				report.Places = append(report.Places, *life)
			}
		}
	}
	if report.Disturbance != nil {
		report.Disturbance.Faults = target.FaultRecords()
	}
	report.Ready = readiness(report.Places)
	report.conclude(target, before, err == nil)
	report.Seconds = r.Now().Sub(began).Seconds()
	return report, afresh(err)
}

// afresh words what to do after AWS refused something: a rehearsal begins anew each time, and keeps nothing.
func afresh(err error) error {
	for _, d := range diagnostic.From(err) {
		if strings.HasPrefix(d.Todo, "correct the setting") {
			d.Todo = "correct the setting that leads to this, and rehearse again"
		}
	}
	return err
}

// keys identifies everything that exists.
func (e *Embedded) keys() map[string]bool {
	all := map[string]bool{}
	_ = e.World.Do(func() error { // looking cannot fail
		for _, r := range e.World.List(nil) {
			all[r.Key()] = true
		}
		return nil
	})
	return all
}

// conclude fills in what is known at the end. What existed before belongs to somebody else and is no remainder.
func (r *Report) conclude(target *Embedded, before map[string]bool, destroyed bool) {
	record := target.Record()
	r.Unmodelled = append(r.Unmodelled, record.Unmodelled...)
	r.Invented = append(r.Invented, record.Invented...)
	for _, usage := range target.World.Usages() {
		if usage.AboveDefault() {
			r.Quotas = append(r.Quotas, QuotaNeed{
				usage.Quota.Code, usage.Quota.Service, usage.Quota.Name, usage.Region, usage.Quota.Default, usage.Peak,
			})
		}
	}
	if !destroyed {
		return
	}
	_ = target.World.Do(func() error {
		for _, left := range target.World.List(func(o *world.Resource) bool { return !before[o.Key()] }) {
			remainder := Remainder{left.Type, left.ID, left.Region}
			if left.Kept {
				r.Kept = append(r.Kept, remainder)
			} else {
				r.Left = append(r.Left, remainder)
			}
		}
		return nil
	})
}

// Changes lists what a plan would do to resources, in the order of addresses.
func Changes(plan *tfjson.Plan) []Change {
	changes := []Change{}
	for _, change := range plan.ResourceChanges {
		if change.Change == nil || change.Mode != tfjson.ManagedResourceMode {
			continue
		}
		if action := actionOf(change.Change.Actions); action != "" {
			changes = append(changes, Change{change.Address, action, changedAttributes(change.Change)})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Address, b.Address) })
	return changes
}

func actionOf(actions tfjson.Actions) string {
	switch {
	case actions.Create():
		return "create"
	case actions.Update():
		return "update"
	case actions.Replace():
		return "replace"
	case actions.Delete():
		return "delete"
	case actions.Forget():
		return "forget"
	}
	return ""
}

// changedAttributes lists the top-level attributes that an update or a replacement changes.
func changedAttributes(change *tfjson.Change) []string {
	before, isUpdate := change.Before.(map[string]any)
	after, exists := change.After.(map[string]any)
	if !isUpdate || !exists {
		return nil
	}
	unknown, _ := change.AfterUnknown.(map[string]any)
	var names []string
	for name := range maps.Keys(before) {
		// Terraform marks what is unknown inside a value by the value's own shape, and what is known wholly by false or nothing.
		if !reflect.DeepEqual(before[name], after[name]) || unknown[name] == true {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// moduleOf is the name under which reports count a resource.
func moduleOf(address string) string { return progress.Module(address) }

// NewRehearsal makes the target of a rehearsal: an empty embedded AWS in memory.
func NewRehearsal(seed string, now func() time.Time) *Embedded {
	return &Embedded{World: world.New(world.Options{Seed: seed, Now: now})}
}

// PatternDeployment makes a deployment out of a pattern as it is, for a rehearsal in dir.
func PatternDeployment(dir string, pattern deployment.Pattern) (*deployment.Deployment, diagnostic.List) {
	region, findings := pattern.Check()
	if findings.HasErrors() {
		return nil, findings
	}
	return &deployment.Deployment{Dir: dir, Regions: []deployment.Region{*region}}, findings
}
