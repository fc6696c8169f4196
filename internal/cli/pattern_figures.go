package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"coderaws/internal/capacity"
	"coderaws/internal/cost"
	"coderaws/internal/deployment"
	"coderaws/internal/facts"
	"coderaws/internal/lifecycle"
	"coderaws/internal/pricing"
	"coderaws/internal/rehearsal"
	"coderaws/internal/timeline"
)

// PatternFigure is what a pattern comes to, with its settings as they are written. Money is in US dollars in an average month.
type PatternFigure struct {
	Zones int `json:"zones"`
	// Workspaces are how many may run at once.
	Workspaces int `json:"workspaces"`
	// Idle, Office, Worldwide and Always are the costs with nobody there, with all in office hours, with a third of them each at three sites
	// around the world, and with all at all hours.
	Idle      string `json:"monthly_cost_idle"`
	Office    string `json:"monthly_cost_office_hours"`
	Worldwide string `json:"monthly_cost_worldwide"`
	Always    string `json:"monthly_cost_always"`
	// Seconds are how long AWS takes to make it.
	Seconds float64 `json:"simulated_seconds"`
	// Unpriced is how many resources the costs lack: none, or a test fails.
	Unpriced int `json:"unpriced_resources"`
}

// builtInFigures are those of the patterns that the program carries, by name: found when it was built, since a plan of each takes seconds.
// A test holds them to the plans.
func builtInFigures() (map[string]PatternFigure, error) {
	figures := map[string]PatternFigure{}
	if err := json.NewDecoder(facts.Patterns()).Decode(&figures); err != nil {
		return nil, fmt.Errorf("the figures of the patterns: %w", err)
	}
	return figures, nil
}

// longest is how long all regions of a pattern take: a hub first, then side by side those that serve its Coder.
func longest(pattern deployment.Pattern, took map[string]time.Duration) time.Duration {
	first := pattern.Files[0].Region()
	var others time.Duration
	for region, total := range took {
		if region != first {
			others = max(others, total)
		}
	}
	return took[first] + others
}

// figures plans a pattern on the embedded AWS, and prices and times the plan.
func (deps *Deps) figures(ctx context.Context, pattern deployment.Pattern, book *pricing.Book) (PatternFigure, error) {
	figure := PatternFigure{}
	_, previews, err := deps.previews(ctx, ReportOptions{What: pattern.Name}, false)
	if err != nil {
		return figure, err
	}
	var inputs []*cost.Input
	took := map[string]time.Duration{} // by region: its stacks are made one after the other
	for _, p := range previews {
		took[p.Region] += rehearsal.NewTimetable(p.Place, p.Plan, p.Written, timeline.DefaultParallelism).Total
		if p.Stack != lifecycle.CloudStack {
			continue
		}
		input, err := cost.Read(p.Plan, p.Written)
		if err != nil {
			return figure, err
		}
		inputs = append(inputs, input)
		found, err := capacity.Read(p.Plan)
		if err != nil && !errors.Is(err, capacity.ErrNone) {
			return figure, err
		}
		if found != nil {
			figure.Zones, figure.Workspaces = max(figure.Zones, found.Zones), figure.Workspaces+found.MaxWorkspaces
		}
	}
	figure.Seconds = longest(pattern, took).Round(time.Second).Seconds()
	b := bill{name: pattern.Name, inputs: inputs}
	for load, into := range map[string]*string{cost.Idle: &figure.Idle, cost.Office: &figure.Office, cost.Worldwide: &figure.Worldwide,
		cost.Always: &figure.Always} {
		report, err := b.again(book, cost.Options{Usage: cost.NewUsage().With(load)})
		if err != nil {
			return figure, err
		}
		*into, figure.Unpriced = report.Total().Cents(), len(report.Unpriced)
	}
	return figure, nil
}
