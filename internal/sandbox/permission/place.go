package permission

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// places says where the parts of ARNs stand in the arguments of Terraform's types, by the type of the resource in IAM and by the name that
// the part has in the service authorization reference. The part "" is the whole ARN. An argument is TYPE.NAME, for that type alone, or NAME
// for all; the first that is set counts. AWS chooses what begins with a ~, so that no policy can have it beforehand.
var places = map[string]map[string][]string{
	"acm:certificate":              {"": {"~aws_acm_certificate.arn", "~certificate_arn"}},
	"autoscaling:autoScalingGroup": {"GroupFriendlyName": {"~autoscaling_group_name"}},
	"backup:backupPlan":            {"BackupPlanId": {"~aws_backup_plan.id", "~plan_id"}},
	"backup:backupVault":           {"BackupVaultName": {"aws_backup_vault.name"}},
	"budgets:budget":               {"BudgetName": {"aws_budgets_budget.name"}},
	"config:ConfigurationRecorder": {"RecorderName": {"aws_config_configuration_recorder.name"}},
	"cloudtrail:trail":             {"TrailName": {"aws_cloudtrail.name"}},
	"cloudwatch:alarm":             {"AlarmName": {"aws_cloudwatch_metric_alarm.alarm_name"}},
	"cloudwatch:dashboard":         {"DashboardName": {"aws_cloudwatch_dashboard.dashboard_name"}},
	"ec2:elastic-ip":               {"AllocationId": {"~aws_eip.id", "~allocation_id"}},
	"ec2:internet-gateway":         {"InternetGatewayId": {"~aws_internet_gateway.id"}},
	"ec2:launch-template":          {"LaunchTemplateId": {"~aws_launch_template.id", "~launch_template.id"}},
	"ec2:natgateway":               {"NatGatewayId": {"~aws_nat_gateway.id"}},
	"ec2:route-table":              {"RouteTableId": {"~aws_route_table.id", "~route_table_id", "~aws_vpc_endpoint.route_table_ids"}},
	"ec2:security-group": {"SecurityGroupId": {"~aws_security_group.id", "~aws_default_security_group.id", "~security_group_id",
		"~aws_vpc_endpoint.security_group_ids"}},
	"ec2:security-group-rule": {"SecurityGroupRuleId": {"~aws_vpc_security_group_ingress_rule.id",
		"~aws_vpc_security_group_egress_rule.id"}},
	"ec2:subnet": {"SubnetId": {"~aws_subnet.id", "~subnet_id", "~aws_vpc_endpoint.subnet_ids",
		"~aws_ec2_transit_gateway_vpc_attachment.subnet_ids"}},
	"ec2:transit-gateway":                   {"TransitGatewayId": {"transit_gateway_id"}},
	"ec2:transit-gateway-attachment":        {"TransitGatewayAttachmentId": {"~aws_ec2_transit_gateway_vpc_attachment.id"}},
	"ec2:vpc":                               {"VpcId": {"~aws_vpc.id", "~vpc_id"}},
	"ec2:vpc-endpoint":                      {"VpcEndpointId": {"~aws_vpc_endpoint.id"}},
	"ec2:vpc-flow-log":                      {"VpcFlowLogId": {"~aws_flow_log.id"}},
	"ecr:repository":                        {"RepositoryName": {"aws_ecr_repository.name", "aws_ecr_lifecycle_policy.repository"}},
	"eks:access-entry":                      {"ClusterName": {"cluster_name"}, "": {"~aws_eks_access_entry.access_entry_arn"}},
	"eks:addon":                             {"ClusterName": {"cluster_name"}, "AddonName": {"addon_name"}, "": {"~aws_eks_addon.arn"}},
	"eks:cluster":                           {"ClusterName": {"aws_eks_cluster.name", "cluster_name"}},
	"eks:nodegroup":                         {"ClusterName": {"cluster_name"}, "": {"~aws_eks_node_group.arn"}},
	"eks:podidentityassociation":            {"ClusterName": {"cluster_name"}, "": {"~aws_eks_pod_identity_association.association_arn"}},
	"elasticloadbalancing:listener/app":     {"": {"~aws_lb_listener.arn"}},
	"elasticloadbalancing:listener/net":     {"": {"~aws_lb_listener.arn"}},
	"elasticloadbalancing:loadbalancer/app": balancers,
	"elasticloadbalancing:loadbalancer/net": balancers,
	"elasticloadbalancing:targetgroup": {"TargetGroupName": {"aws_lb_target_group.name", "~default_action.target_group_arn"},
		"": {"~aws_lb_target_group.arn", "~default_action.target_group_arn"}},
	"guardduty:detector": {"DetectorId": {"~aws_guardduty_detector.id", "~detector_id"}},
	"iam:role":           {"RoleNameWithPath": {"aws_iam_role.name", "aws_iam_service_linked_role.name", "role"}},
	"kms:alias":          {"Alias": {"aws_kms_alias.name"}},
	"kms:key":            {"KeyId": {"~aws_kms_key.id", "~aws_kms_alias.target_key_id"}},
	"logs:log-group":     {"LogGroupName": {"aws_cloudwatch_log_group.name"}},
	"rds:cluster":        {"DbClusterInstanceName": {"aws_rds_cluster.cluster_identifier", "cluster_identifier"}},
	"rds:cluster-pg":     {"ClusterParameterGroupName": {"aws_rds_cluster_parameter_group.name", "db_cluster_parameter_group_name"}},
	"rds:db":             {"DbInstanceName": {"aws_rds_cluster_instance.identifier"}},
	"rds:subgrp":         {"SubnetGroupName": {"aws_db_subnet_group.name", "db_subnet_group_name"}},
	"route53:hostedzone": {"Id": {"~aws_route53_zone.zone_id", "~zone_id"}},
	"route53resolver:resolver-query-log-config": {"ResourceId": {"~aws_route53_resolver_query_log_config.id",
		"~resolver_query_log_config_id"}},
	"route53resolver:resolver-rule": {"ResourceId": {"resolver_rule_id"}},
	"s3:bucket":                     {"BucketName": {"bucket"}},
	"scheduler:schedule":            {"GroupName": {"aws_scheduler_schedule.group_name"}, "ScheduleName": {"aws_scheduler_schedule.name"}},
	"scheduler:schedule-group":      {"GroupName": {"aws_scheduler_schedule_group.name"}},
	"secretsmanager:Secret":         {"SecretId": {"aws_secretsmanager_secret.name"}, "": {"~aws_secretsmanager_secret.arn"}},
	"sns:topic":                     {"TopicName": {"aws_sns_topic.name"}, "": {"arn", "topic_arn"}},
	"states:statemachine":           {"StateMachineName": {"aws_sfn_state_machine.name"}},
}

// balancers are load balancers of both types; balancer tells which one it is.
var balancers = map[string][]string{"LoadBalancerName": {"aws_lb.name"}, "": {"~aws_lb.arn", "~aws_lb_listener.load_balancer_arn"}}

// classic is how the reference calls load balancers where an action is done on those of any type.
const classic = "elasticloadbalancing:loadbalancer"

// part is a part of an ARN that a resource fills in.
var part = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{[A-Za-z0-9]+\}`) })

// place is a resource that an action is done on.
type place struct {
	// arn is what AWS compares policies with, and foreseen what can be known of that before anything is made: a * is in the place of what
	// AWS chooses.
	arn, foreseen string
	// own says that it is what the call itself is about.
	own bool
}

// placesOf are the resources of one type in IAM that a call is about; told says that one of its arguments names them.
func placesOf(c *model.Call, key string) (found []place, told bool) {
	if key == classic {
		key += "/" + balancer(c)
	}
	form := facts.ProviderCalls().Resources[key].ARN
	if form == "" {
		return nil, false
	}
	if _, kind, several := strings.Cut(key, "/"); several && kind != balancer(c) {
		return nil, false
	}
	named := places[key]
	own := ownKey(c) == key
	whole, wholeChosen := argument(c, named[""])
	exact, foreseen := []string{form}, form
	for _, name := range part().FindAllString(form, -1) {
		switch name {
		case "${Partition}", "${Region}", "${Account}":
			continue
		}
		values, chosen := argument(c, named[strings.Trim(name, "${}")])
		told = told || len(values) > 0
		if chosen || len(values) != 1 {
			foreseen = strings.ReplaceAll(foreseen, name, "*")
		} else {
			foreseen = strings.ReplaceAll(foreseen, name, foreseeable(key, values[0]))
		}
		if len(values) == 0 {
			values = []string{"*"}
		}
		var all []string
		for _, one := range exact {
			for _, value := range values {
				all = append(all, strings.ReplaceAll(one, name, value))
			}
		}
		exact = all
	}
	if len(whole) > 0 {
		exact, told = whole, true
		if !wholeChosen {
			foreseen = whole[0]
		}
	}
	for _, one := range exact {
		found = append(found, place{arn: local(c, one), foreseen: local(c, foreseen), own: own})
	}
	return found, told
}

// foreseeable is what a policy has to name for a value that a configuration has. Secrets Manager adds six characters to the name of a
// secret once it is made (Secrets Manager User Guide, permissions policies).
func foreseeable(key, value string) string {
	if key == "secretsmanager:Secret" {
		return value + "*"
	}
	return value
}

// local fills in what every ARN has. What a form leaves open beyond that may be anything.
func local(c *model.Call, arn string) string {
	region := c.Region
	if region == model.Global {
		region = c.ProviderRegion
	}
	return strings.NewReplacer("${Partition}", c.Partition(), "${Region}", region, "${Account}", c.Account).Replace(arn)
}

// argument is the first of some arguments that is set, and whether AWS chooses what is in it. An ARN stands for the name that it ends with,
// or is taken whole where an ARN is asked for.
func argument(c *model.Call, names []string) (values []string, chosen bool) {
	for _, name := range names {
		name, chosen := strings.CutPrefix(name, "~")
		if of, attribute, typed := strings.Cut(name, "."); typed && strings.HasPrefix(of, "aws_") {
			if of != c.Type.Name {
				continue
			}
			name = attribute
		}
		if values := valuesAt(c, name); len(values) > 0 {
			return values, chosen
		}
	}
	return nil, false
}

// valuesAt are the texts of an argument. The id of what is not made yet is none, and neither is a null one.
func valuesAt(c *model.Call, name string) []string {
	if name == "id" && c.ID != "" {
		return []string{c.ID}
	}
	values := slices.DeleteFunc(c.Strings(name), func(value string) bool { return value == "" })
	if c.Type.Name == "aws_iam_role" && name == "name" && len(values) == 1 {
		return []string{strings.TrimPrefix(c.String("path"), "/") + values[0]}
	}
	if name == "role" && len(values) == 1 {
		return []string{roleName(c, values[0])}
	}
	if c.Type.Name == "aws_kms_alias" && name == "name" && len(values) == 1 {
		return []string{strings.TrimPrefix(values[0], "alias/")}
	}
	return values
}

// roleName is the name of a role with its path.
func roleName(c *model.Call, name string) string {
	if role := c.FindBy("aws_iam_role", "name", name); role != nil {
		return strings.TrimPrefix(role.String("path"), "/") + name
	}
	return name
}

// owned is the type in IAM of what a type of Terraform's makes, where IAM knows it by itself.
var owned = map[string]string{
	"aws_acm_certificate": "acm:certificate", "aws_backup_plan": "backup:backupPlan", "aws_backup_vault": "backup:backupVault",
	"aws_budgets_budget": "budgets:budget", "aws_cloudtrail": "cloudtrail:trail", "aws_cloudwatch_dashboard": "cloudwatch:dashboard",
	"aws_cloudwatch_log_group": "logs:log-group", "aws_cloudwatch_metric_alarm": "cloudwatch:alarm", "aws_db_subnet_group": "rds:subgrp",
	"aws_default_security_group": "ec2:security-group", "aws_ec2_transit_gateway_vpc_attachment": "ec2:transit-gateway-attachment",
	"aws_ecr_repository": "ecr:repository", "aws_eip": "ec2:elastic-ip", "aws_eks_access_entry": "eks:access-entry",
	"aws_eks_addon": "eks:addon", "aws_eks_cluster": "eks:cluster", "aws_eks_node_group": "eks:nodegroup",
	"aws_eks_pod_identity_association": "eks:podidentityassociation", "aws_flow_log": "ec2:vpc-flow-log",
	"aws_config_configuration_recorder": "config:ConfigurationRecorder",
	"aws_guardduty_detector":            "guardduty:detector", "aws_iam_role": "iam:role",
	"aws_internet_gateway": "ec2:internet-gateway",
	"aws_kms_alias":        "kms:alias", "aws_kms_key": "kms:key", "aws_launch_template": "ec2:launch-template",
	"aws_lb_target_group": "elasticloadbalancing:targetgroup", "aws_nat_gateway": "ec2:natgateway", "aws_rds_cluster": "rds:cluster",
	"aws_rds_cluster_instance": "rds:db", "aws_rds_cluster_parameter_group": "rds:cluster-pg", "aws_route53_zone": "route53:hostedzone",
	"aws_route53_resolver_query_log_config": "route53resolver:resolver-query-log-config",
	"aws_route_table":                       "ec2:route-table", "aws_s3_bucket": "s3:bucket",
	"aws_scheduler_schedule":       "scheduler:schedule",
	"aws_scheduler_schedule_group": "scheduler:schedule-group", "aws_secretsmanager_secret": "secretsmanager:Secret",
	"aws_security_group": "ec2:security-group", "aws_sfn_state_machine": "states:statemachine", "aws_sns_topic": "sns:topic",
	"aws_subnet": "ec2:subnet", "aws_vpc": "ec2:vpc", "aws_vpc_endpoint": "ec2:vpc-endpoint",
	"aws_vpc_security_group_egress_rule":  "ec2:security-group-rule",
	"aws_vpc_security_group_ingress_rule": "ec2:security-group-rule",
}

// ownKey is the type in IAM of what a call is about; "" where IAM knows none.
func ownKey(c *model.Call) string {
	kinds := map[string]string{"aws_lb": "elasticloadbalancing:loadbalancer/", "aws_lb_listener": "elasticloadbalancing:listener/"}
	if kind := kinds[c.Type.Name]; kind != "" {
		return kind + balancer(c)
	}
	return owned[c.Type.Name]
}

// balancer is how ARNs name the type of the load balancer that a call is about.
func balancer(c *model.Call) string {
	arn := c.String("load_balancer_arn")
	if strings.Contains(arn, "/net/") || arn == "" && c.String("load_balancer_type") == "network" {
		return "net"
	}
	return "app"
}

// tagsOf are the tags of what a call is about, as it is before the call; nil of what is not there.
func tagsOf(object world.Object) map[string]string {
	tags, _ := object["tags_all"].(world.Object)
	all := map[string]string{}
	for key, value := range tags {
		if text, is := value.(string); is {
			all[key] = text
		}
	}
	return all
}
