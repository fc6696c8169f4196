resource "aws_sns_topic" "this" {
  name              = local.name
  kms_master_key_id = aws_kms_key.this.arn
}

resource "aws_sns_topic_policy" "this" {
  arn = aws_sns_topic.this.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Publish"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.this.arn
    }]
  })
}

resource "aws_sns_topic_subscription" "email" {
  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = "ops@example.com"
}

resource "aws_cloudwatch_metric_alarm" "database" {
  alarm_name          = "${local.name}-acu"
  alarm_description   = "The database runs at its limit."
  namespace           = "AWS/RDS"
  metric_name         = "ACUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  period              = 300
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  dimensions          = { DBClusterIdentifier = aws_rds_cluster.this.cluster_identifier }
  alarm_actions       = [aws_sns_topic.this.arn]
  ok_actions          = [aws_sns_topic.this.arn]
}

resource "aws_cloudwatch_metric_alarm" "nodes" {
  alarm_name          = "${local.name}-nodes"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = 2
  metric_query {
    id          = "n"
    return_data = true
    metric {
      namespace   = "AWS/AutoScaling"
      metric_name = "GroupInServiceInstances"
      stat        = "Minimum"
      period      = 60
      dimensions  = { AutoScalingGroupName = aws_eks_node_group.this.resources[0].autoscaling_groups[0].name }
    }
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.name
  dashboard_body = jsonencode({
    widgets = [{
      type       = "metric", x = 0, y = 0, width = 12, height = 6
      properties = { region = "us-east-1", title = "Hosts", metrics = [["AWS/NetworkELB", "HealthyHostCount", "LoadBalancer", aws_lb.this.arn_suffix]] }
    }]
  })
}

resource "aws_budgets_budget" "this" {
  name         = local.name
  budget_type  = "COST"
  limit_amount = "2000"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  cost_filter {
    name   = "TagKeyValue"
    values = ["user:ManagedBy$terraform"]
  }
  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = ["ops@example.com"]
    subscriber_sns_topic_arns  = [aws_sns_topic.this.arn]
  }
}

resource "aws_ebs_encryption_by_default" "this" {
  enabled = true
}

resource "aws_s3_bucket" "this" {
  bucket        = "${local.name}-bucket"
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
