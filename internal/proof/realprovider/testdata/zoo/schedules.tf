# Schedules of EventBridge Scheduler, and state machines of Step Functions.

resource "aws_iam_role" "scheduled" {
  for_each = toset(["scheduler", "states"])

  name = "zoo-${each.key}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "${each.key}.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_scheduler_schedule_group" "feeding" {
  name = "feeding"
  tags = { Keeper = "morning" }
}

resource "aws_scheduler_schedule_group" "prefixed" {
  name_prefix = "prefixed-"
}

resource "aws_scheduler_schedule" "lions" {
  name                         = "lions"
  group_name                   = aws_scheduler_schedule_group.feeding.name
  schedule_expression          = "cron(30 6 ? * MON-FRI *)"
  schedule_expression_timezone = "Europe/Berlin"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.feed.arn
    role_arn = aws_iam_role.scheduled["scheduler"].arn
    input    = jsonencode({ animal = "lion", portions = 3 })

    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 10
    }
  }
}

resource "aws_scheduler_schedule" "fish" {
  name_prefix         = "fish-"
  schedule_expression = "rate(2 hours)"
  state               = "DISABLED"

  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }

  target {
    arn      = aws_sqs_queue.jobs.arn
    role_arn = aws_iam_role.scheduled["scheduler"].arn
  }
}

resource "aws_sfn_state_machine" "feed" {
  name     = "feed"
  role_arn = aws_iam_role.scheduled["states"].arn

  definition = jsonencode({
    StartAt = "Enough"
    States = {
      Enough = { Type = "Choice", Choices = [{ Variable = "$.portions", NumericGreaterThan = 2, Next = "Feed" }], Default = "Done" }
      Feed   = { Type = "Task", Resource = "arn:aws:states:::sqs:sendMessage", Parameters = { QueueUrl = aws_sqs_queue.jobs.url, "MessageBody.$" = "$" }, Next = "Done" }
      Done   = { Type = "Succeed" }
    }
  })
}

resource "aws_sfn_state_machine" "fast" {
  name_prefix = "fast-"
  type        = "EXPRESS"
  role_arn    = aws_iam_role.scheduled["states"].arn
  definition  = jsonencode({ QueryLanguage = "JSONata", StartAt = "A", States = { A = { Type = "Pass", Output = "{% $states.input %}", End = true } } })

  tracing_configuration {
    enabled = true
  }

  tags = { Speed = "high" }
}
