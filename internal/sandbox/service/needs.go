package service

import (
	"cmp"
	"slices"

	"coderaws/internal/sandbox/world"
)

// CountedQuota is a quota that the embedded AWS counts.
type CountedQuota struct {
	world.Quota
	// Error is the code of AWS's answer over the quota.
	Error string
	// Shared says that everything in the account counts together (per zone for some quotas); others count inside one resource, such as
	// the rules of a security group.
	Shared bool
}

// scattered are the quotas that checks count by themselves, with AWS's error codes.
func scattered() []CountedQuota {
	all := []CountedQuota{
		{domainsPerCertificate, "LimitExceededException", false}, {rangesPerVPC, "CidrLimitExceeded", false}, {policiesPerRole, "LimitExceeded", false},
		{nodesPerGroup, "ResourceLimitExceededException", false}, {entriesPerACL, "NetworkAclEntryLimitExceeded", false},
	}
	for _, storage := range storageQuotas {
		all = append(all, CountedQuota{storage, "VolumeLimitExceeded", true})
	}
	for _, family := range vcpuQuotas {
		all = append(all, CountedQuota{family.onDemand, "VcpuLimitExceeded", true}, CountedQuota{family.spot, "MaxSpotInstanceCountExceeded", true})
	}
	return all
}

// perZone are the types whose quotas count what is in a zone, whoever made it.
var perZone = []string{"aws_nat_gateway"}

// Quotas lists every quota that the embedded AWS counts, once each, by service and code.
func (k *Catalog) Quotas() []CountedQuota {
	all := scattered()
	for name, t := range k.Types {
		for _, quota := range t.Quotas {
			shared := quota.Per == nil || slices.Contains(perZone, name)
			all = append(all, CountedQuota{quota.Quota, quota.Exceeded().Code, shared})
		}
	}
	slices.SortFunc(all, func(a, b CountedQuota) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Code, b.Code))
	})
	return slices.CompactFunc(all, func(a, b CountedQuota) bool { return a.Service == b.Service && a.Code == b.Code })
}

// VCPUs says which quota a running instance of a type counts against, and with how many vCPUs; 0 if the type is unknown.
func VCPUs(instanceType string, spot bool) (world.Quota, int) {
	instance := world.Instance(instanceType)
	if instance == nil {
		return world.Quota{}, 0
	}
	return vcpuQuota(instanceType, spot), instance.VCPU
}

// Launch is something of a world that launches instances: a node group, an Auto Scaling group or an instance.
type Launch struct {
	Type, ID, Region string
	// InstanceTypes are those that it may launch, and Zones the names of the zones that it may launch them in.
	InstanceTypes, Zones []string
}

// Launches lists what launches instances in a world. The caller must not hold the world.
func Launches(w *world.World) []Launch {
	var all []Launch
	_ = w.Do(func() error { // looking cannot fail
		for _, r := range w.List(func(r *world.Resource) bool { return r.Owner == "" }) {
			c := &Call{World: w, Account: r.Account, Region: r.Region, ProviderRegion: r.Region, Object: r.Attributes}
			launch := Launch{Type: r.Type, ID: r.ID, Region: r.Region}
			switch r.Type {
			case "aws_eks_node_group":
				launch.InstanceTypes, launch.Zones = nodeInstances(c), c.Zones(c.Strings("subnet_ids"))
			case "aws_autoscaling_group":
				launch.InstanceTypes, launch.Zones = groupInstanceTypes(c), c.Zones(c.Strings("vpc_zone_identifier"))
			case "aws_instance":
				launch.InstanceTypes, launch.Zones = []string{c.String("instance_type")}, c.Strings("availability_zone")
			default:
				continue
			}
			all = append(all, launch)
		}
		return nil
	})
	return all
}
