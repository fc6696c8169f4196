package service

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/sandbox/world"
)

// vcpuExceeded words EC2's answer to a launch over the quota (error codes of the EC2 API).
func vcpuExceeded(quota world.Quota, limit float64) *world.Error {
	if spotQuota(quota) {
		return world.Fail("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
	}
	return world.Fail("VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of %s allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.", number(limit))
}

// spotQuota tells the quotas on spot instances from those on instances on demand.
func spotQuota(quota world.Quota) bool {
	return slices.ContainsFunc(vcpuQuotas, func(family vcpuFamily) bool { return family.spot.Code == quota.Code })
}

// groupVCPUs is what an Auto Scaling group needs when it is at its largest, with the quota that it counts against.
func groupVCPUs(c *Call) (world.Quota, float64) {
	types := groupInstanceTypes(c)
	largest := 0
	for _, name := range types {
		if instance := world.Instance(name); instance != nil {
			largest = max(largest, instance.VCPU)
		}
	}
	if largest == 0 {
		return world.Quota{}, 0
	}
	most, _ := c.Number("max_size")
	share, mixed := c.Number(mixedDistribution + ".on_demand_percentage_above_base_capacity")
	return vcpuQuota(types[0], mixed && share == 0), most * float64(largest)
}

// instanceVCPUs is the same for a single instance.
func instanceVCPUs(c *Call) (world.Quota, float64) {
	name := c.String("instance_type")
	instance := world.Instance(name)
	if instance == nil {
		return world.Quota{}, 0
	}
	return vcpuQuota(name, c.String("instance_market_options.market_type") == "spot"), float64(instance.VCPU)
}

// useVCPUs adds what a new or changed resource needs to what the region's other instances, groups and node groups need at their largest,
// and refuses what is over a limit.
func useVCPUs(c *Call, quota world.Quota, amount float64) bool {
	if amount == 0 {
		return true
	}
	total := amount
	for _, other := range c.World.List(func(r *world.Resource) bool { return r.Account == c.Account && r.Region == c.Region && r.Owner == "" }) {
		if c.Self != nil && other.Key() == c.Self.Key() {
			continue
		}
		call := &Call{World: c.World, Account: c.Account, Region: c.Region, ProviderRegion: c.ProviderRegion, Object: other.Attributes}
		var same world.Quota
		var theirs float64
		switch other.Type {
		case "aws_autoscaling_group":
			same, theirs = groupVCPUs(call)
		case "aws_instance":
			same, theirs = instanceVCPUs(call)
		case "aws_eks_node_group":
			same, theirs = vcpus(other.Attributes, nodeInstances(call))
		}
		if same.Code == quota.Code {
			total += theirs
		}
	}
	return c.World.Use(quota, c.Region, "", total)
}

// groupLimit refuses a group whose largest size is over a limit that was set in the world. AWS itself looks when an instance is launched.
func groupLimit(c *Call) *world.Error {
	quota, amount := groupVCPUs(c)
	if useVCPUs(c, quota, amount) {
		return nil
	}
	err := vcpuExceeded(quota, c.World.LimitIn(quota, c.Region))
	err.Message = fmt.Sprintf("Could not launch On-Demand Instances. %s - %s Launching EC2 instance failed.", err.Code, err.Message)
	err.Code, err.Timing = "ValidationError", "AWS reports it in the group's scaling activities, some minutes after the group was made."
	return err
}

func instanceLimit(c *Call) *world.Error {
	quota, amount := instanceVCPUs(c)
	if useVCPUs(c, quota, amount) {
		return nil
	}
	return vcpuExceeded(quota, c.World.LimitIn(quota, c.Region))
}

// offered refuses types of instance that do not exist and those that a zone does not have.
func offered(c *Call, name, zone string) *world.Error {
	if world.Instance(name) == nil {
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
		return world.Fail("Unsupported", "The requested configuration is currently not supported. Please check the documentation for supported configurations.")
	}
	return world.Fail("Unsupported", "Your requested instance type (%s) is not supported in your requested Availability Zone (%s). Please retry your request by not specifying an Availability Zone or choosing %s.",
		name, zone, strings.Join(others, ", "))
}
