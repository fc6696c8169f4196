package lifecycle_test

import (
	"io"
	"os"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/sandbox/schema"
)

// disturbed rehearses a pattern with faults.
func disturbed(t *testing.T, pattern string, faults ...string) *lifecycle.Report {
	t.Helper()
	source := os.DirFS("../..")
	found, err := deployment.FindPattern(source, pattern)
	if err != nil {
		t.Fatal(err)
	}
	d, findings := lifecycle.PatternDeployment(t.TempDir(), found)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	provider, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	ordered, err := lifecycle.ParseFaults(faults, provider.ResourceNames(), []string{d.Regions[0].Name})
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	target := lifecycle.NewRehearsal("test", now)
	target.Order(ordered)
	runner := &lifecycle.Runner{
		Source: source, Program: "test", Binary: engineOrSkip(t), Environ: os.Environ(),
		Target: target, Reporter: progress.NewPlain(io.Discard, now), Now: now,
	}
	report, err := runner.Rehearse(t.Context(), pattern, d)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestEveryResourceFails is the law about faults: whatever fails while a deployment is made or destroyed, the same command again goes on, and
// ends in the same world as if nothing had failed; a second plan is empty, and a destroy leaves nothing.
func TestEveryResourceFails(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as many runs as there are links in the longest chain of resources")
	}
	for _, test := range []struct{ name, up, down string }{
		{"AWS refuses each call once", "every=AccessDenied,create", "every=AccessDenied,delete"},
		{"AWS takes each call, and fails then", "every=AccessDenied,after-create", "every=AccessDenied,after-delete"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			report := disturbed(t, "sr-ha", test.up, test.down)
			made, destroyed := report.Disturbance.Faults[0], report.Disturbance.Faults[1]
			n := report.Disturbance.Resources
			t.Logf("%d resources: %d faults while they were made, survived in %d runs; %d while they were destroyed, survived in %d runs",
				n, made.Strikes, report.Disturbance.UpRuns, destroyed.Strikes, report.Disturbance.DownRuns)
			for _, difference := range report.Disturbance.Differences {
				t.Error(difference)
			}
			if !report.Good() {
				t.Errorf("the second plan has %v, left are %v", report.Places[0].Differences, report.Left)
			}
			if made.Strikes != n || n == 0 {
				t.Errorf("%d faults struck while %d resources were made", made.Strikes, n)
			}
			if destroyed.Strikes != n {
				t.Errorf("%d faults struck while %d resources were destroyed", destroyed.Strikes, n)
			}
		})
	}
}
