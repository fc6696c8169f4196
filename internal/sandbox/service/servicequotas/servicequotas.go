// Package servicequotas declares Service Quotas, over all quotas that the catalog counts. It knows the model alone; the catalog imports
// it.
//
// Rules: API model (botocore service-quotas 2019-06-24), moto's record of real answers.
package servicequotas

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{serviceQuota()}
}

const api = "Service Quotas"

func serviceQuota() *model.Type {
	return &model.Type{
		Name: "aws_servicequotas_service_quota", API: api, Noun: "Service Quotas Service Quota",
		CreateCall: "RequestServiceQuotaIncrease", UpdateCall: "RequestServiceQuotaIncrease", DeleteCall: "none",
		Identify: func(c *model.Call) string { return c.String("service_code") + "/" + c.String("quota_code") },
		Checks: []model.Check{
			model.Pattern("IllegalArgumentException", "service_code", "serviceCode", `[a-zA-Z][a-zA-Z0-9-]{1,63}`),
			model.Pattern("IllegalArgumentException", "quota_code", "quotaCode", `[a-zA-Z][a-zA-Z0-9-]{1,128}`),
			func(c *model.Call) *world.Error {
				value, _ := c.Number("value")
				known, ok := c.Catalog.FindQuota(c.String("service_code"), c.String("quota_code"))
				if ok && value < c.World.LimitIn(known, c.Region) {
					return &world.Error{Status: 400, Code: "IllegalArgumentException",
						Message: "requesting a service quota lower than the current one is not possible: " +
							model.FormatNumber(value) + " is below " + model.FormatNumber(c.World.LimitIn(known, c.Region))} // text unverified
				}
				return nil
			},
		},
		Fill: func(c *model.Call) {
			value, _ := c.Number("value")
			known, ok := c.Catalog.FindQuota(c.String("service_code"), c.String("quota_code"))
			if !ok {
				known = world.Quota{Code: c.String("quota_code"), Name: c.String("quota_code"), Default: value}
			}
			describeQuota(c, known)
			// AWS grants an increase after minutes to days; Terraform does not wait for it, and no more does the limit change here.
			c.Set("request_id", c.Hex(32))
			c.Set("request_status", "PENDING")
		},
		Latency: model.Instant("estimate: Terraform does not wait for AWS to grant the request"),
	}
}

// describeQuota fills in what Service Quotas says about a quota.
func describeQuota(c *model.Call, quota world.Quota) {
	c.Set("id", c.String("service_code")+"/"+quota.Code)
	c.Set("adjustable", true)
	c.Set("arn", c.ARN("servicequotas", c.String("service_code")+"/"+quota.Code))
	c.Set("default_value", quota.Default)
	c.Set("quota_name", quota.Name)
	c.Set("quota_code", quota.Code)
	name, known := serviceNames[c.String("service_code")]
	if !known {
		name = c.String("service_code")
	}
	c.Set("service_name", name)
	c.Set("usage_metric", []any{})
}

// serviceNames are the names of services whose quotas the sandbox knows.
var serviceNames = map[string]string{
	"ec2": "Amazon Elastic Compute Cloud (Amazon EC2)", "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
	"eks": "Amazon Elastic Kubernetes Service (Amazon EKS)",
	"iam": "AWS Identity and Access Management (IAM)", "rds": "Amazon Relational Database Service (Amazon RDS)",
	"kms": "AWS Key Management Service (AWS KMS)",
}

// DataSources declares what Terraform asks Service Quotas.
func DataSources() []*model.DataSource {
	return []*model.DataSource{{Name: "aws_servicequotas_service_quota", API: api, Noun: "Service Quotas Service Quota",
		Call: "GetServiceQuota", Read: func(c *model.Call) *world.Error {
			service, code, name := c.String("service_code"), c.String("quota_code"), c.String("quota_name")
			quota, ok := c.Catalog.FindQuota(service, code)
			if code == "" {
				quota, ok = c.Catalog.FindQuota(service, name)
			}
			if !ok {
				return world.NotFound("NoSuchResourceException", "The request failed because the specified service or quota does not exist: %s %s%s",
					service, code, name)
			}
			describeQuota(c, quota)
			c.Force("value", c.World.LimitIn(quota, c.Region))
			c.Force("global_quota", service == "iam")
			return nil
		}}}
}
