package spot

import (
	"cmp"
	"slices"
	"strings"

	"coderaws/internal/facts"
)

// Sold is the types of a node group as a region sells them: those that it has not are replaced by like ones that all zones have where EKS
// is: of no older generation where there are such. On spot they are those that AWS takes back least, on demand the cheapest. What has no
// like stays as it is.
func Sold(types []string, region string, onSpot bool) []string {
	sold := slices.Clone(types)
	for i, name := range types {
		if kind := facts.Instance(name); kind == nil || offered(kind, region) {
			continue
		}
		like := likeSold(name, region, onSpot, sold, related)
		if like == "" {
			like = likeSold(name, region, onSpot, sold, sameClass)
		}
		if like != "" {
			sold[i] = like
		}
	}
	return sold
}

// sameClass says whether a type is built for what another is built for, whatever its generation.
func sameClass(name, original string) bool {
	a, b := family.FindStringSubmatch(name), family.FindStringSubmatch(original)
	return a != nil && b != nil && a[1] == b[1] && !strings.Contains(name, ".metal")
}

func likeSold(original, region string, onSpot bool, have []string, kin func(name, original string) bool) string {
	than, best, bestOffer := facts.Instance(original), "", facts.InstanceRegion{}
	for _, name := range facts.InstanceNames() {
		kind := facts.Instance(name)
		offer, here := kind.Regions[region]
		if !here || slices.Contains(have, name) || !alike(kind, than) || !kin(name, original) || !everywhere(kind, region) {
			continue
		}
		order := cmp.Compare(offer.OnDemandUSD, bestOffer.OnDemandUSD)
		if onSpot {
			order = cmp.Or(cmp.Compare(interruption(offer), interruption(bestOffer)), cmp.Compare(offer.SpotUSD(), bestOffer.SpotUSD()))
		}
		if offer.OnDemandUSD > 0 && (best == "" || order < 0) {
			best, bestOffer = name, offer
		}
	}
	return best
}

// interruption orders offers by how often AWS takes them back; what is not known comes last.
func interruption(offer facts.InstanceRegion) int {
	if band := offer.InterruptionBand(); band >= 0 {
		return band
	}
	return len(bands)
}

// everywhere says whether all zones of a region have a type in which EKS is.
func everywhere(kind *facts.InstanceType, region string) bool {
	return !slices.ContainsFunc(facts.Zones(region), func(zone facts.Zone) bool {
		return !slices.Contains(withoutEKS, zone.ID) && !kind.OfferedIn(region, zone.ID)
	})
}

// sizes are those of the families that are used for nodes, the smallest first.
var sizes = []string{"medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"}

// Larger is the types of the same families, each one size up; nil unless the region sells all of them, and they are of one shape.
func Larger(types []string, region string) []string {
	var larger []string
	for _, name := range types {
		family, size, _ := strings.Cut(name, ".")
		at := slices.Index(sizes, size)
		if at < 0 || at+1 == len(sizes) {
			return nil
		}
		next := family + "." + sizes[at+1]
		kind := facts.Instance(next)
		if kind == nil || !offered(kind, region) {
			return nil
		}
		if len(larger) > 0 {
			if first := facts.Instance(larger[0]); first.VCPU != kind.VCPU || first.MemoryGiB != kind.MemoryGiB {
				return nil
			}
		}
		larger = append(larger, next)
	}
	return larger
}
