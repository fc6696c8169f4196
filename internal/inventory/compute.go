package inventory

import (
	"slices"
	"strings"
)

// compute finds clusters, the groups of their nodes, and machines.
func (r *reading) compute(inv *Inventory) {
	for _, resource := range r.of("aws_eks_cluster") {
		cluster := Cluster{
			Resource: resource, Version: Text(resource.Values, "version"),
			Subnets: r.refers(resource, "vpc_config.subnet_ids", subnetType), PublicEndpoint: true,
		}
		if name := Text(resource.Values, "name"); name != "" {
			cluster.Name = name
		}
		for _, config := range Blocks(resource.Values, "vpc_config") {
			if public, known := config["endpoint_public_access"].(bool); known {
				cluster.PublicEndpoint = public
			}
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
			Resource: resource, InstanceType: Text(resource.Values, "instance_type"),
			Subnet: r.refersOne(resource, "subnet_id", subnetType), Zone: Text(resource.Values, "availability_zone"),
		}
		if instance.Zone == "" {
			instance.Zone = inv.zoneOf(instance.Subnet)
		}
		inv.Instances = append(inv.Instances, instance)
	}
}

func (r *reading) nodeGroup(inv *Inventory, resource Resource) NodeGroup {
	group := NodeGroup{
		Resource: resource, Cluster: r.refersOne(resource, "cluster_name", "aws_eks_cluster"),
		InstanceTypes: texts(resource.Values, "instance_types"), CapacityType: Text(resource.Values, "capacity_type"),
		Subnets: r.refers(resource, "subnet_ids", subnetType), DiskGiB: int(Number(resource.Values, "disk_size")),
	}
	// The name itself ends with the moment of its making, if only its beginning is given.
	if name := Text(resource.Values, "node_group_name_prefix"); name != "" {
		group.Name = strings.TrimRight(name, "-_")
	} else if name := Text(resource.Values, "node_group_name"); name != "" {
		group.Name = name
	}
	if group.CapacityType == "" {
		group.CapacityType = "ON_DEMAND"
	}
	if len(group.InstanceTypes) == 0 {
		group.InstanceTypes = []string{"t3.medium"} // EKS's own default
	}
	for _, scaling := range Blocks(resource.Values, "scaling_config") {
		group.Min, group.Max = int(Number(scaling, "min_size")), int(Number(scaling, "max_size"))
		group.Desired = int(Number(scaling, "desired_size"))
	}
	if labels, ok := resource.Values["labels"].(map[string]any); ok {
		group.Labels = map[string]string{}
		for name, value := range labels {
			group.Labels[name], _ = value.(string)
		}
	}
	if template, ok := r.resource(r.refersOne(resource, "launch_template.id", "aws_launch_template")); ok {
		group.fromTemplate(template)
	}
	group.Zones = inv.zonesOf(group.Subnets)
	return group
}

// fromTemplate takes what a launch template decides.
func (group *NodeGroup) fromTemplate(template Resource) {
	if own := Text(template.Values, "instance_type"); own != "" {
		group.InstanceTypes = []string{own}
	}
	for _, mapping := range Blocks(template.Values, "block_device_mappings") {
		for _, ebs := range Blocks(mapping, "ebs") {
			if group.DiskGiB == 0 {
				group.DiskGiB = int(Number(ebs, "volume_size"))
			}
		}
	}
}

func (r *reading) autoScalingGroup(inv *Inventory, resource Resource) NodeGroup {
	group := NodeGroup{
		Resource: resource, CapacityType: "ON_DEMAND", InstanceTypes: []string{},
		Min: int(Number(resource.Values, "min_size")), Max: int(Number(resource.Values, "max_size")),
		Desired: int(Number(resource.Values, "desired_capacity")), Subnets: r.refers(resource, "vpc_zone_identifier", subnetType),
	}
	template, ok := r.resource(r.refersOne(resource, "launch_template.id", "aws_launch_template"))
	if !ok {
		template, ok = r.resource(r.refersOne(resource, "launch_configuration", "aws_launch_configuration"))
	}
	if ok {
		group.fromTemplate(template)
	}
	for _, policy := range Blocks(resource.Values, "mixed_instances_policy") {
		for _, distribution := range Blocks(policy, "instances_distribution") {
			if percentage, known := distribution["on_demand_percentage_above_base_capacity"].(float64); known && percentage == 0 {
				group.CapacityType = "SPOT"
			}
		}
		group.InstanceTypes = append(group.InstanceTypes, valuesAt(policy, []string{"launch_template", "override", "instance_type"})...)
	}
	group.Zones = inv.zonesOf(group.Subnets)
	if named := texts(resource.Values, "availability_zones"); len(group.Zones) == 0 {
		group.Zones = append([]string{}, named...)
		slices.Sort(group.Zones)
	}
	return group
}
