package eks

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/world"
)

// NodeInstances are the instance types that a node group may launch; EKS takes t3.medium if neither it nor its launch template says.
func NodeInstances(c *model.Call) []string {
	if types := c.Strings("instance_types"); len(types) > 0 {
		return types
	}
	if template := nodeTemplate(c); template != nil && template.String("instance_type") != "" {
		return []string{template.String("instance_type")}
	}
	return []string{"t3.medium"}
}

// architecture is the processor that an AMI type is built for; empty for a custom image, which says nothing.
func architecture(amiType string) string {
	switch {
	case amiType == "CUSTOM":
		return ""
	case strings.Contains(amiType, "ARM_64"):
		return "arm64"
	default:
		return "x86_64"
	}
}

// nodeGroupInstances wants instance types that exist, can run the image and are few enough.
func nodeGroupInstances(c *model.Call) *world.Error {
	types := NodeInstances(c)
	if len(types) > 20 {
		return invalidParameter("instanceTypes can have at most 20 entries") // text unverified
	}
	var unknown, unfit []string
	wanted := architecture(c.String("ami_type"))
	for _, name := range types {
		instance := facts.Instance(name)
		switch {
		case instance == nil:
			unknown = append(unknown, name)
		case wanted != "" && !slices.Contains(instance.Architectures, wanted):
			unfit = append(unfit, name)
		}
	}
	if len(unknown) > 0 {
		return instanceTypeMissing(strings.Join(unknown, ", "))
	}
	if len(unfit) > 0 {
		ami := c.String("ami_type")
		if ami == "" {
			ami = "AL2023_x86_64_STANDARD"
		}
		return invalidParameter("[%s] is not a valid instance type for requested amiType %s", strings.Join(unfit, ", "), ami)
	}
	return nil
}

// launchTiming says when AWS reports nodes that cannot be launched.
const launchTiming = "AWS retries for about 33 minutes before it reports this: the node group then ends in state CREATE_FAILED."

// nodeGroupZones refuses a group none of whose instance types is offered in any of its zones. Auto Scaling places nodes in other zones of
// the group where one does not offer the type.
func nodeGroupZones(c *model.Call) *world.Error {
	desired, _ := c.Number("scaling_config.desired_size")
	zones := c.Zones(c.Strings("subnet_ids"))
	types := NodeInstances(c)
	if desired < 1 || len(zones) == 0 {
		return nil // nothing is launched yet
	}
	for _, name := range types {
		for _, zone := range zones {
			if c.World.Offered(c.Region, name, c.World.ZoneID(c.Region, zone)) {
				return nil
			}
		}
	}
	var offered []string
	for _, zone := range c.World.Zones(c.Region) {
		if c.World.Offered(c.Region, types[0], zone.ID) {
			offered = append(offered, zone.Name)
		}
	}
	advice := "It is not offered in this Region."
	if len(offered) > 0 {
		advice = "Please retry your request by not specifying an Availability Zone or choosing " + strings.Join(offered, ", ") + "."
	}
	err := world.Fail("AsgInstanceLaunchFailures",
		"Could not launch %s. Unsupported - Your requested instance type (%s) is not supported in your requested Availability Zone (%s). %s",
		capacityName(c.String("capacity_type")), types[0], strings.Join(zones, ", "), advice)
	err.Timing = launchTiming
	return err
}

func capacityName(capacityType string) string {
	if capacityType == "SPOT" {
		return "Spot Instances"
	}
	return "On-Demand Instances"
}

func autoMode(cluster *world.Resource) bool {
	enabled, _ := model.At(cluster.Attributes, "compute_config.enabled").(bool)
	return enabled
}

// nodeGroupLaunch is what a node group launches, through an Auto Scaling group of its own.
func nodeGroupLaunch(c *model.Call) model.Launch {
	desired, _ := c.Number("scaling_config.desired_size")
	most, _ := c.Number("scaling_config.max_size")
	capacity := c.String("capacity_type")
	return model.Launch{
		InstanceTypes: NodeInstances(c), Zones: c.Zones(c.Strings("subnet_ids")), Now: desired, Most: most, Spot: capacity == "SPOT",
		OnlySpot: capacity == "SPOT",
		Failed: func(code, message string) *world.Error {
			return &world.Error{
				Code: "AsgInstanceLaunchFailures", Message: "Could not launch " + capacityName(capacity) + ". " + code + " - " + message +
					" Launching EC2 instance failed.",
				Timing: launchTiming,
			}
		},
	}
}

// nodeGroupVCPU counts the vCPUs that the group needs at its largest against the region's quota.
func nodeGroupVCPU(c *model.Call) *world.Error {
	exceeded := ec2.VCPULimit(c, nodeGroupLaunch(c))
	if exceeded == nil {
		return nil
	}
	err := world.Fail("AsgInstanceLaunchFailures", "Could not launch %s. %s - %s", capacityName(c.String("capacity_type")), exceeded.Code,
		exceeded.Message)
	err.Timing = launchTiming
	return err
}
