package main

import "fmt"

// prefixes are those of actions, by the name that AWS's SDK has for a service. Source: the service authorization reference.
var prefixes = map[string]string{
	"ACM": "acm", "Auto Scaling": "autoscaling", "Backup": "backup", "Budgets": "budgets", "CloudTrail": "cloudtrail",
	"CloudWatch": "cloudwatch", "CloudWatch Logs": "logs", "Config Service": "config", "EC2": "ec2", "ECR": "ecr", "EKS": "eks",
	"Elastic Load Balancing v2": "elasticloadbalancing", "GuardDuty": "guardduty", "IAM": "iam", "KMS": "kms", "RDS": "rds",
	"Route 53": "route53", "Route53Resolver": "route53resolver", "S3": "s3", "SFN": "states", "SNS": "sns", "STS": "sts",
	"Scheduler": "scheduler", "Secrets Manager": "secretsmanager", "SecurityHub": "securityhub",
}

// others are the operations whose permission has another name. Sources: "Required permissions for Amazon S3 API operations" in the S3 User
// Guide; "Actions, resources, and condition keys for AWS Budgets" in the service authorization reference.
var others = map[string][]string{
	"budgets:CreateBudget":                       {"budgets:ModifyBudget"},
	"budgets:CreateNotification":                 {"budgets:ModifyBudget"},
	"budgets:DeleteBudget":                       {"budgets:ModifyBudget"},
	"budgets:DeleteNotification":                 {"budgets:ModifyBudget"},
	"budgets:DescribeBudget":                     {"budgets:ViewBudget"},
	"budgets:DescribeNotificationsForBudget":     {"budgets:ViewBudget"},
	"budgets:DescribeSubscribersForNotification": {"budgets:ViewBudget"},
	"budgets:UpdateBudget":                       {"budgets:ModifyBudget"},
	"s3:DeleteBucketEncryption":                  {"s3:PutEncryptionConfiguration"},
	"s3:DeleteBucketLifecycle":                   {"s3:PutLifecycleConfiguration"},
	"s3:DeleteBucketTagging":                     {"s3:PutBucketTagging"},
	"s3:DeleteObjects":                           {"s3:DeleteObject", "s3:DeleteObjectVersion"},
	"s3:DeletePublicAccessBlock":                 {"s3:PutBucketPublicAccessBlock"},
	"s3:GetBucketAccelerateConfiguration":        {"s3:GetAccelerateConfiguration"},
	"s3:GetBucketEncryption":                     {"s3:GetEncryptionConfiguration"},
	"s3:GetBucketLifecycleConfiguration":         {"s3:GetLifecycleConfiguration"},
	"s3:GetBucketReplication":                    {"s3:GetReplicationConfiguration"},
	"s3:GetObjectLockConfiguration":              {"s3:GetBucketObjectLockConfiguration"},
	"s3:GetPublicAccessBlock":                    {"s3:GetBucketPublicAccessBlock"},
	"s3:HeadBucket":                              {"s3:ListBucket"},
	"s3:ListObjectVersions":                      {"s3:ListBucketVersions"},
	"s3:ListObjectsV2":                           {"s3:ListBucket"},
	"s3:PutBucketEncryption":                     {"s3:PutEncryptionConfiguration"},
	"s3:PutBucketLifecycleConfiguration":         {"s3:PutLifecycleConfiguration"},
	"s3:PutObjectLockConfiguration":              {"s3:PutBucketObjectLockConfiguration"},
	"s3:PutPublicAccessBlock":                    {"s3:PutBucketPublicAccessBlock"},
}

// actionsOf are the permissions that an operation of a service takes.
func actionsOf(service, operation string) ([]string, error) {
	prefix, known := prefixes[service]
	if !known {
		return nil, fmt.Errorf("the prefix of the actions of %q is not known: add it to names.go", service)
	}
	name := prefix + ":" + operation
	if other := others[name]; other != nil {
		return other, nil
	}
	return []string{name}, nil
}
