package eks

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/principal"
	"coderaws/internal/sandbox/world"
)

// apiAuthentication wants a cluster whose authentication mode knows access entries (text unverified).
func apiAuthentication(c *model.Call) *world.Error {
	cluster := c.Find("aws_eks_cluster", c.String("cluster_name"))
	if cluster == nil {
		return nil
	}
	if mode, _ := model.At(cluster.Attributes, "access_config.authentication_mode").(string); mode == "CONFIG_MAP" {
		return world.Fail("InvalidRequestException",
			"The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.")
	}
	return nil
}

var (
	iamPrincipal = model.Expression(`^arn:aws[a-z-]*:(iam|sts)::\d{12}:(user|role|assumed-role)/(.+)$`)
	nodeTypes    = []string{"EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "EC2"}
)

func accessEntry() *model.Type {
	return &model.Type{
		Name: "aws_eks_access_entry", API: api, Noun: "EKS Access Entry",
		CreateCall: "CreateAccessEntry", UpdateCall: "UpdateAccessEntry", DeleteCall: "DeleteAccessEntry",
		Identify:   func(c *model.Call) string { return c.String("cluster_name") + ":" + c.String("principal_arn") },
		References: []model.Reference{{Path: "cluster_name", To: []string{"aws_eks_cluster"}, Missing: clusterMissing, Inside: true}},
		Unique: []model.Unique{{Attribute: "principal_arn", Within: "cluster_name", Taken: func(*model.Call, string) *world.Error {
			return world.Conflict("ResourceInUseException", "The specified access entry resource is already in use on this cluster.")
		}}},
		Checks: []model.Check{apiAuthentication, accessCreator, accessPrincipal, accessNames},
		Quotas: []model.Quota{{
			Quota: world.Quota{Code: "L-C56B9FC3", Service: "eks", Name: "Access entries per cluster", Default: 1000},
			Per:   perCluster,
			Exceeded: func() *world.Error {
				return world.Fail("ResourceLimitExceededException", "Access entry limit exceeded for cluster.") // text unverified
			},
		}},
		Fill: func(c *model.Call) {
			principal := c.String("principal_arn")
			kind, name := "role", principal[strings.LastIndex(principal, "/")+1:]
			if strings.Contains(principal, ":user/") {
				kind = "user"
			}
			c.Set("access_entry_arn",
				c.ARN("eks", fmt.Sprintf("access-entry/%s/%s/%s/%s/%s", c.String("cluster_name"), kind, model.ARNAccount(principal), name, c.UUID())))
			now := c.World.Now().Format(time.RFC3339)
			c.Set("created_at", now)
			c.Set("modified_at", now)
			c.Set("kubernetes_groups", []any{})
			user := principal
			if kind == "role" { // EKS maps a role to its sessions
				user = fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/{{SessionName}}", c.Partition(), model.ARNAccount(principal), name)
			}
			if slices.Contains(nodeTypes, c.String("type")) {
				user = "system:node:{{EC2PrivateDNSName}}"
			}
			c.Set("user_name", user)
		},
		InUse:   func(*model.Call, *world.Resource) *world.Error { return nil }, // EKS removes the entry's policy associations with it
		Latency: model.Instant("logs of real deployments"),
	}
}

func perCluster(_ *model.Call, attributes world.Object) string {
	name, _ := attributes["cluster_name"].(string)
	return name
}

// accessCreator refuses a second entry for whoever made the cluster with administrator rights, who has one already.
func accessCreator(c *model.Call) *world.Error {
	cluster := c.Find("aws_eks_cluster", c.String("cluster_name"))
	if cluster == nil || !c.Creating() || !isCaller(c, c.String("principal_arn")) {
		return nil
	}
	if admin, told := model.At(cluster.Attributes, "access_config.bootstrap_cluster_creator_admin_permissions").(bool); admin || !told {
		return world.Conflict("ResourceInUseException", "The specified access entry resource is already in use on this cluster.")
	}
	return nil
}

// isCaller reports whether an ARN is that of who makes the calls, as data aws_caller_identity gives it or of the role behind it.
func isCaller(c *model.Call, arn string) bool {
	return arn == c.CallerSession() || arn == c.GlobalARN("iam", "role/"+model.CallerRole)
}

// accessPrincipal wants an IAM user or role. Whether it exists is not looked up: it is often made outside of what Terraform manages here.
func accessPrincipal(c *model.Call) *world.Error {
	principal, kind := c.String("principal_arn"), c.String("type")
	switch {
	case principal == "":
		return nil
	case !iamPrincipal().MatchString(principal):
		return invalidParameter("The specified principalArn is invalid: invalid principal.") // text unverified
	case slices.Contains(nodeTypes, kind) && !strings.Contains(principal, ":role/"):
		return invalidParameter("AccessEntry principalArn must be IAM role when using types [EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, " +
			"HYBRID_LINUX, EC2]")
	case slices.Contains(nodeTypes, kind) && model.ARNAccount(principal) != c.Account:
		return invalidParameter("AccessEntry principalArn must be from the same account as the cluster when using types [EC2_LINUX, " +
			"EC2_WINDOWS, FARGATE_LINUX, HYBRID_LINUX, EC2]")
	case kind != "" && kind != "STANDARD" && !slices.Contains(nodeTypes, kind):
		return invalidParameter("The specified type is invalid: %s", kind) // text unverified
	}
	return nil
}

func accessNames(c *model.Call) *world.Error {
	kind, groups, user := c.String("type"), c.Strings("kubernetes_groups"), c.String("user_name")
	if slices.Contains(nodeTypes, kind) && c.Creating() {
		if len(groups) > 0 {
			return invalidParameter("The specified kubernetesGroups is invalid: setting kubernetesGroups is not allowed when the type is \"%s\"",
				kind)
		}
		if user != "" {
			return invalidParameter("The specified username is invalid: setting username is not allowed when the type is \"%s\"", kind)
		}
	}
	for _, prefix := range []string{"system:", "eks:", "aws:", "amazon:", "iam:"} {
		for _, group := range groups {
			if strings.HasPrefix(group, prefix) {
				return invalidParameter("The kubernetes group name %s is invalid, it cannot start with %s", group, prefix)
			}
		}
	}
	return nil
}

// accessPolicies are the policies that EKS offers for access entries (AWS documentation; the list is not complete for AWS's own services).
var accessPolicies = []string{
	"AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSAdminViewPolicy", "AmazonEKSEditPolicy", "AmazonEKSViewPolicy",
	"AmazonEKSSecretReaderPolicy", "AmazonEKSAutoNodePolicy", "AmazonEKSBlockStoragePolicy", "AmazonEKSLoadBalancingPolicy",
	"AmazonEKSNetworkingPolicy",
	"AmazonEKSComputePolicy", "AmazonEKSHybridPolicy", "AmazonEKSClusterInsightsPolicy", "AWSBackupFullAccessPolicyForBackup",
	"AWSBackupFullAccessPolicyForRestore",
}

func accessPolicyAssociation() *model.Type {
	return &model.Type{
		Name: "aws_eks_access_policy_association", API: api, Noun: "EKS Access Policy Association",
		CreateCall: "AssociateAccessPolicy", UpdateCall: "AssociateAccessPolicy", DeleteCall: "DisassociateAccessPolicy",
		Identify: func(c *model.Call) string {
			return c.String("cluster_name") + "#" + c.String("principal_arn") + "#" + c.String("policy_arn")
		},
		References: []model.Reference{{Path: "cluster_name", To: []string{"aws_eks_cluster"}, Missing: clusterMissing, Inside: true}},
		Checks:     []model.Check{apiAuthentication, accessPolicy, accessScope},
		Fill: func(c *model.Call) {
			now := c.World.Now().Format(time.RFC3339)
			c.Set("associated_at", now)
			c.Set("modified_at", now)
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

func accessPolicy(c *model.Call) *world.Error {
	cluster, principal := c.String("cluster_name"), c.String("principal_arn")
	name, ours := strings.CutPrefix(c.String("policy_arn"), "arn:"+c.Partition()+":eks::aws:cluster-access-policy/")
	if !ours || !slices.Contains(accessPolicies, name) {
		return invalidParameter("The specified policyArn could not be found.")
	}
	entry := c.Find("aws_eks_access_entry", cluster+":"+principal)
	switch {
	case entry == nil && isCaller(c, principal):
		return nil // the creator's own entry is not one that Terraform made
	case entry == nil:
		// text unverified
		return world.NotFound("ResourceNotFoundException",
			"The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.")
	case slices.Contains(nodeTypes, entry.String("type")):
		return world.Fail("InvalidRequestException", `This operation can only be performed on Access Entries with a type of "STANDARD"`)
	}
	return nil
}

func accessScope(c *model.Call) *world.Error {
	kind, namespaces := c.String("access_scope.type"), c.Strings("access_scope.namespaces")
	switch {
	case kind == "namespace" && len(namespaces) == 0:
		return invalidParameter("At least 1 namespace must be provided if the type is set as namespace")
	case kind == "cluster" && len(namespaces) > 0:
		return invalidParameter("accessScope should not include namespaces if the type is not set as namespace")
	case kind != "namespace" && kind != "cluster":
		return model.Unsatisfied("InvalidParameterException", kind, "accessScope.type",
			"Member must satisfy enum value set: [cluster, namespace]")
	}
	return nil
}

func podIdentityAssociation() *model.Type {
	return &model.Type{
		Name: "aws_eks_pod_identity_association", API: api, Noun: "EKS Pod Identity Association",
		CreateCall: "CreatePodIdentityAssociation", UpdateCall: "UpdatePodIdentityAssociation", DeleteCall: "DeletePodIdentityAssociation",
		Identify: model.GeneratedID("a-", 17),
		References: []model.Reference{
			{Path: "cluster_name", To: []string{"aws_eks_cluster"}, Missing: clusterMissing, Inside: true},
			// text unverified
			{Path: "role_arn", To: []string{"aws_iam_role"}, By: "arn",
				Missing: model.Missing("InvalidParameterException", "Role %s does not exist")},
		},
		Checks: []model.Check{podIdentityTaken, podIdentityTrust},
		Fill: func(c *model.Call) {
			c.Set("association_id", c.ID)
			c.Set("association_arn", c.ARN("eks", "podidentityassociation/"+c.String("cluster_name")+"/"+c.ID))
			c.Set("disable_session_tags", false)
			external := any(nil)
			if role := c.String("target_role_arn"); role != "" {
				external = strings.Join([]string{c.Region, c.Account, c.String("cluster_name"), c.String("namespace"), c.String("service_account")},
					"/")
			}
			c.Set("external_id", external)
		},
		ImportBy: func(c *model.Call, id string) *world.Resource {
			_, association, _ := strings.Cut(id, ",")
			return c.Find("aws_eks_pod_identity_association", association)
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

func podIdentityTaken(c *model.Call) *world.Error {
	for _, other := range c.All("aws_eks_pod_identity_association") {
		if other.ID != c.ID && other.String("cluster_name") == c.String("cluster_name") && other.String("namespace") == c.String("namespace") &&
			other.String("service_account") == c.String("service_account") {
			return world.Conflict("ResourceInUseException", "Association already exists: %s", other.ID) // text unverified
		}
	}
	return nil
}

// podIdentityTrust wants a role that EKS Pod Identity may assume, with session tags (text unverified).
func podIdentityTrust(c *model.Call) *world.Error {
	role := c.FindBy("aws_iam_role", "arn", c.String("role_arn"))
	if role == nil {
		return nil
	}
	for _, action := range []string{"sts:AssumeRole", "sts:TagSession"} {
		if !principal.Admits(role.String("assume_role_policy"), "pods.eks.amazonaws.com", action) {
			return invalidParameter("Trust policy of role %s is invalid", role.String("arn"))
		}
	}
	return nil
}
