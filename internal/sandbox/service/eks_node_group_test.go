package service_test

import (
	"strings"
	"testing"

	"coderaws/internal/sandbox/sandboxtest"

	"github.com/google/go-cmp/cmp"
)

// nodeRole makes a role that nodes can join with.
func nodeRole(t *testing.T, d *sandboxtest.Driver) object {
	t.Helper()
	role := roleFor(t, d, "coder-node", "ec2.amazonaws.com")
	attach(t, d, role, nodePolicies...)
	return role
}

// nodePolicies are those that a node needs.
var nodePolicies = []string{"AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"}

// attach gives a role policies that AWS manages.
func attach(t *testing.T, d *sandboxtest.Driver, role object, policies ...string) {
	t.Helper()
	for _, policy := range policies {
		d.MustCreate(t, "aws_iam_role_policy_attachment", object{"role": role["name"], "policy_arn": "arn:aws:iam::aws:policy/" + policy})
	}
}

// route gives a VPC a way out by its main table; to a transit gateway it is attached first.
func route(t *testing.T, d *sandboxtest.Driver, n network, target object) {
	t.Helper()
	if gateway := target["transit_gateway_id"]; gateway != nil {
		d.MustCreate(t, "aws_ec2_transit_gateway_vpc_attachment", object{"transit_gateway_id": gateway, "vpc_id": n.vpc["id"],
			"subnet_ids": []any{n.subnets[1]["id"]}})
	}
	d.MustCreate(t, "aws_route", merged(object{"route_table_id": n.vpc["main_route_table_id"], "destination_cidr_block": "0.0.0.0/0"}, target))
}

// nodeGroupConfig is a node group that AWS takes; cluster, network and role are made for it.
func nodeGroupConfig(t *testing.T, d *sandboxtest.Driver) (object, network) {
	t.Helper()
	_, n := eksClusterIn(t, d)
	route(t, d, n, object{"transit_gateway_id": "tgw-0123456789abcdef0"})
	return object{
		"cluster_name": "coder", "node_group_name": "workspace", "node_role_arn": nodeRole(t, d)["arn"], "subnet_ids": []any{n.subnets[0]["id"]},
		"instance_types": []any{"m5.large"}, "ami_type": "AL2023_x86_64_STANDARD",
		"scaling_config": []any{object{"min_size": 1, "desired_size": 1, "max_size": 3}},
	}, n
}

func sized(least, desired, most int) object {
	return object{"scaling_config": []any{object{"min_size": float64(least), "desired_size": float64(desired), "max_size": float64(most)}}}
}

func TestEKSNodeGroup(t *testing.T) {
	with := func(change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, _ := nodeGroupConfig(t, d)
			return "aws_eks_node_group", merged(config, change)
		}
	}
	inZone := func(zone, instance string) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, n := nodeGroupConfig(t, d)
			subnet := d.MustCreate(t, "aws_subnet",
				object{"vpc_id": n.vpc["id"], "cidr_block": "10.0.8.0/24", "availability_zone": "us-east-1" + zone})
			return "aws_eks_node_group", merged(config, object{"subnet_ids": []any{subnet["id"]}, "instance_types": []any{instance}})
		}
	}
	template := func(template, change object) setting {
		return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
			config, _ := nodeGroupConfig(t, d)
			made := d.MustCreate(t, "aws_launch_template", merged(object{"name": "nodes"}, template))
			return "aws_eks_node_group", merged(config, merged(object{"launch_template": []any{object{"id": made["id"], "version": "1"}}}, change))
		}
	}
	taint := func(key, effect string) object {
		return object{"taint": []any{object{"key": key, "value": "workspace", "effect": effect}}}
	}
	check(t, []rule{
		{name: "an update of a hundred nodes at once", given: with(object{"update_config": []object{{"max_unavailable": 100}}})},
		{name: "an update of more", given: with(object{"update_config": []object{{"max_unavailable": 101}}}),
			refused: "InvalidParameterException"},
		{name: "an update of all by percentage", given: with(object{"update_config": []object{{"max_unavailable_percentage": 100}}})},
		{name: "an update by number and percentage",
			given:   with(object{"update_config": []object{{"max_unavailable": 1, "max_unavailable_percentage": 10}}}),
			refused: "Both maxUnavailable and maxUnavailablePercentage cannot be set."},
		{name: "a node group", given: with(nil)},
		{name: "a group for the cluster's version", given: with(object{"version": "1.35"})},
		{name: "a group for another version", given: with(object{"version": "1.34"}),
			refused: "InvalidParameterException: Requested Nodegroup version 1.34 is not supported"},
		{name: "a group of no cluster", given: with(object{"cluster_name": "none"}),
			refused: "ResourceNotFoundException: No cluster found for name: none."},
		{name: "a name of 64 letters", given: with(object{"node_group_name": text(64)}),
			refused: "InvalidParameterException: nodeGroupName can't be longer than 63 characters!"},
		{name: "an empty group", given: with(sized(0, 0, 1))},
		{name: "desired below min", given: with(sized(2, 1, 3)),
			refused: "InvalidParameterException: Minimum capacity 2 can't be greater than desired size 1"},
		{name: "desired above max", given: with(sized(1, 4, 3)),
			refused: "InvalidParameterException: desired capacity 4 can't be greater than max size 3"},
		{name: "a largest size of none", given: with(sized(0, 0, 0)),
			refused: "InvalidParameterException: maxSize must be greater than or equal to 1"},
		{name: "450 nodes", given: with(sized(1, 1, 450))},
		{name: "more than 450 nodes", given: with(sized(1, 1, 451)), refused: "ResourceLimitExceededException"},
		{name: "an unknown instance type", given: with(object{"instance_types": []any{"m5.gigantic"}}),
			refused: "InvalidParameterException: The following supplied instance types do not exist: [m5.gigantic]"},
		{name: "an instance type for ARM with an image for x86", given: with(object{"instance_types": []any{"m7g.large"}}),
			refused: "InvalidParameterException: [m7g.large] is not a valid instance type for requested amiType AL2023_x86_64_STANDARD"},
		{name: "an instance type for ARM with its image",
			given: with(object{"instance_types": []any{"m7g.large"}, "ami_type": "AL2023_ARM_64_STANDARD"})},
		{name: "a release of the images", given: with(object{"version": "1.35", "release_version": "1.35.5-20261108"})},
		{name: "a release of another version's images", given: with(object{"version": "1.35", "release_version": "1.34.7-20261108"}),
			refused: "InvalidParameterException: Requested release version 1.34.7-20261108 is not valid for kubernetes version 1.35."},
		{name: "an image that does not exist", given: with(object{"ami_type": "AL2026"}),
			refused: "Member must satisfy enum value set: [AL2_x86_64"},
		{name: "a zone that does not offer the type", given: inZone("e", "m7i.large"),
			refused: "AsgInstanceLaunchFailures: Could not launch On-Demand Instances. Unsupported - Your requested instance type (m7i.large) is " +
				"not supported in your requested Availability Zone (us-east-1e). Please retry your request by not specifying an Availability Zone or " +
				"choosing us-east-1a"},
		{name: "a zone that offers the type", given: inZone("b", "m7i.large")},
		{name: "subnets of another VPC", refused: "InvalidParameterException: Subnets specified must belong to the VPC",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config, _ := nodeGroupConfig(t, d)
				return "aws_eks_node_group", merged(config, object{"subnet_ids": []any{networkIn(t, d, 1).subnets[0]["id"]}})
			}},
		{name: "a role that does not trust EC2",
			refused: "InvalidParameterException: Following required service principals [ec2.amazonaws.com] were not found in the trust " +
				"relationships of nodeRole arn:aws:iam::123456789012:role/other",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config, _ := nodeGroupConfig(t, d)
				return "aws_eks_node_group", merged(config, object{"node_role_arn": roleFor(t, d, "other", "eks.amazonaws.com")["arn"]})
			}},
		{name: "a role without rights", refused: "NodeCreationFailure: Instances failed to join the kubernetes cluster",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config, _ := nodeGroupConfig(t, d)
				return "aws_eks_node_group", merged(config, object{"node_role_arn": roleFor(t, d, "other", "ec2.amazonaws.com")["arn"]})
			}},
		{name: "nodes without a network", given: bareCluster(), refused: "NodeCreationFailure: Unhealthy nodes in the kubernetes cluster"},
		{name: "nodes with a network add-on", given: bareCluster("vpc-cni")},
		{name: "a taint", given: with(taint("coder.com/node-group", "NO_SCHEDULE"))},
		{name: "an unknown effect of a taint", given: with(taint("coder.com/node-group", "NoSchedule")),
			refused: "Member must satisfy enum value set: [NO_EXECUTE, PREFER_NO_SCHEDULE, NO_SCHEDULE]"},
		{name: "a taint that is no name", given: with(taint("-workspace", "NO_SCHEDULE")),
			refused: "must start and end with an alphanumeric character"},
		{name: "a label that is no name", given: with(object{"labels": object{"group": "a b"}}),
			refused: "must start and end with an alphanumeric character"},
		{name: "an empty update_config", given: with(object{"update_config": []any{object{}}}),
			refused: "InvalidParameterException: UpdateConfig cannot be empty if set in the request."},
		{name: "a launch template", given: template(nil, nil)},
		{name: "a disk size beside a launch template", given: template(nil, object{"disk_size": 50}),
			refused: "Disk size must be specified within the launch template."},
		{name: "an SSH key beside a launch template", given: template(nil, object{"remote_access": []any{object{"ec2_ssh_key": "me"}}}),
			refused: "Remote access configuration cannot be specified with a launch template."},
		{name: "instance types in both", given: template(object{"instance_type": "m5.large"}, nil),
			refused: "InvalidParameterException: You cannot specify instance types in both"},
		{name: "a launch template that does not exist", given: with(object{"launch_template": []any{object{"id": "lt-0", "version": "1"}}}),
			refused: "template ID lt-0, does not exist"},
		{name: "a second group of one name",
			refused: "ResourceInUseException: NodeGroup already exists with name workspace and cluster name coder",
			given: func(t *testing.T, d *sandboxtest.Driver) (string, object) {
				config, _ := nodeGroupConfig(t, d)
				d.MustCreate(t, "aws_eks_node_group", config)
				return "aws_eks_node_group", config
			}},
	})
}

// bareCluster is a node group of a cluster that starts without add-ons, with those given.
func bareCluster(addons ...string) setting {
	return func(t *testing.T, d *sandboxtest.Driver) (string, object) {
		config, n := eksClusterConfig(t, d)
		route(t, d, n, object{"transit_gateway_id": "tgw-0123456789abcdef0"})
		d.MustCreate(t, "aws_eks_cluster", merged(config, object{"bootstrap_self_managed_addons": false}))
		for _, name := range addons {
			d.MustCreate(t, "aws_eks_addon", object{"cluster_name": "coder", "addon_name": name})
		}
		return "aws_eks_node_group",
			merged(object{"cluster_name": "coder", "node_group_name": "workspace", "node_role_arn": nodeRole(t, d)["arn"],
				"subnet_ids": []any{n.subnets[0]["id"]}}, sized(1, 1, 1))
	}
}

func TestEKSNodeGroupScalesItsGroup(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	config, _ := nodeGroupConfig(t, d)
	state := d.MustCreate(t, "aws_eks_node_group", config)
	name := state["resources"].([]any)[0].(object)["autoscaling_groups"].([]any)[0].(object)["name"].(string)
	if !strings.HasPrefix(name, "eks-workspace-") {
		t.Errorf("the Auto Scaling group is called %q", name)
	}
	sizes := func() []any {
		t.Helper()
		group, err := d.Import("aws_autoscaling_group", name)
		expect(t, err, "")
		return []any{group["min_size"], group["desired_capacity"], group["max_size"]}
	}
	if diff := cmp.Diff([]any{1.0, 1.0, 3.0}, sizes()); diff != "" {
		t.Errorf("sizes of the Auto Scaling group:\n%s", diff)
	}
	state, err := d.Update("aws_eks_node_group", state, merged(config, sized(2, 2, 5)))
	expect(t, err, "")
	if diff := cmp.Diff([]any{2.0, 2.0, 5.0}, sizes()); diff != "" {
		t.Errorf("sizes of the Auto Scaling group after an update:\n%s", diff)
	}
	expect(t, d.Delete("aws_eks_node_group", state), "")
	if _, err := d.Import("aws_autoscaling_group", name); err == nil {
		t.Error("the Auto Scaling group outlives its node group")
	}
	if left := d.Server.Fallbacks(); len(left) > 0 {
		t.Errorf("made up: %v", left)
	}
}

func TestEKSNodeGroupQuota(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	config, _ := nodeGroupConfig(t, d)
	d.MustCreate(t, "aws_eks_node_group", config)
	d.MustCreate(t, "aws_eks_node_group", merged(config, object{"node_group_name": "second"}))
	for _, usage := range d.World.Usages() {
		if usage.Quota.Code == "L-1216C47A" {
			// Two groups of at most three m5.large, which has two vCPUs.
			if usage.Peak != 12 || !usage.AboveDefault() {
				t.Errorf("vCPUs needed = %v, above the default of %v: %v", usage.Peak, usage.Quota.Default, usage.AboveDefault())
			}
		}
	}
	d.World.SetLimit("L-1216C47A", 16)
	_, err := d.Create("aws_eks_node_group", merged(config, object{"node_group_name": "third"}))
	expect(t, err,
		"AsgInstanceLaunchFailures: Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your "+
			"current vCPU limit of 16 allows")
}

// TestEKSUpgradeWaitsForNodes: EKS upgrades no cluster whose managed node groups are behind it.
func TestEKSUpgradeWaitsForNodes(t *testing.T) {
	t.Parallel()
	d := sandboxtest.New(t, "")
	config, _ := nodeGroupConfig(t, d)
	cluster, err := d.Import("aws_eks_cluster", "coder")
	expect(t, err, "")
	at := func(version string) object { return object{"version": version} }
	nodes := d.MustCreate(t, "aws_eks_node_group", merged(config, at("1.35")))
	cluster, err = d.Update("aws_eks_cluster", cluster, merged(clusterOnly(cluster), at("1.36")))
	expect(t, err, "")
	_, err = d.Update("aws_eks_cluster", cluster, merged(clusterOnly(cluster), at("1.37")))
	expect(t, err, "InvalidParameterException: Nodegroups workspace must be updated to match cluster version 1.36 before updating cluster version")
	_, err = d.Update("aws_eks_node_group", nodes, merged(config, at("1.36")))
	expect(t, err, "")
	_, err = d.Update("aws_eks_cluster", cluster, merged(clusterOnly(cluster), at("1.37")))
	expect(t, err, "")
}
