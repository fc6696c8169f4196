package capacity_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"coderaws/internal/capacity"

	"github.com/google/go-cmp/cmp"
)

func small(memory, cpu float64) map[string]capacity.Profile {
	return map[string]capacity.Profile{"only": {Share: 100, CPURequest: cpu, CPULimit: 64, MemoryRequestGiB: memory, MemoryLimitGiB: 512,
		HomeGiB: 10}}
}

// TestRoom holds what a node has for workspaces to figures that others publish. Karpenter's list of instance types has 1,930 m and
// 7,910 m of CPU for m5.large and m5.2xlarge, and 29,317 MiB of memory for the latter with the kubelet's reserve for 58 pods; ours is
// for the 110 that prefix delegation allows, and without 300 m and 256 MiB for daemons.
func TestRoom(t *testing.T) {
	s := readStack(t)
	tests := []struct {
		name    string
		machine machine
		want    capacity.Node
	}{
		{"m5.large", machine{2, 8 << 10, 3, 10, false},
			capacity.Node{CPUMillicores: 1930 - 300, MemoryMiB: 8192*925/1000 - 255 - 110*11 - 100 - 256, Workspaces: 24}},
		{"m5.2xlarge", machine{8, 32 << 10, 4, 15, false}, capacity.Node{CPUMillicores: 7910 - 300, MemoryMiB: 29317 - (110-58)*11 - 256,
			Workspaces: 24}},
		{"m5.8xlarge, with 250 pods", machine{32, 128 << 10, 8, 30, false},
			capacity.Node{CPUMillicores: 31850 - 300, MemoryMiB: 131072*925/1000 - 255 - 250*11 - 100 - 256, Workspaces: 24}},
		{"m4.2xlarge, which takes no blocks of addresses", machine{8, 32 << 10, 4, 15, true},
			capacity.Node{CPUMillicores: 7910 - 300, MemoryMiB: 29317 - 256, Workspaces: 24}},
		{"one network interface with two addresses", machine{8, 32 << 10, 1, 2, false},
			capacity.Node{CPUMillicores: 7910 - 300, MemoryMiB: 30310 - 255 - 18*11 - 100 - 256, Workspaces: 8}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := generous
			in.workspace, in.profiles = test.machine, small(1, 0.1)
			got, err := s.reckon(in)
			if err != nil {
				t.Fatal(err)
			}
			test.want.InstanceTypes = []string{"w"}
			if diff := cmp.Diff(test.want, got.Node); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWhatLimits: each setting can be the one that ends it, and is named with what it needs.
func TestWhatLimits(t *testing.T) {
	s := readStack(t)
	tests := []struct {
		name      string
		change    func(*settings)
		supported int
		says      string
	}{
		{"500 on the nodes that they need", func(in *settings) { in.workspaceMax = 108 }, 512, ""},
		{"a node less in each zone", func(in *settings) {
			in.workspaceMax = 107
		}, 497, "Raise node_groups.workspace.max_size from 107 to 108 (now it holds 497); or lower max_workspaces"},
		{"provisioners", func(in *settings) { in.provisionerMax = 7 }, 490, "node_groups.provisioner.max_size from 7 to 8"},
		{"a control node for each zone, one of which may be lost", func(in *settings) {
			in.control, in.controlSize = machine{2, 8 << 10, 3, 10, false}, 2
		}, 300, "node_groups.control.size from 2 to 3"},
		{"the database", func(in *settings) { in.maxACU = 12 }, 480, "database.max_acu from 12 to 12.5"},
		{"neither a database nor control nodes of another region", func(in *settings) {
			in.spoke, in.workspaceMax, in.maxACU, in.control, in.controlSize = true, 108, 1, machine{2, 8 << 10, 3, 10, false}, 1
		}, 512, ""},
		{"nodes of a region that serves another's Coder", func(in *settings) {
			in.spoke, in.workspaceMax = true, 107
		}, 497, "Raise node_groups.workspace.max_size from 107 to 108 (now it holds 497); or lower max_workspaces"},
		{"addresses", func(in *settings) {
			in.prefix = 22
		}, 191, "network.cidr from 10.0.0.0/20 to a /18 (now it holds 191); or lower max_workspaces. A network keeps its range"},
		{"all in one zone", func(in *settings) { in.zones, in.workspaceMax = 1, 92 }, 501, ""},
		{"two at once", func(in *settings) {
			in.maxACU, in.workspaceMax = 2, 30
		}, 80, "database.max_acu from 2 to 12.5 (now it holds 80); node_groups.workspace.max_size from 30 to 108 (now it holds 116)"},
		{"more nodes than there may be", func(in *settings) {
			in.maxWorkspaces, in.profiles = 1000, small(10, 1)
		}, 0, "choose larger instance types"},
		{"a workspace larger than a node", func(in *settings) {
			in.profiles = small(32, 1)
		}, 0, "A workspace of profile only does not fit on an empty workspace node of w, which has 7.61 vCPU and 27.8 GiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := generous
			test.change(&in)
			got, err := s.reckon(in)
			if err != nil {
				t.Fatal(err)
			}
			if got.Supported != test.supported && test.supported > 0 {
				t.Errorf("%d supported, want %d", got.Supported, test.supported)
			}
			if said := strings.Join(got.refused, "\n"); (test.says == "") != (said == "") || !strings.Contains(said, test.says) {
				t.Errorf("the refusal is %q, want %q", said, test.says)
			}
		})
	}
}

// TestConnections holds the stack's formula to AWS's table of max_connections by maximum capacity, and to the bound of a small minimum:
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
func TestConnections(t *testing.T) {
	s := readStack(t)
	for _, test := range []struct {
		minACU, maxACU float64
		want           int
	}{
		{0.5, 1, 189}, {1, 1, 189}, {0.5, 4, 823}, {1, 4, 823}, {0.5, 8, 1669}, {1, 8, 1669},
		{0.5, 16, 2000}, {1, 16, 3360}, {0.5, 32, 2000}, {1, 32, 5000}, {1, 64, 5000}, {1, 256, 5000},
	} {
		in := generous
		in.minACU, in.maxACU = test.minACU, test.maxACU
		got, err := s.reckon(in)
		if err != nil {
			t.Fatal(err)
		}
		if got.Database.MaxConnections != test.want {
			t.Errorf("%g to %g ACU allow %d connections, want %d", test.minACU, test.maxACU, got.Database.MaxConnections, test.want)
		}
	}
}

// TestUnevenZones shows what the room for mixed sizes is good for besides. Homes fall into zones by chance, so that a zone may have more
// than its third of those who work today. On a thousand days, 500 workspaces start in the morning, and all through the day a fifth of
// them stop and others start, in a cluster whose autoscaler adds a node when somebody waits: all find room, and most days take far
// fewer nodes than there may be.
func TestUnevenZones(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	s := readStack(t)
	in := generous
	got, err := s.reckon(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, how := range strategies[:2] {
		r := rand.New(rand.NewPCG(2026, 11))
		nodes, mostNodes, mostWorkspaces, days := 0, 0, 0, 1000
		for day := range days {
			waiting := make([][]pod, in.zones)
			for _, p := range mix(got.Capacity, in.maxWorkspaces, r) {
				i := r.IntN(in.zones)
				waiting[i] = append(waiting[i], p)
			}
			today := 0
			for _, pods := range waiting {
				z := newZone(got.Capacity, 5, how, r)
				z.most = got.Nodes.PerZone
				mostWorkspaces = max(mostWorkspaces, len(pods))
				for range 5 {
					for _, p := range pods {
						if !z.place(p) {
							t.Fatalf("%s, day %d: a zone has no room on %d nodes", how.name, day, got.Nodes.PerZone)
						}
					}
					pods = z.stop(0.2)
				}
				today += len(z.nodes)
			}
			nodes, mostNodes = nodes+today, max(mostNodes, today)
		}
		t.Logf("%s: %.1f nodes on average, %d at most, %d allowed; up to %d workspaces in a zone",
			how.name, float64(nodes)/float64(days), mostNodes, got.Nodes.Workspace, mostWorkspaces)
	}
}
