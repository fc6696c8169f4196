package iam

import (
	"fmt"
	"strings"
	"time"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

func policy() *model.Type {
	return &model.Type{
		Name: "aws_iam_policy", API: api, Noun: "IAM Policy",
		CreateCall: "CreatePolicy", UpdateCall: "CreatePolicyVersion", DeleteCall: "DeletePolicy",
		Identify: func(c *model.Call) string {
			return c.GlobalARN("iam", "policy"+pathOf(c)+c.Name("name", "name_prefix"))
		},
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Conflict("EntityAlreadyExists", "A policy called %s already exists. Duplicate names are not allowed.", name)
		}}},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "policyName", 1, 128),
			model.Pattern("ValidationError", "name", "policyName", `[\w+=,.@-]+`),
			model.Length("ValidationError", "description", "description", 0, 1000),
			validPath,
			document(iampolicy.Identity, "policy", 6144, func(*model.Call) string { return "Cannot exceed quota for PolicySize: 6144" }),
		},
		Quotas: []model.Quota{quota("L-E95E4862", "Customer managed policies per account", "PoliciesPerAccount", 1500)},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ID)
			c.Set("policy_id", "ANPA"+c.Upper(17))
			c.Set("name_prefix", "")
			c.Set("attachment_count", 0.0)
		},
		InUse: func(*model.Call, *world.Resource) *world.Error {
			return world.Conflict("DeleteConflict", "Cannot delete a policy attached to entities.")
		},
		Latency: iamLatency,
	}
}

func instanceProfile() *model.Type {
	return &model.Type{
		Name: "aws_iam_instance_profile", API: api, Noun: "IAM Instance Profile",
		CreateCall: "CreateInstanceProfile", UpdateCall: "AddRoleToInstanceProfile", DeleteCall: "DeleteInstanceProfile",
		Identify:   func(c *model.Call) string { return c.Name("name", "name_prefix") },
		References: []model.Reference{{Path: "role", To: []string{"aws_iam_role"}, Missing: roles.missing}},
		Unique: []model.Unique{{Attribute: "name", FoldCase: true, Taken: func(_ *model.Call, name string) *world.Error {
			return world.Conflict("EntityAlreadyExists", "Instance Profile %s already exists.", name)
		}}},
		Checks: []model.Check{
			model.Length("ValidationError", "name", "instanceProfileName", 1, 128),
			model.Pattern("ValidationError", "name", "instanceProfileName", `[\w+=,.@-]+`),
			validPath,
		},
		Quotas: []model.Quota{quota("L-6E65F664", "Instance profiles per account", "InstanceProfilesPerAccount", 1000)},
		Fill: func(c *model.Call) {
			c.Set("arn", c.GlobalARN("iam", "instance-profile"+pathOf(c)+c.ID))
			c.Set("unique_id", "AIPA"+c.Upper(17))
			c.Set("create_date", c.World.Now().Format(time.RFC3339))
			c.Set("name_prefix", "")
		},
		Latency: model.Latency{Create: model.Seconds(6, 1, 12), Update: model.Seconds(1, 0.5, 2), Delete: model.Seconds(1, 0.5, 2),
			Source: "estimate: Terraform waits until the profile can be read"},
	}
}

var (
	oidcURL    = model.Expression(`^https://[^?#\s]+$`)
	thumbprint = model.Expression(`^[0-9a-fA-F]{40}$`)
)

func openIDConnectProvider() *model.Type {
	return &model.Type{
		Name: "aws_iam_openid_connect_provider", API: api, Noun: "IAM OIDC Provider",
		CreateCall: "CreateOpenIDConnectProvider", UpdateCall: "UpdateOpenIDConnectProviderThumbprint", DeleteCall: "DeleteOpenIDConnectProvider",
		Identify: func(c *model.Call) string {
			return c.GlobalARN("iam", "oidc-provider/"+strings.TrimPrefix(c.String("url"), "https://"))
		},
		Unique: []model.Unique{{Attribute: "url", Taken: func(_ *model.Call, url string) *world.Error {
			return world.Conflict("EntityAlreadyExists", "Provider with url %s already exists.", url) // text unverified
		}}},
		Checks: []model.Check{openIDConnect},
		Quotas: []model.Quota{quota("L-858F3967", "OpenId connect providers per account", "OpenIDConnectProvidersPerAccount", 100)},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ID)
			c.Set("thumbprint_list", []any{c.Hex(40, "thumbprint")}) // IAM reads it from the host itself
		},
		Latency: iamLatency,
	}
}

func openIDConnect(c *model.Call) *world.Error {
	url := c.String("url")
	clients := c.Strings("client_id_list")
	switch {
	case url != "" && (!oidcURL().MatchString(url) || len(url) > 255):
		return world.Fail("ValidationError", "Invalid Open ID Connect Provider URL") // text unverified
	case len(clients) > 100:
		return world.Conflict("LimitExceeded", "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100")
	}
	for _, print := range c.Strings("thumbprint_list") {
		if !thumbprint().MatchString(print) {
			return model.Unsatisfied("ValidationError", print, "thumbprintList", "Member must have length greater than or equal to 40")
		}
	}
	return nil
}

// serviceRoles are the names of service-linked roles that do not follow from the service's own name (AWS documentation).
var serviceRoles = map[string]string{
	"autoscaling": "AutoScaling", "eks": "AmazonEKS", "eks-nodegroup": "AmazonEKSNodegroup", "eks-fargate": "AmazonEKSForFargate",
	"rds": "RDS", "spot": "EC2Spot",
	"spotfleet": "EC2SpotFleet", "ec2fleet": "EC2Fleet", "ecs": "ECS", "elasticloadbalancing": "ElasticLoadBalancing",
	"elasticache":       "ElastiCache",
	"elasticfilesystem": "AmazonElasticFileSystem", "backup": "Backup", "cloudtrail": "CloudTrail", "guardduty": "AmazonGuardDuty",
	"es":                "AmazonElasticsearchService",
	"opensearchservice": "AmazonOpenSearchService", "replication.dynamodb": "DynamoDBReplication",
	"dynamodb.application-autoscaling": "ApplicationAutoScaling_DynamoDBTable",
	"vpc-lattice":                      "VpcLattice", "replication.ecr": "ECRReplication", "pullthroughcache.ecr": "ECRPullThroughCache",
	"transitgateway": "VPCTransitGateway", "grafana": "AmazonGrafana",
}

// suffixedRoles are services that may have several service-linked roles, told apart by a suffix.
var suffixedRoles = map[string]bool{"autoscaling": true, "elasticbeanstalk": true}

func serviceLinkedRole() *model.Type {
	name := func(c *model.Call) string {
		service, _, _ := strings.Cut(c.String("aws_service_name"), ".amazonaws.com")
		known, ok := serviceRoles[service]
		if !ok {
			known = strings.ToUpper(service[:min(1, len(service))]) + service[min(1, len(service)):]
		}
		if suffix := c.String("custom_suffix"); suffix != "" {
			known += "_" + suffix
		}
		return "AWSServiceRoleFor" + known
	}
	return &model.Type{
		Name: "aws_iam_service_linked_role", API: api, Noun: "IAM Service Linked Role",
		CreateCall: "CreateServiceLinkedRole", UpdateCall: "UpdateRoleDescription", DeleteCall: "DeleteServiceLinkedRole",
		Identify: func(c *model.Call) string {
			return c.GlobalARN("iam", "role/aws-service-role/"+c.String("aws_service_name")+"/"+name(c))
		},
		Checks: []model.Check{
			model.Pattern("ValidationError", "aws_service_name", "aWSServiceName", `[\w+=,.@-]+\.amazonaws\.com(\.cn)?`),
			func(c *model.Call) *world.Error {
				service, _, _ := strings.Cut(c.String("aws_service_name"), ".amazonaws.com")
				if c.String("custom_suffix") != "" && !suffixedRoles[service] {
					return world.Fail("InvalidInput", "Custom suffix is not allowed for %s", c.String("aws_service_name"))
				}
				for _, other := range c.All("aws_iam_service_linked_role") {
					if c.Creating() && other.String("name") == name(c) {
						return world.Fail("InvalidInput", "Service role name %s has been taken in this account, please try a different suffix.", name(c))
					}
				}
				return nil
			},
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ID)
			c.Set("name", name(c))
			c.Set("path", fmt.Sprintf("/aws-service-role/%s/", c.String("aws_service_name")))
			c.Set("unique_id", "AROA"+c.Upper(17))
			c.Set("create_date", c.World.Now().Format(time.RFC3339))
		},
		Latency: model.Latency{Create: model.Seconds(2, 1, 3), Update: model.Seconds(1, 0.5, 2), Delete: model.Seconds(10, 2, 20),
			Source: "estimate"},
	}
}
