package service

import (
	"coderaws/internal/sandbox/world"
)

// serviceQuotasTypes declares Service Quotas. Rules: API model (botocore service-quotas 2019-06-24), moto's record of real answers.
func serviceQuotasTypes() []*Type {
	return []*Type{serviceQuota()}
}

const serviceQuotas = "Service Quotas"

func serviceQuota() *Type {
	return &Type{
		Name: "aws_servicequotas_service_quota", API: serviceQuotas, Noun: "Service Quotas Service Quota",
		CreateCall: "RequestServiceQuotaIncrease", UpdateCall: "RequestServiceQuotaIncrease", DeleteCall: "none",
		Identify: func(c *Call) string { return c.String("service_code") + "/" + c.String("quota_code") },
		Checks: []Check{
			pattern("IllegalArgumentException", "service_code", "serviceCode", `[a-zA-Z][a-zA-Z0-9-]{1,63}`),
			pattern("IllegalArgumentException", "quota_code", "quotaCode", `[a-zA-Z][a-zA-Z0-9-]{1,128}`),
			func(c *Call) *world.Error {
				value, _ := c.Number("value")
				known, ok := c.Catalog.quota(c.String("service_code"), c.String("quota_code"))
				if ok && value < c.World.LimitIn(known, c.Region) {
					return &world.Error{Status: 400, Code: "IllegalArgumentException", Message: "requesting a service quota lower than the current one is not possible: " +
						number(value) + " is below " + number(c.World.LimitIn(known, c.Region))} // text unverified
				}
				return nil
			},
		},
		Fill: func(c *Call) {
			value, _ := c.Number("value")
			known, ok := c.Catalog.quota(c.String("service_code"), c.String("quota_code"))
			if !ok {
				known = world.Quota{Code: c.String("quota_code"), Name: c.String("quota_code"), Default: value}
			}
			describeQuota(c, known)
			// AWS grants an increase after minutes to days; Terraform does not wait for it, and no more does the limit change here.
			c.Set("request_id", c.Hex(32))
			c.Set("request_status", "PENDING")
		},
		Latency: instant("estimate: Terraform does not wait for AWS to grant the request"),
	}
}

// describeQuota fills in what Service Quotas says about a quota.
func describeQuota(c *Call, quota world.Quota) {
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
	"ec2": "Amazon Elastic Compute Cloud (Amazon EC2)", "vpc": "Amazon Virtual Private Cloud (Amazon VPC)", "eks": "Amazon Elastic Kubernetes Service (Amazon EKS)",
	"iam": "AWS Identity and Access Management (IAM)", "rds": "Amazon Relational Database Service (Amazon RDS)", "kms": "AWS Key Management Service (AWS KMS)",
}

// quota finds a quota that any type of the catalog or its checks count against.
func (k *Catalog) quota(service, code string) (world.Quota, bool) {
	for _, t := range k.Types {
		for _, q := range t.Quotas {
			if q.Code == code && q.Service == service {
				return q.Quota, true
			}
		}
	}
	for _, family := range vcpuQuotas {
		for _, q := range []world.Quota{family.onDemand, family.spot} {
			if q.Code == code && q.Service == service {
				return q, true
			}
		}
	}
	return world.Quota{}, false
}

// serviceQuotasDataSources declares what Terraform asks Service Quotas.
func serviceQuotasDataSources() []*DataSource {
	return []*DataSource{{Name: "aws_servicequotas_service_quota", API: serviceQuotas, Noun: "Service Quotas Service Quota", Call: "GetServiceQuota", Read: func(c *Call) *world.Error {
		service, code, name := c.String("service_code"), c.String("quota_code"), c.String("quota_name")
		quota, ok := c.Catalog.quota(service, code)
		if code == "" {
			quota, ok = c.Catalog.quotaNamed(service, name)
		}
		if !ok {
			return world.NotFound("NoSuchResourceException", "The request failed because the specified service or quota does not exist: %s %s%s", service, code, name)
		}
		describeQuota(c, quota)
		c.Force("value", c.World.LimitIn(quota, c.Region))
		c.Force("global_quota", service == "iam")
		return nil
	}}}
}

func (k *Catalog) quotaNamed(service, name string) (world.Quota, bool) {
	for _, t := range k.Types {
		for _, q := range t.Quotas {
			if q.Name == name && q.Service == service {
				return q.Quota, true
			}
		}
	}
	return world.Quota{}, false
}
