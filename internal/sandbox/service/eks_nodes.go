package service

import (
	"slices"
	"strings"

	"coderaws/internal/sandbox/world"
)

// nodeInstances are the instance types that a node group may launch; EKS takes t3.medium if neither it nor its launch template says.
func nodeInstances(c *Call) []string {
	if types := c.Strings("instance_types"); len(types) > 0 {
		return types
	}
	if template := nodeTemplate(c); template != nil && template.String("instance_type") != "" {
		return []string{template.String("instance_type")}
	}
	return []string{"t3.medium"}
}

// NodeInstances are the instance types that a managed node group may launch. The call's object is the node group.
func NodeInstances(c *Call) []string { return nodeInstances(c) }

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
func nodeGroupInstances(c *Call) *world.Error {
	types := nodeInstances(c)
	if len(types) > 20 {
		return invalidParameter("instanceTypes can have at most 20 entries") // text unverified
	}
	var unknown, unfit []string
	wanted := architecture(c.String("ami_type"))
	for _, name := range types {
		instance := world.Instance(name)
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
func nodeGroupZones(c *Call) *world.Error {
	desired, _ := c.Number("scaling_config.desired_size")
	zones := c.Zones(c.Strings("subnet_ids"))
	types := nodeInstances(c)
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
	err := world.Fail("AsgInstanceLaunchFailures", "Could not launch %s. Unsupported - Your requested instance type (%s) is not supported in your requested Availability Zone (%s). %s",
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

// vcpuQuotas are EC2's quotas on running vCPUs by the first letters of instance types, on demand and spot. A new account has 5 for standard types
// and none for the others.
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
	{"", world.Quota{Code: "L-1216C47A", Service: "ec2", Name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", Default: 5, Granted: true},
		world.Quota{Code: "L-34B43A08", Service: "ec2", Name: "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", Default: 5, Granted: true}},
}

type vcpuFamily struct {
	families       string // space-separated prefixes of instance families; empty for the standard ones
	onDemand, spot world.Quota
}

// vcpuQuota finds the quota that an instance type counts against.
func vcpuQuota(instanceType string, spot bool) world.Quota {
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

// vcpus is what a node group needs when it is at its largest, with the quota that it counts against. With several instance types
// the largest counts, as any of them may be launched.
func vcpus(attributes world.Object, types []string) (world.Quota, float64) {
	most, _ := At(attributes, "scaling_config.max_size").(float64)
	capacity, _ := attributes["capacity_type"].(string)
	largest := 0
	for _, name := range types {
		if instance := world.Instance(name); instance != nil {
			largest = max(largest, instance.VCPU)
		}
	}
	return vcpuQuota(types[0], capacity == "SPOT"), most * float64(largest)
}

// nodeGroupVCPU counts the vCPUs that the group needs at its largest against the region's quota.
func nodeGroupVCPU(c *Call) *world.Error {
	quota, amount := vcpus(c.Object, nodeInstances(c))
	if useVCPUs(c, quota, amount) {
		return nil
	}
	exceeded := vcpuExceeded(quota, c.World.LimitIn(quota, c.Region))
	err := world.Fail("AsgInstanceLaunchFailures", "Could not launch %s. %s - %s", capacityName(c.String("capacity_type")), exceeded.Code, exceeded.Message)
	err.Timing = launchTiming
	return err
}

// nodesJoin refuses nodes that would start and never join: without the right to do so, or without a network add-on.
func nodesJoin(c *Call) *world.Error {
	desired, _ := c.Number("scaling_config.desired_size")
	cluster := c.Find("aws_eks_cluster", c.String("cluster_name"))
	role := c.FindBy("aws_iam_role", "arn", c.String("node_role_arn"))
	if !c.Creating() || desired < 1 || cluster == nil || role == nil {
		return nil
	}
	if !mayJoin(c, role) {
		return nodesNeverJoin("Instances failed to join the kubernetes cluster", "The node role has no policy AmazonEKSWorkerNodePolicy and no policy of your own.")
	}
	if bootstrapped, told := cluster.Attributes["bootstrap_self_managed_addons"].(bool); told && !bootstrapped &&
		c.Find("aws_eks_addon", cluster.ID+":vpc-cni") == nil && !autoMode(cluster) {
		return nodesNeverJoin("Unhealthy nodes in the kubernetes cluster", "The cluster has no network add-on: bootstrap_self_managed_addons is false and there is no add-on vpc-cni (a network add-on from elsewhere has to be installed before nodes).")
	}
	return nil
}

func nodesNeverJoin(message, reason string) *world.Error {
	err := world.Fail("NodeCreationFailure", "%s", message)
	err.Timing = reason + " AWS reports this after about 15 minutes."
	return err
}

// mayJoin reports whether a node role has the policy for worker nodes, or policies of the user's own, which are not looked into.
func mayJoin(c *Call, role *world.Resource) bool {
	for _, attachment := range c.All("aws_iam_role_policy_attachment") {
		arn := attachment.String("policy_arn")
		ours := !strings.Contains(arn, ":iam::aws:policy/")
		if attachment.String("role") == role.ID && (ours || strings.HasSuffix(arn, "/AmazonEKSWorkerNodePolicy") || strings.HasSuffix(arn, "/AmazonEKSWorkerNodeMinimalPolicy") || strings.HasSuffix(arn, "/AdministratorAccess")) {
			return true
		}
	}
	for _, inline := range c.All("aws_iam_role_policy") {
		if inline.String("role") == role.ID {
			return true
		}
	}
	return len(Every(role.Attributes, "inline_policy")) > 0 || len(Strings(role.Attributes, "managed_policy_arns")) > 0
}

func autoMode(cluster *world.Resource) bool {
	enabled, _ := At(cluster.Attributes, "compute_config.enabled").(bool)
	return enabled
}
