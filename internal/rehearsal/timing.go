package rehearsal

import (
	"strings"
	"time"

	"coderaws/internal/configuration"
	"coderaws/internal/inventory"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/sandbox/helm"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/timeline"

	tfjson "github.com/hashicorp/terraform-json"
)

// Timetable is the work of one plan over time, as AWS would take it.
type Timetable struct {
	lifecycle.Place
	// Parallelism is how many resources Terraform works on at once.
	Parallelism int
	// Total, Shortest and Longest are how long the run takes, at the typical, least and most time of each step.
	Total, Shortest, Longest time.Duration
	// Steps are in the order of their start.
	Steps []TimedStep
	// Opaque are the local values that could not be followed: what waits through them starts too early here.
	Opaque []string
}

// TimedStep is one step of a run.
type TimedStep struct {
	timeline.Step
	// Resource and Type are those of the resource that is worked on.
	Resource, Type string
	Action         inventory.Action
	// Span is how long the step itself takes, at its typical, least and most.
	Span timeline.Span
	// Source says where the figures come from.
	Source string
}

// NewTimetable works out how long AWS takes for a plan. written is the configuration as it is written, or nil if its files are not at
// hand. parallelism is that of Terraform, its default if zero.
func NewTimetable(place lifecycle.Place, p *plan.Plan, written *configuration.Module, parallelism int) Timetable {
	if parallelism <= 0 {
		parallelism = timeline.DefaultParallelism
	}
	work, opaque := inventory.Plan(p, written)
	catalog := newCatalog()
	schedule := timeline.Plan(nodes(work, catalog), parallelism)
	table := Timetable{
		Place: place, Parallelism: parallelism, Opaque: opaque,
		Total: schedule.Total, Shortest: schedule.Shortest, Longest: schedule.Longest,
	}
	by := map[string]inventory.Work{}
	for _, w := range work {
		by[w.ID] = w
	}
	for _, step := range schedule.Steps {
		w := by[step.Address]
		span, source := spanOf(w, catalog)
		table.Steps = append(table.Steps, TimedStep{step, w.Address, w.Type, w.Action, span, source})
	}
	return table
}

// newCatalog has all types whose times are known.
func newCatalog() *model.Catalog {
	catalog := service.NewCatalog()
	helm.Declare(catalog)
	return catalog
}

// unknownSpan is how long a resource is taken to need of which nothing is known. It is an estimate.
var unknownSpan = model.Latency{
	Create: model.Span{Typical: 5 * time.Second, Min: time.Second, Max: time.Minute},
	Update: model.Span{Typical: 5 * time.Second, Min: time.Second, Max: time.Minute},
	Delete: model.Span{Typical: 5 * time.Second, Min: time.Second, Max: time.Minute},
	Source: "a guess: nothing is known of this type",
}

// spanOf is how long AWS takes for a step, and where that comes from. What is no resource of AWS takes no time of AWS's.
func spanOf(w inventory.Work, catalog *model.Catalog) (timeline.Span, string) {
	latency := unknownSpan
	if t := catalog.Types[w.Type]; t != nil {
		latency = t.Times(w.Values.Object())
	} else if !strings.HasPrefix(w.Type, "aws_") {
		latency = model.Latency{Source: "no resource of AWS"}
	}
	switch w.Action {
	case inventory.Update:
		return timeline.Span(latency.Update), latency.Source
	case inventory.Delete:
		return timeline.Span(latency.Delete), latency.Source
	default:
		return timeline.Span(latency.Create), latency.Source
	}
}

// nodes gives work its time.
func nodes(work []inventory.Work, catalog *model.Catalog) []timeline.Node {
	list := make([]timeline.Node, len(work))
	for i, w := range work {
		span, _ := spanOf(w, catalog)
		list[i] = timeline.Node{Address: w.ID, Span: span, After: w.After}
	}
	return list
}

// time works out the times of a life from the state, which holds the dependencies that Terraform found.
func (life *Life) time(resources []*tfjson.StateResource, catalog *model.Catalog) {
	work := inventory.Made(resources)
	making := timeline.Plan(nodes(work, catalog), timeline.DefaultParallelism)
	life.Up = durationOf(making)
	for _, step := range making.Critical() {
		life.Critical = append(life.Critical, CriticalStep{step.Address, step.Start.Seconds(), (step.End - step.Start).Seconds()})
	}
	for i := range work {
		work[i].Action = inventory.Delete
	}
	life.Down = durationOf(timeline.Plan(timeline.Reverse(nodes(work, catalog)), timeline.DefaultParallelism))
}

func durationOf(s timeline.Schedule) Duration {
	return Duration{s.Total.Seconds(), s.Shortest.Seconds(), s.Longest.Seconds()}
}
