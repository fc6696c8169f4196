package rehearsal

import (
	"coderaws/internal/egress"
	"coderaws/internal/plan"
	"coderaws/internal/sandbox/service/route53"
)

// RegionEgress is what may leave the network of one region.
type RegionEgress struct {
	Region string `json:"region"`
	*egress.Report
}

// shared are the zones and rules of others that answer for names here, which no plan has.
func (e *Embedded) shared() []plan.Resource {
	var all []plan.Resource
	for _, r := range route53.Shared(e.world) {
		all = append(all, plan.Resource{Address: r.ID + " of another account", Type: r.Type, Values: plan.Of(map[string]any(r.Attributes))})
	}
	return all
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
