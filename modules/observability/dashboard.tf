locals {
  node_groups_sorted = sort(keys(var.node_groups))

  widgets = concat(local.database_widgets, local.platform_widgets, local.model_widgets)

  database_widgets = flatten([
    for database in local.databases : [
      for widget in [
        { title = "Database: capacity (ACU) and use (%)", names = ["ServerlessDatabaseCapacity", "ACUUtilization"] },
        { title = "Database: CPU (%) and connections", names = ["CPUUtilization", "DatabaseConnections"] },
        ] : {
        title   = widget.title
        metrics = [for name in widget.names : ["AWS/RDS", name, "DBClusterIdentifier", database.cluster_identifier]]
      }
    ]
  ])

  platform_widgets = [
    {
      title = "Nodes in service"
      metrics = [
        for group in local.node_groups_sorted :
        ["AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", var.node_groups[group].autoscaling_group_name]
      ]
    },
    {
      title = "Nodes: CPU (%)"
      metrics = [
        for group in local.node_groups_sorted :
        ["AWS/EC2", "CPUUtilization", "AutoScalingGroupName", var.node_groups[group].autoscaling_group_name]
      ]
    },
    {
      title = "Load balancer: connections and bytes"
      metrics = [
        ["AWS/NetworkELB", "ActiveFlowCount", "LoadBalancer", var.load_balancer.arn_suffix],
        ["AWS/NetworkELB", "ProcessedBytes", "LoadBalancer", var.load_balancer.arn_suffix],
      ]
    },
    {
      title = "Load balancer: targets"
      metrics = [
        for metric in ["HealthyHostCount", "UnHealthyHostCount"] :
        ["AWS/NetworkELB", metric, "TargetGroup", var.load_balancer.target_group_arn_suffix, "LoadBalancer", var.load_balancer.arn_suffix]
      ]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  # Dashboards are global in an account.
  dashboard_name = "${var.name}-${data.aws_region.current.id}"

  dashboard_body = jsonencode({
    widgets = [
      for index, widget in local.widgets : {
        type   = "metric"
        width  = 12
        height = 6
        x      = 12 * (index % 2)
        y      = 6 * floor(index / 2)
        properties = {
          title   = widget.title
          region  = data.aws_region.current.id
          view    = "timeSeries"
          stat    = try(widget.stat, "Average")
          period  = 300
          metrics = widget.metrics
        }
      }
    ]
  })
}
