package cost_test

import (
	"slices"
	"strings"
	"testing"

	"coderaws/internal/cost"
	"coderaws/internal/facts"
)

// TestAdviceOnTypes: other types are advised where they hold as much, in the same zones, and on spot are taken back no more often. What
// runs in workspaces keeps its processor.
func TestAdviceOnTypes(t *testing.T) {
	const here, old = "us-east-1a", "us-east-1e" // old has none of the types that came later
	for _, test := range []struct {
		name, kind, zone string
		types            []any
		spot             bool
		// intel and arm say whether types of either architecture are advised.
		intel, arm bool
	}{
		{"provisioners on demand", "provisioner", here, []any{"m5.large"}, false, true, true},
		{"control nodes on demand", "control", here, []any{"m5.large"}, false, true, true},
		{"workspaces on demand", "workspace", here, []any{"m5.large"}, false, true, false},
		{"nodes of another kind", "batch", here, []any{"m5.large"}, false, false, false},
		{"in a zone that has nothing newer", "provisioner", old, []any{"m5.large"}, false, false, false},
		{"provisioners on spot that are seldom taken back", "provisioner", here, []any{"c5.xlarge"}, true, false, true},
		{"provisioners on spot that are often taken back", "provisioner", here, []any{"m7i.large"}, true, true, true},
		{"two types on spot", "workspace", here, []any{"m5.large", "m5a.large"}, true, true, false},
		{"provisioners on Graviton already", "provisioner", here, []any{"m7g.large"}, false, false, false},
		{"a type beside one that nobody knows", "provisioner", here, []any{"m5.large", "z9.huge"}, false, false, false},
		{"a type that nobody knows", "provisioner", here, []any{"z9.huge"}, false, false, false},
		{"what is cheapest already", "workspace", here, []any{"m7i-flex.large"}, true, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			more := values{"instance_types": test.types, "subnet_ids": []any{"subnet-a"}}
			if test.spot {
				more["capacity_type"] = "SPOT"
			}
			list, err := tryAdvise(t, planOf(nil, resource("aws_subnet.a", values{"id": "subnet-a", "availability_zone": test.zone}),
				nodeGroup("aws_eks_node_group.n", test.kind, 20, 20, more)), cost.Options{})
			if err != nil {
				t.Fatal(err)
			}
			intel, arm := false, false
			for _, advice := range list {
				if advice.Settings[0].Name != "node_groups."+test.kind+".instance_types" {
					continue
				}
				names := strings.Split(strings.Trim(advice.Settings[0].Value, `[]"`), `", "`)
				if len(names) != len(test.types) {
					t.Errorf("%v for %v", names, test.types)
				}
				graviton := len(advice.Settings) == 2
				if graviton && advice.Settings[1] != (cost.Setting{Name: "node_groups." + test.kind + ".ami_type", Value: `"AL2023_ARM_64_STANDARD"`}) {
					t.Errorf("along with %v", advice.Settings[1])
				}
				intel, arm = intel || !graviton, arm || graviton
				for _, name := range names {
					alike(t, name, test.types, test.zone, graviton, test.spot)
				}
			}
			if intel != test.intel || arm != test.arm {
				t.Errorf("advised are x86 types: %t, and Graviton: %t; want %t and %t", intel, arm, test.intel, test.arm)
			}
		})
	}
}

// TestAdviceOnImages: along with types of Graviton goes the image that the group has, made for them.
func TestAdviceOnImages(t *testing.T) {
	for has, want := range map[string]string{
		"":                         "AL2023_ARM_64_STANDARD",
		"AL2023_x86_64_STANDARD":   "AL2023_ARM_64_STANDARD",
		"BOTTLEROCKET_x86_64_FIPS": "BOTTLEROCKET_ARM_64_FIPS",
	} {
		more := values{"instance_types": []any{"m5.large"}, "subnet_ids": []any{"subnet-a"}}
		if has != "" {
			more["ami_type"] = has
		}
		list, err := tryAdvise(t, planOf(nil, resource("aws_subnet.a", values{"id": "subnet-a", "availability_zone": "us-east-1a"}),
			nodeGroup("aws_eks_node_group.n", "provisioner", 20, 20, more)), cost.Options{})
		if err != nil {
			t.Fatal(err)
		}
		setting := cost.Setting{Name: "node_groups.provisioner.ami_type", Value: `"` + want + `"`}
		if !slices.ContainsFunc(list, func(a cost.Advice) bool { return slices.Contains(a.Settings, setting) }) {
			t.Errorf("for the image %q nothing advises %v", has, setting)
		}
	}
}

// alike holds a type that is advised to what it must have in common with the types that it stands for, of which the first counts.
func alike(t *testing.T, name string, types []any, zone string, graviton, spot bool) {
	t.Helper()
	kind, than := facts.Instance(name), facts.Instance(types[0].(string))
	if kind.VCPU != than.VCPU || kind.MemoryGiB != than.MemoryGiB || kind.GPUs != than.GPUs || kind.MaxENIs < than.MaxENIs ||
		kind.IPv4PerENI < than.IPv4PerENI || name[0] != types[0].(string)[0] {
		t.Errorf("%s does not hold what %s holds", name, types[0])
	}
	if slices.Contains(kind.Architectures, "arm64") != graviton {
		t.Errorf("%s runs on %v", name, kind.Architectures)
	}
	if !kind.OfferedIn("us-east-1", facts.ZoneID("us-east-1", zone)) {
		t.Errorf("%s is not offered in %s", name, zone)
	}
	worst := 0
	for _, current := range types {
		worst = max(worst, facts.Instance(current.(string)).Regions["us-east-1"].InterruptionBand())
	}
	if band := kind.Regions["us-east-1"].InterruptionBand(); spot && (band < 0 || band > worst) {
		t.Errorf("%s is taken back more often: band %d, and %d today", name, band, worst)
	}
}
