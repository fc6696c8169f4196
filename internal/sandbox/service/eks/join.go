package eks

import (
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/permission"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/world"
)

// nodesJoin refuses nodes that would start and never join or never become ready: without the right to do so, without a way to the cluster
// and to its images, or without a network add-on.
func nodesJoin(c *model.Call) *world.Error {
	desired, _ := c.Number("scaling_config.desired_size")
	cluster := c.Find("aws_eks_cluster", c.String("cluster_name"))
	role := c.FindBy("aws_iam_role", "arn", c.String("node_role_arn"))
	if !c.Creating() || desired < 1 || cluster == nil || role == nil {
		return nil
	}
	for _, rule := range []func(c *model.Call, cluster, role *world.Resource) *world.Error{
		nodeDisks, nodesReach, nodesAdmitted, nodesKnown, nodesWithNetwork, nodesSignIn, nodesWithImages,
	} {
		if err := rule(c, cluster, role); err != nil {
			err.Waiting = true
			return err
		}
	}
	return nil
}

const (
	nodesNeverJoin = "Instances failed to join the kubernetes cluster"
	nodesUnhealthy = "Unhealthy nodes in the kubernetes cluster"
)

func nodesFail(message, reason string) *world.Error {
	err := world.Fail("NodeCreationFailure", "%s", message)
	err.Timing = reason + " AWS reports this after about 15 minutes."
	return err
}

// nodesKnown wants what nodes ask of EC2 about themselves before they join (AWS documentation: the node role).
func nodesKnown(c *model.Call, _, role *world.Resource) *world.Error {
	if !permission.Able(c, role, "ec2:DescribeInstances") {
		return nodesFail(nodesNeverJoin, "The node role has no policy AmazonEKSWorkerNodePolicy and no policy of your own that allows "+
			"ec2:DescribeInstances.")
	}
	return nil
}

// nodesWithNetwork wants a network add-on, and for it the right to give pods addresses: of a role of its own, or of the nodes (AWS
// documentation: the policy AmazonEKS_CNI_Policy).
func nodesWithNetwork(c *model.Call, cluster, role *world.Resource) *world.Error {
	addon := c.Find("aws_eks_addon", cluster.ID+":vpc-cni")
	bootstrapped, told := cluster.Attributes["bootstrap_self_managed_addons"].(bool)
	switch {
	case autoMode(cluster):
		return nil
	case told && !bootstrapped && addon == nil:
		return nodesFail(nodesUnhealthy,
			"The cluster has no network add-on: bootstrap_self_managed_addons is false and there is no add-on vpc-cni (a network add-on from "+
				"elsewhere has to be installed before nodes).")
	}
	if hasIdentity(c, cluster.ID, "aws-node", addon) || permission.Able(c, role, addressing(cluster)) {
		return nil
	}
	return nodesFail(nodesUnhealthy, "The add-on vpc-cni may not give pods addresses: neither has it a role of its own, nor has the node role "+
		"the policy AmazonEKS_CNI_Policy or one that allows "+addressing(cluster)+".")
}

// addressing is what the network add-on asks of EC2 for an address of a pod, by the family of addresses.
func addressing(cluster *world.Resource) string {
	if family, _ := model.At(cluster.Attributes, "kubernetes_network_config.ip_family").(string); family == "ipv6" {
		return "ec2:AssignIpv6Addresses"
	}
	return "ec2:AssignPrivateIpAddresses"
}

// hasIdentity reports whether a service account of an add-on has a role of its own: by the add-on, or by a Pod Identity association.
func hasIdentity(c *model.Call, cluster, account string, addon *world.Resource) bool {
	if addon != nil && (addon.String("service_account_role_arn") != "" ||
		len(model.Every(addon.Attributes, "pod_identity_association")) > 0) {
		return true
	}
	return identityOf(c, cluster, account) != nil
}

// identityOf is the Pod Identity association of a service account of an add-on; nil if it has none.
func identityOf(c *model.Call, cluster, account string) *world.Resource {
	for _, association := range c.All("aws_eks_pod_identity_association") {
		if association.String("cluster_name") == cluster && association.String("service_account") == account {
			return association
		}
	}
	return nil
}

// nodesWithImages wants the right to fetch the images that every node runs, which come from ECR (AWS documentation: the node role).
func nodesWithImages(c *model.Call, cluster, role *world.Resource) *world.Error {
	if autoMode(cluster) || permission.Able(c, role, "ecr:BatchGetImage") {
		return nil
	}
	return nodesFail(nodesUnhealthy, "The nodes may not fetch the images of aws-node and kube-proxy: the node role has no policy "+
		"AmazonEC2ContainerRegistryPullOnly and none that allows ecr:BatchGetImage.")
}

// nodeAsks are the calls that nodes make before they are ready (AWS documentation: clusters with limited internet access). ECR answers a
// pull with the addresses of layers in S3, which it has signed.
func nodeAsks(c *model.Call, role string, groups []string) []ec2.Ask {
	return []ec2.Ask{
		{Service: "ec2", Caller: role, Action: "ec2:DescribeInstances", Resource: "*", Groups: groups},
		{Service: "ecr.api", Caller: role, Action: "ecr:GetAuthorizationToken", Resource: "*", Groups: groups},
		{Service: "ecr.dkr", Caller: role, Action: "ecr:BatchGetImage", Groups: groups},
		{Service: "s3", Action: "s3:GetObject", Resource: layers(c), Groups: groups},
	}
}

// nodesReach wants a way from every subnet of the nodes to the cluster and to AWS, or endpoints in their VPC that let them through.
func nodesReach(c *model.Call, cluster, role *world.Resource) *world.Error {
	template := nodeTemplate(c)
	for _, id := range c.Strings("subnet_ids") {
		way := ec2.WayOut(c, id)
		if way == ec2.ByGateway && !ec2.PublicByDefault(c, id, template) {
			err := world.Fail("Ec2SubnetInvalidConfiguration", "One or more Amazon EC2 Subnets of [%s] for node group %s does not automatically "+
				"assign public IP addresses to instances launched into it. If you want your instances to be assigned a public IP address, then you "+
				"need to enable auto-assign public IP address for the subnet.", id, c.String("node_group_name"))
			err.Timing = "The subnet's way out is an internet gateway, which serves public addresses alone. AWS reports this after some minutes."
			return err
		}
		var reasons []string
		for _, ask := range nodeAsks(c, role.String("arn"), nodeGroups(cluster, template)) {
			if barrier := ec2.Blocked(c, id, ask); barrier != nil {
				reasons = append(reasons, barrier.Why)
			}
		}
		if len(reasons) > 0 {
			opening := "Nodes in " + id + " do not reach AWS: "
			if way == ec2.NoWay {
				opening += "its route table has no route to a NAT gateway, an internet gateway or another network, and "
			}
			return nodesFail(nodesNeverJoin, opening+strings.Join(reasons, ", ")+".")
		}
		if private, _ := model.At(cluster.Attributes, "vpc_config.endpoint_private_access").(bool); way == ec2.NoWay && !private {
			return nodesFail(nodesNeverJoin, "Nodes in "+id+" do not reach the cluster: they cannot leave their VPC, and "+
				"vpc_config.endpoint_private_access is false.")
		} else if private {
			for _, control := range model.Strings(cluster.Attributes, "vpc_config.subnet_ids") {
				if wall := ec2.Walled(c, id, control); wall != "" {
					return nodesFail(nodesNeverJoin, "Nodes in "+id+" do not reach the cluster: "+wall+".")
				}
			}
		}
	}
	return nil
}

// apiPort is where the Kubernetes API answers.
const apiPort = 443

// nodesAdmitted wants the control plane to let nodes in that carry security groups of their own: EKS gives them the cluster's only where
// the launch template names none (AWS documentation: customize managed nodes with launch templates; security group requirements).
func nodesAdmitted(c *model.Call, cluster, _ *world.Resource) *world.Error {
	own := ec2.TemplateGroups(nodeTemplate(c))
	private, _ := model.At(cluster.Attributes, "vpc_config.endpoint_private_access").(bool)
	clusters, _ := model.At(cluster.Attributes, "vpc_config.cluster_security_group_id").(string)
	if len(own) == 0 || !private || slices.Contains(own, clusters) {
		return nil
	}
	if !ec2.LetOut(c, own, apiPort) {
		return nodesFail(nodesNeverJoin, "The security groups of the launch template, "+strings.Join(own, ", ")+", let nothing out to "+
			"port 443, where the Kubernetes API is.")
	}
	admitting := append([]string{clusters}, model.Strings(cluster.Attributes, "vpc_config.security_group_ids")...)
	for _, subnet := range c.Strings("subnet_ids") {
		if !ec2.Admits(c, admitting, apiPort, own, subnet) {
			return nodesFail(nodesNeverJoin, "The security groups of the control plane, "+strings.Join(admitting, ", ")+", let in neither "+
				"those of the launch template, "+strings.Join(own, ", ")+", nor the range of "+subnet+" on port 443.")
		}
	}
	return nil
}

// nodesSignIn wants, where the network add-on has a role by EKS Pod Identity, that its agent on nodes reaches EKS Auth, and the add-on EC2
// with the role.
func nodesSignIn(c *model.Call, cluster, role *world.Resource) *world.Error {
	addon := identityOf(c, cluster.ID, "aws-node")
	if addon == nil || autoMode(cluster) {
		return nil
	}
	groups := nodeGroups(cluster, nodeTemplate(c))
	for _, id := range c.Strings("subnet_ids") {
		for _, ask := range []ec2.Ask{
			{Service: "eks-auth", Caller: role.String("arn"), Action: "eks-auth:AssumeRoleForPodIdentity", Resource: cluster.String("arn"),
				Groups: groups},
			{Service: "ec2", Caller: addon.String("role_arn"), Action: addressing(cluster), Groups: groups},
		} {
			if barrier := ec2.Blocked(c, id, ask); barrier != nil {
				return nodesFail(nodesUnhealthy, "The add-on vpc-cni gives pods in "+id+" no addresses, so that nodes stay NotReady: "+barrier.Why+
					", which it needs for "+ask.Action+".")
			}
		}
	}
	return nil
}

// nodeGroups are the security groups that nodes carry: those of their launch template, else the cluster's own; nil if they are not known.
func nodeGroups(cluster, template *world.Resource) []string {
	if own := ec2.TemplateGroups(template); len(own) > 0 {
		return own
	}
	if group, _ := model.At(cluster.Attributes, "vpc_config.cluster_security_group_id").(string); group != "" {
		return []string{group}
	}
	return nil
}

// nodeDisks wants that Auto Scaling may use the key of the nodes' disks.
func nodeDisks(c *model.Call, _, _ *world.Resource) *world.Error {
	key := kms.ClosedToAutoScaling(c, ec2.DiskKeys(nodeTemplate(c)))
	if key == "" {
		return nil
	}
	err := world.Fail("AsgInstanceLaunchFailures", "Instance became unhealthy while waiting for instance to be in InService state. "+
		"Termination Reason: Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state")
	err.Timing = kms.AutoScalingAdvice(c, key) + " " + launchTiming
	return err
}
