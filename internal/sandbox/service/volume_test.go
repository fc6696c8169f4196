package service_test

import (
	"testing"

	"coderaws/internal/sandbox/sandboxtest"
)

// TestVolumeLimits is the least and the most that EBS takes of each kind of volume, in GiB, IOPS and MiB/s, as its user guide has them; one
// less and one more are refused. A kind without a range of IOPS takes none.
func TestVolumeLimits(t *testing.T) {
	t.Parallel()
	m := sandboxtest.NewMuseum(t)
	before := m.Kept()
	for _, kind := range []struct {
		name                   string
		size, iops, throughput [2]int
	}{
		{"gp2", [2]int{1, 16384}, [2]int{}, [2]int{}},
		{"gp3", [2]int{1, 65536}, [2]int{3000, 80000}, [2]int{125, 2000}},
		{"io1", [2]int{4, 16384}, [2]int{100, 64000}, [2]int{}},
		{"io2", [2]int{4, 65536}, [2]int{100, 256000}, [2]int{}},
		{"st1", [2]int{125, 16384}, [2]int{}, [2]int{}},
		{"sc1", [2]int{125, 16384}, [2]int{}, [2]int{}},
		{"standard", [2]int{1, 1024}, [2]int{}, [2]int{}},
	} {
		holds := func(argument string, value int, taken bool) {
			t.Helper()
			defer m.Restore(before)
			m.World.SetLimit("L-7A658B76", 1000) // TiB of gp3 in all
			config := object{"availability_zone": "us-east-1a", "type": kind.name, "size": kind.size[1]}
			if kind.iops[0] > 0 {
				config["iops"] = kind.iops[0]
			}
			if argument == "throughput" {
				config["iops"] = kind.iops[1] // each of which carries a part of it
			}
			config[argument] = value
			if _, err := m.Create("aws_ebs_volume", config); (err == nil) != taken {
				t.Errorf("%s with %s %d: %v", kind.name, argument, value, err)
			}
		}
		for argument, limits := range map[string][2]int{"size": kind.size, "iops": kind.iops, "throughput": kind.throughput} {
			if limits[0] == 0 {
				continue
			}
			holds(argument, limits[0], true)
			holds(argument, limits[1], true)
			holds(argument, limits[1]+1, false)
			if limits[0] > 1 {
				holds(argument, limits[0]-1, false)
			}
		}
		if kind.iops[0] == 0 {
			holds("iops", 3000, false)
		}
		if kind.throughput[0] == 0 {
			holds("throughput", 125, false)
		}
	}
}
