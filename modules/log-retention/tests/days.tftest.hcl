# The list is CloudWatch's own. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

run "list" {
  assert {
    condition     = length(distinct(output.days)) == 22 && alltrue([for days in output.days : days > 0])
    error_message = "A day is missing, twice there, or none: 0 would keep a log for ever."
  }
}

run "each_is_accepted" {
  module {
    source = "./tests/groups"
  }

  variables {
    days = run.list.days
  }

  assert {
    condition     = length(aws_cloudwatch_log_group.this) == length(run.list.days)
    error_message = "CloudWatch Logs does not know a day of the list."
  }
}
