package ec2

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// VCPUExceeded words EC2's answer to a launch over the quota (error codes of the EC2 API).
func VCPUExceeded(quota world.Quota, limit float64) *world.Error {
	if spotQuota(quota) {
		return world.Fail("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
	}
	return world.Fail("VcpuLimitExceeded",
		"You have requested more vCPU capacity than your current vCPU limit of %s allows for the instance bucket that the specified instance "+
			"type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
		model.FormatNumber(limit))
}

// spotQuota tells the quotas on spot instances from those on instances on demand.
func spotQuota(quota world.Quota) bool {
	return slices.ContainsFunc(vcpuQuotas, func(family vcpuFamily) bool { return family.spot.Code == quota.Code })
}

// Offered refuses types of instance that do not exist and those that a zone does not have.
func Offered(c *model.Call, name, zone string) *world.Error {
	if facts.Instance(name) == nil {
		return world.Fail("InvalidParameterValue", "Invalid value '%s' for InstanceType.", name)
	}
	if c.World.Offered(c.Region, name, c.World.ZoneID(c.Region, zone)) {
		return nil
	}
	var others []string
	for _, other := range c.World.Zones(c.Region) {
		if c.World.Offered(c.Region, name, other.ID) {
			others = append(others, other.Name)
		}
	}
	if len(others) == 0 {
		return world.Fail("Unsupported",
			"The requested configuration is currently not supported. Please check the documentation for supported configurations.")
	}
	return world.Fail("Unsupported",
		"Your requested instance type (%s) is not supported in your requested Availability Zone (%s). Please retry your request by not "+
			"specifying an Availability Zone or choosing %s.",
		name, zone, strings.Join(others, ", "))
}

// vcpuQuotas are EC2's quotas on running vCPUs by the first letters of instance types, on demand and spot. A new account has 5 for standard
// types and none for the others.
var vcpuQuotas = []vcpuFamily{
	{"g vt", world.Quota{Code: "L-DB2E81BA", Service: "ec2", Name: "Running On-Demand G and VT instances", Granted: true},
		world.Quota{Code: "L-3819A6DF", Service: "ec2", Name: "All G and VT Spot Instance Requests", Granted: true}},
	{"p", world.Quota{Code: "L-417A185B", Service: "ec2", Name: "Running On-Demand P instances", Granted: true},
		world.Quota{Code: "L-7212CCBC", Service: "ec2", Name: "All P4, P3 and P2 Spot Instance Requests", Granted: true}},
	{"inf", world.Quota{Code: "L-1945791B", Service: "ec2", Name: "Running On-Demand Inf instances", Granted: true},
		world.Quota{Code: "L-B5D1601B", Service: "ec2", Name: "All Inf Spot Instance Requests", Granted: true}},
	{"f", world.Quota{Code: "L-74FC7D96", Service: "ec2", Name: "Running On-Demand F instances", Granted: true},
		world.Quota{Code: "L-88CF9481", Service: "ec2", Name: "All F Spot Instance Requests", Granted: true}},
	{"x", world.Quota{Code: "L-7295265B", Service: "ec2", Name: "Running On-Demand X instances", Granted: true},
		world.Quota{Code: "L-E3A00192", Service: "ec2", Name: "All X Spot Instance Requests", Granted: true}},
	{"trn", world.Quota{Code: "L-2C3B7624", Service: "ec2", Name: "Running On-Demand Trn instances", Granted: true},
		world.Quota{Code: "L-6B0D517C", Service: "ec2", Name: "All Trn Spot Instance Requests", Granted: true}},
	{"", world.Quota{Code: "L-1216C47A", Service: "ec2", Name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
		Default: 5, Granted: true},
		world.Quota{Code: "L-34B43A08", Service: "ec2", Name: "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
			Default: 5, Granted: true}},
}

type vcpuFamily struct {
	families       string // space-separated prefixes of instance families; empty for the standard ones
	onDemand, spot world.Quota
}

// VCPUQuota finds the quota that an instance type counts against.
func VCPUQuota(instanceType string, spot bool) world.Quota {
	family := strings.TrimRight(instanceType[:strings.IndexAny(instanceType+".", "0123456789.")], "-")
	for _, q := range vcpuQuotas {
		if q.families == "" || slices.Contains(strings.Fields(q.families), family) {
			if spot {
				return q.spot
			}
			return q.onDemand
		}
	}
	return world.Quota{}
}

// VCPUs says which quota a running instance of a type counts against, and with how many vCPUs; 0 if the type is unknown.
func VCPUs(instanceType string, spot bool) (world.Quota, int) {
	instance := facts.Instance(instanceType)
	if instance == nil {
		return world.Quota{}, 0
	}
	return VCPUQuota(instanceType, spot), instance.VCPU
}

// launchVCPUs is what a launch needs at its largest, with the quota that it counts against. With several instance types the largest counts,
// as any of them may be launched.
func launchVCPUs(launch model.Launch) (world.Quota, float64) {
	largest := 0
	for _, name := range launch.InstanceTypes {
		if instance := facts.Instance(name); instance != nil {
			largest = max(largest, instance.VCPU)
		}
	}
	if largest == 0 {
		return world.Quota{}, 0
	}
	return VCPUQuota(launch.InstanceTypes[0], launch.OnlySpot), launch.Most * float64(largest)
}

// VCPULimit counts what a launch of a new or changed resource needs at its largest, with what the region's other instances, groups and node
// groups need at theirs, and answers as EC2 does over a limit.
func VCPULimit(c *model.Call, launch model.Launch) *world.Error {
	quota, total := launchVCPUs(launch)
	if total == 0 {
		return nil
	}
	for _, other := range c.World.List(func(r *world.Resource) bool {
		return r.Account == c.Account && r.Region == c.Region && r.Owner == ""
	}) {
		if c.Self != nil && other.Key() == c.Self.Key() {
			continue
		}
		if theirs := c.Catalog.LaunchOf(c.World, other); theirs != nil {
			if same, amount := launchVCPUs(*theirs); same.Code == quota.Code {
				total += amount
			}
		}
	}
	if c.World.Use(quota, c.Region, "", total) {
		return nil
	}
	return VCPUExceeded(quota, c.World.LimitIn(quota, c.Region))
}

// countedVCPUs are the quotas on vCPUs as instances count against them.
func countedVCPUs() []model.CountedQuota {
	var all []model.CountedQuota
	for _, family := range vcpuQuotas {
		all = append(all, model.CountedQuota{Quota: family.onDemand, Error: "VcpuLimitExceeded", Shared: true},
			model.CountedQuota{Quota: family.spot, Error: "MaxSpotInstanceCountExceeded", Shared: true})
	}
	return all
}
