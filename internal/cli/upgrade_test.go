package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/upgrade"
)

// TestCoderIsWrittenEverywhere: an upgrade of Coder that ends in its first region leaves files that are valid, and can be gone on with.
func TestCoderIsWrittenEverywhere(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../patterns/hub-and-spokes")); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, os.DirFS("../.."))
	if findings.HasErrors() {
		t.Fatal(findings)
	}
	var all []RegionUpgrade
	for _, r := range d.InOrder() {
		steps, err := upgrade.Steps(r, upgrade.Versions{}, upgrade.Versions{Coder: "2.35.2"}, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
		if err != nil || len(steps) != 1 {
			t.Fatal(steps, err)
		}
		all = append(all, RegionUpgrade{Region: r.Name, settings: r, Steps: []UpgradeStep{{Step: steps[0]}}})
	}
	if err := writeCoder(all); err != nil {
		t.Fatal(err)
	}
	for _, r := range d.Regions {
		text, err := os.ReadFile(filepath.Join(dir, r.Name+".tfvars"))
		if err != nil || !strings.Contains(string(text), `version = "2.35.2"`) {
			t.Errorf("%s goes on to have another version: %v", r.Name, err)
		}
	}
	if _, findings := deployment.Load(dir, os.DirFS("../..")); findings.HasErrors() {
		t.Error(findings)
	}
}
