# What there is an alarm for, at which threshold, and who is told. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

run "key" {
  module {
    source = "../kms"
  }

  variables {
    name        = "coder/test"
    description = "All of this test."
    grants      = { publishers = ["budgets", "cloudwatch"] }
  }
}

variables {
  name               = "coder"
  kms_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/1"
  alarm_emails       = ["on-call@example.com"]
  database           = { cluster_identifier = "coder", max_acu = 4, max_connections = 823 }
  node_groups        = { control = { autoscaling_group_name = "eks-control-1" } }
  availability_zones = ["us-east-1a"]
  load_balancer      = { arn_suffix = "net/coder/1", target_group_arn_suffix = "targetgroup/coder/1" }
}

run "one_zone" {
  variables {
    kms_key_arn = run.key.key_arn
  }

  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.database : name => "${alarm.metric_name} ${alarm.comparison_operator} ${alarm.threshold}"
      } == {
      database-capacity    = "ACUUtilization GreaterThanOrEqualToThreshold 95"
      database-cpu         = "CPUUtilization GreaterThanThreshold 90"
      database-connections = "DatabaseConnections GreaterThanThreshold 658"
      database-memory      = "FreeableMemory LessThanThreshold 858993459"
    }
    error_message = "The database's alarms are not those of its capacity: four fifths of 823 connections, a tenth of 8 GiB."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.database : alarm.dimensions == tomap({ DBClusterIdentifier = "coder" })])
    error_message = "Alarms watch another database."
  }

  assert {
    condition = alltrue([for alarm in concat(
      values(aws_cloudwatch_metric_alarm.database),
      values(aws_cloudwatch_metric_alarm.nodes_missing),
      values(aws_cloudwatch_metric_alarm.nodes_impaired),
      [aws_cloudwatch_metric_alarm.load_balancer_unhealthy],
    ) : alarm.alarm_actions == toset([aws_sns_topic.alarms.arn]) && alarm.ok_actions == toset([aws_sns_topic.alarms.arn])])
    error_message = "Somebody is not told of an alarm, or not of its end."
  }

  assert {
    condition = {
      for query in aws_cloudwatch_metric_alarm.nodes_missing["control"].metric_query :
      query.id => query.expression == "" || query.expression == null ? "${query.metric[0].metric_name} ${query.metric[0].dimensions.AutoScalingGroupName}" : query.expression
      } == {
      missing    = "minimum - in_service"
      minimum    = "GroupMinSize eks-control-1"
      in_service = "GroupInServiceInstances eks-control-1"
    }
    error_message = "Nodes are counted against another number than the minimum of the moment."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.zone_lost) == 0
    error_message = "With one zone, there is an alarm for its loss, which the others tell already."
  }

  assert {
    condition = alltrue([
      aws_sns_topic.alarms.kms_master_key_id == run.key.key_arn,
      jsondecode(aws_sns_topic_policy.alarms.policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id,
      jsondecode(aws_sns_topic_policy.alarms.policy).Statement[0].Principal.Service == ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"],
    ])
    error_message = "Messages are not encrypted with the key, or others publish them."
  }

  assert {
    condition     = { for address, subscription in aws_sns_topic_subscription.email : address => [subscription.protocol, subscription.endpoint] } == { "on-call@example.com" = ["email", "on-call@example.com"] }
    error_message = "An address is not told."
  }

  assert {
    condition = alltrue([
      output.dashboard_name == "coder-us-east-1",
      strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "eks-control-1"),
      strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "net/coder/1"),
    ])
    error_message = "The dashboard does not show the nodes or the load balancer, or its name is taken in another region."
  }
}

run "three_zones" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
    node_groups = {
      control     = { autoscaling_group_name = "eks-control-1" }
      provisioner = { autoscaling_group_name = "eks-provisioner-1" }
    }
  }

  # A zone that is gone says nothing.
  assert {
    condition     = { for zone, alarm in aws_cloudwatch_metric_alarm.zone_lost : zone => [alarm.dimensions.AvailabilityZone, alarm.treat_missing_data] } == { for zone in var.availability_zones : zone => [zone, "breaching"] }
    error_message = "There is not one alarm for the loss of each zone, or silence is taken for health."
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.nodes_missing)) == toset(["control", "provisioner"]) && toset(keys(aws_cloudwatch_metric_alarm.nodes_impaired)) == toset(["control", "provisioner"])
    error_message = "A node group has no alarm."
  }
}

# A region that serves the Coder of another one.
run "no_database" {
  command = plan

  variables {
    database = null
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.database) == 0 && !strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "AWS/RDS")
    error_message = "An alarm or a chart is of a database that there is not."
  }
}

run "models" {
  command = plan

  variables {
    ai = { models = ["eu.anthropic.claude-haiku-4-5-20251001-v1:0", "eu.anthropic.claude-sonnet-4-6"], daily_tokens = 5000000 }
  }

  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.ai : name => "${alarm.threshold} of ${length(alarm.metric_query) - 1}"
    } == { ai-tokens = "5000000 of 4", ai-throttled = "0 of 2", ai-failed = "0 of 2", ai-refused = "20 of 2" }
    error_message = "Each alarm is over the metrics of both models: tokens in and out, throttled requests, failures and refusals."
  }

  assert {
    condition = toset(flatten([
      for query in aws_cloudwatch_metric_alarm.ai["ai-tokens"].metric_query : [for metric in query.metric : "${metric.metric_name} ${metric.dimensions.ModelId} ${metric.stat} ${metric.period}"]
    ])) == toset(flatten([for model in var.ai.models : ["InputTokenCount ${model} Sum 86400", "OutputTokenCount ${model} Sum 86400"]]))
    error_message = "Tokens are not those of a day, in and out, of the profiles that requests name."
  }
}

run "no_models" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.ai) == 0 && !strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "AWS/Bedrock")
    error_message = "Something watches models where there are none."
  }
}

run "too_many_models" {
  command = plan

  variables {
    ai = { models = ["a", "b", "c", "d", "e"], daily_tokens = 1 }
  }

  expect_failures = [var.ai]
}

run "refused" {
  command = plan

  variables {
    name         = "coder alarms"
    alarm_emails = ["on-call"]
  }

  expect_failures = [var.name, var.alarm_emails]
}
