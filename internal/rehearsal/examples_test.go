package rehearsal_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/rehearsal"
)

// TestExamples rehearses every deployment in examples/, and every pattern of several regions, with the hosted zones that they say exist.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("each life takes some seconds")
	}
	binary := engineOrSkip(t)
	files, err := filepath.Glob("../../examples/*/*.tfvars")
	regions, other := filepath.Glob("../../patterns/*/*.tfvars")
	if files, err = append(files, regions...), errors.Join(err, other); err != nil || len(files) == 0 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		dir := filepath.Dir(file)
		if seen[dir] {
			continue
		}
		seen[dir] = true
		t.Run(filepath.Base(dir), func(t *testing.T) {
			d, findings := deployment.Load(dir, os.DirFS("../.."))
			if findings.HasErrors() {
				t.Fatal(findings)
			}
			target := rehearsal.New("examples", func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) })
			for _, region := range d.Regions {
				dns := region.Value("dns")
				if zone := dns.GetAttr("zone_name"); !zone.IsNull() && !dns.GetAttr("create_zone").True() {
					if err := target.AddExisting(rehearsal.Existing{HostedZones: []string{zone.AsString()}}); err != nil {
						t.Fatal(err)
					}
				}
			}
			scratch := &deployment.Deployment{Dir: t.TempDir(), Regions: d.Regions}
			report, err := target.Rehearse(t.Context(), runnerOn(target, binary), filepath.Base(dir), scratch)
			if err != nil {
				t.Fatal(err)
			}
			if !report.Good() || len(report.Unmodelled) > 0 || len(report.Invented) > 0 {
				t.Errorf("second plan %v, left %v, not modelled %v, made up %v", report.Places[0].Differences, report.Left, report.Unmodelled,
					report.Invented)
			}
		})
	}
}
