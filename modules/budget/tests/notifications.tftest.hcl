# Whose costs count, and who is told when. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

variables {
  name        = "coder-us-east-1"
  monthly_usd = 1250.5
  emails      = ["finance@example.com"]
  topic_arn   = "arn:aws:sns:us-east-1:123456789012:coder-alarms"
  cost_tag    = { key = "coderaws:deployment", value = "coder" }
}

run "told" {
  assert {
    condition = alltrue([
      aws_budgets_budget.this.limit_amount == "1250.50",
      aws_budgets_budget.this.limit_unit == "USD",
      aws_budgets_budget.this.time_unit == "MONTHLY",
    ])
    error_message = "The budget is not the amount of a month in dollars."
  }

  assert {
    condition = alltrue([
      one(aws_budgets_budget.this.cost_filter).name == "TagKeyValue",
      join(",", one(aws_budgets_budget.this.cost_filter).values) == "user:coderaws:deployment$coder",
    ])
    error_message = "Other costs count than those of the tag."
  }

  assert {
    condition = toset([
      for n in aws_budgets_budget.this.notification : "${n.notification_type} ${n.comparison_operator} ${n.threshold} ${n.threshold_type}"
      ]) == toset([
      "ACTUAL GREATER_THAN 80 PERCENTAGE", "ACTUAL GREATER_THAN 100 PERCENTAGE", "FORECASTED GREATER_THAN 100 PERCENTAGE"
    ])
    error_message = "Nobody is told at 80 %, at 100 %, or when the forecast exceeds it."
  }

  assert {
    condition = alltrue([
      for n in aws_budgets_budget.this.notification :
      n.subscriber_email_addresses == toset(var.emails) && n.subscriber_sns_topic_arns == toset([var.topic_arn])
    ])
    error_message = "An address or the topic is left out of a notification."
  }
}

run "refused" {
  command = plan

  variables {
    name        = "coder:us-east-1"
    monthly_usd = 0
    emails      = ["finance"]
  }

  expect_failures = [var.name, var.monthly_usd, var.emails]
}

run "more_addresses_than_aws_takes" {
  command = plan

  variables {
    emails = [for i in range(11) : "a${i}@example.com"]
  }

  expect_failures = [var.emails]
}
