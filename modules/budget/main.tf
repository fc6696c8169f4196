resource "aws_budgets_budget" "this" {
  name         = var.name
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = format("%.2f", var.monthly_usd)
  limit_unit   = "USD"

  # Counts once the tag is activated as a cost allocation tag, which AWS allows only after it has seen the tag in a bill.
  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:%s$%s", var.cost_tag.key, var.cost_tag.value)]
  }

  dynamic "notification" {
    for_each = {
      "80 % spent"         = { type = "ACTUAL", threshold = 80 }
      "all spent"          = { type = "ACTUAL", threshold = 100 }
      "more than expected" = { type = "FORECASTED", threshold = 100 }
    }

    content {
      notification_type          = notification.value.type
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value.threshold
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.emails
      subscriber_sns_topic_arns  = [var.topic_arn]
    }
  }

  tags = { Name = var.name }
}
