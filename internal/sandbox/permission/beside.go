package permission

import (
	"slices"
	"strings"

	"coderaws/internal/iampolicy"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// beside is a permission that AWS asks for along with a call.
type beside struct {
	action, resource, foreseen string
	context                    iampolicy.Context
}

// tagging are the permissions that services ask for beside that of making something, where it is made with tags. Sources: EC2 User Guide,
// grant permission to tag resources during creation; the other services' user guides on tags, and the API reference of each call that
// makes something.
var tagging = map[string]string{
	"acm": "acm:AddTagsToCertificate", "backup": "backup:TagResource", "budgets": "budgets:TagResource", "cloudtrail": "cloudtrail:AddTags",
	"cloudwatch": "cloudwatch:TagResource", "ec2": "ec2:CreateTags", "ecr": "ecr:TagResource", "eks": "eks:TagResource",
	"elasticloadbalancing": "elasticloadbalancing:AddTags", "guardduty": "guardduty:TagResource", "iam": "iam:TagRole",
	"kms": "kms:TagResource", "logs": "logs:TagResource", "rds": "rds:AddTagsToResource", "route53resolver": "route53resolver:TagResource",
	"scheduler": "scheduler:TagResource", "secretsmanager": "secretsmanager:TagResource", "sns": "sns:TagResource",
	"states": "states:TagResource",
}

// passed are the arguments by which a role is given to a service, and the principal of that service. Source: the service authorization
// reference, dependent actions, and IAM User Guide, iam:PassedToService. The service is "" where AWS does not say which it is.
var passed = map[string][]struct{ argument, service string }{
	"aws_backup_selection":              {{"iam_role_arn", "backup.amazonaws.com"}},
	"aws_cloudtrail":                    {{"cloud_watch_logs_role_arn", "cloudtrail.amazonaws.com"}},
	"aws_config_configuration_recorder": {{"role_arn", "config.amazonaws.com"}},
	"aws_eks_addon":                     {{"service_account_role_arn", ""}, {"pod_identity_association.role_arn", ""}},
	"aws_eks_cluster":                   {{"role_arn", "eks.amazonaws.com"}},
	"aws_eks_node_group":                {{"node_role_arn", "eks.amazonaws.com"}},
	"aws_eks_pod_identity_association":  {{"role_arn", ""}},
	"aws_flow_log":                      {{"iam_role_arn", "vpc-flow-logs.amazonaws.com"}},
	"aws_rds_cluster_instance":          {{"monitoring_role_arn", "monitoring.rds.amazonaws.com"}},
	"aws_scheduler_schedule":            {{"target.role_arn", "scheduler.amazonaws.com"}},
	"aws_sfn_state_machine":             {{"role_arn", "states.amazonaws.com"}},
}

// linked are the services that make their service-linked role with the first of these types, on behalf of who asks for it. Source: the
// services' user guides, using service-linked roles.
var linked = map[string][]string{
	"aws_ec2_transit_gateway_vpc_attachment": {"transitgateway.amazonaws.com"},
	"aws_eks_cluster":                        {"eks.amazonaws.com"},
	"aws_eks_node_group":                     {"eks-nodegroup.amazonaws.com"},
	"aws_guardduty_detector":                 {"guardduty.amazonaws.com"},
	"aws_lb":                                 {"elasticloadbalancing.amazonaws.com"},
	"aws_rds_cluster":                        {"rds.amazonaws.com"},
	"aws_route53_resolver_query_log_config":  {"route53resolver.amazonaws.com"},
	"aws_securityhub_account":                {"securityhub.amazonaws.com"},
	"aws_iam_service_linked_role":            nil, // its own call asks for the same
}

// keyed are the arguments that name a key of KMS which a service uses on behalf of who asks, and what that takes on the key. Sources:
// Amazon RDS User Guide, encrypting resources, and password management with Secrets Manager; Amazon EKS User Guide, encrypt Kubernetes
// secrets; AWS Backup Developer Guide, access control; Amazon ECR User Guide, encryption at rest.
var keyed = map[string]struct{ arguments, actions []string }{
	"aws_backup_vault": {[]string{"kms_key_arn"},
		[]string{"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:RetireGrant"}},
	"aws_ecr_repository": {[]string{"encryption_configuration.kms_key"}, []string{"kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"}},
	"aws_eks_cluster":    {[]string{"encryption_config.provider.key_arn"}, []string{"kms:CreateGrant", "kms:DescribeKey"}},
	"aws_rds_cluster": {[]string{"kms_key_id", "master_user_secret_kms_key_id"},
		[]string{"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"}},
	"aws_rds_cluster_instance": {[]string{"performance_insights_kms_key_id"}, []string{"kms:CreateGrant", "kms:DescribeKey"}},
}

// besides are the permissions that AWS asks for along with a call that makes or changes something.
func besides(c *model.Call, actions []string) []beside {
	if c.Action != world.Create && c.Action != world.Update {
		return nil
	}
	all := passing(c)
	if c.Action == world.Update {
		return all
	}
	all = append(all, tagsBeside(c, actions)...)
	for _, service := range linked[c.Type.Name] {
		all = append(all, beside{action: "iam:CreateServiceLinkedRole", resource: c.GlobalARN("iam", "role/aws-service-role/"+service+"/*"),
			context: iampolicy.Context{"iam:awsservicename": {service}}})
	}
	return append(all, keysBeside(c)...)
}

// passing are the roles that a call gives to services.
func passing(c *model.Call) []beside {
	var all []beside
	for _, one := range passed[c.Type.Name] {
		for _, arn := range c.Strings(one.argument) {
			if arn == "" || !c.Changed(strings.Split(one.argument, ".")[0]) {
				continue
			}
			context := iampolicy.Context{}
			if one.service != "" {
				context["iam:passedtoservice"] = []string{one.service}
			}
			all = append(all, beside{action: "iam:PassRole", resource: arn, context: context})
		}
	}
	return all
}

// tagsBeside is the permission to tag what is made, where the provider does not ask for it by itself.
func tagsBeside(c *model.Call, actions []string) []beside {
	if len(tagsOf(c.Object)) == 0 {
		return nil
	}
	at := slices.IndexFunc(actions, func(action string) bool {
		return tagged(action) && !strings.Contains(action, "Tag")
	})
	if at < 0 {
		return nil
	}
	service, operation, _ := strings.Cut(actions[at], ":")
	action := tagging[service]
	if action == "" || slices.Contains(actions, action) {
		return nil
	}
	context := iampolicy.Context{}
	if service == "ec2" {
		context["ec2:createaction"] = []string{operation}
	}
	on, _ := placesOf(c, ownKey(c))
	var all []beside
	for _, one := range on {
		all = append(all, beside{action: action, resource: one.arn, foreseen: one.foreseen, context: context})
	}
	return all
}

// keysBeside are the permissions on keys, and those of the password that RDS keeps in Secrets Manager (Amazon RDS User Guide, password
// management with Secrets Manager).
func keysBeside(c *model.Call) []beside {
	var all []beside
	wide := c.ARN("kms", "key/*")
	for _, argument := range keyed[c.Type.Name].arguments {
		for _, key := range c.Strings(argument) {
			for _, action := range keyed[c.Type.Name].actions {
				all = append(all, beside{action: action, resource: key, foreseen: wide})
			}
		}
	}
	if c.Type.Name == "aws_backup_vault" { // AWS Backup Developer Guide, access control
		all = append(all, beside{action: "backup-storage:MountCapsule", resource: "*"})
	}
	if c.Bool("manage_master_user_password") {
		for _, action := range []string{"secretsmanager:CreateSecret", "secretsmanager:TagResource"} {
			all = append(all, beside{action: action, resource: c.ARN("secretsmanager", "secret:rds!cluster-*")})
		}
	}
	return all
}
