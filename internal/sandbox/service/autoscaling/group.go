// Package autoscaling declares Amazon EC2 Auto Scaling: groups, what hangs on them, and their schedules. Beside the model it imports
// cron, ec2 and kms; the catalog imports it.
//
// Error codes and texts: its API model, moto's record of real answers and messages measured on AWS, unless a comment says otherwise.
package autoscaling

import (
	"fmt"
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{
		group(), attachment(), schedule(), groupTag(), lifecycleHook(), policy(),
	}
}

const api = "Auto Scaling"

// groupMissing is the answer of every call about a group that does not exist (source: moto).
func groupMissing(name string) *world.Error {
	return world.Fail("ValidationError", "AutoScalingGroup name not found - AutoScalingGroup '%s' not found", name)
}

// inGroup is the reference of everything that is a part of an Auto Scaling group. Groups that EKS makes for its node groups are meant too.
var inGroup = model.Reference{Path: "autoscaling_group_name", To: []string{"aws_autoscaling_group"}, Inside: true, Missing: groupMissing}

const (
	groupTemplate     = "launch_template"
	mixedTemplate     = "mixed_instances_policy.launch_template.launch_template_specification"
	mixedDistribution = "mixed_instances_policy.instances_distribution"
	mixedOverride     = "mixed_instances_policy.launch_template.override"
)

func group() *model.Type {
	return &model.Type{
		Name: "aws_autoscaling_group", API: api, Noun: "Auto Scaling Group",
		CreateCall: "CreateAutoScalingGroup", UpdateCall: "UpdateAutoScalingGroup", DeleteCall: "DeleteAutoScalingGroup",
		Identify: func(c *model.Call) string { return c.Name("name", "name_prefix") },
		References: []model.Reference{
			{Path: "vpc_zone_identifier", To: []string{"aws_subnet"},
				Missing: model.Missing("ValidationError", "The subnet ID '%s' does not exist")},
			{Path: "target_group_arns", To: targetGroups, By: "arn", Weak: true, Missing: targetsInvalid},
			{Path: groupTemplate + ".id", To: []string{"aws_launch_template"}, Weak: true, Missing: groupTemplateMissing("ID")},
			{Path: groupTemplate + ".name", To: []string{"aws_launch_template"}, By: "name", Weak: true, Missing: groupTemplateMissing("name")},
			{Path: mixedTemplate + ".launch_template_id", To: []string{"aws_launch_template"}, Weak: true, Missing: groupTemplateMissing("ID")},
			{Path: mixedTemplate + ".launch_template_name", To: []string{"aws_launch_template"}, By: "name", Weak: true,
				Missing: groupTemplateMissing("name")},
		},
		Unique: []model.Unique{{Attribute: "name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("AlreadyExists", "AutoScalingGroup by this name already exists - A group with the name %s already exists", name)
		}}},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "autoScalingGroupName", 1, 255), groupName,
			groupSize, groupZones, groupLaunches, groupTemplateVersion, groupInstances, groupTimes, groupWords, groupLimit, groupDisks,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-CDE20ADC", Service: "autoscaling", Name: "Auto Scaling groups per region", Default: 500},
			Exceeded: func() *world.Error {
				// text: unverified
				return world.Fail("LimitExceeded", "Limit exceeded for resource AutoScalingGroup. You can request an increase of the limit.")
			},
		}},
		Parts:  groupParts(),
		Launch: groupLaunch,
		Plan:   planGroup,
		Fill:   fillGroup,
		Latency: model.Latency{Create: model.Seconds(60, 30, 120), Update: model.Seconds(5, 1, 60), Delete: model.Seconds(120, 60, 300),
			Source: "logs of real deployments (30 s for two instances); longer spans are estimates, unverified"},
	}
}

// groupTemplateMissing words EC2's answer about a launch template as Auto Scaling passes it on.
func groupTemplateMissing(by string) func(string) *world.Error {
	return func(value string) *world.Error {
		return world.Fail("ValidationError",
			"You must use a valid fully-formed launch template. The specified launch template, with template %s %s, does not exist.", by, value)
	}
}

// groupName refuses colons, which separate the parts of the group's ARN. Text: unverified.
func groupName(c *model.Call) *world.Error {
	if name := c.String("name"); strings.Contains(name, ":") {
		return world.Fail("ValidationError", "Auto Scaling group name '%s' must not contain a colon.", name)
	}
	return nil
}

// groupSize holds the desired size between the bounds. Texts: unverified.
func groupSize(c *model.Call) *world.Error {
	least, hasLeast := c.Number("min_size")
	most, hasMost := c.Number("max_size")
	desired, hasDesired := c.Number("desired_capacity")
	switch {
	case hasLeast && least < 0 || hasMost && most < 0 || hasDesired && desired < 0:
		return world.Fail("ValidationError", "Size bounds and desired capacity must not be negative.")
	case hasLeast && hasMost && most < least:
		return world.Fail("ValidationError", "Max bound, %s, must be greater than or equal to min bound, %s", model.FormatNumber(most),
			model.FormatNumber(least))
	case hasDesired && hasLeast && hasMost && (desired < least || desired > most):
		return world.Fail("ValidationError", "Desired capacity:%s must be between the specified min size:%s and max size:%s",
			model.FormatNumber(desired), model.FormatNumber(least), model.FormatNumber(most))
	}
	return nil
}

// groupZones asks for a place to launch in, and for subnets in the zones that are named beside them.
func groupZones(c *model.Call) *world.Error {
	subnets, zones := c.Strings("vpc_zone_identifier"), c.Strings("availability_zones")
	if len(subnets)+len(zones) == 0 && !model.IsUnknown(c.At("vpc_zone_identifier")) {
		return world.Fail("ValidationError", "At least one Availability Zone or VPC Subnet is required.")
	}
	if len(subnets)+len(zones) == 0 {
		return world.Fail("ValidationError", "At least one Availability Zone or VPC Subnet is required.")
	}
	for _, zone := range zones {
		if c.World.ZoneID(c.Region, zone) == "" {
			return world.Fail("ValidationError", "Invalid availability zones: [%s]", zone) // text: unverified
		}
	}
	for _, zone := range c.Zones(subnets) {
		if c.Creating() && len(zones) > 0 && !slices.Contains(zones, zone) {
			return world.Fail("ValidationError", "The availability zones of the specified subnets and the Auto Scaling group do not match")
		}
	}
	networks := map[string]bool{}
	for _, id := range subnets {
		networks[c.VPCOf(id)] = true
	}
	if len(networks) > 1 {
		return world.Fail("ValidationError", "Invalid subnets: all subnets of a group belong to one VPC") // text: unverified
	}
	return nil
}

// groupLaunches asks for one thing to launch from. Texts: unverified.
func groupLaunches(c *model.Call) *world.Error {
	ways := len(c.Blocks(groupTemplate)) + len(c.Blocks("mixed_instances_policy"))
	if c.String("launch_configuration") != "" {
		ways++
	}
	switch {
	case ways == 0:
		return world.Fail("ValidationError",
			"Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.")
	case ways > 1:
		return world.Fail("ValidationError",
			"Valid requests must contain only one of LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.")
	}
	for _, block := range c.Blocks(groupTemplate) {
		id, _ := block["id"].(string)
		name, _ := block["name"].(string)
		if (id == "") == (name == "") && c.Creating() {
			return world.Fail("ValidationError", "Valid requests must contain either launchTemplateId or LaunchTemplateName")
		}
	}
	return nil
}

// groupDisks refuses instances whose disks have a key that Auto Scaling may not use: each launch fails, until the provider has waited for
// long enough. Words: AWS documentation, key policies for encrypted volumes.
func groupDisks(c *model.Call) *world.Error {
	least, _ := c.Number("min_size")
	desired, _ := c.Number("desired_capacity")
	if !c.Creating() || max(least, desired) < 1 {
		return nil
	}
	for _, template := range groupTemplates(c) {
		if key := kms.ClosedToAutoScaling(c, ec2.DiskKeys(template.Resource)); key != "" {
			err := world.Fail("Client.InternalError", "Client error on launch")
			err.Waiting, err.Timing = true, kms.AutoScalingAdvice(c, key)
			return err
		}
	}
	return nil
}

// templateVersion is a launch template in the version that a group wants.
type templateVersion struct {
	*world.Resource
	version string
}

// groupTemplates finds the launch templates that a group names, each once, in the order in which the configuration does.
func groupTemplates(c *model.Call) []templateVersion {
	var found []templateVersion
	add := func(block world.Object, idArgument, nameArgument string) {
		id, _ := block[idArgument].(string)
		name, _ := block[nameArgument].(string)
		template := c.Find("aws_launch_template", id)
		if template == nil && name != "" {
			template = c.FindBy("aws_launch_template", "name", name)
		}
		version, _ := block["version"].(string)
		if one := (templateVersion{template, version}); template != nil && !slices.Contains(found, one) {
			found = append(found, one)
		}
	}
	for _, block := range c.Blocks(groupTemplate) {
		add(block, "id", "name")
	}
	for _, block := range c.Blocks(mixedTemplate) {
		add(block, "launch_template_id", "launch_template_name")
	}
	return found
}

// groupTemplateVersion refuses versions that the template does not have.
func groupTemplateVersion(c *model.Call) *world.Error {
	for _, template := range groupTemplates(c) {
		if err := ec2.CheckTemplateVersion(template.Resource, template.version); err != nil {
			return world.Fail("ValidationError", "You must use a valid fully-formed launch template. %s", err.Message)
		}
	}
	return nil
}

// groupInstanceTypes lists the types of instance that a group may launch; none where its requirements choose.
func groupInstanceTypes(c *model.Call) []string {
	types := c.Strings(mixedOverride + ".instance_type")
	if len(types) > 0 {
		return types
	}
	for _, template := range groupTemplates(c) {
		types = append(types, model.Strings(template.Attributes, "instance_type")...)
	}
	return types
}

// groupInstances refuses types of instance that do not exist, and those that none of the group's zones has.
func groupInstances(c *model.Call) *world.Error {
	zones := c.Zones(c.Strings("vpc_zone_identifier"))
	if len(zones) == 0 {
		zones = c.Strings("availability_zones")
	}
	for _, name := range groupInstanceTypes(c) {
		var err *world.Error
		for _, zone := range zones {
			if err = ec2.Offered(c, name, zone); err == nil {
				break
			}
		}
		if err != nil {
			return world.Fail("ValidationError", "You must use a valid fully-formed launch template. %s", err.Message)
		}
	}
	return nil
}

// groupTimes holds times and percentages to their ranges.
func groupTimes(c *model.Call) *world.Error {
	if life, ok := c.Number("max_instance_lifetime"); ok && life != 0 && (life < 86400 || life > 31536000) {
		return world.Fail("ValidationError", "MaxInstanceLifetime must be 0 or between 86400 and 31536000 seconds.") // text: unverified
	}
	for _, block := range c.Blocks("initial_lifecycle_hook") {
		if err := checkHook(block); err != nil {
			return err
		}
	}
	for _, check := range []model.Check{
		model.Between("ValidationError", "default_cooldown", "defaultCooldown", 0, 1<<31),
		model.Between("ValidationError", "health_check_grace_period", "healthCheckGracePeriod", 0, 1<<31),
		model.Between("ValidationError", "instance_maintenance_policy.min_healthy_percentage", "instanceMaintenancePolicy.minHealthyPercentage",
			-1, 100),
		model.Between("ValidationError", "instance_maintenance_policy.max_healthy_percentage", "instanceMaintenancePolicy.maxHealthyPercentage",
			-1, 200),
		model.Between("ValidationError", mixedDistribution+".on_demand_percentage_above_base_capacity", "onDemandPercentageAboveBaseCapacity",
			0, 100),
	} {
		if err := check(c); err != nil {
			return err
		}
	}
	return nil
}

// groupWords holds arguments to the words that AWS knows.
func groupWords(c *model.Call) *world.Error {
	if len(c.Blocks("tag")) > 50 {
		return world.Fail("ValidationError", "You tried to create more tags than allowed")
	}
	for _, check := range []model.Check{
		model.OneOf("ValidationError", "health_check_type", "healthCheckType", "EC2", "ELB", "EBS", "VPC_LATTICE"),
		model.OneOf("ValidationError", "termination_policies", "terminationPolicies", "AllocationStrategy", "ClosestToNextInstanceHour",
			"Default",
			"NewestInstance", "OldestInstance", "OldestLaunchConfiguration", "OldestLaunchTemplate"),
		model.OneOf("ValidationError", "suspended_processes", "scalingProcesses", "Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification",
			"AZRebalance", "HealthCheck", "InstanceRefresh", "ReplaceUnhealthy", "ScheduledActions"),
		model.OneOf("ValidationError", "metrics_granularity", "granularity", "1Minute"),
		model.OneOf("ValidationError", mixedDistribution+".spot_allocation_strategy", "spotAllocationStrategy",
			"lowest-price", "capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"),
		model.OneOf("ValidationError", mixedDistribution+".on_demand_allocation_strategy", "onDemandAllocationStrategy", "prioritized",
			"lowest-price"),
	} {
		if err := check(c); err != nil {
			return err
		}
	}
	return nil
}

// planGroup leaves the optional blocks of a mixed instances policy empty where it has no distribution, as the provider does (measured).
func planGroup(c *model.Call) {
	for _, policy := range c.Blocks("mixed_instances_policy") {
		if !model.IsUnknown(policy["instances_distribution"]) && len(model.Every(policy, "instances_distribution")) > 0 {
			continue
		}
		policy["instances_distribution"] = []any{}
		for _, template := range c.Blocks("mixed_instances_policy.launch_template") {
			if model.IsUnknown(template["override"]) {
				template["override"] = []any{}
			}
		}
	}
}

func fillGroup(c *model.Call) {
	prefix := c.String("name_prefix")
	c.Set("name_prefix", prefix)
	c.Set("arn", c.ARN("autoscaling", "autoScalingGroup:"+c.UUID()+":autoScalingGroupName/"+c.ID))
	c.Set("vpc_zone_identifier", []any{})
	zones := []any{}
	for _, zone := range c.Zones(c.Strings("vpc_zone_identifier")) {
		zones = append(zones, zone)
	}
	c.Set("availability_zones", zones)
	c.Set("desired_capacity", c.At("min_size"))
	c.Set("default_cooldown", 300.0)
	c.Set("health_check_type", "EC2")
	c.SetEach(0.0, "predicted_capacity", "warm_pool_size")
	c.Set("service_linked_role_arn", fmt.Sprintf("arn:%s:iam::%s:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
		c.Partition(), c.Account))
	if model.IsUnset(c.Object["availability_zone_distribution"]) {
		c.Force("availability_zone_distribution", []any{world.Object{"capacity_distribution_strategy": "balanced-best-effort"}})
	}
	if model.IsUnset(c.Object["capacity_reservation_specification"]) {
		c.Force("capacity_reservation_specification",
			[]any{world.Object{"capacity_reservation_preference": "default", "capacity_reservation_target": []any{}}})
	}
	c.SetIn("capacity_reservation_specification", "capacity_reservation_preference", "default")
	c.SetIn("initial_lifecycle_hook", "default_result", "ABANDON")
	c.SetIn("instance_lifecycle_policy.retention_triggers", "terminate_hook_abandon", "terminate")
	fillTemplates(c, groupTemplate, "id", "name")
	for _, path := range []string{mixedTemplate, mixedOverride + ".launch_template_specification"} {
		fillTemplates(c, path, "launch_template_id", "launch_template_name")
	}
	pools := 0.0
	if strategy := c.String(mixedDistribution + ".spot_allocation_strategy"); strategy == "" || strategy == "lowest-price" {
		pools = 2
	}
	for name, value := range map[string]any{
		"on_demand_allocation_strategy": "prioritized", "on_demand_base_capacity": 0.0, "on_demand_percentage_above_base_capacity": 100.0,
		"spot_allocation_strategy": "lowest-price", "spot_instance_pools": pools,
	} {
		c.SetIn(mixedDistribution, name, value)
	}
}

// fillTemplates completes the id, the name and the version of the launch templates that a block names.
func fillTemplates(c *model.Call, path, idArgument, nameArgument string) {
	for _, block := range c.Blocks(path) {
		id, _ := block[idArgument].(string)
		name, _ := block[nameArgument].(string)
		template := c.Find("aws_launch_template", id)
		if template == nil {
			template = c.FindBy("aws_launch_template", "name", name)
		}
		if template != nil {
			block[idArgument], block[nameArgument] = template.ID, template.String("name")
		}
		if model.IsUnknown(block["version"]) {
			block["version"] = "$Default"
		}
	}
}

// groupLaunch is what a group launches.
func groupLaunch(c *model.Call) model.Launch {
	size := func(path string) float64 { n, _ := c.Number(path); return n }
	onDemand, mixed := c.Number(mixedDistribution + ".on_demand_percentage_above_base_capacity")
	return model.Launch{
		InstanceTypes: groupInstanceTypes(c), Zones: c.Zones(c.Strings("vpc_zone_identifier")),
		Now: max(size("desired_capacity"), size("min_size")), Most: size("max_size"), Spot: mixed && onDemand < 100,
		OnlySpot: mixed && onDemand == 0,
		Failed: func(code, message string) *world.Error {
			return &world.Error{
				Code: "ValidationError", Message: "Could not launch On-Demand Instances. " + code + " - " + message + " Launching EC2 instance failed.",
				Timing: "AWS retries until the provider's wait_for_capacity_timeout, ten minutes by default, is over.",
			}
		},
	}
}

// groupLimit refuses a group whose largest size is over a limit that was set in the world. AWS itself looks when an instance is launched.
func groupLimit(c *model.Call) *world.Error {
	launch := groupLaunch(c)
	exceeded := ec2.VCPULimit(c, launch)
	if exceeded == nil {
		return nil
	}
	err := launch.Failed(exceeded.Code, exceeded.Message)
	err.Timing = "AWS reports it in the group's scaling activities, some minutes after the group was made."
	return err
}
