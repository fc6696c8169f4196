# Bedrock counts by the profile that requests name, and for the whole account: another deployment with the same profile counts here, too.
locals {
  models = var.ai == null ? [] : sort(var.ai.models)

  model_alarms = {
    "ai-tokens" = {
      description = "All people together have used more tokens of AI models in a day than ai.daily_tokens. Nothing stops. Coder's page of AI sessions says who and what for."
      metrics     = ["InputTokenCount", "OutputTokenCount"]
      period      = 86400
      periods     = 1
      threshold   = try(var.ai.daily_tokens, 0)
    }
    "ai-throttled" = {
      description = "Bedrock has refused requests for want of quota for a quarter of an hour: ask AWS for more tokens per minute of these models."
      metrics     = ["InvocationThrottles"]
      period      = 300
      periods     = 3
      threshold   = 0
    }
    "ai-failed" = {
      description = "Bedrock itself has failed requests for a quarter of an hour. The page of AWS's health says whether it is known."
      metrics     = ["InvocationServerErrors"]
      period      = 300
      periods     = 3
      threshold   = 0
    }
    # One person's request that is too long is such an error as well, so that some are not worth waking anybody.
    "ai-refused" = {
      description = "Bedrock has refused many requests for a quarter of an hour: a right that lacks, a region that a policy of your organization denies, or Anthropic's use-case form."
      metrics     = ["InvocationClientErrors"]
      period      = 300
      periods     = 3
      threshold   = 20
    }
  }

  # Each alarm is the sum of its metrics over all models, where those that nobody has used yet count as nothing.
  model_queries = {
    for name, alarm in local.model_alarms : name => merge([
      for index, model in local.models : { for metric in alarm.metrics : "${lower(metric)}${index}" => { model = model, metric = metric } }
    ]...) if var.ai != null
  }

  model_widgets = [
    for widget in [
      { title = "AI models: tokens", names = ["InputTokenCount", "OutputTokenCount"] },
      { title = "AI models: requests that failed", names = ["InvocationThrottles", "InvocationClientErrors", "InvocationServerErrors"] },
    ] : { title = widget.title, stat = "Sum", metrics = [for pair in setproduct(local.models, widget.names) : ["AWS/Bedrock", pair[1], "ModelId", pair[0]]] }
    if var.ai != null
  ]
}

resource "aws_cloudwatch_metric_alarm" "ai" {
  for_each = local.model_queries

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = local.model_alarms[each.key].description
  evaluation_periods  = local.model_alarms[each.key].periods
  comparison_operator = "GreaterThanThreshold"
  threshold           = local.model_alarms[each.key].threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "all"
    label       = "All models"
    expression  = "SUM([${join(", ", [for id in sort(keys(each.value)) : "FILL(${id}, 0)"])}])"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/Bedrock"
        metric_name = metric_query.value.metric
        dimensions  = { ModelId = metric_query.value.model }
        stat        = "Sum"
        period      = local.model_alarms[each.key].period
      }
    }
  }

  tags = { Name = "${var.name}-${each.key}" }
}
