package cost

import (
	"fmt"
	"strings"

	"coderaws/internal/inventory"
	"coderaws/internal/plan"
	"coderaws/internal/pricing"

	"github.com/shopspring/decimal"
)

// others prices what has no list of its own in an inventory, and counts what is free.
func (e *estimate) others() {
	for _, resource := range e.Inventory.Others {
		simple, known := simplePrices[resource.Type]
		unpriced := foreign(resource)
		switch {
		case unpriced != "":
			e.missing(resource, unpriced)
		case resource.Type == "aws_rds_cluster_instance":
			// Named with the databases.
		case resource.Type == "aws_eip":
			e.add(resource, pricing.PublicIPv4Hour, "", hourly(1, ""))
		case resource.Type == "aws_ebs_volume":
			e.volume(resource, resource.Values, "size", "type", text(resource.Values, "availability_zone"))
		case resource.Type == "aws_budgets_budget":
			e.budget(resource)
			e.report.Free[resource.Type]++
		case resource.Type == "aws_ssm_parameter":
			e.parameter(resource)
		case resource.Type == "aws_backup_plan":
			e.backups(resource)
		case known:
			u := use{quantity: decimal.NewFromInt(1), why: simple.why}
			if simple.assumption != "" {
				u.quantity, u.assumed = e.usage.Value(simple.assumption), []string{simple.assumption}
			}
			e.add(resource, simple.item, "", u)
		case resource.Type == "aws_sfn_state_machine":
			// Its steps are priced with the schedules that start it.
			if len(e.report.Find(resource.Address)) == 0 {
				e.missing(resource, "the plan does not say how often it runs")
			}
		case IsFree(resource.Type):
			e.report.Free[resource.Type]++
		case e.metered(resource):
			// Named with what costs by use.
		default:
			e.missing(resource, "this program has no price for the type, and does not know it as free")
		}
	}
	inv := e.Inventory
	for typ, count := range map[string]int{
		"aws_vpc": len(inv.VPCs), "aws_subnet": len(inv.Subnets), "aws_internet_gateway": len(inv.InternetGateways),
		"aws_route_table":     len(inv.RouteTables),
		"aws_acm_certificate": len(inv.Certificates), "aws_route53_record": len(inv.Records),
	} {
		if count > 0 {
			e.report.Free[typ] = count
		}
	}
}

// budget takes note of a monthly budget for costs in US dollars, if the plan knows it.
func (e *estimate) budget(resource inventory.Resource) {
	amount, err := decimal.NewFromString(text(resource.Values, "limit_amount"))
	if err != nil || text(resource.Values, "budget_type") != "COST" || text(resource.Values, "time_unit") != "MONTHLY" ||
		text(resource.Values, "limit_unit") != "USD" {
		return
	}
	if e.report.Budget.IsZero() || amount.LessThan(e.report.Budget) {
		e.report.Budget = amount
	}
}

// backups prices the snapshots of the database that AWS Backup keeps: one whole, and what changes in the days that they are kept.
// Those that are never deleted count for a year.
func (e *estimate) backups(of inventory.Resource) {
	days := 0.0
	for _, rule := range of.Values.Blocks("rule") {
		kept, state := rule.At("lifecycle", "delete_after").Number().Get()
		switch {
		case state == plan.IsUnknown || kept < 0:
			e.missing(of, "the plan does not know how long its backups are kept")
			return
		case state == plan.IsNull:
			kept = yearDays
		}
		days = max(days, kept)
	}
	gb, change := e.usage.Value("database_gb"), e.usage.Value("database_change_percent").Div(hundred)
	e.add(of, pricing.BackupAuroraGBMonth, "", use{
		quantity: gb.Add(gb.Mul(change).Mul(decimal.NewFromFloat(days))), assumed: []string{"database_gb", "database_change_percent"},
		why: fmt.Sprintf("the database once, and what changes in the %g days that are kept", days),
	})
}

// yearDays are those of a year.
const yearDays = 365

// parameter prices a parameter of Systems Manager by its tier.
func (e *estimate) parameter(resource inventory.Resource) {
	switch tier := resource.Values.Attr("tier").Text(); {
	case tier.IsUnknown():
		e.missing(resource, "the plan does not know its tier")
	case tier.Else("Standard", "") == "Advanced":
		e.add(resource, pricing.SSMParameterMonth, "", monthly(1, "the parameter"))
	default:
		e.report.Free[resource.Type]++
	}
}

// volume prices a volume of EBS, of itself or of a machine; sizeName and kindName are the arguments that have its size and type.
func (e *estimate) volume(of inventory.Resource, values plan.Value, sizeName, kindName, zone string) {
	size, sizeState := values.Attr(sizeName).Number().Get()
	kind, kindState := values.Attr(kindName).Text().Get()
	iops, iopsState := values.Attr("iops").Number().Default(includedIOPS).Get()
	rate, rateState := values.Attr("throughput").Number().Default(includedMBps).Get()
	switch {
	case sizeState != plan.IsKnown || size < 0:
		e.missing(of, "the plan does not know the size of a volume")
		return
	case kindState == plan.IsUnknown || iopsState == plan.IsUnknown || rateState == plan.IsUnknown:
		e.missing(of, "the plan does not know the type of a volume, or its speed")
		return
	}
	if kindState == plan.IsKnown && kind != "" && kind != "gp2" && kind != "gp3" {
		e.missing(of, "the price book has volumes of gp2 and gp3 alone, and this is "+kind)
		return
	}
	item := pricing.EBSGP2GBMonth // of the type that EC2 makes where none is named
	if kind == "gp3" {
		item = pricing.EBSGP3GBMonth
		if more := decimal.NewFromFloat(iops - includedIOPS); more.IsPositive() {
			e.add(of, pricing.EBSGP3IOPSMonth, "", use{quantity: more, why: "beyond the 3,000 that are included"})
		}
		if more := decimal.NewFromFloat(rate - includedMBps); more.IsPositive() {
			e.add(of, pricing.EBSGP3MBpsMonth, "", use{quantity: more, why: "beyond the 125 MB/s that are included"})
		}
	}
	e.add(of, item, "", use{quantity: decimal.NewFromFloat(size), zone: zone, why: "the volume"})
}

// What the price of a gp3 volume includes (Amazon EBS pricing).
const (
	includedIOPS = 3000
	includedMBps = 125
)

// simplePrices are types with one price by the month: of the thing itself, or of what an assumption says is in it.
var simplePrices = map[string]struct {
	item       pricing.Item
	assumption string
	why        string
}{
	"aws_route53_zone":         {pricing.Route53ZoneMonth, "", "the zone"},
	"aws_cloudwatch_dashboard": {pricing.CloudWatchDashboardMonth, "", "the dashboard"},
	"aws_s3_bucket":            {pricing.S3StandardGBMonth, "bucket_gb", "what is in the bucket"},
	"aws_ecr_repository":       {pricing.ECRStorageGBMonth, "repository_gb", "images in the repository"},
	"aws_efs_file_system":      {pricing.EFSStandardGBMonth, "file_system_gb", "what is in the file system"},
	"aws_wafv2_web_acl":        {pricing.WAFWebACLMonth, "", "the web ACL, without its rules and requests"},
	"aws_route53_health_check": {pricing.Route53HealthCheck, "", "the health check"},
	"aws_kms_replica_key":      {pricing.KMSKeyMonth, "", "the key"},
}

// free are the types for which AWS asks nothing: neither for themselves, nor for what they do beside what others are priced for.
var free = []string{
	"aws_acm_certificate_validation", "aws_autoscaling_attachment", "aws_autoscaling_policy", "aws_backup_vault", "aws_backup_selection",
	"aws_backup_vault_policy",
	"aws_backup_vault_lock_configuration", "aws_budgets_budget", "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target",
	"aws_cloudwatch_log_resource_policy",
	"aws_cloudwatch_log_stream", "aws_cloudwatch_log_metric_filter", "aws_db_parameter_group", "aws_db_subnet_group",
	"aws_default_network_acl", "aws_default_security_group",
	"aws_ebs_encryption_by_default", "aws_ecr_lifecycle_policy", "aws_ecr_pull_through_cache_rule", "aws_ecr_repository_policy",
	"aws_egress_only_internet_gateway",
	"aws_eip_association", "aws_eks_access_entry", "aws_eks_access_policy_association", "aws_eks_addon", "aws_eks_pod_identity_association",
	"aws_elasticache_subnet_group",
	"aws_flow_log", "aws_key_pair", "aws_kms_alias", "aws_kms_grant", "aws_kms_key_policy", "aws_lambda_permission",
	"aws_launch_configuration", "aws_launch_template",
	"aws_lb_listener", "aws_alb_listener", "aws_lb_listener_certificate", "aws_lb_listener_rule", "aws_lb_target_group",
	"aws_alb_target_group", "aws_lb_target_group_attachment",
	"aws_main_route_table_association", "aws_network_acl", "aws_network_acl_rule", "aws_network_interface", "aws_rds_cluster_parameter_group",
	"aws_route", "aws_route_table_association", "aws_scheduler_schedule_group", "aws_secretsmanager_secret_policy",
	"aws_secretsmanager_secret_rotation",
	"aws_secretsmanager_secret_version", "aws_security_group", "aws_security_group_rule", "aws_service_linked_role", "aws_sns_topic",
	"aws_sns_topic_policy",
	"aws_sns_topic_subscription", "aws_sqs_queue_policy", "aws_vpc_dhcp_options", "aws_vpc_dhcp_options_association",
	"aws_vpc_endpoint_policy", "aws_vpc_endpoint_route_table_association", "aws_vpc_endpoint_subnet_association",
	"aws_vpc_ipv4_cidr_block_association",
	"aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule", "aws_volume_attachment", "aws_ec2_tag",
	"aws_autoscaling_group_tag", "aws_default_route_table",
	"aws_default_vpc", "aws_default_subnet", "aws_rds_cluster_role_association", "aws_eks_identity_provider_config", "aws_db_option_group",
	"aws_ecr_registry_policy",
	"aws_resourcegroups_group", "aws_ssm_document", "aws_cloudwatch_log_subscription_filter", "aws_vpc_peering_connection",
	"aws_placement_group", "aws_config_configuration_recorder_status", "aws_config_delivery_channel", "aws_guardduty_detector_feature",
	"aws_route53_resolver_query_log_config", "aws_route53_resolver_query_log_config_association", "aws_securityhub_standards_subscription",
}

// IsFree reports whether nobody asks anything for resources of a type; foreign tells those of other providers apart.
func IsFree(typ string) bool {
	if !strings.HasPrefix(typ, "aws_") || strings.HasPrefix(typ, "aws_iam_") || strings.HasPrefix(typ, "aws_s3_bucket_") {
		return true
	}
	for _, name := range free {
		if name == typ {
			return true
		}
	}
	return false
}
