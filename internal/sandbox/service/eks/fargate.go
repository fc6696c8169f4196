package eks

import (
	"fmt"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

func fargateProfileType() *model.Type {
	return &model.Type{
		Name: "aws_eks_fargate_profile", API: api, Noun: "EKS Fargate Profile",
		CreateCall: "CreateFargateProfile", UpdateCall: "TagResource", DeleteCall: "DeleteFargateProfile",
		Identify: func(c *model.Call) string { return c.String("cluster_name") + ":" + c.String("fargate_profile_name") },
		References: []model.Reference{
			{Path: "cluster_name", To: []string{"aws_eks_cluster"}, Missing: clusterMissing},
			{Path: "pod_execution_role_arn", To: []string{"aws_iam_role"}, By: "arn", Missing: model.Missing("InvalidParameterException",
				"Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com Service Principal%.0s")},
			{Path: "subnet_ids", To: []string{"aws_subnet"},
				Missing: model.Missing("InvalidParameterException", "The subnet ID '%s' does not exist")},
		},
		Unique: []model.Unique{{Attribute: "fargate_profile_name", Within: "cluster_name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Conflict("ResourceInUseException", "A Fargate Profile already exists with this name in this cluster.%.0s", name)
		}}},
		Checks: []model.Check{
			model.Pattern("InvalidParameterException", "fargate_profile_name", "fargateProfileName", `[0-9A-Za-z][A-Za-z0-9\-_]{0,62}`),
			fargateProfile,
		},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-33415657", Service: "eks", Name: "Fargate profiles per cluster", Default: 10},
			Per:   perCluster,
			Exceeded: func() *world.Error {
				return world.Fail("ResourceLimitExceededException", "Fargate profile limit exceeded for cluster.") // text unverified
			},
		}},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("eks", fmt.Sprintf("fargateprofile/%s/%s/%s", c.String("cluster_name"), c.String("fargate_profile_name"), c.UUID())))
			c.Set("status", "ACTIVE")
		},
		Latency: model.Latency{Create: model.Seconds(120, 60, 240), Update: model.Seconds(2, 1, 5), Delete: model.Seconds(180, 60, 300),
			Source: "estimate"},
	}
}

// fargateProfile wants private subnets of the cluster's VPC, up to five selectors and a role that Fargate may assume.
func fargateProfile(c *model.Call) *world.Error {
	cluster := c.Find("aws_eks_cluster", c.String("cluster_name"))
	role := c.FindBy("aws_iam_role", "arn", c.String("pod_execution_role_arn"))
	switch {
	case len(c.Blocks("selector")) > 5:
		return invalidParameter("A Fargate profile can have at most 5 selectors.") // text unverified
	case role != nil && !principal.Trusts(role, "eks-fargate-pods.amazonaws.com"):
		return invalidParameter("Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com Service Principal")
	case cluster == nil:
		return nil
	}
	vpc, _ := model.At(cluster.Attributes, "vpc_config.vpc_id").(string)
	for _, id := range c.Strings("subnet_ids") {
		if c.VPCOf(id) != vpc {
			return invalidParameter("Subnet %s provided in Fargate Profile does not belong to the VPC of the cluster", id) // text unverified
		}
		if subnet := c.Find("aws_subnet", id); subnet != nil && subnet.Attributes["map_public_ip_on_launch"] == true {
			return invalidParameter("Subnet %s provided in Fargate Profile is not a private subnet", id)
		}
	}
	return nil
}

func identityProviderConfig() *model.Type {
	return &model.Type{
		Name: "aws_eks_identity_provider_config", API: api, Noun: "EKS Identity Provider Config",
		CreateCall: "AssociateIdentityProviderConfig", UpdateCall: "TagResource", DeleteCall: "DisassociateIdentityProviderConfig",
		Identify: func(c *model.Call) string {
			return c.String("cluster_name") + ":" + c.String("oidc.identity_provider_config_name")
		},
		References: []model.Reference{{Path: "cluster_name", To: []string{"aws_eks_cluster"}, Missing: clusterMissing, Inside: true}},
		Checks: []model.Check{func(c *model.Call) *world.Error {
			for _, other := range c.All("aws_eks_identity_provider_config") {
				if c.Creating() && other.String("cluster_name") == c.String("cluster_name") {
					// one a cluster; text unverified
					return world.Fail("InvalidRequestException", "Identity provider config is already associated with cluster")
				}
			}
			if url := c.String("oidc.issuer_url"); url != "" && !strings.HasPrefix(url, "https://") {
				return invalidParameter("issuerUrl must begin with https://") // text unverified
			}
			return nil
		}},
		Fill: func(c *model.Call) {
			name := c.String("oidc.identity_provider_config_name")
			c.Set("identity_provider_config_name", name)
			c.Set("arn", c.ARN("eks", fmt.Sprintf("identityproviderconfig/%s/oidc/%s/%s", c.String("cluster_name"), name, c.UUID())))
			c.Set("status", "ACTIVE")
		},
		Latency: model.Latency{Create: model.Seconds(900, 300, 1500), Update: model.Seconds(2, 1, 5), Delete: model.Seconds(900, 300, 1500),
			Source: "estimate"},
	}
}
