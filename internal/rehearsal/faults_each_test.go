package rehearsal

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/engine"
	"coderaws/internal/lifecycle"
	"coderaws/internal/progress"
	"coderaws/internal/sandbox/fault"
)

// eachWorkers is how many deployments TestEachResourceFails makes side by side.
const eachWorkers = 2

// eachRig is what all tries of TestEachResourceFails share.
type eachRig struct {
	runner lifecycle.Runner
	region deployment.Region
	calm   *calm
	// plan is the plan from nothing, which is the same for every try.
	plan []byte
	json *engine.Plan
}

// TestEachResourceFails lets one resource of SR-HA fail at a time, and the next up must end in the world of an undisturbed run. Resources
// that AWS makes in its own time also fail after they were made. It takes some seconds for each, and 13 of processor time: `make
// test-faults` runs it, and `make test-faults ONLY=aws_nat_gateway` for the addresses with a text in them.
func TestEachResourceFails(t *testing.T) {
	only := os.Getenv("CODERAWS_TEST_FAULTS")
	if only == "" {
		t.Skip("takes about half an hour: make test-faults")
	}
	rig := newEachRig(t)
	var faults []string
	for _, resources := range rig.calm.resources {
		for _, r := range resources {
			if strings.HasPrefix(r.Type, "aws_") {
				faults = append(faults, r.Address+"=AccessDenied,create")
			}
			if fault.Asynchronous(r.Type) {
				faults = append(faults, r.Address+"=InternalError,after-create")
			}
		}
	}
	if only != "all" {
		faults = slices.DeleteFunc(faults, func(fault string) bool { return !strings.Contains(fault, only) })
	}
	if len(faults) == 0 {
		t.Fatalf("there is no %s", only)
	}
	queue := make(chan string, len(faults))
	for _, fault := range faults {
		queue <- fault
	}
	close(queue)
	began := time.Now()
	var workers sync.WaitGroup
	for range eachWorkers {
		dir := t.TempDir()
		workers.Go(func() {
			for fault := range queue {
				rig.try(t, dir, fault)
				t.Logf("%s: tried, %d to go", fault, len(queue))
			}
		})
	}
	workers.Wait()
	t.Logf("%d faults, one at a time, survived in %s", len(faults), time.Since(began).Round(time.Second))
}

func newEachRig(t *testing.T) *eachRig {
	t.Helper()
	binary, err := engine.Find(t.Context(), engine.Lookup{Environ: os.Environ()})
	if err != nil {
		t.Skipf("%v", err)
	}
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	rig := &eachRig{runner: lifecycle.Runner{
		Source: os.DirFS("../.."), Program: "test", Binary: binary, Environ: append(os.Environ(), OfflineVariable+"=1"),
		Reporter: progress.NewPlain(io.Discard, now), Now: now,
		Stacks: []string{lifecycle.CloudStack},
	}}
	pattern, err := deployment.FindPattern(rig.runner.Source, "sr-ha")
	if err != nil {
		t.Fatal(err)
	}
	d, findings := pattern.Deployment(t.TempDir())
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	rig.region = d.Regions[0]
	if rig.calm, err = New("test", now).undisturbed(t.Context(), &rig.runner, d); err != nil {
		t.Fatal(err)
	}
	err = New("test", now).on(&rig.runner).Each(t.Context(), d, false, func(w *lifecycle.Work) error {
		if rig.json, err = w.Plan(t.Context(), "planning", engine.PlanOptions{}, nil); err != nil {
			return err
		}
		rig.plan, err = os.ReadFile(rig.json.File)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rig
}

// try lets one fault strike a deployment from nothing, and goes on after it.
func (rig *eachRig) try(t *testing.T, dir, text string) {
	target := New("test", rig.runner.Now)
	if _, err := target.Disturb([]string{text}, []string{rig.region.Name}); err != nil {
		t.Error(err)
		return
	}
	target.calm, target.disturbance = rig.calm, &Disturbance{}
	err := target.on(&rig.runner).Each(t.Context(), &deployment.Deployment{Dir: dir, Regions: []deployment.Region{rig.region}}, false,
		func(w *lifecycle.Work) error {
			// The working directory is that of the last try, so that it need not be initialized again.
			for _, old := range []string{w.Engine.Dir() + "/terraform.tfstate", w.Engine.Dir() + "/terraform.tfstate.backup",
				w.Workdir.Root + "/run/cloud.applied"} {
				if err := os.Remove(old); err != nil && !os.IsNotExist(err) {
					return err
				}
			}
			if err := w.Engine.Init(t.Context()); err != nil {
				return err
			}
			file := filepath.Join(dir, "first.tfplan")
			if err := os.WriteFile(file, rig.plan, 0o600); err != nil {
				return err
			}
			err := w.Apply(t.Context(), "applying", &engine.Plan{File: file, JSON: rig.json.JSON})
			if found, others := ordered(err); len(found) == 0 || others {
				t.Errorf("%s: the first run ends with %v", text, err)
			}
			if err := plannedUp(t.Context(), w); err != nil {
				return err
			}
			state, err := w.Engine.State(t.Context())
			target.remember(w.Place, lifecycle.Managed(state))
			return err
		})
	if err != nil {
		t.Errorf("%s: %v", text, err)
		return
	}
	target.compare()
	for _, difference := range target.disturbance.Differences {
		t.Errorf("%s: %s", text, difference)
	}
	if records := target.Faults(); records[0].Strikes != 1 {
		t.Errorf("%s struck %d times", text, records[0].Strikes)
	}
}
