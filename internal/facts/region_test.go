package facts

import "testing"

func TestEveryRegionHasAName(t *testing.T) {
	for _, region := range Regions() {
		if RegionName(region) == "" {
			t.Errorf("%s has no name", region)
		}
	}
	if len(regionNames) != len(Regions()) {
		t.Errorf("%d names for %d regions", len(regionNames), len(Regions()))
	}
}
