// Package budgets declares AWS Budgets. It knows the model alone; the catalog imports it.
//
// Rules: API model (botocore budgets 2016-10-20) and moto's record of real answers.
package budgets

import (
	"fmt"
	"strings"

	"coderaws/internal/facts"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Types are the resource types of the service.
func Types() []*model.Type {
	return []*model.Type{budget()}
}

func budget() *model.Type {
	return &model.Type{
		Name: "aws_budgets_budget", API: "Budgets", Noun: "Budget",
		CreateCall: "CreateBudget", UpdateCall: "UpdateBudget", DeleteCall: "DeleteBudget",
		Identify: func(c *model.Call) string {
			c.Set("account_id", c.Account)
			return c.String("account_id") + ":" + c.Name("name", "name_prefix")
		},
		Unique: []model.Unique{{Attribute: "name", Taken: func(_ *model.Call, name string) *world.Error {
			return world.Fail("DuplicateRecordException", "Error creating budget: %s - the budget already exists.", name)
		}}},
		Checks: []model.Check{
			budgetEndpoint,
			model.Length("ValidationException", "name", "budget.budgetName", 1, 100),
			model.Pattern("ValidationException", "name", "budget.budgetName", `[^:\\]+`),
			model.OneOf("ValidationException", "time_unit", "budget.timeUnit", "DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY", "CUSTOM"),
			model.OneOf("ValidationException", "budget_type", "budget.budgetType", "USAGE", "COST", "RI_UTILIZATION", "RI_COVERAGE",
				"SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"),
			model.Pattern("ValidationException", "limit_amount", "budget.budgetLimit.amount", `([0-9]*\.)?[0-9]+`),
			budgetLimit, budgetNotifications,
		},
		Fill: func(c *model.Call) {
			c.Set("arn", c.GlobalARN("budgets", "budget/"+c.String("name")))
			c.Set("name_prefix", "")
			now := c.World.Now()
			c.Set("time_period_start", fmt.Sprintf("%04d-%02d-01_00:00", now.Year(), int(now.Month())))
			c.SetEach("", "limit_amount", "limit_unit")
			c.SetIn("auto_adjust_data", "last_auto_adjust_time", now.Format("2006-01-02_15:04"))
			c.SetIn("auto_adjust_data.historical_options", "lookback_available_periods", 0.0)
			c.Set("cost_types", []any{world.Object{
				"include_credit": true, "include_discount": true, "include_other_subscription": true, "include_recurring": true, "include_refund": true,
				"include_subscription": true, "include_support": true, "include_tax": true, "include_upfront": true, "use_amortized": false,
				"use_blended": false,
			}})
		},
		Latency: model.Instant("logs of real deployments"),
	}
}

// budgetEndpoint: AWS Budgets has one endpoint, in the partition aws (source: endpoint data of botocore).
func budgetEndpoint(c *model.Call) *world.Error {
	if c.Partition() == "aws" {
		return nil
	}
	host := "budgets." + c.ProviderRegion + "." + facts.DNSSuffix(c.ProviderRegion)
	return world.Fail("RequestError", "send request failed caused by: Post \"https://%s/\": dial tcp: lookup %s: no such host", host, host)
}

func budgetLimit(c *model.Call) *world.Error {
	if c.String("limit_amount") == "" && len(c.Blocks("planned_limit")) == 0 && len(c.Blocks("auto_adjust_data")) == 0 {
		return world.Fail("InvalidParameterException",
			"Unable to create/update budget - please provide one of the followings: Budget Limit/ Planned Budget Limit/ Auto Adjust Data")
	}
	return nil
}

// budgetNotifications limits a budget to ten notifications, each with at most ten addresses and one topic.
func budgetNotifications(c *model.Call) *world.Error {
	notifications := c.Blocks("notification")
	if len(notifications) > 10 {
		return world.Fail("CreationLimitExceededException", "Budget %s has more than 10 notifications.", c.String("name")) // text unverified
	}
	seen := map[string]bool{}
	for _, n := range notifications {
		emails, topics := model.Strings(n, "subscriber_email_addresses"), model.Strings(n, "subscriber_sns_topic_arns")
		switch {
		case len(emails)+len(topics) == 0:
			return world.Fail("InvalidParameterException", "Notification must have at least one subscriber.") // text unverified
		case len(topics) > 1 || len(emails) > 10:
			return model.Unsatisfied("ValidationException", fmt.Sprint(len(emails)+len(topics)), "notificationsWithSubscribers.subscribers",
				"Member must have length less than or equal to 11")
		}
		for _, email := range emails {
			if !strings.Contains(email, "@") {
				return world.Fail("InvalidParameterException", "Invalid email address: %s", email) // text unverified
			}
		}
		key := fmt.Sprint(n["notification_type"], n["comparison_operator"], n["threshold"], n["threshold_type"])
		if seen[key] {
			return world.Fail("DuplicateRecordException", "Error creating notification: the notification already exists.")
		}
		seen[key] = true
	}
	return nil
}
