package service

import (
	"slices"

	"coderaws/internal/sandbox/world"
)

// volumeLimits are the sizes (GiB) and the operations and throughput (MiB/s) that may be asked of a type of EBS volume; zero where
// nothing may be asked. Source: EC2 API model and EBS documentation.
var volumeLimits = map[string]struct {
	minSize, maxSize             float64
	minIOPS, maxIOPS             float64
	minThroughput, maxThroughput float64
}{
	"gp2":      {minSize: 1, maxSize: 16384},
	"gp3":      {minSize: 1, maxSize: 65536, minIOPS: 3000, maxIOPS: 80000, minThroughput: 125, maxThroughput: 2000},
	"io1":      {minSize: 4, maxSize: 16384, minIOPS: 100, maxIOPS: 64000},
	"io2":      {minSize: 4, maxSize: 65536, minIOPS: 100, maxIOPS: 256000},
	"st1":      {minSize: 125, maxSize: 16384},
	"sc1":      {minSize: 125, maxSize: 16384},
	"standard": {minSize: 1, maxSize: 1024},
}

// checkVolume holds a disk to what its type of volume can do. Texts: unverified.
func checkVolume(disk world.Object, typeArgument, sizeArgument string) *world.Error {
	kind, _ := disk[typeArgument].(string)
	if kind == "" {
		return nil
	}
	limits, known := volumeLimits[kind]
	if !known {
		return world.Fail("InvalidParameterValue", "Value (%s) for parameter volumeType is invalid. Invalid volume type.", kind)
	}
	if size, ok := disk[sizeArgument].(float64); ok && size != 0 && (size < limits.minSize || size > limits.maxSize) {
		return world.Fail("InvalidParameterValue", "Volume of %sGiB is invalid for volume type %s; it must be between %s and %sGiB.",
			number(size), kind, number(limits.minSize), number(limits.maxSize))
	}
	if iops, ok := disk["iops"].(float64); ok && iops != 0 {
		switch {
		case limits.maxIOPS == 0:
			return world.Fail("InvalidParameterCombination", "The parameter iops is not supported for %s volumes.", kind)
		case iops < limits.minIOPS || iops > limits.maxIOPS:
			return world.Fail("InvalidParameterValue", "Volume iops of %s is invalid for volume type %s; it must be between %s and %s.",
				number(iops), kind, number(limits.minIOPS), number(limits.maxIOPS))
		}
	}
	if throughput, ok := disk["throughput"].(float64); ok && throughput != 0 {
		switch {
		case limits.maxThroughput == 0:
			return world.Fail("InvalidParameterCombination", "The parameter throughput is not supported for %s volumes.", kind)
		case throughput < limits.minThroughput || throughput > limits.maxThroughput:
			return world.Fail("InvalidParameterValue", "Throughput of %s MiB/s is invalid for volume type %s; it must be between %s and %s.",
				number(throughput), kind, number(limits.minThroughput), number(limits.maxThroughput))
		}
	}
	if slices.Contains([]string{"io1", "io2"}, kind) && (unset(disk["iops"]) || disk["iops"] == 0.0) {
		return world.Fail("MissingParameter", "The request must contain the parameter iops for volume type %s", kind)
	}
	return nil
}
