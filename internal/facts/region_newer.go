package facts

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// regionForm is that of all regions: where they are, with a partition's mark, by the compass, and which one it is.
var regionForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z]{2}|[a-z]{2}-gov|[a-z]{2}-iso[a-z]?|eusc-[a-z]{2})-` +
		`(north|south|east|west|central|northeast|northwest|southeast|southwest)-([1-9])$`)
})

// regionsAhead is how many regions of one place may be newer than known.
const regionsAhead = 3

// NewerRegion reports whether a name is that of a region of which no zones are known, and that AWS may have: the name has the form of one,
// and its number is not far above those that are known there. Its partition is known by how it begins.
func NewerRegion(region string) bool { return newerRegionCode(region) != "" }

// newerRegionCode is what the zone ids of a newer region begin with, such as apse6 for ap-southeast-6; "" for any other name.
func newerRegionCode(region string) string {
	parts := regionForm().FindStringSubmatch(region)
	if parts == nil || zoneIDs[region] != nil {
		return ""
	}
	area, compass := parts[1], parts[2]
	newest := 0
	for known := range zoneIDs {
		if digits, there := strings.CutPrefix(known, area+"-"+compass+"-"); there {
			n, _ := strconv.Atoi(digits) // it ends in a number, as all do
			newest = max(newest, n)
		}
	}
	if n, _ := strconv.Atoi(parts[3]); n > newest+regionsAhead {
		return ""
	}
	return regionCode(area, compass, parts[3])
}

// regionCode is what the zone ids of a region begin with: the area, the first letter of the partition's mark, the letters of the compass,
// the number.
func regionCode(area, compass, number string) string {
	place, mark, _ := strings.Cut(area, "-")
	letters := compass[:1]
	if side := strings.TrimPrefix(strings.TrimPrefix(compass, "north"), "south"); side != "" && side != compass {
		letters += side[:1]
	}
	return place + mark[:min(1, len(mark))] + letters + number
}
