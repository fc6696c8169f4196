data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

# The days that validations of variables allow.
module "log_retention" {
  source = "../log-retention"
}

locals {
  name = "${var.name}-scaling"

  # The region and account that both services act for. Their roles trust these sources alone.
  place = "${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"

  # What is due when. Without a schedule there is one action, which holds the least sizes at their settings.
  edges = merge(
    { for window in var.schedule == null ? ["hold"] : [] : window => { at = "rate(1 hours)", timezone = "UTC", size = "peak_min" } },
    [
      for window, times in try(var.schedule.windows, {}) : {
        "${window}-start" = { at = times.start_time, timezone = var.schedule.timezone, size = "peak_min" }
        "${window}-stop"  = { at = times.stop_time, timezone = var.schedule.timezone, size = "off_peak_min" }
      }
    ]...
  )

  # Cron of Unix has five fields. EventBridge Scheduler has a sixth for the year, and wants a question mark for the day that the other
  # field of days decides.
  expressions = {
    for edge, due in local.edges : edge => startswith(due.at, "rate(") ? due.at : format(
      "cron(%s %s %s %s %s *)",
      split(" ", due.at)[0],
      split(" ", due.at)[1],
      split(" ", due.at)[4] == "*" ? split(" ", due.at)[2] : "?",
      split(" ", due.at)[3],
      split(" ", due.at)[4] == "*" ? "?" : split(" ", due.at)[4],
    )
  }

  inputs = {
    for edge, due in local.edges : edge => {
      edge           = edge
      scheduled_time = "<aws.scheduler.scheduled-time>"

      # Only what raises sizes heeds holidays. With the local time, the state machine knows the local date, too.
      holidays     = due.size == "peak_min" ? try(var.schedule.holidays, []) : []
      local_minute = startswith(due.at, "rate(") ? 0 : 60 * tonumber(split(" ", due.at)[1]) + tonumber(split(" ", due.at)[0])
      sizes        = [for group in values(var.groups) : { nodegroup = group.name, min_size = group[due.size] }]
    }
  }
}

# A group of its own: a role can be trusted to no less than a group of schedules, and the group's metrics are these schedules' own.
resource "aws_scheduler_schedule_group" "this" {
  name = local.name

  tags = { Name = local.name }

  lifecycle {
    precondition {
      condition     = length(local.overlaps) == 0
      error_message = "Windows of the scaling schedule overlap: ${join(", ", local.overlaps)}. At the stop of the first, the other would lose its nodes. Make one window of both."
    }
  }
}

resource "aws_scheduler_schedule" "this" {
  for_each = local.edges

  name        = each.key
  group_name  = aws_scheduler_schedule_group.this.name
  description = "Sets the least sizes of node groups of ${var.cluster_name}."

  schedule_expression          = local.expressions[each.key]
  schedule_expression_timezone = each.value.timezone

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.this.arn
    role_arn = aws_iam_role.scheduler.arn

    # jsonencode writes < and > as escapes, which are no context attribute any more.
    input = replace(replace(jsonencode(local.inputs[each.key]), "\\u003c", "<"), "\\u003e", ">")

    # A morning that is an hour late is of no use.
    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 60
    }
  }

  # The role is of use once it has its policy.
  depends_on = [aws_iam_role_policy.scheduler]
}
