package facts

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// InstanceType is what EC2 offers under one name.
type InstanceType struct {
	VCPU          int      `json:"vcpu"`
	MemoryGiB     float64  `json:"memory_gib"`
	Architectures []string `json:"arch"`
	GPUs          int      `json:"gpu"`
	// Generation is "current" or "previous", as EC2 calls the types that it offers to newcomers and those that it keeps for others.
	Generation string `json:"generation"`
	// MaxENIs and IPv4PerENI limit the pods of a node (VPC CNI).
	MaxENIs    int                       `json:"max_enis"`
	IPv4PerENI int                       `json:"ipv4_per_eni"`
	Regions    map[string]InstanceRegion `json:"regions"`
	// Newer says that the type is newer than known, and that all of this is of its newest known relative.
	Newer bool `json:"-"`
}

// InstanceRegion says where in a region an instance type is offered, and at what price.
type InstanceRegion struct {
	// ZoneIDs are the ids of the zones that offer the type; empty if they are not known.
	ZoneIDs []string `json:"zone_ids"`
	// OnDemandUSD is the price of an hour in US dollars, with Linux on shared hardware; 0 if it is not known.
	OnDemandUSD float64 `json:"on_demand"`
	// SpotSavings is how far spot was below the on-demand price on SpotDate, in percent; nil if it is not known.
	SpotSavings *float64 `json:"spot_savings_pct"`
	// SpotInterruption is how many instances of the type AWS took back in the month before SpotDate, as the Spot Instance Advisor
	// bands them: "<5%", "5-10%", "10-15%", "15-20%" or ">20%"; empty if it is not known.
	SpotInterruption string `json:"spot_interruption"`
}

// SpotDate is the day of the table's figures on spot capacity, from ec2instances.info.
const SpotDate = "2025-05-28"

// interruptionBands are the bands of the Spot Instance Advisor, the lowest first.
var interruptionBands = []string{"<5%", "5-10%", "10-15%", "15-20%", ">20%"}

// InterruptionBand is the place of SpotInterruption among the bands: 0 for below 5 %, 4 for above 20 %, and -1 if it is not known.
func (r InstanceRegion) InterruptionBand() int {
	return slices.Index(interruptionBands, r.SpotInterruption)
}

// SpotUSD is about what an hour cost on spot, in US dollars, or 0 if that is not known.
func (r InstanceRegion) SpotUSD() float64 {
	if r.SpotSavings == nil {
		return 0
	}
	return r.OnDemandUSD * (1 - *r.SpotSavings/100)
}

// instanceRecords are the records of the embedded table. It is large, and most commands do not need it.
var instanceRecords = sync.OnceValue(func() map[string]json.RawMessage {
	records, err := readRecords(instanceFile)
	if err != nil {
		panic(fmt.Sprintf("the embedded EC2 table cannot be read: %v", err))
	}
	return records["instances"]
})

// instanceData decodes each type of the table when it is first asked for.
var instanceData = sync.OnceValue(func() map[string]func() *InstanceType {
	types := make(map[string]func() *InstanceType, len(instanceRecords()))
	for name, record := range instanceRecords() {
		types[name] = sync.OnceValue(func() *InstanceType {
			decoded := &InstanceType{}
			if err := json.Unmarshal(record, decoded); err != nil {
				panic(fmt.Sprintf("the embedded EC2 table is damaged at %s: %v", name, err))
			}
			return decoded
		})
	}
	return types
})

// Instance finds an EC2 instance type by name. One that is newer than known is offered, and is otherwise like its newest known
// relative. It is nil for a name that EC2 has no type of.
func Instance(name string) *InstanceType {
	if known := instanceData()[name]; known != nil {
		return known()
	}
	relative := instanceData()[NewerInstance(name)]
	if relative == nil {
		return nil
	}
	newer := *relative()
	newer.Newer = true
	return &newer
}

// InstanceNames lists all known EC2 instance types in alphabetical order.
func InstanceNames() []string { return slices.Sorted(maps.Keys(instanceRecords())) }

// OfferedIn reports whether the type is offered in the zone with the given id. Where the table knows no zones for a region
// (about half of the regions), an offer in the region counts for all of its zones. What is newer than known is offered.
func (t *InstanceType) OfferedIn(region, zoneID string) bool {
	if t.Newer || NewerRegion(region) {
		return true
	}
	offer, ok := t.Regions[region]
	return ok && (len(offer.ZoneIDs) == 0 || slices.Contains(offer.ZoneIDs, zoneID))
}
