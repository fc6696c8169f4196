package inventory

import (
	"strings"

	"coderaws/internal/plan"

	tfjson "github.com/hashicorp/terraform-json"
)

// records finds keys, secrets, logs, alarms and schedules.
func (r *reading) records(inv *Inventory) {
	for _, resource := range r.of("aws_kms_key") {
		inv.Keys = append(inv.Keys, Key{
			resource, shown(resource.Values, "description"), resource.Values.Attr("enable_key_rotation").Bool().Default(false),
		})
	}
	for _, resource := range r.of("aws_secretsmanager_secret") {
		inv.Secrets = append(inv.Secrets, Secret{resource})
	}
	for _, resource := range r.of("aws_cloudwatch_log_group") {
		group := LogGroup{resource, r.count(resource, resource.Values, "retention_in_days").Default(0)}
		group.Name = shown(resource.Values, "name")
		inv.LogGroups = append(inv.LogGroups, group)
	}
	for _, resource := range r.of("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm") {
		alarm := Alarm{resource}
		alarm.Name = shown(resource.Values, "alarm_name")
		inv.Alarms = append(inv.Alarms, alarm)
	}
	for _, resource := range r.of("aws_scheduler_schedule") {
		inv.Schedules = append(inv.Schedules, Schedule{
			resource, text(resource.Values, "schedule_expression"), text(resource.Values, "schedule_expression_timezone"), "",
		})
	}
	for _, resource := range r.of("aws_cloudwatch_event_rule") {
		if expression := text(resource.Values, "schedule_expression"); expression != "" {
			inv.Schedules = append(inv.Schedules, Schedule{resource, expression, "", ""})
		}
	}
	for _, resource := range r.of("aws_autoscaling_schedule") {
		schedule := Schedule{resource, text(resource.Values, "recurrence"), text(resource.Values, "time_zone"), ""}
		if groups := r.refers(resource, "autoscaling_group_name", "aws_autoscaling_group", "aws_eks_node_group"); len(groups) == 1 {
			schedule.Group = groups[0]
		}
		inv.Schedules = append(inv.Schedules, schedule)
	}
}

// others are what no list has, without the parts of what a list has.
func (r *reading) others(inv *Inventory) {
	for _, resource := range r.all {
		if !r.taken[resource.Type] {
			inv.Others = append(inv.Others, resource)
		}
	}
}

// expressions are the arguments of a resource as they are written.
func (r *reading) expressions(resource Resource) map[string]*tfjson.Expression {
	if block := r.graph.resources[plan.Block(resource.Address)]; block != nil {
		return block.Expressions
	}
	return nil
}

// Zones are the availability zones that anything is in, sorted.
func (inv *Inventory) Zones() []string {
	var subnets []string
	for _, subnet := range inv.Subnets {
		subnets = append(subnets, subnet.Address)
	}
	return inv.zonesOf(subnets)
}

// acronyms are the words of types that are not written in small letters.
var acronyms = map[string]string{
	"acl": "ACL", "acm": "ACM", "api": "API", "cloudfront": "CloudFront", "cloudtrail": "CloudTrail", "cloudwatch": "CloudWatch",
	"db": "DB", "dynamodb": "DynamoDB", "ebs": "EBS", "ec2": "EC2", "ecr": "ECR", "ecs": "ECS", "efs": "EFS", "eip": "elastic IP",
	"eks": "EKS", "iam": "IAM", "kms": "KMS", "lb": "load balancer", "nat": "NAT", "rds": "RDS", "route53": "Route 53", "s3": "S3",
	"sfn": "Step Functions", "sns": "SNS", "sqs": "SQS", "ssm": "SSM", "vpc": "VPC", "vpn": "VPN", "waf": "WAF", "wafv2": "WAF",
}

// ShortType is a type without the provider's name, in words: NAT gateway for aws_nat_gateway.
func ShortType(typ string) string {
	_, short, ok := strings.Cut(typ, "_")
	if !ok {
		return typ
	}
	words := strings.Split(short, "_")
	for i, word := range words {
		if known, ok := acronyms[word]; ok {
			words[i] = known
		}
	}
	return strings.Join(words, " ")
}
