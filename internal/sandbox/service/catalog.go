// Package service lists what the embedded AWS models: each folder below holds one service of AWS, whose resource types and data sources are
// declarations of package model. Nothing but the list belongs here. The plugin protocol and what rehearses deployments import it; services
// import the model and, where AWS's rules say so, each other, one way.
package service

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/acm"
	"coderaws/internal/sandbox/service/autoscaling"
	"coderaws/internal/sandbox/service/backup"
	"coderaws/internal/sandbox/service/bedrock"
	"coderaws/internal/sandbox/service/budgets"
	"coderaws/internal/sandbox/service/cloudtrail"
	"coderaws/internal/sandbox/service/cloudwatch"
	"coderaws/internal/sandbox/service/configservice"
	"coderaws/internal/sandbox/service/dynamodb"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/service/ecr"
	"coderaws/internal/sandbox/service/efs"
	"coderaws/internal/sandbox/service/eks"
	"coderaws/internal/sandbox/service/elasticache"
	"coderaws/internal/sandbox/service/elb"
	"coderaws/internal/sandbox/service/eventbridge"
	"coderaws/internal/sandbox/service/guardduty"
	"coderaws/internal/sandbox/service/iam"
	"coderaws/internal/sandbox/service/kms"
	"coderaws/internal/sandbox/service/lambda"
	"coderaws/internal/sandbox/service/logs"
	"coderaws/internal/sandbox/service/rds"
	"coderaws/internal/sandbox/service/route53"
	"coderaws/internal/sandbox/service/route53resolver"
	"coderaws/internal/sandbox/service/s3"
	"coderaws/internal/sandbox/service/scheduler"
	"coderaws/internal/sandbox/service/secretsmanager"
	"coderaws/internal/sandbox/service/securityhub"
	"coderaws/internal/sandbox/service/servicequotas"
	"coderaws/internal/sandbox/service/sfn"
	"coderaws/internal/sandbox/service/sns"
	"coderaws/internal/sandbox/service/sqs"
	"coderaws/internal/sandbox/service/ssm"
	"coderaws/internal/sandbox/service/sts"
)

// NewCatalog collects the declarations of all services. A new service is a folder and one line.
func NewCatalog() *model.Catalog {
	return model.NewCatalog(
		model.Service{Types: acm.Types(), DataSources: acm.DataSources()},
		model.Service{Types: autoscaling.Types(), DataSources: autoscaling.DataSources(), Blank: model.Blank("ValidationError")},
		model.Service{Types: backup.Types(), Blank: model.BlankInPath},
		model.Service{DataSources: bedrock.DataSources()},
		model.Service{Types: budgets.Types()},
		model.Service{Types: cloudtrail.Types()},
		model.Service{Types: cloudwatch.Types()},
		model.Service{Types: configservice.Types()},
		model.Service{Types: dynamodb.Types()},
		model.Service{Types: ec2.Types(), DataSources: ec2.DataSources(), Blank: ec2.Blank},
		model.Service{Types: ecr.Types(), DataSources: ecr.DataSources()},
		model.Service{Types: efs.Types(), DataSources: efs.DataSources()},
		model.Service{Types: eks.Types(), DataSources: eks.DataSources(), Blank: model.BlankInPath},
		model.Service{Types: elasticache.Types(), DataSources: elasticache.DataSources(), Blank: model.Blank("InvalidParameterValue")},
		model.Service{Types: elb.Types(), DataSources: elb.DataSources(), Blank: elb.Blank},
		model.Service{Types: eventbridge.Types()},
		model.Service{Types: guardduty.Types(), Blank: model.BlankInPath},
		model.Service{Types: iam.Types(), DataSources: iam.DataSources(), Blank: model.Blank("ValidationError")},
		model.Service{Types: kms.Types(), DataSources: kms.DataSources()},
		model.Service{Types: lambda.Types(), Blank: model.BlankInPath},
		model.Service{Types: logs.Types(), DataSources: logs.DataSources()},
		model.Service{Types: rds.Types(), DataSources: rds.DataSources(), Blank: rds.Blank},
		model.Service{Types: route53.Types(), DataSources: route53.DataSources(), Blank: model.BlankInPath},
		model.Service{Types: route53resolver.Types()},
		model.Service{Types: s3.Types(), DataSources: s3.DataSources(), Blank: model.BlankInPath},
		model.Service{Types: scheduler.Types(), Blank: model.BlankInPath},
		model.Service{Types: secretsmanager.Types(), DataSources: secretsmanager.DataSources()},
		model.Service{Types: securityhub.Types()},
		model.Service{Types: servicequotas.Types(), DataSources: servicequotas.DataSources()},
		model.Service{Types: sfn.Types()},
		model.Service{Types: sns.Types()},
		model.Service{Types: sqs.Types()},
		model.Service{Types: ssm.Types(), DataSources: ssm.DataSources()},
		model.Service{DataSources: sts.DataSources()},
	)
}
