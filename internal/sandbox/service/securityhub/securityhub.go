// Package securityhub declares AWS Security Hub: the hub of a region, and the standards that it holds an account to. It knows the model
// alone; the catalog imports it.
//
// Rules: API model (botocore securityhub 2018-10-26); messages: logs of real deployments, unless marked unverified.
package securityhub

import (
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

const (
	api      = "SecurityHub"
	accounts = "aws_securityhub_account"
)

// Types are the resource types of the service.
func Types() []*model.Type { return []*model.Type{account(), subscription()} }

func account() *model.Type {
	return &model.Type{
		Name: accounts, API: api, Noun: "Security Hub Account",
		CreateCall: "EnableSecurityHub", UpdateCall: "UpdateSecurityHubConfiguration", DeleteCall: "DisableSecurityHub",
		Identify: func(c *model.Call) string { return c.Account },
		Checks: []model.Check{
			func(c *model.Call) *world.Error {
				if c.Creating() && len(c.All(accounts)) > 0 {
					return world.Conflict("ResourceConflictException", "Account is already subscribed to Security Hub")
				}
				return nil
			},
			model.OneOf("InvalidInputException", "control_finding_generator", "controlFindingGenerator", "SECURITY_CONTROL", "STANDARD_CONTROL"),
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.ARN("securityhub", "hub/default"))
			c.Set("control_finding_generator", "SECURITY_CONTROL")
		},
		Latency: model.Instant("estimate"),
	}
}

func subscription() *model.Type {
	return &model.Type{
		Name: "aws_securityhub_standards_subscription", API: api, Noun: "Security Hub Standards Subscription",
		CreateCall: "BatchEnableStandards", UpdateCall: "BatchEnableStandards", DeleteCall: "BatchDisableStandards",
		Identify: func(c *model.Call) string {
			_, standard, _ := strings.Cut(c.String("standards_arn"), ":standards/")
			if standard == "" { // the first of all has an ARN of its own form
				_, standard, _ = strings.Cut(c.String("standards_arn"), ":ruleset/")
			}
			return c.ARN("securityhub", "subscription/"+standard)
		},
		Same:    []string{"standards_arn"}, // to enable a standard again changes nothing
		Checks:  []model.Check{subscribed, standard},
		Fill:    func(c *model.Call) { c.Set("arn", c.ID) },
		Replace: model.ReplacedBy("standards_arn"),
		Latency: model.Latency{Create: model.Seconds(15, 5, 180), Update: model.Seconds(1, 1, 2), Delete: model.Seconds(15, 5, 180),
			Source: "estimate: the provider waits until the standard is ready, for 3 minutes"},
	}
}

func subscribed(c *model.Call) *world.Error {
	if len(c.All(accounts)) == 0 {
		return &world.Error{Status: 401, Code: "InvalidAccessException",
			Message: "Account " + c.Account + " is not subscribed to AWS Security Hub"}
	}
	return nil
}

// standard refuses what is no ARN of a standard in the partition and region.
func standard(c *model.Call) *world.Error {
	arn, here := c.String("standards_arn"), "arn:"+c.Partition()+":securityhub:"
	if strings.HasPrefix(arn, here+c.Region+"::standards/") || strings.HasPrefix(arn, here+"::ruleset/") {
		return nil
	}
	return world.Fail("InvalidInputException", "Invalid StandardsArn %s", arn) // unverified text
}
