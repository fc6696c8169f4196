locals {
  # The least sizes outside of working hours, shared out as those within them are.
  off_peak_workspaces = {
    for name, total in {
      workspace      = var.node_groups.workspace.off_peak_min_size - floor(var.node_groups.workspace.off_peak_min_size * local.spot_percentage / 100)
      workspace-spot = floor(var.node_groups.workspace.off_peak_min_size * local.spot_percentage / 100)
    } : name => total if contains(keys(local.workspace_capacity), name)
  }
  off_peak_min_sizes = merge(
    { provisioner = var.node_groups.provisioner.off_peak_min_size },
    [
      for name, total in local.off_peak_workspaces : {
        for index, zone in local.active_zones :
        "${name}-${zone}" => floor((total + local.zone_count - 1 - index) / local.zone_count)
      }
    ]...
  )

  # Also without deployment_features.time_based_scaling, for what it would save.
  windows = merge(
    { office = { start_time = var.scaling_schedule.start_time, stop_time = var.scaling_schedule.stop_time } },
    var.scaling_schedule.more_windows,
  )
}

# It owns the least size of every group that the cluster autoscaler moves, with a schedule or without (ADR-0011).
module "scaling" {
  source = "../../modules/scaling"

  name            = var.name
  role_name       = local.global_name
  iam             = var.iam
  cluster_name    = module.cluster.name
  alarm_topic_arn = module.observability.topic_arn
  logs = {
    retention_days = var.observability.log_retention_days
    kms_key_arn    = module.kms["observability"].key_arn
  }

  groups = {
    for name, off_peak_min in local.off_peak_min_sizes : name => {
      name         = module.node_group[name].name
      arn          = module.node_group[name].arn
      peak_min     = local.node_groups[name].size.min
      off_peak_min = off_peak_min
    }
  }

  schedule = !var.deployment_features.time_based_scaling ? null : {
    timezone = var.scaling_schedule.timezone
    windows  = local.windows
    holidays = var.scaling_schedule.holidays
  }
}
