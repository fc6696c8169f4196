package rehearsal

import (
	"coderaws/internal/egress"
	"coderaws/internal/plan"
)

// RegionEgress is what may leave the network of one region.
type RegionEgress struct {
	Region string `json:"region"`
	*egress.Report
}

// ways looks at the regions that shall have no way to the internet, all places of each together.
func ways(places []Life) []RegionEgress {
	var all []RegionEgress
	resources := map[string][]plan.Resource{}
	var regions []string
	for _, life := range places {
		if life.private != nil && resources[life.Region] == nil {
			regions = append(regions, life.Region)
		}
		resources[life.Region] = append(resources[life.Region], life.private...)
	}
	for _, region := range regions {
		all = append(all, RegionEgress{region, egress.Read(resources[region])})
	}
	return all
}
