package pricelist

import (
	"regexp"
	"strings"

	"coderaws/internal/pricing"
)

// query says how the products of one item are found in AWS's price list.
type query struct {
	item pricing.Item
	// offer is the service code of the price list.
	offer string
	// usage is the usage type without the region's prefix: NatGateway-Hours stands for EUC1-NatGateway-Hours.
	usage string
	// with are further attributes that a product must have.
	with map[string]string
	// variant is the attribute that tells the variants of the item apart; usage is then the beginning of the usage type.
	variant string
	// regionIn is the attribute that holds the region, regionCode if it is empty; none says that the offer knows no regions.
	regionIn string
}

const none = "-"

func attributes(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

// queries are all items that are asked for, one after the other. What is not here keeps the figure of the embedded book: its usage type
// could not be found out, or its price has no place in the price list, as spot prices.
func queries() []query {
	postgres := attributes("databaseEngine", "Aurora PostgreSQL")
	network := attributes("operation", "LoadBalancing:Network")
	application := attributes("operation", "LoadBalancing:Application")
	return []query{
		{item: pricing.EKSClusterHour, offer: "AmazonEKS", usage: "AmazonEKS-Hours:perCluster"},
		{item: pricing.EKSExtendedSupportHour, offer: "AmazonEKS", usage: "AmazonEKS-Hours:extendedSupport"},

		{item: pricing.NATGatewayHour, offer: "AmazonEC2", usage: "NatGateway-Hours"},
		{item: pricing.NATGatewayGB, offer: "AmazonEC2", usage: "NatGateway-Bytes"},
		{item: pricing.InterfaceHour, offer: "AmazonVPC", usage: "VpcEndpoint-Hours"},
		{item: pricing.InterfaceGB, offer: "AmazonVPC", usage: "VpcEndpoint-Bytes"},
		{item: pricing.PublicIPv4Hour, offer: "AmazonVPC", usage: "PublicIPv4:InUseAddress"},
		{item: pricing.PublicIPv4IdleHour, offer: "AmazonVPC", usage: "PublicIPv4:IdleAddress"},

		{item: pricing.NLBHour, offer: "AWSELB", usage: "LoadBalancerUsage", with: network},
		{item: pricing.NLBLCUHour, offer: "AWSELB", usage: "LCUUsage", with: network},
		{item: pricing.ALBHour, offer: "AWSELB", usage: "LoadBalancerUsage", with: application},
		{item: pricing.ALBLCUHour, offer: "AWSELB", usage: "LCUUsage", with: application},

		{item: pricing.AuroraACUHour, offer: "AmazonRDS", usage: "Aurora:ServerlessV2Usage", with: postgres},
		{item: pricing.AuroraACUHourIO, offer: "AmazonRDS", usage: "Aurora:ServerlessV2IOOptimizedUsage", with: postgres},
		{item: pricing.AuroraInstanceHour, offer: "AmazonRDS", usage: "InstanceUsage:", with: postgres, variant: "instanceType"},
		{item: pricing.AuroraInstanceHourIO, offer: "AmazonRDS", usage: "InstanceUsageIOOptimized:", with: postgres, variant: "instanceType"},
		{item: pricing.AuroraStorageGBMonth, offer: "AmazonRDS", usage: "Aurora:StorageUsage", with: postgres},
		{item: pricing.AuroraStorageGBMonthIO, offer: "AmazonRDS", usage: "Aurora:IO-OptimizedStorageUsage", with: postgres},
		{item: pricing.AuroraIORequests, offer: "AmazonRDS", usage: "Aurora:StorageIOUsage", with: postgres},
		{item: pricing.AuroraBackupGBMonth, offer: "AmazonRDS", usage: "Aurora:BackupUsage", with: postgres},

		{item: pricing.EBSGP3GBMonth, offer: "AmazonEC2", usage: "EBS:VolumeUsage.gp3"},
		{item: pricing.EBSGP3IOPSMonth, offer: "AmazonEC2", usage: "EBS:VolumeP-IOPS.gp3"},
		{item: pricing.EBSGP3MBpsMonth, offer: "AmazonEC2", usage: "EBS:VolumeP-Throughput.gp3"},
		{item: pricing.EBSGP2GBMonth, offer: "AmazonEC2", usage: "EBS:VolumeUsage.gp2"},
		{item: pricing.EBSSnapshotGBMonth, offer: "AmazonEC2", usage: "EBS:SnapshotUsage"},

		{item: pricing.CloudWatchAlarmMonth, offer: "AmazonCloudWatch", usage: "CW:AlarmMonitorUsage"},
		{item: pricing.CloudWatchHighResolutionAlarmMonth, offer: "AmazonCloudWatch", usage: "CW:HighResAlarmMonitorUsage"},
		{item: pricing.CloudWatchCompositeAlarmMonth, offer: "AmazonCloudWatch", usage: "CW:CompositeAlarmMonitorUsage"},
		{item: pricing.CloudWatchMetricMonth, offer: "AmazonCloudWatch", usage: "CW:MetricMonitorUsage"},
		{item: pricing.CloudWatchLogsIngestedGB, offer: "AmazonCloudWatch", usage: "DataProcessing-Bytes"},
		{item: pricing.CloudWatchVendedLogsGB, offer: "AmazonCloudWatch", usage: "VendedLog-Bytes"},
		{item: pricing.CloudWatchLogsStoredGBMonth, offer: "AmazonCloudWatch", usage: "TimedStorage-ByteHrs"},
		{item: pricing.CloudWatchLogsInsightsGB, offer: "AmazonCloudWatch", usage: "DataScanned-Bytes"},

		{item: pricing.KMSKeyMonth, offer: "awskms", usage: "KMS-Keys"},
		{item: pricing.KMSRequests, offer: "awskms", usage: "KMS-Requests"},
		{item: pricing.SecretMonth, offer: "AWSSecretsManager", usage: "AWSSecretsManager-Secrets"},
		{item: pricing.SecretRequests, offer: "AWSSecretsManager", usage: "AWSSecretsManagerAPIRequest"},

		{item: pricing.Route53ZoneMonth, offer: "AmazonRoute53", usage: "HostedZone", regionIn: none},
		{item: pricing.Route53Queries, offer: "AmazonRoute53", usage: "DNS-Queries", regionIn: none},

		{item: pricing.InternetOutGB, offer: "AWSDataTransfer", usage: "DataTransfer-Out-Bytes", with: attributes("transferType", "AWS Outbound"),
			regionIn: "fromRegionCode"},
		{item: pricing.InterAZGB, offer: "AWSDataTransfer", usage: "DataTransfer-Regional-Bytes", with: attributes("transferType", "IntraRegion"),
			regionIn: "fromRegionCode"},

		{item: pricing.S3StandardGBMonth, offer: "AmazonS3", usage: "TimedStorage-ByteHrs", with: attributes("volumeType", "Standard")},
		{item: pricing.S3PutRequests, offer: "AmazonS3", usage: "Requests-Tier1"},
		{item: pricing.S3GetRequests, offer: "AmazonS3", usage: "Requests-Tier2"},
		{item: pricing.ECRStorageGBMonth, offer: "AmazonECR", usage: "TimedStorage-ByteHrs"},

		{item: pricing.DynamoDBWriteRequests, offer: "AmazonDynamoDB", usage: "WriteRequestUnits"},
		{item: pricing.DynamoDBReadRequests, offer: "AmazonDynamoDB", usage: "ReadRequestUnits"},
		{item: pricing.DynamoDBStorageGBMonth, offer: "AmazonDynamoDB", usage: "TimedStorage-ByteHrs"},
		{item: pricing.DynamoDBPITRGBMonth, offer: "AmazonDynamoDB", usage: "TimedPITRStorage-ByteHrs"},

		{item: pricing.SNSRequests, offer: "AmazonSNS", usage: "Requests-Tier1"},
		{item: pricing.SQSRequests, offer: "AWSQueueService", usage: "Requests-RBP", with: attributes("queueType", "Standard")},
		{item: pricing.EventBridgeEvents, offer: "AWSEvents", usage: "Event-64K-Chunks"},
		{item: pricing.SFNTransitions, offer: "AmazonStates", usage: "StateTransition"},

		// One query for all purchase options but spot: a product holds its reserved terms too.
		{item: pricing.EC2OnDemandHour, offer: "AmazonEC2", usage: "BoxUsage:", variant: "instanceType", with: attributes(
			"operatingSystem", "Linux", "tenancy", "Shared", "preInstalledSw", "NA", "capacitystatus", "Used")},
	}
}

// prefix matches what stands before a usage type to say in which region it is: EUC1-, EU-, or the region itself, as the offer of KMS has
// it. In us-east-1, some usage types have none. What has another prefix, such as TS- and Outposts-, is something else.
var prefix = regexp.MustCompile(`^(EU|[A-Z]{3}[0-9]|[a-z]{2}(-gov)?-[a-z]+-[0-9])-`)

// matches reports whether a product is one that the query is for. AWS filtered already; a filter by a part of the usage type finds more
// than is meant.
func (q query) matches(attributes map[string]string) bool {
	for name, value := range q.with {
		if attributes[name] != value {
			return false
		}
	}
	usage := attributes["usagetype"]
	for _, candidate := range []string{usage, prefix.ReplaceAllString(usage, "")} {
		if candidate == q.usage || q.variant != "" && strings.HasPrefix(candidate, q.usage) {
			return true
		}
	}
	return false
}

// regionAttribute is the attribute that holds the region, or "".
func (q query) regionAttribute() string {
	switch q.regionIn {
	case "":
		return "regionCode"
	case none:
		return ""
	}
	return q.regionIn
}

// units are what AWS's price list writes for the units of this book, in small letters. A price in another unit is not taken: it may be one
// for a thousand times as much.
var units = map[string][]string{
	"hour":            {"hrs", "hr", "hour", "hours"},
	"GB":              {"gb", "gigabytes"},
	"GB-month":        {"gb-mo", "gb-month"},
	"ACU-hour":        {"acu-hr", "acu-hrs", "acu-hour"},
	"LCU-hour":        {"lcu-hrs", "lcu-hr", "lcu-hour"},
	"IOPS-month":      {"iops-mo", "iops-month"},
	"MB/s-month":      {"mibps-mo", "mbps-mo"},
	"request":         {"request", "requests", "ios", "api requests", "api calls", "readrequestunits", "writerequestunits"},
	"query":           {"queries", "query"},
	"event":           {"event", "events", "64k-chunks"},
	"transition":      {"statetransitions", "statetransition"},
	"alarm-month":     {"alarms", "alarm"},
	"metric-month":    {"metrics", "metric"},
	"key-month":       {"keys", "key", "months"},
	"secret-month":    {"secrets", "secret"},
	"zone-month":      {"hostedzone", "hosted zone", "zones"},
	"dashboard-month": {"dashboards"},
}

// Asked reports whether refreshing asks AWS for an item.
func Asked(item pricing.Item) bool {
	if item == pricing.EC2Reserved1yHour || item == pricing.EC2Reserved3yHour {
		return true
	}
	for _, q := range queries() {
		if q.item == item {
			return true
		}
	}
	return false
}
