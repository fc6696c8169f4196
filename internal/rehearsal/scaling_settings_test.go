package rehearsal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"coderaws/internal/deployment"
	"coderaws/internal/lifecycle"
	"coderaws/internal/rehearsal"
	"coderaws/internal/sandbox"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service"
	"coderaws/internal/sandbox/world"
)

// TestSettingsAndSchedule changes settings of a running deployment at different hours. The least size of workspace nodes is what the
// clock says, whatever Terraform was asked for in between; the most is the setting's at once.
func TestSettingsAndSchedule(t *testing.T) {
	if testing.Short() {
		t.Skip("each change takes some seconds")
	}
	binary := engineOrSkip(t)
	dir, now := t.TempDir(), sandboxNow() // a Sunday, 07:00 in New York
	target, err := rehearsal.Open(dir, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := target.Close(); err != nil {
			t.Error(err)
		}
	}()
	runner := runnerOn(target, binary)
	apply := func(scheduled bool, least, most int) {
		t.Helper()
		text := fmt.Sprintf(`
region = "us-east-1"
domain = "coder.example.com"
dns = { create_zone = true }
deployment_features = { time_based_scaling = %t }
node_groups = { workspace = { min_size = %d, max_size = %d } }
`, scheduled, least, most)
		if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		d, findings := deployment.Load(dir, os.DirFS("../.."))
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		if _, err := runner.Up(t.Context(), d, nil, func(lifecycle.Planned) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	pass := func(until time.Time) []sandbox.Action {
		t.Helper()
		actions := sandbox.Walk{World: target.World(), Catalog: service.NewCatalog()}.Until(now, until)
		for _, a := range actions {
			if a.Failure != nil {
				t.Fatalf("%s at %v: %v", a.Schedule, a.Due, *a.Failure)
			}
		}
		now = until
		return actions
	}
	check := func(when string, want ...float64) {
		t.Helper()
		_ = target.World().Do(func() error {
			for _, r := range target.World().List(func(r *world.Resource) bool {
				return r.Type == "aws_eks_node_group" && len(r.String("node_group_name")) > 9 && r.String("node_group_name")[:9] == "workspace"
			}) {
				got := []float64{}
				for _, name := range []string{"min_size", "desired_size", "max_size"} {
					n, _ := model.At(r.Attributes, "scaling_config."+name).(float64)
					got = append(got, n)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: least, desired and most are %v, want %v", when, got, want)
				}
			}
			return nil
		})
	}
	newYork := time.FixedZone("EST", -5*60*60)
	monday := func(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, newYork) }

	apply(true, 4, 12)
	check("made on a Sunday", 4, 4, 12)
	pass(monday(19, 0))
	check("on Monday evening", 0, 4, 12)
	apply(true, 6, 14)
	check("after a change of least and most in the evening", 0, 4, 14)
	pass(monday(31, 0))
	check("on Tuesday morning", 6, 6, 14)
	apply(true, 6, 10)
	check("after a change of the most by day", 6, 6, 10)
	pass(monday(43, 0))
	check("on Tuesday evening", 0, 6, 10)
	apply(false, 7, 10)
	check("without a schedule from now on", 0, 6, 10)
	if actions := pass(now.Add(61 * time.Minute)); len(actions) != 1 || actions[0].Schedule != "hold" {
		t.Errorf("within the hour: %+v", actions)
	}
	check("an hour later", 7, 7, 10)
	pass(now.Add(5 * time.Hour))
	check("many hours later", 7, 7, 10)
}
