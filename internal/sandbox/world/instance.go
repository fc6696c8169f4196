package world

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
)

//go:embed ec2-instances.json.gz
var instanceFile []byte

// InstanceType is what EC2 offers under one name.
type InstanceType struct {
	VCPU          int      `json:"vcpu"`
	MemoryGiB     float64  `json:"memory_gib"`
	Architectures []string `json:"arch"`
	GPUs          int      `json:"gpu"`
	// MaxENIs and IPv4PerENI limit the pods of a node (VPC CNI).
	MaxENIs    int                       `json:"max_enis"`
	IPv4PerENI int                       `json:"ipv4_per_eni"`
	Regions    map[string]InstanceRegion `json:"regions"`
}

// InstanceRegion says where in a region an instance type is offered.
type InstanceRegion struct {
	// ZoneIDs are the ids of the zones that offer the type; empty if they are not known.
	ZoneIDs []string `json:"zone_ids"`
}

// instanceData decodes the embedded table once; it is large, and most commands do not need it.
var instanceData = sync.OnceValue(func() map[string]*InstanceType {
	unzipped, err := gzip.NewReader(bytes.NewReader(instanceFile))
	if err != nil {
		panic(fmt.Sprintf("the embedded EC2 table is not gzip: %v", err))
	}
	var table struct {
		Instances map[string]*InstanceType `json:"instances"`
	}
	if err := json.NewDecoder(unzipped).Decode(&table); err != nil {
		panic(fmt.Sprintf("the embedded EC2 table is not JSON: %v", err))
	}
	return table.Instances
})

// Instance finds an EC2 instance type by name, or returns nil.
func Instance(name string) *InstanceType { return instanceData()[name] }

// InstanceNames lists all known EC2 instance types in alphabetical order.
func InstanceNames() []string { return slices.Sorted(maps.Keys(instanceData())) }

// OfferedIn reports whether the type is offered in the zone with the given id. Where the table knows no zones for a region
// (about half of the regions), an offer in the region counts for all of its zones.
func (t *InstanceType) OfferedIn(region, zoneID string) bool {
	offer, ok := t.Regions[region]
	return ok && (len(offer.ZoneIDs) == 0 || slices.Contains(offer.ZoneIDs, zoneID))
}
