locals {
  # Mistakes that no second try mends. Everything else is tried again for almost two hours: EKS makes one change of a node group at a
  # time, and answers ResourceInUseException while new images or versions are rolled out.
  retry = [
    {
      ErrorEquals = [for error in ["AccessDenied", "Client", "InvalidParameter", "InvalidRequest", "ResourceNotFound"] : "Eks.${error}Exception"]
      MaxAttempts = 0
    },
    {
      ErrorEquals     = ["States.ALL"]
      IntervalSeconds = 15
      BackoffRate     = 2
      MaxDelaySeconds = 300
      MaxAttempts     = 24
    },
  ]
  catch = [{
    ErrorEquals = ["States.ALL"]
    Output = {
      nodegroup = "{% $states.input.nodegroup %}"
      error     = "{% $states.errorOutput.Error & ': ' & $states.errorOutput.Cause %}"
    }
    Next = "Refused"
  }]

  # The difference of local time and UTC, which lies above -11 and up to +13 hours, gives the local date.
  is_holiday = <<-EOT
    {% (
      $minute := $floor($toMillis($states.input.scheduled_time) / 60000);
      $offset := ($states.input.local_minute - $minute % 1440 + 1440 + 659) % 1440 - 659;
      $substringBefore($fromMillis(($minute + $offset) * 60000), 'T') in $states.input.holidays
    ) %}
  EOT

  # EKS refuses a least size above the desired one, so that both are raised together. A desired size is never lowered: EKS would
  # stop nodes with workspaces on them. The cluster autoscaler takes away what is idle.
  scaling_config = <<-EOT
    {% $merge([
      { 'MinSize': $states.input.min_size },
      $states.input.desired_size < $states.input.min_size ? { 'DesiredSize': $states.input.min_size } : {}
    ]) %}
  EOT

  # One group: read it, and change it if it has to be. Its desired size may change in between; then it is read again.
  set_group = {
    Describe = {
      Type      = "Task"
      Resource  = "arn:${data.aws_partition.current.partition}:states:::aws-sdk:eks:describeNodegroup"
      Arguments = { ClusterName = var.cluster_name, NodegroupName = "{% $states.input.nodegroup %}" }
      Output = {
        nodegroup    = "{% $states.input.nodegroup %}"
        min_size     = "{% $states.input.min_size %}"
        attempt      = "{% $states.input.attempt + 1 %}"
        before       = "{% $states.result.Nodegroup.ScalingConfig.MinSize %}"
        desired_size = "{% $states.result.Nodegroup.ScalingConfig.DesiredSize %}"
      }
      Retry = local.retry
      Catch = local.catch
      Next  = "Compare"
    }
    Compare = {
      Type    = "Choice"
      Choices = [{ Condition = "{% $states.input.before = $states.input.min_size %}", Next = "Done" }]
      Default = "Update"
    }
    Update = {
      Type     = "Task"
      Resource = "arn:${data.aws_partition.current.partition}:states:::aws-sdk:eks:updateNodegroupConfig"
      Arguments = {
        ClusterName   = var.cluster_name
        NodegroupName = "{% $states.input.nodegroup %}"
        ScalingConfig = trimspace(local.scaling_config)
      }
      Output = "{% $states.input %}"
      Retry  = local.retry
      Catch = concat(
        [{
          ErrorEquals = ["Eks.InvalidParameterException"]
          Output      = "{% $merge([$states.input, { 'error': $states.errorOutput.Error & ': ' & $states.errorOutput.Cause }]) %}"
          Next        = "Again"
        }],
        local.catch,
      )
      Next = "Done"
    }
    Again = {
      Type    = "Choice"
      Choices = [{ Condition = "{% $states.input.attempt < 3 %}", Next = "Describe" }]
      Default = "Refused"
    }
    Refused = { Type = "Succeed" }
    Done    = { Type = "Succeed" }
  }
}

# Standard, not Express: each execution is kept for 90 days with all that it did. SR-HA takes 1,400 steps from state to state a month, and
# about 18,000 where there is no schedule: AWS bills 4 cents and half a dollar.
# The policy of CloudWatch Logs that lets deliveries write has room for few groups, and one line for all below this name (AWS Step Functions
# guide, logging).
resource "aws_cloudwatch_log_group" "state_machine" {
  name              = "/aws/vendedlogs/states/${local.name}"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.logs.kms_key_arn

  tags = { Name = local.name }
}

resource "aws_sfn_state_machine" "this" {
  name     = local.name
  type     = "STANDARD"
  role_arn = aws_iam_role.state_machine.arn

  # What went wrong, beyond the 90 days that executions are kept, and without their input.
  logging_configuration {
    level                  = "ERROR"
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.state_machine.arn}:*"
  }

  definition = jsonencode({
    Comment        = "Sets the least sizes of node groups of ${var.cluster_name}."
    QueryLanguage  = "JSONata"
    TimeoutSeconds = 3 * 60 * 60
    StartAt        = "Date"
    States = {
      Date = {
        Type    = "Choice"
        Choices = [{ Condition = trimspace(local.is_holiday), Next = "Holiday" }]
        Default = "Groups"
      }
      Holiday = { Type = "Succeed" }
      Groups = {
        Type  = "Map"
        Items = "{% $states.input.sizes %}"
        ItemSelector = {
          nodegroup = "{% $states.context.Map.Item.Value.nodegroup %}"
          min_size  = "{% $states.context.Map.Item.Value.min_size %}"
          attempt   = 0
        }
        ItemProcessor = {
          ProcessorConfig = { Mode = "INLINE" }
          StartAt         = "Describe"
          States          = local.set_group
        }
        Next = "Verdict"
      }
      # A group that could not be changed holds up no other, and is told at the end.
      Verdict = {
        Type    = "Choice"
        Choices = [{ Condition = "{% $count($states.input[$exists(error)]) > 0 %}", Next = "Failed" }]
        Default = "Succeeded"
      }
      Failed = {
        Type  = "Fail"
        Error = "NodeGroupsNotScaled"
        Cause = "{% $join($states.input[$exists(error)].(nodegroup & ' is not changed. ' & error), ' ') %}"
      }
      Succeeded = { Type = "Succeed" }
    }
  })

  tags = { Name = local.name }


  # Step Functions sets the delivery of logs up as its role.
  depends_on = [aws_iam_role_policy.state_machine, aws_iam_role_policy.logs]
}

resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name          = local.name
  alarm_description   = "Node groups of ${var.cluster_name} did not get the sizes of this hour: a scaling action failed or could not start. See the executions of state machine ${local.name}."
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]

  metric_query {
    id          = "actions"
    label       = "Scaling actions that went wrong"
    expression  = "SUM(METRICS())"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = {
      failed    = { namespace = "AWS/States", metric = "ExecutionsFailed", dimensions = { StateMachineArn = aws_sfn_state_machine.this.arn } }
      timed_out = { namespace = "AWS/States", metric = "ExecutionsTimedOut", dimensions = { StateMachineArn = aws_sfn_state_machine.this.arn } }
      dropped   = { namespace = "AWS/Scheduler", metric = "InvocationDroppedCount", dimensions = { ScheduleGroup = local.name } }
    }

    content {
      id = metric_query.key

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.metric
        dimensions  = metric_query.value.dimensions
        stat        = "Sum"
        period      = 300
      }
    }
  }

  tags = { Name = local.name }
}
