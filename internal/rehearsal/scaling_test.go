package rehearsal_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// workingDay makes SR-HA with its schedule, once, in a world that the caller copies.
func workingDay(t *testing.T) *world.World {
	t.Helper()
	text, err := os.ReadFile("../../patterns/sr-ha.tfvars")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	text = regexp.MustCompile(`(time_based_scaling\s*=) \w+`).ReplaceAll(text, []byte("$1 true"))
	if err := os.WriteFile(filepath.Join(dir, "us-east-1.tfvars"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, os.DirFS("../.."))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	target := rehearsal.New("year", sandboxNow)
	if _, err := runnerOn(target, engineOrSkip(t)).Up(t.Context(), d, nil, func(lifecycle.Planned) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return target.World()
}

func sandboxNow() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// move gives the schedules of a world another time zone and holidays, as the settings would.
func move(t *testing.T, w *world.World, zone string, holidays ...string) {
	t.Helper()
	_ = w.Do(func() error {
		for _, r := range w.List(func(r *world.Resource) bool { return r.Type == "aws_scheduler_schedule" }) {
			r.Attributes["schedule_expression_timezone"] = zone
			target := r.Attributes["target"].([]any)[0].(world.Object)
			var input map[string]any
			if err := json.Unmarshal([]byte(target["input"].(string)), &input); err != nil {
				t.Fatal(err)
			}
			if len(input["holidays"].([]any)) == 0 && strings.HasSuffix(r.String("name"), "-start") {
				input["holidays"] = holidays
			}
			rewritten, err := json.Marshal(input)
			if err != nil {
				t.Fatal(err)
			}
			target["input"] = strings.NewReplacer("\\u003c", "<", "\\u003e", ">").Replace(string(rewritten))
			w.Put(r)
		}
		return nil
	})
}

// TestYearOfWorkingDays walks a year with the state machine and the schedules that the modules make, in zones that change their clocks in
// both halves of the year, by half an hour, and not at all.
func TestYearOfWorkingDays(t *testing.T) {
	made := workingDay(t)
	for _, zone := range []string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns",
		"Pacific/Auckland"} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			w := made.Copy()
			location, err := time.LoadLocation(zone)
			if err != nil {
				t.Fatal(err)
			}
			holidays := []string{"2026-01-01", "2026-07-03", "2026-12-25"}
			move(t, w, zone, holidays...)
			day := time.Date(2026, 1, 1, 0, 0, 0, 0, location)
			random := rand.New(rand.NewPCG(2026, 1))
			// In the evening everybody leaves; by day the autoscaler follows what people start and stop.
			least := map[string]map[bool]float64{}
			needed := func(group *world.Resource, at time.Time) int {
				local := at.In(location)
				clock := 60*local.Hour() + local.Minute()
				open := local.Weekday() != time.Saturday && local.Weekday() != time.Sunday && 405 <= clock && clock < 1095 &&
					!slices.Contains(holidays, local.Format(time.DateOnly))
				// The least size is the same in each hour of work, and the same in each other hour.
				name, size := group.String("node_group_name"), model.At(group.Attributes, "scaling_config.min_size").(float64)
				if least[name] == nil {
					least[name] = map[bool]float64{}
				}
				if _, known := least[name][open]; !known && local.YearDay() > 2 {
					least[name][open] = size
				}
				if want, known := least[name][open]; known && size != want {
					t.Errorf("at %s the least size of %s is %v, not %v", local.Format(time.DateTime), name, size, want)
				}
				if local.Hour() < 7 || local.Hour() >= 19 {
					return 0
				}
				return random.IntN(20)
			}
			walk := sandbox.Walk{World: w, Catalog: service.NewCatalog(), Needed: needed}
			actions := walk.Until(day.Add(-time.Second), time.Date(2027, 1, 1, 0, 0, 0, 0, location).Add(-time.Second))

			mornings, evenings, idle, raised, transitions := map[string]int{}, map[string]int{}, 0, 0, 0
			for _, a := range actions {
				transitions += a.Transitions
				date := a.Due.Format(time.DateOnly)
				if a.Failure != nil {
					t.Fatalf("%s on %s failed: %v", a.Schedule, date, *a.Failure)
				}
				switch {
				case strings.HasSuffix(a.Schedule, "-start"):
					mornings[date]++
					if clock := a.Due.Format("15:04"); clock != "06:45" {
						t.Errorf("the morning of %s begins at %s", date, clock)
					}
					if slices.Contains(holidays, date) {
						idle++
						if len(a.Calls) > 0 {
							t.Errorf("%d groups are changed on the holiday %s", len(a.Calls), date)
						}
					}
				default:
					evenings[date]++
					if clock := a.Due.Format("15:04"); clock != "18:15" {
						t.Errorf("the evening of %s begins at %s", date, clock)
					}
				}
				opens := time.Date(a.Due.Year(), a.Due.Month(), a.Due.Day(), 7, 0, 0, 0, location)
				for _, c := range a.Calls {
					at := fmt.Sprintf("%s of %s on %s: %+v -> %+v", c.NodeGroup, a.Schedule, date, c.Before, c.After)
					switch {
					case c.Refused != nil:
						t.Errorf("%s: EKS refuses: %v", at, c.Refused)
					case c.Before.Max != c.After.Max:
						t.Errorf("%s: the most is the user's", at)
					case c.After.Desired < c.Before.Desired:
						t.Errorf("%s: nodes are stopped", at)
					case c.After.Min < c.Before.Min && c.After.Desired != c.Before.Desired:
						t.Errorf("%s: the evening moves the desired size", at)
					case c.After.Min > c.Before.Min && !c.Ready.Latest.Before(opens):
						t.Errorf("%s: nodes may be ready at %s only", at, c.Ready.Latest.In(location).Format("15:04:05"))
					}
					if c.After.Desired > c.Before.Desired {
						raised++
					}
				}
			}
			workdays := 0
			for d := day; d.Year() == 2026; d = d.AddDate(0, 0, 1) {
				if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
					continue
				}
				workdays++
				if date := d.Format(time.DateOnly); mornings[date] != 1 || evenings[date] != 1 {
					t.Errorf("%s has %d mornings and %d evenings", date, mornings[date], evenings[date])
				}
			}
			if workdays != 261 || len(mornings) != 261 || len(evenings) != 261 || idle != len(holidays) {
				t.Errorf("%d working days, %d mornings, %d of them holidays, %d evenings", workdays, len(mornings), idle, len(evenings))
			}
			apart := false
			for _, sizes := range least {
				apart = apart || sizes[true] > sizes[false]
			}
			if !apart {
				t.Errorf("the least sizes are the same at all hours: %v", least)
			}
			if raised == 0 {
				t.Error("no morning starts a node")
			}
			t.Logf("%d morning actions at 06:45, %d of them on holidays; node groups got more nodes %d times; %d state transitions in the year",
				len(mornings), idle, raised, transitions)
		})
	}
}
