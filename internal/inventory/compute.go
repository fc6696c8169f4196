package inventory

import (
	"slices"
	"strings"

	"coderaws/internal/plan"
)

const (
	onDemand = "ON_DEMAND"
	onSpot   = "SPOT"
)

// defaultNodeType is what EKS starts where a node group names no type (EKS API, CreateNodegroup, instanceTypes).
const defaultNodeType = "t3.medium"

// compute finds clusters, the groups of their nodes, and machines.
func (r *reading) compute(inv *Inventory) {
	for _, resource := range r.of("aws_eks_cluster") {
		cluster := Cluster{
			Resource: resource, Version: text(resource.Values, "version"), Subnets: r.refers(resource, "vpc_config.subnet_ids", subnetType),
			PublicEndpoint: resource.Values.At("vpc_config", "endpoint_public_access").Bool().Default(true),
		}
		if name := shown(resource.Values, "name"); name != "" {
			cluster.Name = name
		}
		inv.Clusters = append(inv.Clusters, cluster)
	}
	for _, resource := range r.of("aws_eks_node_group") {
		inv.NodeGroups = append(inv.NodeGroups, r.nodeGroup(inv, resource))
	}
	for _, resource := range r.of("aws_autoscaling_group") {
		inv.NodeGroups = append(inv.NodeGroups, r.autoScalingGroup(inv, resource))
	}
	for _, resource := range r.of("aws_instance", "aws_spot_instance_request") {
		instance := Instance{
			Resource: resource, InstanceType: text(resource.Values, "instance_type"),
			Subnet: r.refersOne(resource, "subnet_id", subnetType), Zone: text(resource.Values, "availability_zone"),
		}
		if instance.Zone == "" {
			instance.Zone = inv.zoneOf(instance.Subnet)
		}
		inv.Instances = append(inv.Instances, instance)
	}
}

func (r *reading) nodeGroup(inv *Inventory, resource Resource) NodeGroup {
	values := resource.Values
	group := NodeGroup{
		Resource: resource, Cluster: r.refersOne(resource, "cluster_name", "aws_eks_cluster"),
		CapacityType: values.Attr("capacity_type").Text().Else(onDemand, ""), Subnets: r.refers(resource, "subnet_ids", subnetType),
		Min: r.count(resource, values, "scaling_config", "min_size"), Max: r.count(resource, values, "scaling_config", "max_size"),
		Desired: r.count(resource, values, "scaling_config", "desired_size"), DiskGiB: r.count(resource, values, "disk_size"),
	}
	// The name itself ends with the moment of its making, if only its beginning is given.
	if name := shown(values, "node_group_name_prefix"); name != "" {
		group.Name = strings.TrimRight(name, "-_")
	} else if name := shown(values, "node_group_name"); name != "" {
		group.Name = name
	}
	for name, value := range values.Attr("labels").Object() {
		if group.Labels == nil {
			group.Labels = map[string]string{}
		}
		group.Labels[name], _ = value.(string)
	}
	if group.DiskGiB == plan.Known(0) {
		group.DiskGiB = plan.Null[int]() // EKS's word for a disk that the launch template decides
	}
	types, state := values.Attr("instance_types").Texts().Get()
	group.InstanceTypes = types
	if template, ok := r.resource(r.refersOne(resource, "launch_template.id", "aws_launch_template")); ok {
		r.fromTemplate(&group, template)
	} else if len(values.Blocks("launch_template")) > 0 {
		state = plan.IsUnknown // the template is somebody else's, and decides
		if _, said := group.DiskGiB.Get(); said == plan.IsNull {
			group.DiskGiB = plan.Unknown[int]()
		}
	}
	if len(group.InstanceTypes) == 0 && state != plan.IsUnknown {
		group.InstanceTypes = []string{defaultNodeType}
	}
	group.Zones = inv.zonesOf(group.Subnets)
	return group
}

// fromTemplate takes what a launch template decides.
func (r *reading) fromTemplate(group *NodeGroup, template Resource) {
	if own := text(template.Values, "instance_type"); own != "" {
		group.InstanceTypes = []string{own}
	}
	if _, said := group.DiskGiB.Get(); said == plan.IsNull {
		group.DiskGiB = r.volumesOf(template)
	}
}

// volumesOf is the size of all volumes that a launch template gives a node, such as the two of Bottlerocket.
func (r *reading) volumesOf(template Resource) plan.Maybe[int] {
	sum := plan.Null[int]()
	for _, mapping := range template.Values.Blocks("block_device_mappings") {
		for _, ebs := range mapping.Blocks("ebs") {
			switch size, said := r.count(template, ebs, "volume_size").Get(); said {
			case plan.IsUnknown:
				return plan.Unknown[int]()
			case plan.IsKnown:
				sum = plan.Known(sum.Else(0, 0) + size)
			}
		}
	}
	return sum
}

func (r *reading) autoScalingGroup(inv *Inventory, resource Resource) NodeGroup {
	values := resource.Values
	group := NodeGroup{
		Resource: resource, CapacityType: onDemand, InstanceTypes: []string{},
		Min: r.count(resource, values, "min_size"), Max: r.count(resource, values, "max_size"),
		Desired: r.count(resource, values, "desired_capacity"), Subnets: r.refers(resource, "vpc_zone_identifier", subnetType),
	}
	if _, said := group.Desired.Get(); said == plan.IsNull {
		group.Desired = group.Min // as AWS does
	}
	template, ok := r.resource(r.refersOne(resource, "launch_template.id", "aws_launch_template"))
	if !ok {
		template, ok = r.resource(r.refersOne(resource, "launch_configuration", "aws_launch_configuration"))
	}
	if ok {
		r.fromTemplate(&group, template)
	}
	for _, policy := range values.Blocks("mixed_instances_policy") {
		percentage := policy.At("instances_distribution", "on_demand_percentage_above_base_capacity").Number()
		switch share, state := percentage.Get(); {
		case state == plan.IsUnknown:
			group.CapacityType = ""
		case state == plan.IsKnown && share == 0:
			group.CapacityType = onSpot
		}
		group.InstanceTypes = append(group.InstanceTypes, texts(policy, "launch_template", "override", "instance_type")...)
	}
	group.Zones = inv.zonesOf(group.Subnets)
	if named := texts(values, "availability_zones"); len(group.Zones) == 0 {
		group.Zones = append([]string{}, named...)
		slices.Sort(group.Zones)
	}
	return group
}
