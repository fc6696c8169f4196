package facts

import "strings"

// partition is a part of AWS that knows nothing of the others.
type partition struct{ name, regions, dnsSuffix string }

// partitions are all that there are besides aws. Source: partitions.json of AWS's SDKs, of 2026-11. The names of regions are told by how
// they begin, so that a new region is known.
var partitions = []partition{
	{"aws-us-gov", "us-gov-", "amazonaws.com"},
	{"aws-cn", "cn-", "amazonaws.com.cn"},
	{"aws-iso", "us-iso-", "c2s.ic.gov"},
	{"aws-iso-b", "us-isob-", "sc2s.sgov.gov"},
	{"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk"},
	{"aws-iso-f", "us-isof-", "csp.hci.ic.gov"},
	{"aws-eusc", "eusc-", "amazonaws.eu"},
}

func partitionOf(region string) partition {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.regions) {
			return p
		}
	}
	return partition{"aws", "", "amazonaws.com"}
}

// Partition is the partition of a region, which is the second part of its ARNs: aws, aws-us-gov, aws-cn and so on.
func Partition(region string) string { return partitionOf(region).name }

// DNSSuffix is the domain below which the services of a region's partition are reached.
func DNSSuffix(region string) string { return partitionOf(region).dnsSuffix }
