# What is due when, and who may do it. Run: terraform init && terraform test

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/role" }
  }

  mock_resource "aws_sfn_state_machine" {
    defaults = { arn = "arn:aws:states:us-east-1:123456789012:stateMachine:coder-scaling" }
  }
}

variables {
  name            = "coder"
  role_name       = "coder-us-east-1"
  cluster_name    = "coder"
  alarm_topic_arn = "arn:aws:sns:us-east-1:123456789012:alarms"
  logs            = { retention_days = 30, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" }
  groups = {
    workspace = {
      name         = "workspace-1"
      arn          = "arn:aws:eks:us-east-1:123456789012:nodegroup/coder/workspace-1/0"
      peak_min     = 21
      off_peak_min = 4
    }
  }
}

run "hold" {
  assert {
    condition     = { for edge, schedule in aws_scheduler_schedule.this : edge => schedule.schedule_expression } == { hold = "rate(1 hours)" }
    error_message = "Without a schedule the least size is not held each hour."
  }

  assert {
    condition     = jsondecode(aws_scheduler_schedule.this["hold"].target[0].input).sizes == [{ nodegroup = "workspace-1", min_size = 21 }]
    error_message = "Without a schedule another size is held than the setting."
  }
}

run "failures_are_logged" {
  assert {
    condition = alltrue([
      aws_sfn_state_machine.this.logging_configuration[0].level == "ERROR",
      !aws_sfn_state_machine.this.logging_configuration[0].include_execution_data,
      endswith(aws_sfn_state_machine.this.logging_configuration[0].log_destination, ":*"),
    ])
    error_message = "What fails is not logged, or more than that."
  }

  assert {
    condition = alltrue([
      aws_cloudwatch_log_group.state_machine.retention_in_days == 30,
      aws_cloudwatch_log_group.state_machine.kms_key_id == var.logs.kms_key_arn,
    ])
    error_message = "The log is kept for other days, or encrypted with another key."
  }
}

run "no_such_days" {
  command = plan

  variables {
    logs = { retention_days = 31, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" }
  }

  expect_failures = [var.logs]
}

run "windows" {
  variables {
    schedule = {
      timezone = "America/New_York"
      windows = {
        office  = { start_time = "45 6 * * MON-FRI", stop_time = "15 18 * * MON-FRI" }
        closing = { start_time = "0 20 28 * *", stop_time = "0 23 * JAN-MAR *" }
      }
      holidays = ["2026-12-25"]
    }
  }

  assert {
    condition = { for edge, schedule in aws_scheduler_schedule.this : edge => schedule.schedule_expression } == {
      office-start  = "cron(45 6 ? * MON-FRI *)"
      office-stop   = "cron(15 18 ? * MON-FRI *)"
      closing-start = "cron(0 20 28 * ? *)"
      closing-stop  = "cron(0 23 * JAN-MAR ? *)"
    }
    error_message = "Cron of Unix is not turned into AWS's."
  }

  assert {
    condition     = aws_scheduler_schedule.this["office-start"].schedule_expression_timezone == "America/New_York"
    error_message = "A window is not by the clock of its zone."
  }

  assert {
    condition     = strcontains(aws_scheduler_schedule.this["office-start"].target[0].input, "\"<aws.scheduler.scheduled-time>\"")
    error_message = "EventBridge Scheduler does not find the place of the scheduled time."
  }

  assert {
    condition = {
      for edge, schedule in aws_scheduler_schedule.this : edge => [for size in jsondecode(schedule.target[0].input).sizes : size.min_size]
      } == {
      office-start  = [21]
      office-stop   = [4]
      closing-start = [21]
      closing-stop  = [4]
    }
    error_message = "Starts do not raise, or stops do not lower."
  }

  assert {
    condition     = { for edge in ["office-start", "office-stop"] : edge => jsondecode(aws_scheduler_schedule.this[edge].target[0].input).holidays } == { office-start = ["2026-12-25"], office-stop = [] }
    error_message = "Holidays are not for starts alone."
  }

  assert {
    condition     = jsondecode(aws_scheduler_schedule.this["office-start"].target[0].input).local_minute == 405
    error_message = "06:45 is not minute 405 of the day."
  }
}

run "rights" {
  assert {
    condition = jsondecode(aws_iam_role_policy.state_machine.policy).Statement == [{
      Effect   = "Allow"
      Action   = ["eks:DescribeNodegroup", "eks:UpdateNodegroupConfig"]
      Resource = ["arn:aws:eks:us-east-1:123456789012:nodegroup/coder/workspace-1/0"]
    }]
    error_message = "The state machine may do more or less than change its groups."
  }

  assert {
    condition     = jsondecode(aws_iam_role.state_machine.assume_role_policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == "arn:aws:states:us-east-1:123456789012:stateMachine:coder-scaling"
    error_message = "Other state machines may use the role."
  }

  assert {
    condition     = jsondecode(aws_iam_role.scheduler.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceArn"] == "arn:aws:scheduler:us-east-1:123456789012:schedule-group/coder-scaling"
    error_message = "Other groups of schedules may use the role."
  }
}

run "refused" {
  command = plan

  variables {
    groups = {
      workspace = { name = "w", arn = "arn:aws:eks:us-east-1:123456789012:nodegroup/coder/w/0", peak_min = 1, off_peak_min = 2 }
    }
    schedule  = { timezone = "UTC", windows = { "Late shift" = { start_time = "0 6 * * *", stop_time = "0 8 * * *" } } }
    role_name = "a-name-that-leaves-no-room-for-the-end-of-a-role-name"
  }

  expect_failures = [var.groups, var.schedule, var.role_name]
}

run "overlapping" {
  command = plan

  variables {
    schedule = {
      timezone = "UTC"
      windows = {
        office = { start_time = "45 6 * * MON-FRI", stop_time = "15 18 * * MON-FRI" }
        late   = { start_time = "0 17 * * FRI,SAT", stop_time = "0 23 * * FRI,SAT" }
      }
    }
  }

  expect_failures = [aws_scheduler_schedule_group.this]
}

# From Saturday night to Sunday morning, where the week ends.
run "overlapping_nights" {
  command = plan

  variables {
    schedule = {
      timezone = "UTC"
      windows = {
        night  = { start_time = "0 22 * * SAT", stop_time = "0 6 * * SUN" }
        sunday = { start_time = "30 5 * * SUN", stop_time = "0 12 * * SUN" }
      }
    }
  }

  expect_failures = [aws_scheduler_schedule_group.this]
}

run "side_by_side" {
  command = plan

  variables {
    schedule = {
      timezone = "UTC"
      windows = {
        office     = { start_time = "45 6 * * MON-FRI", stop_time = "15 18 * * MON-FRI" }
        evening    = { start_time = "15 18 * * *", stop_time = "0 1 * * *" }
        weekend    = { start_time = "0 8 * * SAT,SUN", stop_time = "0 17 * * SAT,SUN" }
        inspection = { start_time = "0 8 1 * *", stop_time = "0 9 1 * *" }
      }
    }
  }

  assert {
    condition     = length(aws_scheduler_schedule.this) == 8
    error_message = "Windows that do not overlap are refused."
  }
}
