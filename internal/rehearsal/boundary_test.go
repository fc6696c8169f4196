package rehearsal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/rehearsal"
)

// TestBoundary rehearses every pattern in an account whose owners require a path and a permissions boundary of each role: nothing of AWS
// refuses it, and no role is without.
func TestBoundary(t *testing.T) {
	if testing.Short() {
		t.Skip("each life takes some seconds")
	}
	binary := engineOrSkip(t)
	source := os.DirFS("../..")
	patterns, err := deployment.Patterns(source)
	if err != nil || len(patterns) == 0 {
		t.Fatalf("%d patterns, %v", len(patterns), err)
	}
	now := func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	for _, pattern := range patterns {
		t.Run(pattern.Name, func(t *testing.T) {
			partition := "aws"
			if strings.Contains(pattern.Files[0].Text, `"us-gov-`) {
				partition = "aws-us-gov"
			}
			boundary := fmt.Sprintf("arn:%s:iam::123456789012:policy/landing-zone/boundary", partition)
			dir := t.TempDir()
			for _, file := range pattern.Files {
				text := fmt.Sprintf("%s\niam = { path = %q, permissions_boundary = %q }\n", file.Text, "/landing-zone/coder/", boundary)
				if err := os.WriteFile(filepath.Join(dir, file.Region()+".tfvars"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			d, findings := deployment.Load(dir, source)
			if findings.HasErrors() {
				t.Fatal(findings)
			}
			fresh := func() (*rehearsal.Embedded, *deployment.Deployment) {
				target := rehearsal.New("boundary", now)
				if err := target.AddExisting(rehearsal.Existing{Policies: []string{boundary}}); err != nil {
					t.Fatal(err)
				}
				return target, &deployment.Deployment{Dir: t.TempDir(), Regions: d.Regions}
			}
			target, scratch := fresh()
			previews, err := target.Preview(t.Context(), runnerOn(target, binary), scratch, false)
			if err != nil {
				t.Fatal(err)
			}
			roles := 0
			for _, preview := range previews {
				for _, r := range preview.Plan.Planned() {
					if r.IsData || r.Type != "aws_iam_role" {
						continue
					}
					roles++
					path, _ := r.Values.Attr("path").Text().Get()
					bounded, _ := r.Values.Attr("permissions_boundary").Text().Get()
					if path != "/landing-zone/coder/" || bounded != boundary {
						t.Errorf("%s has path %v and boundary %v", r.Address, path, bounded)
					}
				}
			}
			if roles < 8 {
				t.Errorf("found %d roles", roles)
			}
			target, scratch = fresh()
			report, err := target.Rehearse(t.Context(), runnerOn(target, binary), pattern.Name, scratch)
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
