package rehearsal

import (
	"context"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/deployment"
	"coderaws/internal/diagnostic"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
)

// Report is what a rehearsal found out. Its JSON form is version 1 and only grows.
type Report struct {
	Version int    `json:"version"`
	Name    string `json:"name"`
	Engine  string `json:"engine"`
	Places  []Life `json:"places"`
	// After are the places after a change of what was made; left out where nothing was changed.
	After []Life `json:"after_change,omitempty"`
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
	// Egress is what may leave the network of each region that shall have no way to the internet.
	Egress []RegionEgress `json:"egress,omitempty"`
	// Undecided says, of a rehearsal with policies, what hangs on conditions that it does not know: it was let through.
	Undecided []string `json:"permissions_not_decided,omitempty"`
	// Seconds is how long the rehearsal itself took.
	Seconds float64 `json:"seconds"`
	// Disturbance is what came of the faults that were ordered; nil if there were none.
	Disturbance *Disturbance `json:"disturbance,omitempty"`
	// Verdict is what all this comes to; see Judge.
	Verdict Verdict `json:"verdict"`
}

// Life is the life of one place.
type Life struct {
	Region    string         `json:"region"`
	Stack     string         `json:"stack"`
	Resources int            `json:"resources"`
	ByModule  map[string]int `json:"resources_by_module"`
	// Differences are what a second plan would change; a good rehearsal has none.
	Differences []lifecycle.Change `json:"second_plan"`
	// Up and Down are how long AWS would take to make and to delete everything.
	Up   Duration `json:"up"`
	Down Duration `json:"down"`
	// Critical is the chain of resources that the time to make everything hangs on.
	Critical []CriticalStep `json:"critical_path"`
	// Releases are those of Helm, in the order in which they were made; left out for a stack without any.
	Releases []Release `json:"releases,omitempty"`

	// holders are the resources that hold data, and lifted means that they are protected no more and the keys of snapshots out of the state.
	holders []lifecycle.Loss
	lifted  bool
	// snapshots are those that its databases leave.
	snapshots []lifecycle.Snapshot
	// spoke says that its region serves another one's Coder.
	spoke bool
	// private are its resources, if the deployment shall have no way to the internet.
	private []plan.Resource
	// cloud is what the place told the platform.
	cloud lifecycle.Cloud
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

// QuotaNeed is a quota that a new account would have to raise.
type QuotaNeed struct {
	Code    string  `json:"code"`
	Service string  `json:"service"`
	Name    string  `json:"name"`
	Region  string  `json:"region"`
	Default float64 `json:"default"`
	Needed  float64 `json:"needed"`
}

// Good reports whether the life went as it should: nothing to change after the first run, every pod able to run, nothing left after
// the last, and nothing kept that nobody can read.
func (r *Report) Good() bool {
	for _, life := range r.Lives() {
		if len(life.Differences) > 0 || slices.ContainsFunc(life.Releases, func(r Release) bool { return r.Stuck > 0 }) {
			return false
		}
	}
	for _, s := range r.Scaling {
		if s.Failure != "" {
			return false
		}
	}
	for _, region := range r.Egress {
		if !region.Good() {
			return false
		}
	}
	lost := slices.ContainsFunc(r.Kept, func(kept Remainder) bool { return kept.KeyDeleted })
	return len(r.Left) == 0 && !lost && r.Disturbance.good()
}

// Rehearse lives the whole life of a deployment on this target, which must be fresh: it makes everything, plans again, destroys everything,
// and reports. d.Dir is where the working directories go; name is what the report calls it. The report is returned as far as it goes even
// with an error.
func (e *Embedded) Rehearse(ctx context.Context, r *lifecycle.Runner, name string, d *deployment.Deployment) (*Report, error) {
	return e.RehearseChange(ctx, r, name, d, nil)
}

// RehearseChange is Rehearse with a change, made as up would before everything is destroyed, and planned again. Nil is no change.
func (e *Embedded) RehearseChange(
	ctx context.Context, r *lifecycle.Runner, name string, d *deployment.Deployment, change *Change,
) (*Report, error) {
	r = e.on(r)
	began := r.Now()
	report := newReport(r, name)
	forget, err := e.keepStates(r.Random)
	if err != nil {
		return report, err
	}
	defer forget()
	before := e.keys()
	if err := e.prepare(ctx, r, d, report); err != nil {
		return report, afresh(err)
	}
	made := map[string]bool{}
	first, err := e.liveAll(ctx, r, d)
	last := first
	if err == nil && change != nil {
		made, d = e.encryptionKeys(), change.Wanted
		last, err = e.change(ctx, r, *change)
		report.after(last)
	}
	if err == nil {
		e.compare()
		report.Scaling = scalings(e.world, r.Now())
		maps.Copy(made, e.encryptionKeys())
		err = e.pass(r).Sites(ctx, d, true, func(s *lifecycle.Site) error { return e.liveDown(ctx, s, last) })
	}
	for _, life := range first {
		report.Places = append(report.Places, *life)
	}
	if report.Disturbance != nil {
		report.Disturbance.Faults = e.Faults()
	}
	report.Egress = ways(report.last())
	report.Ready = readiness(report.Places)
	report.conclude(e, before, made, err == nil)
	report.Undecided = e.Undecided()
	report.Seconds = r.Now().Sub(began).Seconds()
	return report, afresh(err)
}

// newReport is a report of which nothing is known yet but who makes it.
func newReport(r *lifecycle.Runner, name string) *Report {
	return &Report{
		Version: 1, Name: name, Engine: string(r.Binary.Product) + " " + r.Binary.Version, Places: []Life{},
		Left: []Remainder{}, Kept: []Remainder{}, Ready: []Ready{}, Quotas: []QuotaNeed{}, Unmodelled: []string{}, Invented: []string{},
		Scaling: []Scaling{},
	}
}

// Lives are the places as they were made, and as they were after a change.
func (r *Report) Lives() []Life { return slices.Concat(r.Places, r.After) }

// last are the places as they were at the end, before they were destroyed.
func (r *Report) last() []Life {
	if len(r.After) > 0 {
		return r.After
	}
	return r.Places
}

// lives are those of all places that a rehearsal has come to, in the order in which they were made.
type lives []*Life

// of is the life of a place that was made.
func (l lives) of(place lifecycle.Place) *Life {
	for _, life := range l {
		if life.Region == place.Region && life.Stack == place.Stack {
			return life
		}
	}
	return nil
}

// afresh words what to do after AWS refused something: a rehearsal begins anew each time, and keeps nothing.
func afresh(err error) error {
	for _, d := range diagnostic.From(err) {
		if strings.HasPrefix(d.Todo, "correct the setting") {
			d.Todo = "correct the setting that leads to this, and rehearse again"
			if strings.Contains(d.Summary, "is not authorized to perform: ") {
				d.Todo = "allow the action in the policy that is named, or ask whoever keeps it; `coderaws permissions` writes what it takes"
			}
		}
	}
	return err
}

// keys identifies everything that exists.
func (e *Embedded) keys() map[string]bool {
	all := map[string]bool{}
	_ = e.world.Do(func() error { // looking cannot fail
		for _, r := range e.world.List(nil) {
			all[r.Key()] = true
		}
		return nil
	})
	return all
}

// conclude fills in what is known at the end. What existed before belongs to somebody else and is no remainder; made are the
// encryption keys that there were in between.
func (r *Report) conclude(target *Embedded, before, made map[string]bool, destroyed bool) {
	record := target.Record()
	r.Unmodelled = append(r.Unmodelled, record.Unmodelled...)
	r.Invented = append(r.Invented, record.Invented...)
	for _, usage := range target.world.Usages() {
		if usage.AboveDefault() {
			r.Quotas = append(r.Quotas, QuotaNeed{
				usage.Quota.Code, usage.Quota.Service, usage.Quota.Name, usage.Region, usage.Quota.Default, usage.Peak,
			})
		}
	}
	if !destroyed {
		return
	}
	r.remainders(target, before, made)
}
