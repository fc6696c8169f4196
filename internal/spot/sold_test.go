package spot

import (
	"slices"
	"testing"

	"coderaws/internal/facts"

	"github.com/google/go-cmp/cmp"
)

func TestLarger(t *testing.T) {
	for _, test := range []struct {
		name, region string
		types, want  []string
	}{
		{"each one size up", "us-east-1", []string{"m5.xlarge", "m5n.xlarge"}, []string{"m5.2xlarge", "m5n.2xlarge"}},
		{"not if the region has one of them not", "us-east-1", []string{"m5.xlarge", "m9z.xlarge"}, nil},
		{"not beyond the largest", "us-east-1", []string{"m5.24xlarge"}, nil},
		{"not of sizes that are none", "us-east-1", []string{"m5.metal"}, nil},
	} {
		if diff := cmp.Diff(test.want, Larger(test.types, test.region)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// TestSoldEverywhere finds for the patterns' types, in every region, types that it sells and that are alike.
func TestSoldEverywhere(t *testing.T) {
	for _, region := range facts.Regions() {
		for _, group := range []struct {
			types  []string
			onSpot bool
		}{
			{[]string{"m5.large"}, false}, {[]string{"m5.xlarge"}, false}, {[]string{"c5.xlarge"}, false}, {[]string{"c5.2xlarge"}, false},
			{[]string{"m7i-flex.2xlarge", "m5d.2xlarge", "m5n.2xlarge"}, true},
		} {
			sold := Sold(group.types, region, group.onSpot)
			for i, name := range sold {
				kind, than := facts.Instance(name), facts.Instance(group.types[i])
				if kind == nil || !offered(kind, region) || !alike(kind, than) {
					t.Errorf("%s: %s stands for %s", region, name, group.types[i])
				}
				if _, here := than.Regions[region]; here && name != group.types[i] {
					t.Errorf("%s sells %s, and gets %s for it", region, group.types[i], name)
				}
			}
			if slices.Sort(sold); len(slices.Compact(sold)) != len(group.types) {
				t.Errorf("%s: %v are fewer than %v", region, sold, group.types)
			}
		}
	}
}
