package eks

import (
	"fmt"
	"strings"
	"time"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

func managedAddon() *model.Type {
	return &model.Type{
		Name: "aws_eks_addon", API: api, Noun: "EKS Add-On",
		CreateCall: "CreateAddon", UpdateCall: "UpdateAddon", DeleteCall: "DeleteAddon",
		Identify: func(c *model.Call) string { return c.String("cluster_name") + ":" + c.String("addon_name") },
		References: []model.Reference{
			{Path: "cluster_name", To: []string{"aws_eks_cluster"}, Missing: clusterMissing, Inside: true},
			// text unverified
			{Path: "service_account_role_arn", To: []string{"aws_iam_role"}, By: "arn",
				Missing: model.Missing("InvalidParameterException", "Role %s does not exist")},
			// text unverified
			{Path: "pod_identity_association.role_arn", To: []string{"aws_iam_role"}, By: "arn",
				Missing: model.Missing("InvalidParameterException", "Role %s does not exist")},
		},
		Unique: []model.Unique{{Attribute: "addon_name", Within: "cluster_name", Taken: func(*model.Call, string) *world.Error {
			return world.Conflict("ResourceInUseException", "Addon already exists.")
		}}},
		Checks: []model.Check{
			addonName, addonVersionOffered, addonConfiguration, addonPodIdentity,
			model.OneOf("InvalidParameterException", "resolve_conflicts_on_create", "resolveConflicts", "NONE", "OVERWRITE"),
			model.OneOf("InvalidParameterException", "resolve_conflicts_on_update", "resolveConflicts", "NONE", "OVERWRITE", "PRESERVE"),
			addonBrought, addonHasNodes,
		},
		Fill: func(c *model.Call) {
			cluster, name, now := c.String("cluster_name"), c.String("addon_name"), c.World.Now().Format(time.RFC3339)
			c.Set("arn", c.ARN("eks", fmt.Sprintf("addon/%s/%s/%s", cluster, name, c.UUID())))
			c.Set("addon_version", addonOf(c).Standard(clusterMinor(c)))
			c.Set("configuration_values", "")
			c.Set("created_at", now)
			c.Set("modified_at", now)
			c.SetIn("namespace_config", "namespace", addonNamespace(name))
		},
		// The first figures are of vpc-cni, kube-proxy and coredns; deployments wait for their pods.
		Latency: model.Latency{Create: model.Seconds(35, 15, 60), Update: model.Seconds(35, 15, 90), Delete: model.Seconds(20, 5, 60),
			Source: "logs of real deployments; updates and deletion are an estimate"},
	}
}

// addonNamespace is where an add-on is installed unless told otherwise.
func addonNamespace(name string) string {
	switch name {
	case "cert-manager", "external-dns":
		return name
	case "amazon-cloudwatch-observability":
		return "amazon-cloudwatch"
	default:
		return "kube-system"
	}
}

// clusterMinor is the Kubernetes version of the cluster that a call is about, such as 1.35.
func clusterMinor(c *model.Call) string {
	if cluster := c.Find("aws_eks_cluster", c.String("cluster_name")); cluster != nil {
		return cluster.String("version")
	}
	return ""
}

func addonOf(c *model.Call) facts.Addon {
	found, _ := facts.FindAddon(c.String("addon_name"))
	return found
}

func addonName(c *model.Call) *world.Error {
	if name := c.String("addon_name"); addonOf(c).Newest == "" {
		return invalidParameter("Addon %s specified is not supported in %s kubernetes version", name, clusterMinor(c))
	}
	return nil
}

// addonVersionOffered holds a pinned version to the shape of AWS's versions. Which of the older ones AWS still offers is not known, and one
// that is newer than known may well be offered. kube-proxy follows the cluster.
func addonVersionOffered(c *model.Call) *world.Error {
	version := c.String("addon_version")
	if version == "" || !c.Changed("addon_version") {
		return nil
	}
	asked, ok := facts.AddonNumbers(version)
	if !ok || c.String("addon_name") == "kube-proxy" && fmt.Sprintf("%d.%d", asked[0], asked[1]) != clusterMinor(c) {
		return invalidParameter("Addon version specified is not supported")
	}
	return nil
}

// addonPodIdentity lets an add-on have its role either for its service account or by EKS Pod Identity, which the role must trust.
func addonPodIdentity(c *model.Call) *world.Error {
	for _, association := range c.Blocks("pod_identity_association") {
		arn, _ := association["role_arn"].(string)
		role := c.FindBy("aws_iam_role", "arn", arn)
		for _, action := range []string{"sts:AssumeRole", "sts:TagSession"} {
			if role != nil && !principal.Admits(role.String("assume_role_policy"), "pods.eks.amazonaws.com", action) {
				return invalidParameter("Trust policy of role %s is invalid", arn) // text unverified
			}
		}
	}
	return nil
}

// addonHasNodes refuses add-ons that run as a Deployment where none of the nodes takes their pods: they never get their replicas, and
// Terraform waits in vain.
func addonHasNodes(c *model.Call) *world.Error {
	cluster := c.Find("aws_eks_cluster", c.String("cluster_name"))
	if !c.Creating() || !addonOf(c).Deployment || cluster == nil || autoMode(cluster) || otherNodes(c) {
		return nil
	}
	reason := "The cluster has no nodes."
	for _, group := range c.All("aws_eks_node_group") {
		desired, _ := model.At(group.Attributes, "scaling_config.desired_size").(float64)
		if group.String("cluster_name") != cluster.ID || desired < 1 {
			continue
		}
		if !repels(group) {
			return nil
		}
		reason = "Every node group has a taint that the add-on's pods do not tolerate."
	}
	if strings.Contains(c.String("configuration_values"), `"tolerations"`) && !strings.HasPrefix(reason, "The cluster") {
		return nil // what exactly is tolerated is up to the add-on
	}
	err := world.Fail("InsufficientNumberOfReplicas", "The add-on is unhealthy because it doesn't have the desired number of replicas.")
	err.Timing = reason + " The add-on stays DEGRADED; Terraform waits 20 minutes and gives up."
	return err
}

// repels reports whether a node group has a taint that keeps ordinary pods away.
func repels(group *world.Resource) bool {
	for _, effect := range model.Strings(group.Attributes, "taint.effect") {
		if effect != "PREFER_NO_SCHEDULE" {
			return true
		}
	}
	return false
}

// otherNodes reports whether there may be nodes besides managed node groups: Fargate profiles, or instances and Auto Scaling groups of the
// user's own.
func otherNodes(c *model.Call) bool {
	for _, profile := range c.All("aws_eks_fargate_profile") {
		if profile.String("cluster_name") == c.String("cluster_name") {
			return true
		}
	}
	for _, group := range c.All("aws_autoscaling_group") {
		if group.Owner == "" {
			return true
		}
	}
	return len(c.All("aws_instance")) > 0
}
