package ec2

import (
	"slices"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
)

// gatewayServices are the services that have gateway endpoints, each with a prefix list in every region.
var gatewayServices = map[string]bool{"s3": true, "dynamodb": true, "s3express": true}

// s3PrefixLists are the prefix lists of S3 in regions where they are well known, because configurations name them; ids of
// public reports, unverified. Other lists get an id of their own making.
var s3PrefixLists = map[string]string{
	"us-east-1": "pl-63a5400a", "us-east-2": "pl-7ba54012", "us-west-1": "pl-6ba54002", "us-west-2": "pl-68a54001",
	"eu-west-1": "pl-6da54004", "eu-west-2": "pl-7ca54015", "eu-central-1": "pl-6ea54007",
	"ap-southeast-1": "pl-6fa54006", "ap-southeast-2": "pl-6ca54005", "ap-northeast-1": "pl-61a54008",
}

// prefixListID is the id of AWS's list of a service's addresses in the region.
func prefixListID(c *model.Call, service string) string {
	if known := s3PrefixLists[c.Region]; known != "" && service == "s3" {
		return known
	}
	return "pl-" + c.World.Digest(8, c.Region, "prefix list", service)
}

// prefixListRanges stands for a service's addresses: parts of 198.18.0.0/15, which no host on the internet has (RFC 2544), because the
// true ones change from week to week.
func prefixListRanges(service string) []any {
	switch service {
	case "s3":
		return []any{"198.18.0.0/20", "198.18.16.0/22"}
	case "dynamodb":
		return []any{"198.18.32.0/22"}
	}
	return []any{"198.18.64.0/24"}
}

// lackingServices are those that some regions have no endpoints of. Sources: EKS user guide, "Access Amazon EKS using AWS PrivateLink";
// Systems Manager user guide, which says of ec2messages that regions of 2024 and later do without; endpoints.json of botocore for GovCloud.
var lackingServices = map[string][]string{
	"ca-west-1":      {"ec2messages"},
	"ap-southeast-5": {"ec2messages", "eks"},
	"ap-southeast-7": {"ec2messages", "eks"},
	"mx-central-1":   {"ec2messages", "eks"},
	"us-gov-east-1":  {"guardduty-data", "pricing.api"},
	"us-gov-west-1":  {"guardduty-data", "pricing.api"},
}

// govServices are the services that have endpoints in GovCloud alone. Sources: GuardDuty user guide for GovCloud; public Terraform for the
// key service's, so that there may be more.
var govServices = []string{"guardduty-data-fips", "kms-fips"}

// offersEndpoints reports whether AWS offers endpoints of a service in a region.
func offersEndpoints(region, service string) bool {
	if facts.Partition(region) == "aws-us-gov" && slices.Contains(govServices, service) {
		return true
	}
	return endpointServices[service] && !slices.Contains(lackingServices[region], service)
}

// endpointServices are the services that AWS offers endpoints of: the names after com.amazonaws and the region.
// Source: the EKS documentation on private clusters for what nodes need, moto for some, the rest well known and unverified.
var endpointServices = func() map[string]bool {
	all := map[string]bool{}
	for _, name := range strings.Fields(`
		access-analyzer acm acm-pca airflow.api airflow.env airflow.ops analytics-omics apigateway app-integrations appconfig appconfigdata
		application-autoscaling appmesh apprunner appstream.api appsync aps aps-workspaces athena autoscaling autoscaling-plans
		backup backup-gateway batch bedrock bedrock-agent bedrock-agent-runtime bedrock-runtime
		cleanrooms cloudcontrolapi cloudformation cloudhsmv2 cloudtrail codeartifact.api codeartifact.repositories codebuild codecommit
		codedeploy codepipeline codestar-connections.api comprehend compute-optimizer config connect cost-optimization-hub
		databrew dataexchange datasync datazone directory-service ds dms drs dynamodb dynamodb-streams
		ebs ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent ecs-telemetry eks eks-auth elasticache elasticbeanstalk elasticbeanstalk-health
		elasticfilesystem elasticloadbalancing elasticmapreduce email-smtp emr-containers emr-serverless entityresolution events execute-api
		fis fsx git-codecommit glue grafana grafana-workspace groundstation guardduty guardduty-data
		health healthlake iam identitystore imagebuilder inspector2 inspector-scan iot.data iotsitewise.api
		kafka kendra kinesis-firehose kinesis-streams kms lakeformation lambda license-manager lex-models logs
		mediaconnect memory-db mgn mq monitoring network-firewall networkmonitor notifications oam organizations outposts
		personalize pinpoint pipes pricing.api privatelink profile qldb.session quicksight-website
		ram rbin rds rds-data redshift redshift-data redshift-serverless rekognition resource-groups route53resolver rum rum-dataplane
		s3 s3-outposts s3express s3tables sagemaker.api sagemaker.runtime sagemaker.metrics scheduler schemas secretsmanager securityhub
		securitylake serverlessrepo servicecatalog servicediscovery servicequotas signin sms-voice snowball sns sqs
		ssm ssm-contacts ssm-incidents ssm-quicksetup ssmmessages states storagegateway sts support swf sync-states synthetics
		tagging textract timestream transcribe transfer transfer.server translate trustedadvisor verifiedpermissions vpc-lattice
		wafv2 wellarchitected wisdom workspaces xray`) {
		all[name] = true
	}
	return all
}()
