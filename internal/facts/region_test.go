package facts

import (
	"testing"
	"time"
	_ "time/tzdata" // a machine may have none
)

func TestEveryRegionHasAName(t *testing.T) {
	for _, region := range Regions() {
		if RegionName(region) == "" {
			t.Errorf("%s has no name", region)
		}
	}
	// Those that have a name and no zones that are known are the regions of partitions that the program carries no data of.
	for region, name := range regionNames {
		if zoneIDs[region] == nil && (!NewerRegion(region) || Partition(region) == "aws" || RegionName(region) != name) {
			t.Errorf("%s, %s, has a name and no zones", region, name)
		}
	}
}

// TestEveryRegionHasAClock: working hours are by the clock of the people of a region.
func TestEveryRegionHasAClock(t *testing.T) {
	for _, region := range append(Regions(), "eusc-de-east-1", "cn-north-1", "us-iso-east-1") {
		if zone := Timezone(region); zone == "UTC" {
			t.Errorf("%s has no clock of its own", region)
		} else if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", region, err)
		}
	}
	if zone := Timezone("xx-nowhere-1"); zone != "UTC" {
		t.Errorf("a region that is not known has %s", zone)
	}
}
