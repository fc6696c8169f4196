package facts

import (
	"cmp"
	"slices"
	"testing"
)

// TestNewerInstance: a type of a later generation is like its newest known relative, and a slip of the pen is none.
func TestNewerInstance(t *testing.T) {
	for _, row := range []struct{ name, asked, relative string }{
		{"a later generation with a processor of AWS's", "m9g.xlarge", "m8g.xlarge"},
		{"a later generation with a processor of Intel's", "m9i.xlarge", "m7i.xlarge"},
		{"a later generation that has a disk", "r9gd.4xlarge", "r8gd.4xlarge"},
		{"a generation that is known of one maker and newer of another", "m8a.2xlarge", "m7a.2xlarge"},
		{"a later generation that keeps the name of the smaller offer", "m8i-flex.large", "m7i-flex.large"},
		{"options that the family has not had yet, in a later generation", "c9zn.large", "c7i.large"},
		{"a later generation without a letter", "t5.medium", "t3.medium"},
		{"a family of accelerators", "g7.2xlarge", "g6.2xlarge"},
		{"a type that is known", "m7i.xlarge", ""},
		{"a letter that was left out", "m6.large", ""},
		{"a generation of the past that never was", "m6dn.large", ""},
		{"a size that there is not", "m9g.xlarg", ""},
		{"a size that is a slip of a known type", "m7i.xlarg", ""},
		{"a family that there is not", "mm9g.xlarge", ""},
		{"an option that there is not", "m9x.xlarge", ""},
		{"a generation that is a slip", "m77i.xlarge", ""},
		{"no name of a type", "xlarge", ""},
		{"nothing", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := NewerInstance(row.asked); got != row.relative {
				t.Fatalf("the newest known relative of %s is %q, want %q", row.asked, got, row.relative)
			}
			if row.relative == "" {
				return
			}
			found, relative := Instance(row.asked), Instance(row.relative)
			if found == nil || !found.Newer || relative.Newer ||
				found.VCPU != relative.VCPU || !slices.Equal(found.Architectures, relative.Architectures) {
				t.Errorf("%s is not like %s: %+v", row.asked, row.relative, found)
			}
			if !found.OfferedIn("mx-central-1", "mxc1-az1") {
				t.Errorf("%s is taken for a type that a region does not have", row.asked)
			}
		})
	}
	if Instance("m7i.xlarg") != nil {
		t.Error("a slip of the pen is an instance type")
	}
}

// TestNewerRegion: a region that has the form of one is taken for one, with zones of its own.
func TestNewerRegion(t *testing.T) {
	for _, row := range []struct {
		region, code, partition string
	}{
		{"ap-southeast-6", "apse6", "aws"}, {"us-east-3", "use3", "aws"}, {"sa-west-1", "saw1", "aws"}, {"eu-north-2", "eun2", "aws"},
		{"cn-northwest-1", "cnnw1", "aws-cn"}, {"us-gov-central-1", "usgc1", "aws-us-gov"}, {"eusc-de-east-1", "euscde1", "aws-eusc"},
		{"us-east-1", "", "aws"}, {"us-esat-1", "", "aws"}, {"us-east-9", "", "aws"},
		{"us-east1", "", "aws"}, {"useast-1", "", "aws"}, {"", "", "aws"},
	} {
		t.Run(row.region, func(t *testing.T) {
			if got := newerRegionCode(row.region); got != row.code || NewerRegion(row.region) != (row.code != "") {
				t.Fatalf("the zone ids of %s begin with %q, want %q", row.region, got, row.code)
			}
			if got := Partition(row.region); got != row.partition {
				t.Errorf("%s is in the partition %s, want %s", row.region, got, row.partition)
			}
			if row.code == "" {
				return
			}
			zones := Zones(row.region)
			if len(zones) != 3 || zones[0] != (Zone{row.region + "a", row.code + "-az1"}) ||
				cmp.Or(regionNames[row.region], row.region) != RegionName(row.region) {
				t.Errorf("%s has the zones %v and the name %s", row.region, zones, RegionName(row.region))
			}
			if !Instance("m7i.xlarge").OfferedIn(row.region, zones[0].ID) {
				t.Errorf("%s is taken for a region without m7i.xlarge", row.region)
			}
		})
	}
	// How the code of a region follows from its name, by those that are known.
	for region, ids := range zoneIDs {
		parts := regionForm().FindStringSubmatch(region)
		if parts == nil {
			t.Errorf("%s has not the form of a region", region)
			continue
		}
		code := regionCode(parts[1], parts[2], parts[3])
		if want := ids[0][:len(ids[0])-len("-az1")]; code != want {
			t.Errorf("the zone ids of %s begin with %s, and the rule gives %q", region, want, code)
		}
	}
}
