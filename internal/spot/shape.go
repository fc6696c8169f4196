package spot

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"coderaws/internal/facts"
)

// bands words the bands of the Spot Instance Advisor, the lowest first.
var bands = []string{"below 5 %", "5 to 10 %", "10 to 15 %", "15 to 20 %", "more than 20 %"}

func band(offer facts.InstanceRegion) string {
	if b := offer.InterruptionBand(); b >= 0 {
		return bands[b]
	}
	return "an unknown part"
}

// price words what spot costs and saves.
func price(offer facts.InstanceRegion) string {
	if offer.SpotUSD() == 0 {
		return "price not known"
	}
	return fmt.Sprintf("%.3f USD an hour, %.0f %% below on demand", offer.SpotUSD(), *offer.SpotSavings)
}

func shape(kind *facts.InstanceType) string {
	return fmt.Sprintf("%d vCPU and %s GiB", kind.VCPU, strconv.FormatFloat(kind.MemoryGiB, 'f', -1, 64))
}

// offered says whether a region has the type in any zone. What is newer than known is taken for offered.
func offered(kind *facts.InstanceType, region string) bool {
	_, ok := kind.Regions[region]
	return ok || kind.Newer || facts.NewerRegion(region)
}

// alike says whether pods and images that run on one type run on the other.
func alike(a, b *facts.InstanceType) bool {
	return a.VCPU == b.VCPU && a.MemoryGiB == b.MemoryGiB && a.GPUs == b.GPUs && slices.Equal(a.Architectures, b.Architectures)
}

// family splits the first part of a name such as m7i-flex.2xlarge into class, generation and the rest.
var family = regexp.MustCompile(`^([a-z]+)([0-9]+)([a-z0-9-]*)\.`)

// related says whether an instance type can stand in for another by name: of the same class, which is what it is built for, of a
// generation that is not older, and no machine without a hypervisor.
func related(name, original string) bool {
	a, b := family.FindStringSubmatch(name), family.FindStringSubmatch(original)
	if a == nil || b == nil || a[1] != b[1] || strings.Contains(name, ".metal") {
		return false
	}
	generation, _ := strconv.Atoi(a[2])
	oldest, _ := strconv.Atoi(b[2])
	return generation >= oldest
}
