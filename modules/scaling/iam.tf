resource "aws_iam_role" "state_machine" {
  name                 = "${var.role_name}-scaling"
  path                 = var.iam.path
  description          = "Changes sizes of node groups of ${var.cluster_name}."
  permissions_boundary = var.iam.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        ArnEquals    = { "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:states:${local.place}:stateMachine:${local.name}" }
      }
    }]
  })

  tags = { Name = "${var.role_name}-scaling" }
}

resource "aws_iam_role_policy" "state_machine" {
  name = "node-groups"
  role = aws_iam_role.state_machine.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["eks:DescribeNodegroup", "eks:UpdateNodegroupConfig"]
      Resource = [for group in values(var.groups) : group.arn]
    }]
  })
}

# Deliveries of logs have no ARNs: AWS wants all resources for these actions (AWS Step Functions guide, logging).
resource "aws_iam_role_policy" "logs" {
  name = "logs"
  role = aws_iam_role.state_machine.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = [
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
      ]
      Resource = "*"
    }]
  })
}

resource "aws_iam_role" "scheduler" {
  name                 = "${var.role_name}-scaling-schedule"
  path                 = var.iam.path
  description          = "Starts state machine ${local.name}."
  permissions_boundary = var.iam.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # The source that EventBridge Scheduler names is the group of the schedule.
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = data.aws_caller_identity.current.account_id
          "aws:SourceArn"     = "arn:${data.aws_partition.current.partition}:scheduler:${local.place}:schedule-group/${local.name}"
        }
      }
    }]
  })

  tags = { Name = "${var.role_name}-scaling-schedule" }
}

resource "aws_iam_role_policy" "scheduler" {
  name = "state-machine"
  role = aws_iam_role.scheduler.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "states:StartExecution"
      Resource = "arn:${data.aws_partition.current.partition}:states:${local.place}:stateMachine:${local.name}"
    }]
  })
}
