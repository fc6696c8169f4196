package capacity_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"coderaws/internal/capacity"

	"pgregory.net/rapid"
)

// generous are settings that only nodes limit: m5.2xlarge, m5.xlarge and c5.2xlarge.
var generous = settings{
	zones: 3, maxWorkspaces: 500, workspaceMax: 450, provisionerMax: 450, controlSize: 10, prefix: 18, maxACU: 256,
	workspace: machine{8, 32 << 10, 4, 15, false}, control: machine{16, 64 << 10, 8, 30, false},
	provisioner: machine{8, 16 << 10, 4, 15, false},
}

// anySettings draws a mix of workspaces and a machine for them.
func anySettings(t *rapid.T) settings {
	in := generous
	in.zones = rapid.SampledFrom([]int{1, 3}).Draw(t, "zones")
	in.maxWorkspaces = rapid.IntRange(1, 400).Draw(t, "max_workspaces")
	vcpu := rapid.SampledFrom([]int{2, 4, 8, 16, 32, 64}).Draw(t, "vcpu")
	in.workspace = machine{vcpu, vcpu * rapid.SampledFrom([]int{2, 4, 8}).Draw(t, "GiB per vCPU") << 10, 4, 15, false}
	in.profiles = map[string]capacity.Profile{}
	left := 100
	for i := range rapid.IntRange(1, 8).Draw(t, "profiles") {
		share := rapid.IntRange(1, max(1, left-8)).Draw(t, "share")
		left -= share
		in.profiles[fmt.Sprintf("p%d", i)] = capacity.Profile{
			Share: float64(share), CPULimit: 64, MemoryLimitGiB: 512, HomeGiB: 10,
			CPURequest:       float64(rapid.IntRange(1, vcpu*10).Draw(t, "tenths of a vCPU")) / 10,
			MemoryRequestGiB: float64(rapid.IntRange(1, vcpu*12).Draw(t, "fourths of a GiB")) / 4,
		}
		if left <= 8 {
			break
		}
	}
	first := in.profiles["p0"]
	first.Share += float64(left)
	in.profiles["p0"] = first
	return in
}

// TestPromisedWorkspacesFit is the promise: on the nodes that the stacks reckon, every mix of every size fits on every machine, in any
// order of arrival, with any preference of the scheduler, and again after a part of them was stopped and started.
func TestPromisedWorkspacesFit(t *testing.T) {
	s := readStack(t)
	placed := 0
	rapid.Check(t, func(t *rapid.T) {
		in := anySettings(t)
		got, err := s.reckon(in)
		if err != nil {
			t.Fatal(err)
		}
		for name, p := range got.Profiles {
			if p.PerNode < 1 {
				if len(got.refused) == 0 || !strings.Contains(got.refused[0], name) {
					t.Fatalf("profile %s fits on no node, and nobody says so: %v", name, got.refused)
				}
				return
			}
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		z := newZone(got.Capacity, got.Nodes.PerZone, rapid.SampledFrom(strategies).Draw(t, "scheduler"), r)
		n := got.ZoneWorkspaces
		waiting := mix(got.Capacity, n, r)
		for round := range 4 {
			for i, p := range waiting {
				if !z.place(p) {
					t.Fatalf("round %d: workspace %d of %d finds no room on %d nodes", round, i+1, n, got.Nodes.PerZone)
				}
				placed++
			}
			waiting = z.stop(rapid.Float64Range(0.05, 0.9).Draw(t, "part that stops"))
		}
	})
	if placed == 0 {
		t.Error("no workspace was placed, so that nothing is proven")
	}
}

// TestSupportedIsExact: what the settings are said to hold is what they may promise, and one more is not.
func TestSupportedIsExact(t *testing.T) {
	s := readStack(t)
	rapid.Check(t, func(t *rapid.T) {
		in := anySettings(t)
		in.workspaceMax = rapid.IntRange(1, 300).Draw(t, "workspace max_size")
		in.provisionerMax = rapid.IntRange(1, 20).Draw(t, "provisioner max_size")
		in.controlSize = rapid.IntRange(in.zones, 10).Draw(t, "control size")
		in.prefix = rapid.IntRange(18, 22).Draw(t, "prefix")
		in.maxACU = float64(rapid.IntRange(2, 160).Draw(t, "half ACU")) / 2
		got, err := s.reckon(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range got.Profiles {
			if p.PerNode < 1 {
				return
			}
		}
		if got.Supported > 0 {
			in.maxWorkspaces = got.Supported
			if at, err := s.reckon(in); err != nil || len(at.refused) > 0 || at.Supported != got.Supported {
				t.Fatalf("%d are supported and refused: %v %v", got.Supported, at.refused, err)
			}
		}
		in.maxWorkspaces = got.Supported + 1
		over, err := s.reckon(in)
		if err != nil || len(over.refused) != 1 || !strings.Contains(over.refused[0], over.LimitedBy) {
			t.Fatalf("%d are not supported, and the refusal is %q (%v)", in.maxWorkspaces, over.refused, err)
		}
	})
}

// TestNeedsAreEnough: whoever follows the refusal and sets what it says is not refused again.
func TestNeedsAreEnough(t *testing.T) {
	s := readStack(t)
	rapid.Check(t, func(t *rapid.T) {
		in := anySettings(t)
		in.workspaceMax, in.provisionerMax, in.controlSize, in.maxACU = in.zones, 1, in.zones, 1
		in.prefix = rapid.IntRange(18, 22).Draw(t, "prefix")
		got, err := s.reckon(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range got.Profiles {
			if p.PerNode < 1 {
				return
			}
		}
		for _, limit := range got.Limits {
			if limit.Supports >= in.maxWorkspaces {
				continue
			}
			needs, err := strconv.ParseFloat(strings.TrimPrefix(limit.Needs, "a /"), 64)
			if err != nil {
				t.Fatal(err)
			}
			switch limit.Setting {
			case "node_groups.workspace.max_size":
				in.workspaceMax = int(needs)
			case "node_groups.control.size":
				in.controlSize = int(needs)
			case "node_groups.provisioner.max_size":
				in.provisionerMax = int(needs)
			case "network.cidr":
				in.prefix = int(needs) + 2
			case "database.max_acu":
				in.maxACU = needs
			default:
				t.Fatalf("a limit that this test does not know: %s", limit.Setting)
			}
		}
		if again, err := s.reckon(in); err != nil || len(again.refused) > 0 {
			t.Fatalf("refused again: %v %v", again.refused, err)
		}
	})
}
