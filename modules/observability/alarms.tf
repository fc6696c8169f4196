locals {
  # One database, or none.
  databases = [for database in [var.database] : merge(database, {
    # An ACU has about 2 GiB of memory.
    max_memory = database.max_acu * 2 * pow(1024, 3)
  }) if database != null]

  database_alarms = merge([
    for database in local.databases : {
      "database-capacity" = {
        description = "Aurora runs at its maximum capacity: raise database.max_acu."
        metric      = "ACUUtilization"
        operator    = "GreaterThanOrEqualToThreshold"
        threshold   = 95
      }
      "database-cpu" = {
        description = "Aurora's writer has been short of CPU for a quarter of an hour."
        metric      = "CPUUtilization"
        operator    = "GreaterThanThreshold"
        threshold   = 90
      }
      "database-connections" = {
        description = "Aurora has used four fifths of the connections that database.max_acu allows."
        metric      = "DatabaseConnections"
        operator    = "GreaterThanThreshold"
        threshold   = floor(0.8 * database.max_connections)
      }
      # Serverless v2 counts memory that it has not scaled up to yet as freeable: low means low at maximum capacity.
      "database-memory" = {
        description = "Aurora would have less than a tenth of its memory free even at database.max_acu: raise it."
        metric      = "FreeableMemory"
        operator    = "LessThanThreshold"
        threshold   = floor(0.1 * database.max_memory)
      }
    }
  ]...)
}

resource "aws_cloudwatch_metric_alarm" "database" {
  for_each = local.database_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = { DBClusterIdentifier = var.database.cluster_identifier }
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = each.value.operator
  threshold           = each.value.threshold
  treat_missing_data  = "missing"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  tags = { Name = "${var.name}-${each.key}" }
}

# Against the minimum of the moment, which a schedule moves. A quarter of an hour is what new nodes may take.
resource "aws_cloudwatch_metric_alarm" "nodes_missing" {
  for_each = var.node_groups

  alarm_name          = "${var.name}-nodes-${each.key}-missing"
  alarm_description   = "Node group ${each.key} has had fewer nodes in service than its minimum for a quarter of an hour: AWS has no capacity, or nodes do not join."
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "missing"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "missing"
    label       = "Nodes missing"
    expression  = "minimum - in_service"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { minimum = "GroupMinSize", in_service = "GroupInServiceInstances" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/AutoScaling"
        metric_name = metric_query.value
        dimensions  = { AutoScalingGroupName = each.value.autoscaling_group_name }
        stat        = "Minimum"
        period      = 300
      }
    }
  }

  tags = { Name = "${var.name}-nodes-${each.key}-missing" }
}

resource "aws_cloudwatch_metric_alarm" "nodes_impaired" {
  for_each = var.node_groups

  alarm_name          = "${var.name}-nodes-${each.key}-impaired"
  alarm_description   = "A node of group ${each.key} fails EC2's status checks."
  namespace           = "AWS/EC2"
  metric_name         = "StatusCheckFailed"
  dimensions          = { AutoScalingGroupName = each.value.autoscaling_group_name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  tags = { Name = "${var.name}-nodes-${each.key}-impaired" }
}

resource "aws_cloudwatch_metric_alarm" "load_balancer_unhealthy" {
  alarm_name          = "${var.name}-load-balancer-unhealthy"
  alarm_description   = "coderd does not answer the load balancer's health check on a node of the control group."
  namespace           = "AWS/NetworkELB"
  metric_name         = "UnHealthyHostCount"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  dimensions = {
    LoadBalancer = var.load_balancer.arn_suffix
    TargetGroup  = var.load_balancer.target_group_arn_suffix
  }

  tags = { Name = "${var.name}-load-balancer-unhealthy" }
}

# The load balancer gives up a zone when it is lost, or when no coderd answers from there. It says nothing at all of a zone that
# is gone, so silence counts as loss.
resource "aws_cloudwatch_metric_alarm" "zone_lost" {
  for_each = length(var.availability_zones) > 1 ? var.availability_zones : []

  alarm_name          = "${var.name}-zone-${each.key}-lost"
  alarm_description   = "The load balancer has taken zone ${each.key} out of service. The other zones go on; Aurora fails over by itself if its writer was there."
  namespace           = "AWS/NetworkELB"
  metric_name         = "ZonalHealthStatus"
  dimensions          = { LoadBalancer = var.load_balancer.arn_suffix, AvailabilityZone = each.key }
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  tags = { Name = "${var.name}-zone-${each.key}-lost" }
}
