package eks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

var instanceTypeMissing = func(names string) *world.Error {
	return invalidParameter("The following supplied instance types do not exist: [%s]", names)
}

func nodeGroup() *model.Type {
	return &model.Type{
		Name: "aws_eks_node_group", API: api, Noun: "EKS Node Group",
		CreateCall: "CreateNodegroup", UpdateCall: "UpdateNodegroupConfig", DeleteCall: "DeleteNodegroup",
		Identify: func(c *model.Call) string {
			return c.String("cluster_name") + ":" + c.Name("node_group_name", "node_group_name_prefix")
		},
		References: []model.Reference{
			{Path: "cluster_name", To: []string{"aws_eks_cluster"}, Missing: clusterMissing},
			// text unverified
			{Path: "node_role_arn", To: []string{"aws_iam_role"}, By: "arn",
				Missing: model.Missing("InvalidParameterException", "The role with name %s cannot be found.")},
			{Path: "subnet_ids", To: []string{"aws_subnet"},
				Missing: model.Missing("InvalidParameterException", "The subnet ID '%s' does not exist")},
			{Path: "launch_template.id", To: []string{"aws_launch_template"}, Weak: true,
				Missing: model.Missing("InvalidParameterException", "The specified launch template, with template ID %s, does not exist.")},
			{Path: "launch_template.name", To: []string{"aws_launch_template"}, By: "name", Weak: true,
				Missing: model.Missing("InvalidParameterException", "The specified launch template, with template name %s, does not exist.")},
			{Path: "remote_access.source_security_group_ids", To: []string{"aws_security_group"},
				Missing: model.Missing("InvalidParameterException", "The security group '%s' does not exist")},
		},
		Permissions: nodeGroupPermissions,
		Gone:        nodeGroupGone,
		Checks: []model.Check{
			nodeGroupName, nodeGroupTaken, nodeGroupSize,
			model.OneOf("InvalidParameterException", "ami_type", "amiType", amiTypes...),
			model.OneOf("InvalidParameterException", "capacity_type", "capacityType", "ON_DEMAND", "SPOT", "CAPACITY_BLOCK"),
			nodeGroupRole, nodeGroupSubnets, nodeGroupTemplate, nodeGroupVersion, nodeGroupRelease, nodeGroupInstances, nodeGroupLabels,
			nodeGroupUpdates, nodeGroupZones, nodeGroupVCPU, nodesJoin,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-6D54EA21", Service: "eks", Name: "Managed node groups per cluster", Default: 30},
			Per:   perCluster,
			Exceeded: func() *world.Error {
				return world.Fail("ResourceLimitExceededException", "Managed node group limit exceeded for cluster.") // text unverified
			},
		}},
		Counted: []model.CountedQuota{{Quota: nodesPerGroup, Error: "ResourceLimitExceededException"}},
		Launch:  nodeGroupLaunch,
		Fill:    fillNodeGroup,
		Latency: model.Latency{Create: model.Seconds(120, 58, 180), Update: model.Seconds(300, 30, 900), Delete: model.Seconds(330, 240, 510),
			Source: "logs of real deployments with Amazon Linux 2023; updates are an estimate"},
	}
}

var amiTypes = []string{
	"AL2_x86_64", "AL2_x86_64_GPU", "AL2_ARM_64", "CUSTOM", "BOTTLEROCKET_ARM_64", "BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64_FIPS",
	"BOTTLEROCKET_x86_64_FIPS", "BOTTLEROCKET_ARM_64_NVIDIA", "BOTTLEROCKET_x86_64_NVIDIA", "BOTTLEROCKET_ARM_64_NVIDIA_FIPS",
	"BOTTLEROCKET_x86_64_NVIDIA_FIPS", "WINDOWS_CORE_2019_x86_64", "WINDOWS_FULL_2019_x86_64", "WINDOWS_CORE_2022_x86_64",
	"WINDOWS_FULL_2022_x86_64",
	"WINDOWS_CORE_2025_x86_64", "WINDOWS_FULL_2025_x86_64", "AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD", "AL2023_x86_64_NEURON",
	"AL2023_x86_64_NVIDIA", "AL2023_ARM_64_NVIDIA",
}

func nodeGroupName(c *model.Call) *world.Error {
	if len(c.String("node_group_name")) > 63 {
		return invalidParameter("nodeGroupName can't be longer than 63 characters!")
	}
	return model.Pattern("InvalidParameterException", "node_group_name", "nodegroupName", `[0-9A-Za-z][A-Za-z0-9\-_]*`)(c)
}

func nodeGroupTaken(c *model.Call) *world.Error {
	name, cluster := c.String("node_group_name"), c.String("cluster_name")
	if c.Creating() && name != "" && c.Find("aws_eks_node_group", cluster+":"+name) != nil {
		return world.Conflict("ResourceInUseException", "NodeGroup already exists with name %s and cluster name %s", name, cluster)
	}
	return nil
}

var nodesPerGroup = world.Quota{Code: "L-BD136A63", Service: "eks", Name: "Nodes per managed node group", Default: 450}

// nodeGroupSize holds min <= desired <= max, and max to the quota of nodes in a group.
func nodeGroupSize(c *model.Call) *world.Error {
	least, _ := c.Number("scaling_config.min_size")
	desired, _ := c.Number("scaling_config.desired_size")
	most, _ := c.Number("scaling_config.max_size")
	switch {
	case most < 1:
		return invalidParameter("maxSize must be greater than or equal to 1") // text unverified
	case least > desired:
		return invalidParameter("Minimum capacity %s can't be greater than desired size %s", model.FormatNumber(least),
			model.FormatNumber(desired))
	case desired > most:
		return invalidParameter("desired capacity %s can't be greater than max size %s", model.FormatNumber(desired), model.FormatNumber(most))
	case !c.World.Use(nodesPerGroup, c.Region, c.String("cluster_name")+"/"+c.String("node_group_name"), most):
		return world.Fail("ResourceLimitExceededException", "Node limit exceeded for managed node group.") // text unverified
	}
	return nil
}

func nodeGroupRole(c *model.Call) *world.Error {
	role := c.FindBy("aws_iam_role", "arn", c.String("node_role_arn"))
	if role != nil && !principal.Trusts(role, "ec2.amazonaws.com") {
		return invalidParameter("Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of "+
			"nodeRole %s", role.String("arn"))
	}
	return nil
}

func nodeGroupSubnets(c *model.Call) *world.Error {
	cluster := c.Find("aws_eks_cluster", c.String("cluster_name"))
	if cluster == nil {
		return nil
	}
	vpc, _ := model.At(cluster.Attributes, "vpc_config.vpc_id").(string)
	for _, id := range c.Strings("subnet_ids") {
		if c.VPCOf(id) != vpc {
			return invalidParameter("Subnets specified must belong to the VPC %s", vpc)
		}
	}
	return nil
}

// nodeGroupTemplate keeps apart what a launch template and what the node group says (AWS documentation: launch templates of EKS).
func nodeGroupTemplate(c *model.Call) *world.Error {
	if len(c.Blocks("launch_template")) == 0 {
		return nil
	}
	if id, name := c.String("launch_template.id"), c.String("launch_template.name"); c.Creating() && (id == "") == (name == "") {
		return invalidParameter("Either provide launch template ID or launch template name in the request.")
	}
	if size, ok := c.Number("disk_size"); ok && size > 0 && c.Creating() {
		return invalidParameter("Disk size must be specified within the launch template.")
	}
	if len(c.Blocks("remote_access")) > 0 {
		return invalidParameter("Remote access configuration cannot be specified with a launch template.")
	}
	template := nodeTemplate(c)
	if template == nil {
		return nil
	}
	ami := c.String("ami_type")
	switch {
	case template.String("instance_type") != "" && len(c.Strings("instance_types")) > 0 && c.Creating():
		return invalidParameter("You cannot specify instance types in both the node group and the launch template.") // text unverified
	case len(model.Strings(template.Attributes, "network_interfaces.subnet_id")) > 0:
		return invalidParameter("Launch template %s should not specify a subnet.", template.ID) // text unverified
	case len(model.Every(template.Attributes, "iam_instance_profile")) > 0:
		return invalidParameter("Launch template %s should not specify an instance profile. The noderole in your request will be used to "+
			"construct an instance profile.", template.ID)
	case template.String("image_id") != "" && ami != "" && ami != "CUSTOM" && c.Creating():
		return invalidParameter("You cannot specify an AMI Type when specifying an image ID within the launch template.") // text unverified
	case template.String("image_id") != "" && c.Creating() && (c.String("version") != "" || c.String("release_version") != ""):
		return invalidParameter("You cannot specify the field kubernetesVersion or releaseVersion when using custom AMIs.") // text unverified
	case template.String("image_id") == "" && ami == "CUSTOM":
		return invalidParameter("Launch template details can't be null for Custom ami type node group")
	}
	return nil
}

// nodeTemplate is the launch template of a node group, or nil.
func nodeTemplate(c *model.Call) *world.Resource {
	if id := c.String("launch_template.id"); id != "" {
		return c.Find("aws_launch_template", id)
	}
	if name := c.String("launch_template.name"); name != "" {
		return c.FindBy("aws_launch_template", "name", name)
	}
	return nil
}

// nodeGroupRelease holds a release of EKS's images, such as 1.35.5-20261108, to the version that it is made for. Bottlerocket has numbers
// of its own. Message: AWS documentation, "managed node group update errors".
func nodeGroupRelease(c *model.Call) *world.Error {
	release, version := c.String("release_version"), c.String("version")
	if cluster := c.Find("aws_eks_cluster", c.String("cluster_name")); version == "" {
		version = cluster.String("version")
	}
	ami := c.String("ami_type")
	if release == "" || !c.Changed("release_version") || ami == "CUSTOM" || strings.HasPrefix(ami, "BOTTLEROCKET_") ||
		strings.HasPrefix(release, version+".") {
		return nil
	}
	return invalidParameter("Requested release version %s is not valid for kubernetes version %s.", release, version)
}

// nodeGroupVersion wants the cluster's own version for new nodes; existing ones may stay up to three behind (Kubernetes version skew).
func nodeGroupVersion(c *model.Call) *world.Error {
	cluster := c.Find("aws_eks_cluster", c.String("cluster_name"))
	version := c.String("version")
	if cluster == nil || version == "" || !c.Changed("version") {
		return nil
	}
	theirs := cluster.String("version")
	if behind := Minor(theirs) - Minor(version); behind < 0 || behind > 3 || c.Creating() && behind != 0 {
		// text unverified after the first sentence
		return invalidParameter("Requested Nodegroup version %s is not supported. The cluster runs version %s.", version, theirs)
	}
	if strings.HasPrefix(c.String("ami_type"), "AL2_") && Minor(version) >= 33 {
		// text unverified
		return invalidParameter("Requested amiType %s is not supported for kubernetes version %s", c.String("ami_type"), version)
	}
	return nil
}

var (
	labelName  = model.Expression(`^([A-Za-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`)
	labelValue = model.Expression(`^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$`)
)

// nodeGroupLabels holds labels and taints to Kubernetes' names.
func nodeGroupLabels(c *model.Call) *world.Error {
	const alphanumeric = "field must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
	labels, _ := c.Object["labels"].(world.Object)
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		text, _ := labels[key].(string)
		if !labelName().MatchString(key) || !labelValue().MatchString(text) {
			return invalidParameter("Label %s=%s: %s", key, text, alphanumeric)
		}
		if strings.HasPrefix(key, "kubernetes.io/") || strings.Contains(key, "eks.amazonaws.com/") {
			return invalidParameter("Label cannot contain reserved prefixes [kubernetes.io/, k8s.io/, eks.amazonaws.com/]")
		}
	}
	for _, taint := range c.Blocks("taint") {
		key, _ := taint["key"].(string)
		value, _ := taint["value"].(string)
		effect, _ := taint["effect"].(string)
		if !labelName().MatchString(key) || !labelValue().MatchString(value) {
			return invalidParameter("Taint %s=%s: %s", key, value, alphanumeric)
		}
		if !slices.Contains([]string{"NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"}, effect) {
			return model.Unsatisfied("InvalidParameterException", effect, "taints.effect",
				"Member must satisfy enum value set: [NO_EXECUTE, PREFER_NO_SCHEDULE, NO_SCHEDULE]")
		}
	}
	return nil
}

func nodeGroupUpdates(c *model.Call) *world.Error {
	if len(c.Blocks("update_config")) == 0 {
		return nil
	}
	nodes, byNumber := c.Number("update_config.max_unavailable")
	percentage, byPercentage := c.Number("update_config.max_unavailable_percentage")
	switch {
	case !byNumber && !byPercentage:
		return invalidParameter("UpdateConfig cannot be empty if set in the request.")
	case byNumber && nodes > 0 && byPercentage && percentage > 0:
		return invalidParameter("Both maxUnavailable and maxUnavailablePercentage cannot be set.") // text unverified
	case byNumber && (nodes < 0 || nodes > 100), byPercentage && (percentage < 0 || percentage > 100):
		return invalidParameter("maxUnavailable must be from 1 to 100") // text unverified
	}
	return nil
}

func fillNodeGroup(c *model.Call) {
	cluster, name := c.String("cluster_name"), c.String("node_group_name")
	uuid := c.UUID()
	c.Set("arn", c.ARN("eks", fmt.Sprintf("nodegroup/%s/%s/%s", cluster, name, uuid)))
	c.Set("node_group_name_prefix", "")
	c.Set("status", "ACTIVE")
	if parent := c.Find("aws_eks_cluster", cluster); parent != nil {
		c.Set("version", parent.String("version"))
	}
	template := nodeTemplate(c)
	custom := template != nil && template.String("image_id") != ""
	c.Set("capacity_type", "ON_DEMAND")
	switch {
	case custom:
		c.Set("ami_type", "CUSTOM")
		c.Set("release_version", template.String("image_id"))
	default:
		c.Set("ami_type", "AL2023_x86_64_STANDARD")
	}
	if version, ok := facts.Kubernetes(c.String("version"), c.World.Now()); ok &&
		(c.Creating() || c.Changed("version") && !c.Changed("release_version")) {
		release := version.Release(c.World.Now())
		c.Set("release_version", release)
		if !c.Creating() {
			c.Force("release_version", release)
		}
	}
	if template == nil {
		c.Set("instance_types", []any{"t3.medium"})
		c.Set("disk_size", map[bool]float64{true: 50, false: 20}[strings.HasPrefix(c.String("ami_type"), "WINDOWS")])
	}
	c.Set("instance_types", []any{})
	c.Set("disk_size", 0.0)
	c.Set("update_config", []any{world.Object{"max_unavailable": 1.0, "max_unavailable_percentage": 0.0, "update_strategy": "DEFAULT"}})
	c.SetIn("launch_template", "name", "")
	c.SetIn("launch_template", "id", "")
	if template != nil {
		for _, block := range c.Blocks("launch_template") {
			block["id"], block["name"] = template.ID, template.String("name")
		}
	}
	c.SetIn("warm_pool_config", "max_group_prepared_capacity", 0.0)
	c.SetIn("warm_pool_config", "min_size", 0.0)
	c.SetIn("warm_pool_config", "pool_state", "STOPPED")
	c.SetIn("warm_pool_config", "reuse_on_scale_in", false)
	remote := ""
	if len(c.Blocks("remote_access")) > 0 {
		remote = "sg-" + c.Hex(17, "remote access")
	}
	group := "eks-" + name + "-" + uuid
	c.Set("resources",
		[]any{world.Object{"autoscaling_groups": []any{world.Object{"name": group}}, "remote_access_security_group_id": remote}})
	if group, _ := model.At(c.Object, "resources.autoscaling_groups.name").(string); group != "" {
		scaleGroup(c, group, template)
	}
}

// scaleGroup makes the Auto Scaling group of the nodes, and resizes it when the node group changes.
func scaleGroup(c *model.Call, group string, template *world.Resource) {
	least, _ := c.Number("scaling_config.min_size")
	desired, _ := c.Number("scaling_config.desired_size")
	most, _ := c.Number("scaling_config.max_size")
	if existing := c.Find("aws_autoscaling_group", group); existing != nil {
		c.World.Change(existing, world.Object{"min_size": least, "desired_capacity": desired, "max_size": most})
		return
	}
	var zones []any
	for _, zone := range c.Zones(c.Strings("subnet_ids")) {
		zones = append(zones, zone)
	}
	tag := func(key, value string) world.Object {
		return world.Object{"key": key, "value": value, "propagate_at_launch": true}
	}
	cluster := c.String("cluster_name")
	attributes := world.Object{
		"name": group, "region": c.Region, "min_size": least, "desired_capacity": desired, "max_size": most,
		"availability_zones":  model.List(zones),
		"arn":                 c.ARN("autoscaling", "autoScalingGroup:"+c.UUID("group")+":autoScalingGroupName/"+group),
		"vpc_zone_identifier": c.Object["subnet_ids"], "health_check_type": "EC2", "health_check_grace_period": 15.0, "default_cooldown": 300.0,
		"capacity_rebalance": c.String("capacity_type") == "SPOT", "target_group_arns": []any{}, "load_balancers": []any{},
		"traffic_source":          []any{},
		"termination_policies":    []any{"AllocationStrategy", "OldestLaunchTemplate", "OldestInstance"},
		"service_linked_role_arn": c.GlobalARN("iam", "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"),
		"tag": []any{
			tag("eks:cluster-name", cluster), tag("eks:nodegroup-name", c.String("node_group_name")), tag("kubernetes.io/cluster/"+cluster, "owned"),
			tag("k8s.io/cluster-autoscaler/enabled", "true"), tag("k8s.io/cluster-autoscaler/"+cluster, "owned"),
		},
	}
	if template != nil {
		attributes["launch_template"] = []any{world.Object{"id": template.ID, "name": template.String("name"),
			"version": c.String("launch_template.version")}}
	}
	c.Make("aws_autoscaling_group", group, attributes)
}
