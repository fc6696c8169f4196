package world

import (
	"coderaws/internal/facts"
)

// Partition is the ARN partition of a region.
func Partition(region string) string { return facts.Partition(region) }

// DNSSuffix is the domain below which the services of a region's partition are reached.
func DNSSuffix(region string) string { return facts.DNSSuffix(region) }
