package spot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coderaws/internal/deployment"
	"coderaws/internal/facts"
	"coderaws/internal/spot"

	"github.com/google/go-cmp/cmp"
)

// read makes a deployment of one file and reads it by the stacks of the repository.
func read(t *testing.T, region, settings string) *deployment.Deployment {
	t.Helper()
	dir := t.TempDir()
	text := fmt.Sprintf("region = %q\ndomain = \"coder.example.com\"\n%s\n", region, settings)
	if err := os.WriteFile(filepath.Join(dir, region+".tfvars"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, findings := deployment.Load(dir, os.DirFS("../.."))
	if findings != nil {
		t.Fatal(findings)
	}
	return d
}

const onSpot = "deployment_features = { spot_workspaces = true }\n"

func TestAdvise(t *testing.T) {
	tests := []struct {
		name, region, settings string
		// want is, for each warning, its code, line and column, and parts of what it says.
		want [][]string
	}{
		{"on demand, interruptions are nobody's concern", "us-east-1", `node_groups = { workspace = { instance_types = ["m5.2xlarge"] } }`, nil},
		{"a type that stays", "us-east-1", onSpot + `node_groups = { workspace = { instance_types = ["m5n.2xlarge"] } }`, nil},
		{"a type that is taken back often", "us-east-1",
			onSpot + `node_groups = { workspace = { instance_types = ["m5n.2xlarge", "m5.2xlarge"] } }`, [][]string{{
				"spot.interrupted_often 4:64", "more than 20 %", "0.154 USD an hour, 60 % below on demand", "2025-05-28",
				"m7i-flex.2xlarge (below 5 %; 0.203 USD an hour, 47 % below on demand); m5d.2xlarge (5 to 10 %",
			}}},
		{"the same type stays in another region", "eu-west-1", onSpot + `node_groups = { workspace = { instance_types = ["m5.xlarge"] } }`, nil},
		{"the default is advised on where it is taken", "us-east-1", onSpot, [][]string{{"spot.interrupted_often 0:0", "m5.xlarge"}}},
		{"provisioners are never on spot", "us-east-2", onSpot + `node_groups = {
  provisioner = { instance_types = ["c5.2xlarge"] }
  workspace   = { instance_types = ["m5n.2xlarge"] }
}`, nil},
		{"sizes that differ", "us-east-1",
			`node_groups = { workspace = { instance_types = ["m5.2xlarge", "m5a.2xlarge", "m5.xlarge", "r5.2xlarge"] } }`, [][]string{
				{"spot.unlike_types 3:78", "m5.xlarge has 4 vCPU and 16 GiB, and m5.2xlarge has 8 vCPU and 32 GiB"},
				{"spot.unlike_types 3:91", "r5.2xlarge has 8 vCPU and 64 GiB"},
			}},
		{"no autoscaler plans for the control group", "us-east-1",
			`node_groups = { control = { instance_types = ["m5.large", "m5.xlarge"] } }`, nil},
		{"a type that the region does not have", "ap-southeast-2",
			`node_groups = { workspace = { instance_types = ["m5n.2xlarge"] } }`, [][]string{
				{"spot.not_offered 3:49", "m5n.2xlarge is not offered in ap-southeast-2",
					"consider, with the same 8 vCPU and 32 GiB: m7i-flex.2xlarge"},
			}},
		{"a zone that does not have the only type", "eu-central-1",
			`node_groups = { workspace = { instance_types = ["m5ad.2xlarge"] } }`, [][]string{
				{"spot.not_in_zone 3:49", "m5ad.2xlarge: not offered in euc1-az1"},
			}},
		{"a zone that has one of two types", "eu-central-1",
			`node_groups = { workspace = { instance_types = ["m5ad.2xlarge", "m5.2xlarge"] } }`, nil},
		{"a type that nobody knows, of which package versions warns", "us-east-1",
			`node_groups = { workspace = { instance_types = ["m5.gigantic"] } }`, nil},
		{"a type that is newer than known", "us-east-1",
			onSpot + `node_groups = { workspace = { instance_types = ["m9i.2xlarge"] } }`, nil},
		{"a region that is not known", "xx-north-9", onSpot, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list := spot.Advise(read(t, test.region, test.settings))
			if list.HasErrors() {
				t.Error("advice stops a command")
			}
			if len(list) != len(test.want) {
				t.Fatalf("%d warnings, want %d: %v", len(list), len(test.want), list)
			}
			for i, parts := range test.want {
				d := list[i]
				said := fmt.Sprintf("%s %d:%d %s. %s. %s", d.Code, d.Where.Line, d.Where.Column, d.Summary, d.Why, d.Todo)
				for _, part := range parts {
					if !strings.Contains(said, part) {
						t.Errorf("warning %d lacks %q:\n%s", i+1, part, said)
					}
				}
			}
		})
	}
}

func TestBetter(t *testing.T) {
	tests := []struct {
		name, original, region string
		have, want             []string
	}{
		{"the least interrupted first", "m5.2xlarge", "us-east-1", nil, []string{"m7i-flex.2xlarge", "m5d.2xlarge", "m5ad.2xlarge"}},
		{"without what the group has", "m5.2xlarge", "us-east-1", []string{"m7i-flex.2xlarge", "m5d.2xlarge"},
			[]string{"m5ad.2xlarge", "m5n.2xlarge", "m5zn.2xlarge"}},
		{"of no older generation", "m7i.2xlarge", "us-east-1", nil, []string{"m7i-flex.2xlarge"}},
		{"none for the best", "m7i-flex.2xlarge", "us-east-1", nil, nil},
		{"none for what is not known", "m5.gigantic", "us-east-1", nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := spot.Better(test.original, test.region, facts.Zones(test.region)[:3], test.have)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestBetterIsBetter holds every piece of advice for every type in two regions to what it promises.
func TestBetterIsBetter(t *testing.T) {
	advised := 0
	for _, original := range facts.InstanceNames() {
		kind := facts.Instance(original)
		for _, region := range []string{"us-east-1", "eu-central-1"} {
			offer := kind.Regions[region]
			for _, name := range spot.Better(original, region, nil, nil) {
				advised++
				better := facts.Instance(name)
				if better.VCPU != kind.VCPU || better.MemoryGiB != kind.MemoryGiB || !cmp.Equal(better.Architectures, kind.Architectures) {
					t.Errorf("%s: %s is advised instead of %s and has another shape", region, name, original)
				}
				if band := offer.InterruptionBand(); band >= 0 && better.Regions[region].InterruptionBand() >= band {
					t.Errorf("%s: %s is advised instead of %s and is taken back as often", region, name, original)
				}
			}
		}
	}
	if advised < 400 {
		t.Errorf("only %d pieces of advice, which cannot be all", advised)
	}
}
