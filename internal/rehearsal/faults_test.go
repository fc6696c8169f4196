package rehearsal_test

import (
	"io"
	"os"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/rehearsal"
)

// disturbed rehearses a pattern with faults.
func disturbed(t *testing.T, pattern string, stacks []string, faults ...string) *rehearsal.Report {
	t.Helper()
	source := os.DirFS("../..")
	found, err := deployment.FindPattern(source, pattern)
	if err != nil {
		t.Fatal(err)
	}
	d, findings := found.Deployment(t.TempDir())
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	target := rehearsal.New("test", now)
	if _, err := target.Disturb(faults, []string{d.Regions[0].Name}); err != nil {
		t.Fatal(err)
	}
	runner := &lifecycle.Runner{
		Source: source, Program: "test", Binary: engineOrSkip(t), Environ: environ(),
		Reporter: progress.NewPlain(io.Discard, now), Now: now, Random: chance(), Stacks: stacks,
	}
	report, err := target.Rehearse(t.Context(), runner, pattern, d)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestEveryResourceFails is the law about faults: whatever fails while a deployment is made or destroyed, the same command again goes on,
// and ends in the same world as if nothing had failed; a second plan is empty, and a destroy leaves nothing.
func TestEveryResourceFails(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as many runs as there are links in the longest chain of resources")
	}
	for _, test := range []struct {
		name string
		// faults strike what is made, and what is destroyed if there is a second one.
		faults []string
		slow   bool
	}{
		{name: "AWS refuses each call once", faults: []string{"every=AccessDenied,create", "every=AccessDenied,delete"}},
		{name: "AWS makes each resource, and fails then", faults: []string{"every=AccessDenied,after-create"}},
		// What is cleared away on the way strikes too, so that this takes twice as many runs.
		{name: "AWS takes each call, and fails then", faults: []string{"every=AccessDenied,after-create", "every=AccessDenied,after-delete"},
			slow: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.slow && os.Getenv("CODERAWS_TEST_FAULTS") != "all" {
				t.Skip("takes some minutes: make test-faults")
			}
			report := disturbed(t, "sr-ha", []string{lifecycle.CloudStack}, test.faults...)
			disturbance := report.Disturbance
			n := disturbance.Resources
			if made := disturbance.Faults[0].Strikes; made != n || n == 0 {
				t.Errorf("%d faults struck while %d resources were made", made, n)
			}
			t.Logf("%d resources, and as many faults while they were made, survived in %d runs", n, disturbance.UpRuns)
			if len(test.faults) > 1 {
				destroyed := 0
				for _, failure := range disturbance.Failures {
					if failure.Verb == "down" {
						destroyed++
					}
				}
				// The key of a snapshot that is kept is not destroyed.
				kept := 0
				for _, remainder := range report.Kept {
					if remainder.Type == "aws_kms_key" {
						kept++
					}
				}
				if destroyed != n-kept {
					t.Errorf("%d faults struck while %d resources were destroyed", destroyed, n-kept)
				}
				t.Logf("%d faults while they were destroyed, survived in %d runs", destroyed, disturbance.DownRuns)
			}
			for _, difference := range disturbance.Differences {
				t.Error(difference)
			}
			if !report.Good() {
				t.Errorf("the second plan has %v, left are %v", report.Places[0].Differences, report.Left)
			}
		})
	}
}

// TestReleaseFails: an installation that fails names its release, and the same command again goes on with it, while the cloud stays as it
// is.
func TestReleaseFails(t *testing.T) {
	if testing.Short() {
		t.Skip("a deployment is made twice, which takes some seconds")
	}
	t.Parallel()
	report := disturbed(t, "sr-simple", nil, "helm_release.coder=AccessDenied", "helm_release=InternalError,delete")
	if !report.Good() {
		t.Errorf("the rehearsal is not good: %+v, left %v", report.Disturbance, report.Left)
	}
	if n := report.Disturbance.UpRuns; n != 2 {
		t.Errorf("it was made in %d runs, want 2", n)
	}
	if failures := report.Disturbance.Failures; len(failures) == 0 || failures[0].Address != "helm_release.coder" ||
		failures[0].Stack != lifecycle.PlatformStack {
		t.Errorf("the failures are %+v, want helm_release.coder of the platform first", failures)
	}
}
