package progress_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"

	"coderaws/internal/engine"
	"coderaws/internal/progress"
)

// clock is a time that only the test moves.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) now() time.Time { return c.at }

// hook is an event of a resource. The address decides the module.
func hook(kind engine.EventType, address, action string) engine.Event {
	module := ""
	if parts := strings.Split(address, "."); parts[0] == "module" {
		module = strings.Join(parts[:len(parts)-2], ".")
	}
	return engine.Event{Type: kind, Hook: &engine.Hook{
		Resource: engine.Resource{Address: address, Module: module}, Action: action,
	}}
}

// script is an apply that every reporter shows: a VPC in a module, a slow database, and a failing role at the root.
func script(c *clock, r progress.Reporter, each func()) {
	steps := []struct {
		after time.Duration
		event engine.Event
	}{
		{0, hook(engine.EventApplyStart, "module.network.aws_vpc.this", "create")},
		{2 * time.Second, hook(engine.EventApplyComplete, "module.network.aws_vpc.this", "create")},
		{time.Second, hook(engine.EventApplyStart, "module.database.aws_rds_cluster.this", "create")},
		{time.Second, hook(engine.EventApplyStart, "module.database.module.alarms.aws_cloudwatch_metric_alarm.cpu[0]", "create")},
		{10 * time.Second, hook(engine.EventApplyProgress, "module.database.aws_rds_cluster.this", "create")},
		{50 * time.Second, hook(engine.EventApplyProgress, "module.database.aws_rds_cluster.this", "create")},
		{time.Second, hook(engine.EventApplyStart, "aws_iam_role.operator", "delete")},
		{time.Second, hook(engine.EventApplyErrored, "aws_iam_role.operator", "delete")},
		{30 * time.Second, hook(engine.EventApplyComplete, "module.database.aws_rds_cluster.this", "create")},
	}
	r.Begin(progress.Operation{
		Verb: "applying", Subject: "eu-west-1 cloud",
		Totals: map[string]int{"network": 2, "database": 2, progress.Root: 1},
	})
	for _, step := range steps {
		c.at = c.at.Add(step.after)
		r.Event(step.event)
		each()
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := newClock()
	r := progress.NewPlain(&out, c.now)
	script(c, r, func() {})
	r.Notice("stopping")
	r.Notice("stopping")
	r.End(false)
	want := `applying eu-west-1 cloud: 5 steps
[1/5] module.network.aws_vpc.this created in 2s
[1/5] module.database.aws_rds_cluster.this still creating after 1m1s
[1/5] aws_iam_role.operator FAILED deleting after 1s
[2/5] module.database.aws_rds_cluster.this created in 1m33s
stopping
applying eu-west-1 cloud failed after 1m36s
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("plain lines (-want +got):\n%s", diff)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := newClock()
	r := progress.NewJSON(&out, c.now)
	script(c, r, func() {})
	r.End(false)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := map[int]string{
		0:  `{"format":1,"time":"2026-01-02T03:04:05Z","event":"begin","verb":"applying","subject":"eu-west-1 cloud","done":0,"total":5}`,
		2:  `{"time":"2026-01-02T03:04:07Z","event":"complete","verb":"applying","subject":"eu-west-1 cloud","address":"module.network.aws_vpc.this","module":"network","action":"create","elapsed_seconds":2,"done":1,"total":5}`,
		8:  `{"time":"2026-01-02T03:05:11Z","event":"error","verb":"applying","subject":"eu-west-1 cloud","address":"aws_iam_role.operator","module":"(root)","action":"delete","elapsed_seconds":1,"done":1,"failed":1,"total":5}`,
		10: `{"time":"2026-01-02T03:05:41Z","event":"end","verb":"applying","subject":"eu-west-1 cloud","elapsed_seconds":96,"done":2,"failed":1,"total":5,"ok":false}`,
	}
	if len(lines) != 11 {
		t.Fatalf("%d lines, want 11:\n%s", len(lines), out.String())
	}
	for i, line := range want {
		if diff := cmp.Diff(line, lines[i]); diff != "" {
			t.Errorf("line %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestPlanningCountsNoSteps(t *testing.T) {
	t.Parallel()
	var plain, terminal bytes.Buffer
	c := newClock()
	for _, r := range []progress.Reporter{
		progress.NewPlain(&plain, c.now), progress.NewTerminal(&terminal, progress.TerminalOptions{Now: c.now}),
	} {
		r.Begin(progress.Operation{Verb: "planning", Subject: "eu-west-1 cloud"})
		r.Event(hook(engine.EventApplyStart, "module.network.data.aws_region.this", "read"))
		r.Event(hook(engine.EventApplyComplete, "module.network.data.aws_region.this", "read"))
		r.End(true)
	}
	if diff := cmp.Diff("planning eu-west-1 cloud\nplanning eu-west-1 cloud done in 0s\n", plain.String()); diff != "" {
		t.Errorf("plain (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("planning eu-west-1 cloud done in 0s\n", screen(terminal.String())); diff != "" {
		t.Errorf("terminal (-want +got):\n%s", diff)
	}
}

func TestTotals(t *testing.T) {
	t.Parallel()
	change := func(module string, actions ...tfjson.Action) *tfjson.ResourceChange {
		return &tfjson.ResourceChange{ModuleAddress: module, Change: &tfjson.Change{Actions: actions}}
	}
	got := progress.Totals(&tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{
		change("module.network", tfjson.ActionCreate),
		change("module.network", tfjson.ActionNoop),
		change(`module.cluster.module.node_group["a.b"]`, tfjson.ActionDelete, tfjson.ActionCreate),
		change(`module.cluster["x"]`, tfjson.ActionUpdate),
		change("", tfjson.ActionDelete),
		change("", tfjson.ActionForget),
	}})
	if diff := cmp.Diff(map[string]int{"network": 1, "cluster": 3, progress.Root: 1}, got); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}

// TestAddressesAreShownNotObeyed: the key of a resource's instance is any text that somebody wrote.
func TestAddressesAreShownNotObeyed(t *testing.T) {
	t.Parallel()
	const evil = "\x1b]0;PWNED\a\r\u009b2J"
	for name, reporter := range map[string]func(io.Writer, *clock) progress.Reporter{
		"plain": func(w io.Writer, c *clock) progress.Reporter { return progress.NewPlain(w, c.now) },
		"JSON":  func(w io.Writer, c *clock) progress.Reporter { return progress.NewJSON(w, c.now) },
		"terminal": func(w io.Writer, c *clock) progress.Reporter {
			return progress.NewTerminal(w, progress.TerminalOptions{Now: c.now, ASCII: true})
		},
	} {
		var out bytes.Buffer
		c := newClock()
		r := reporter(&out, c)
		address := "module.network.aws_vpc.this[\"" + evil + "\"]"
		r.Begin(progress.Operation{Verb: "applying", Subject: "eu-west-1 " + evil, Totals: map[string]int{"network": 1}})
		r.Event(hook(engine.EventApplyStart, address, "create"))
		c.at = c.at.Add(time.Minute)
		r.Event(hook(engine.EventApplyProgress, address, "create"))
		r.Event(hook(engine.EventApplyComplete, address, "create"))
		r.Notice("for " + evil)
		r.End(true)
		got := out.String()
		if strings.ContainsAny(got, "\a\u009b") || strings.Contains(got, "\x1b]") || !strings.Contains(got, `\u001b]0;PWNED\u0007\`) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
