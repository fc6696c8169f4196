package pricing

// The items. Where the unit is a GB, it is 2^30 bytes, as AWS counts; a month's tiers are those of one account.
const (
	EC2OnDemandHour   Item = "ec2.on_demand_hour"
	EC2Reserved1yHour Item = "ec2.reserved_1y_hour"
	EC2Reserved3yHour Item = "ec2.reserved_3y_hour"
	EC2SpotHour       Item = "ec2.spot_hour"

	EKSClusterHour         Item = "eks.cluster_hour"
	EKSExtendedSupportHour Item = "eks.extended_support_hour"

	NATGatewayHour      Item = "nat_gateway.hour"
	NATGatewayGB        Item = "nat_gateway.gb"
	InterfaceHour       Item = "vpc_endpoint.interface_hour"
	InterfaceGB         Item = "vpc_endpoint.interface_gb"
	GatewayEndpointHour Item = "vpc_endpoint.gateway_hour"
	PublicIPv4Hour      Item = "public_ipv4.hour"
	PublicIPv4IdleHour  Item = "public_ipv4.idle_hour"

	NLBHour    Item = "nlb.hour"
	NLBLCUHour Item = "nlb.lcu_hour"
	ALBHour    Item = "alb.hour"
	ALBLCUHour Item = "alb.lcu_hour"

	AuroraACUHour          Item = "aurora.acu_hour"
	AuroraACUHourIO        Item = "aurora.acu_hour_io_optimized"
	AuroraInstanceHour     Item = "aurora.instance_hour"
	AuroraInstanceHourIO   Item = "aurora.instance_hour_io_optimized"
	AuroraStorageGBMonth   Item = "aurora.storage_gb_month"
	AuroraStorageGBMonthIO Item = "aurora.storage_gb_month_io_optimized"
	AuroraIORequests       Item = "aurora.io_requests"
	AuroraBackupGBMonth    Item = "aurora.backup_gb_month"
	AuroraSnapshotExportGB Item = "aurora.snapshot_export_gb"

	EBSGP3GBMonth      Item = "ebs.gp3_gb_month"
	EBSGP3IOPSMonth    Item = "ebs.gp3_iops_month"
	EBSGP3MBpsMonth    Item = "ebs.gp3_mbps_month"
	EBSGP2GBMonth      Item = "ebs.gp2_gb_month"
	EBSSnapshotGBMonth Item = "ebs.snapshot_gb_month"

	CloudWatchAlarmMonth               Item = "cloudwatch.alarm_month"
	CloudWatchHighResolutionAlarmMonth Item = "cloudwatch.high_resolution_alarm_month"
	CloudWatchCompositeAlarmMonth      Item = "cloudwatch.composite_alarm_month"
	CloudWatchMetricMonth              Item = "cloudwatch.metric_month"
	CloudWatchDashboardMonth           Item = "cloudwatch.dashboard_month"
	CloudWatchAPIRequests              Item = "cloudwatch.api_requests"
	CloudWatchLogsIngestedGB           Item = "cloudwatch.logs_ingested_gb"
	CloudWatchLogsInfrequentGB         Item = "cloudwatch.logs_infrequent_ingested_gb"
	CloudWatchVendedLogsGB             Item = "cloudwatch.vended_logs_gb"
	CloudWatchVendedLogsToS3GB         Item = "cloudwatch.vended_logs_to_s3_gb"
	CloudWatchLogsStoredGBMonth        Item = "cloudwatch.logs_stored_gb_month"
	CloudWatchLogsInsightsGB           Item = "cloudwatch.logs_insights_gb"
	ContainerInsightsObservations      Item = "cloudwatch.container_insights_observations"
	DatabaseInsightsACUHour            Item = "cloudwatch.database_insights_acu_hour"
	DatabaseInsightsVCPUHour           Item = "cloudwatch.database_insights_vcpu_hour"

	KMSKeyMonth        Item = "kms.key_month"
	KMSRequests        Item = "kms.requests"
	SecretMonth        Item = "secretsmanager.secret_month"
	SecretRequests     Item = "secretsmanager.api_requests"
	ACMCertificate     Item = "acm.public_certificate"
	WAFWebACLMonth     Item = "waf.web_acl_month"
	WAFRuleMonth       Item = "waf.rule_month"
	WAFRequests        Item = "waf.requests"
	SSMParameterMonth  Item = "ssm.advanced_parameter_month"
	Route53ZoneMonth   Item = "route53.zone_month"
	Route53Queries     Item = "route53.queries"
	Route53HealthCheck Item = "route53.health_check_month"
	Route53External    Item = "route53.external_health_check_month"

	InternetOutGB Item = "data_transfer.internet_out_gb"
	InterAZGB     Item = "data_transfer.inter_az_gb"
	InterRegionGB Item = "data_transfer.inter_region_gb"

	S3StandardGBMonth   Item = "s3.standard_gb_month"
	S3InfrequentGBMonth Item = "s3.infrequent_access_gb_month"
	S3PutRequests       Item = "s3.put_requests"
	S3GetRequests       Item = "s3.get_requests"
	ECRStorageGBMonth   Item = "ecr.storage_gb_month"
	EFSStandardGBMonth  Item = "efs.standard_gb_month"
	EFSInfrequentMonth  Item = "efs.infrequent_access_gb_month"
	EFSOneZoneGBMonth   Item = "efs.one_zone_gb_month"

	BackupAuroraGBMonth  Item = "backup.aurora_gb_month"
	BackupEBSGBMonth     Item = "backup.ebs_gb_month"
	BackupEFSWarmGBMonth Item = "backup.efs_warm_gb_month"
	BackupEFSColdGBMonth Item = "backup.efs_cold_gb_month"

	DynamoDBWriteRequests  Item = "dynamodb.write_requests"
	DynamoDBReadRequests   Item = "dynamodb.read_requests"
	DynamoDBStorageGBMonth Item = "dynamodb.storage_gb_month"
	DynamoDBPITRGBMonth    Item = "dynamodb.pitr_gb_month"
	DynamoDBBackupGBMonth  Item = "dynamodb.backup_gb_month"

	SNSRequests           Item = "sns.requests"
	SNSEmailNotifications Item = "sns.email_notifications"
	SNSHTTPNotifications  Item = "sns.http_notifications"
	SQSRequests           Item = "sqs.requests"
	EventBridgeEvents     Item = "eventbridge.custom_events"
	SchedulerInvocations  Item = "scheduler.invocations"
	SFNTransitions        Item = "stepfunctions.transitions"
	SFNExpressRequests    Item = "stepfunctions.express_requests"

	CloudTrailManagementEvents Item = "cloudtrail.management_events"
	CloudTrailDataEvents       Item = "cloudtrail.data_events"
	CloudTrailInsightsEvents   Item = "cloudtrail.insights_events"
	BudgetDay                  Item = "budgets.budget_day"
	BudgetActionDay            Item = "budgets.action_day"
	GrafanaEditorMonth         Item = "grafana.editor_month"
	GrafanaViewerMonth         Item = "grafana.viewer_month"

	BedrockInputTokens  Item = "bedrock.input_tokens"
	BedrockOutputTokens Item = "bedrock.output_tokens"
)

const million = 1_000_000

// catalog says what each item is, service by service, in the order in which they are shown.
var catalog = []section{
	{"Amazon EC2", []Definition{
		{Item: EC2OnDemandHour, Title: "Linux instance on demand, shared hardware", Unit: "hour", Per: 1, Varies: "instance type"},
		{Item: EC2Reserved1yHour, Title: "Linux instance reserved for one year, standard, nothing upfront", Unit: "hour", Per: 1,
			Varies: "instance type"},
		{Item: EC2Reserved3yHour, Title: "Linux instance reserved for three years, standard, nothing upfront", Unit: "hour", Per: 1,
			Varies: "instance type"},
		{Item: EC2SpotHour, Title: "Linux instance on spot", Unit: "hour", Per: 1, Varies: "instance type"},
	}},
	{"Amazon EKS", []Definition{
		{Item: EKSClusterHour, Title: "cluster, any version", Unit: "hour", Per: 1},
		{Item: EKSExtendedSupportHour, Title: "surcharge for a version in extended support", Unit: "hour", Per: 1},
	}},
	{"Amazon VPC", []Definition{
		{Item: NATGatewayHour, Title: "NAT gateway", Unit: "hour", Per: 1},
		{Item: NATGatewayGB, Title: "data through a NAT gateway", Unit: "GB", Per: 1},
		{Item: InterfaceHour, Title: "interface endpoint in one zone", Unit: "hour", Per: 1},
		{Item: InterfaceGB, Title: "data through interface endpoints", Unit: "GB", Per: 1},
		{Item: GatewayEndpointHour, Title: "gateway endpoint (S3, DynamoDB)", Unit: "hour", Per: 1},
		{Item: PublicIPv4Hour, Title: "public IPv4 address in use", Unit: "hour", Per: 1},
		{Item: PublicIPv4IdleHour, Title: "public IPv4 address not in use", Unit: "hour", Per: 1},
	}},
	{"Elastic Load Balancing", []Definition{
		{Item: NLBHour, Title: "network load balancer", Unit: "hour", Per: 1},
		{Item: NLBLCUHour, Title: "capacity unit of a network load balancer", Unit: "LCU-hour", Per: 1},
		{Item: ALBHour, Title: "application load balancer", Unit: "hour", Per: 1},
		{Item: ALBLCUHour, Title: "capacity unit of an application load balancer", Unit: "LCU-hour", Per: 1},
	}},
	{"Amazon Aurora PostgreSQL", []Definition{
		{Item: AuroraACUHour, Title: "Serverless v2 capacity, standard", Unit: "ACU-hour", Per: 1},
		{Item: AuroraACUHourIO, Title: "Serverless v2 capacity, I/O-optimized", Unit: "ACU-hour", Per: 1},
		{Item: AuroraInstanceHour, Title: "provisioned instance, standard", Unit: "hour", Per: 1, Varies: "class of instance"},
		{Item: AuroraInstanceHourIO, Title: "provisioned instance, I/O-optimized", Unit: "hour", Per: 1, Varies: "class of instance"},
		{Item: AuroraStorageGBMonth, Title: "storage, standard", Unit: "GB-month", Per: 1},
		{Item: AuroraStorageGBMonthIO, Title: "storage, I/O-optimized", Unit: "GB-month", Per: 1},
		{Item: AuroraIORequests, Title: "I/O, standard", Unit: "request", Per: million},
		{Item: AuroraBackupGBMonth, Title: "backups", Unit: "GB-month", Per: 1},
		{Item: AuroraSnapshotExportGB, Title: "snapshot exported to S3", Unit: "GB", Per: 1},
	}},
	{"Amazon EBS", []Definition{
		{Item: EBSGP3GBMonth, Title: "gp3 volume", Unit: "GB-month", Per: 1},
		{Item: EBSGP3IOPSMonth, Title: "gp3 IOPS", Unit: "IOPS-month", Per: 1},
		{Item: EBSGP3MBpsMonth, Title: "gp3 throughput", Unit: "MB/s-month", Per: 1},
		{Item: EBSGP2GBMonth, Title: "gp2 volume", Unit: "GB-month", Per: 1},
		{Item: EBSSnapshotGBMonth, Title: "snapshots", Unit: "GB-month", Per: 1},
	}},
	{"Amazon CloudWatch", []Definition{
		{Item: CloudWatchAlarmMonth, Title: "alarm, for each metric", Unit: "alarm-month", Per: 1},
		{Item: CloudWatchHighResolutionAlarmMonth, Title: "alarm of high resolution, for each metric", Unit: "alarm-month", Per: 1},
		{Item: CloudWatchCompositeAlarmMonth, Title: "composite alarm", Unit: "alarm-month", Per: 1},
		{Item: CloudWatchMetricMonth, Title: "custom metric", Unit: "metric-month", Per: 1},
		{Item: CloudWatchDashboardMonth, Title: "dashboard", Unit: "dashboard-month", Per: 1},
		{Item: CloudWatchAPIRequests, Title: "API requests", Unit: "request", Per: 1000},
		{Item: CloudWatchLogsIngestedGB, Title: "logs taken in, standard class", Unit: "GB", Per: 1},
		{Item: CloudWatchLogsInfrequentGB, Title: "logs taken in, infrequent access class", Unit: "GB", Per: 1},
		{Item: CloudWatchVendedLogsGB, Title: "logs of AWS services taken in, such as flow logs and the EKS control plane's", Unit: "GB", Per: 1},
		{Item: CloudWatchVendedLogsToS3GB, Title: "logs of AWS services sent to S3", Unit: "GB", Per: 1},
		{Item: CloudWatchLogsStoredGBMonth, Title: "logs stored, compressed", Unit: "GB-month", Per: 1},
		{Item: CloudWatchLogsInsightsGB, Title: "logs searched with Logs Insights", Unit: "GB", Per: 1},
		{Item: ContainerInsightsObservations, Title: "Container Insights for EKS", Unit: "observation", Per: million},
		{Item: DatabaseInsightsACUHour, Title: "Database Insights, Aurora Serverless", Unit: "ACU-hour", Per: 1},
		{Item: DatabaseInsightsVCPUHour, Title: "Database Insights, provisioned instances", Unit: "vCPU-hour", Per: 1},
	}},
	{"AWS KMS", []Definition{
		{Item: KMSKeyMonth, Title: "customer managed key", Unit: "key-month", Per: 1},
		{Item: KMSRequests, Title: "requests, symmetric", Unit: "request", Per: 10_000},
	}},
	{"AWS Secrets Manager", []Definition{
		{Item: SecretMonth, Title: "secret", Unit: "secret-month", Per: 1},
		{Item: SecretRequests, Title: "API requests", Unit: "request", Per: 10_000},
	}},
	{"AWS Certificate Manager", []Definition{{Item: ACMCertificate, Title: "public certificate", Unit: "certificate", Per: 1}}},
	{"AWS WAF", []Definition{
		{Item: WAFWebACLMonth, Title: "web ACL", Unit: "ACL-month", Per: 1},
		{Item: WAFRuleMonth, Title: "rule", Unit: "rule-month", Per: 1},
		{Item: WAFRequests, Title: "requests", Unit: "request", Per: million},
	}},
	{"AWS Systems Manager", []Definition{{Item: SSMParameterMonth, Title: "advanced parameter", Unit: "parameter-month", Per: 1}}},
	{"Amazon Route 53", []Definition{
		{Item: Route53ZoneMonth, Title: "hosted zone", Unit: "zone-month", Per: 1},
		{Item: Route53Queries, Title: "queries", Unit: "query", Per: million},
		{Item: Route53HealthCheck, Title: "health check", Unit: "check-month", Per: 1},
		{Item: Route53External, Title: "health check", Unit: "check-month", Per: 1},
	}},
	{"Data transfer", []Definition{
		{Item: InternetOutGB, Title: "out to the internet", Unit: "GB", Per: 1},
		{Item: InterAZGB, Title: "between zones of a region", Unit: "GB", Per: 1},
		{Item: InterRegionGB, Title: "out to another region", Unit: "GB", Per: 1},
	}},
	{"Amazon S3", []Definition{
		{Item: S3StandardGBMonth, Title: "storage, standard", Unit: "GB-month", Per: 1},
		{Item: S3InfrequentGBMonth, Title: "storage, standard infrequent access", Unit: "GB-month", Per: 1},
		{Item: S3PutRequests, Title: "PUT, COPY, POST and LIST requests", Unit: "request", Per: 1000},
		{Item: S3GetRequests, Title: "GET and other requests", Unit: "request", Per: 1000},
	}},
	{"Amazon ECR", []Definition{{Item: ECRStorageGBMonth, Title: "private images", Unit: "GB-month", Per: 1}}},
	{"Amazon EFS", []Definition{
		{Item: EFSStandardGBMonth, Title: "storage, standard", Unit: "GB-month", Per: 1},
		{Item: EFSInfrequentMonth, Title: "storage, infrequent access", Unit: "GB-month", Per: 1},
		{Item: EFSOneZoneGBMonth, Title: "storage, one zone", Unit: "GB-month", Per: 1},
	}},
	{"AWS Backup", []Definition{
		{Item: BackupAuroraGBMonth, Title: "Aurora backups", Unit: "GB-month", Per: 1},
		{Item: BackupEBSGBMonth, Title: "EBS backups", Unit: "GB-month", Per: 1},
		{Item: BackupEFSWarmGBMonth, Title: "EFS backups, warm", Unit: "GB-month", Per: 1},
		{Item: BackupEFSColdGBMonth, Title: "EFS backups, cold", Unit: "GB-month", Per: 1},
	}},
	{"Amazon DynamoDB", []Definition{
		{Item: DynamoDBWriteRequests, Title: "write request units, on demand", Unit: "request", Per: million},
		{Item: DynamoDBReadRequests, Title: "read request units, on demand", Unit: "request", Per: million},
		{Item: DynamoDBStorageGBMonth, Title: "storage", Unit: "GB-month", Per: 1},
		{Item: DynamoDBPITRGBMonth, Title: "backups for point-in-time recovery", Unit: "GB-month", Per: 1},
		{Item: DynamoDBBackupGBMonth, Title: "backups on demand", Unit: "GB-month", Per: 1},
	}},
	{"Amazon SNS", []Definition{
		{Item: SNSRequests, Title: "API requests", Unit: "request", Per: million},
		{Item: SNSEmailNotifications, Title: "notifications by e-mail", Unit: "notification", Per: 100_000},
		{Item: SNSHTTPNotifications, Title: "notifications by HTTP", Unit: "notification", Per: 100_000},
	}},
	{"Amazon SQS", []Definition{{Item: SQSRequests, Title: "requests, standard queues", Unit: "request", Per: million}}},
	{"Amazon EventBridge", []Definition{
		{Item: EventBridgeEvents, Title: "custom events, each 64 KB", Unit: "event", Per: million},
		{Item: SchedulerInvocations, Title: "invocations by schedules", Unit: "invocation", Per: million},
	}},
	{"AWS Step Functions", []Definition{
		{Item: SFNTransitions, Title: "state transitions, standard workflows", Unit: "transition", Per: 1000},
		{Item: SFNExpressRequests, Title: "requests, express workflows", Unit: "request", Per: million},
	}},
	{"AWS CloudTrail", []Definition{
		{Item: CloudTrailManagementEvents, Title: "management events, further copies", Unit: "event", Per: 100_000},
		{Item: CloudTrailDataEvents, Title: "data events", Unit: "event", Per: 100_000},
		{Item: CloudTrailInsightsEvents, Title: "events analyzed for Insights", Unit: "event", Per: 100_000},
	}},
	{"AWS Budgets", []Definition{
		{Item: BudgetDay, Title: "budget with notifications", Unit: "day", Per: 1},
		{Item: BudgetActionDay, Title: "budget with actions", Unit: "day", Per: 1},
	}},
	{"Amazon Managed Grafana", []Definition{
		{Item: GrafanaEditorMonth, Title: "active editor", Unit: "user-month", Per: 1},
		{Item: GrafanaViewerMonth, Title: "active viewer", Unit: "user-month", Per: 1},
	}},
	{"Amazon Bedrock", []Definition{
		{Item: BedrockInputTokens, Title: "input, on demand", Unit: "token", Per: million, Varies: "model"},
		{Item: BedrockOutputTokens, Title: "output, on demand", Unit: "token", Per: million, Varies: "model"},
	}},
}
