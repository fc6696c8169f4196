package rehearsal_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/plan"
	"coderaws/internal/rehearsal"
	"coderaws/internal/upgrade"

	"github.com/zclconf/go-cty/cty"
)

// older are the versions that the deployments of TestUpgrades begin with: three minor versions of Kubernetes, two releases of Coder and two
// major versions of PostgreSQL before those that they come to.
var older = upgrade.Versions{Kubernetes: "1.33", Database: "15", Coder: "2.33.0"}

// ways are what TestUpgrades asks for, one after the other.
var ways = []upgrade.Versions{
	{Database: "16"}, {Kubernetes: "1.36"}, {Coder: "2.34.0"}, {Coder: "2.35.1", Database: "17"},
}

// TestUpgrades brings SR-Simple, and with CODERAWS_TEST_UPGRADES (make test-upgrades) every pattern, over three minor versions of
// Kubernetes, two major versions of PostgreSQL and two releases of Coder: nothing that holds data is replaced, no node group either, and
// nothing is left to change after the last step.
func TestUpgrades(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	binary := engineOrSkip(t)
	patterns, err := deployment.Patterns(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	for _, pattern := range patterns {
		if pattern.Name != "sr-simple" && os.Getenv("CODERAWS_TEST_UPGRADES") == "" {
			continue
		}
		t.Run(pattern.Name, func(t *testing.T) {
			d, findings := pattern.Deployment(t.TempDir())
			if findings.HasErrors() {
				t.Fatal(findings)
			}
			target := rehearsal.New(pattern.Name, now)
			runner := runnerOn(target, binary)
			runner.Random = nil // states are files, which the next run reads
			up := func(what string, settings []deployment.Assignment) {
				changed, _, err := d.Regions[0].With(settings)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				d.Regions[0] = *changed
				_, err = runner.Up(t.Context(), d, nil, func(p lifecycle.Planned) error {
					for _, change := range lifecycle.Changes(plan.Read(p.Plan.JSON)) {
						if change.Action == "replace" && !strings.Contains(change.Address, "parameter_group") {
							t.Errorf("%s replaces %s", what, change.Address)
						}
					}
					if len(p.Losses) > 0 {
						t.Errorf("%s loses %v", what, p.Losses)
					}
					return nil
				})
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
			}
			up("the beginning", []deployment.Assignment{
				{Setting: "cluster.version", Value: cty.StringVal(older.Kubernetes)},
				{Setting: "database.engine_version", Value: cty.StringVal(older.Database)},
				{Setting: "coder.version", Value: cty.StringVal(older.Coder)},
			})
			for _, wanted := range ways {
				states, err := runner.Status(t.Context(), d, false)
				if err != nil {
					t.Fatal(err)
				}
				runs := lifecycle.Running(d.Regions[0].Name, states)
				running := upgrade.Versions{
					Kubernetes: runs["cluster.version"], Database: runs["database.engine_version"], Coder: runs["coder.version"],
				}
				steps, err := upgrade.Steps(&d.Regions[0], running, wanted, now())
				if err != nil || len(steps) == 0 {
					t.Fatalf("from %+v to %+v: %d steps, %v", running, wanted, len(steps), err)
				}
				for _, step := range steps {
					up(step.Title, step.Settings)
				}
			}
			plans, err := runner.Plan(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range plans {
				if changes := lifecycle.Changes(plan.Read(p.Plan.JSON)); len(changes) > 0 {
					t.Errorf("%s: another run would change %v", p.Place, changes)
				}
			}
		})
	}
}
