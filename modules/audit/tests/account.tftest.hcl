# What is made once in an account, and only as asked. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

run "key" {
  module {
    source = "../kms"
  }

  variables {
    name        = "coder/records"
    description = "Records of this test."
    grants      = { log_groups = true, record_writers = ["cloudtrail.amazonaws.com"] }
  }
}

run "bucket" {
  module {
    source = "../archive"
  }

  variables {
    bucket         = "coder-records-123456789012-us-east-1"
    writers        = { "cloudtrail.amazonaws.com" = "arn:aws:cloudtrail:us-east-1:123456789012:trail/coder-us-east-1" }
    retention_days = 913
    kms_key_arn    = run.key.key_arn
  }
}

run "records" {
  # Of a module that a run above takes, with a state of its own: without it this would replace that bucket.
  state_key = "records"

  module {
    source = "../archive"
  }

  variables {
    bucket         = "coder-changes-123456789012-us-east-1"
    writers        = { "config.amazonaws.com" = "" }
    retention_days = 913
    kms_key_arn    = run.key.key_arn
  }
}

variables {
  name = "coder-us-east-1"
}

run "nothing" {
  variables {
    logs = { retention_days = 365, kms_key_arn = run.key.key_arn }
  }

  assert {
    condition = 0 == sum([
      length(aws_cloudtrail.this), length(aws_config_configuration_recorder.this), length(aws_guardduty_detector.this),
      length(aws_securityhub_account.this), length(aws_iam_role.trail), length(aws_iam_role.config),
    ])
    error_message = "Something is made that nobody asked for: AWS refuses a second one."
  }
}

run "all" {
  variables {
    logs = { retention_days = 365, kms_key_arn = run.key.key_arn }
    trail = {
      bucket                = run.bucket.bucket
      kms_key_arn           = run.key.key_arn
      network_event_sources = ["ec2.amazonaws.com", "s3.amazonaws.com"]
    }
    config       = { bucket = run.bucket.bucket, kms_key_arn = run.key.key_arn }
    guardduty    = true
    security_hub = true
  }

  assert {
    condition = alltrue([
      aws_cloudtrail.this[0].is_multi_region_trail, aws_cloudtrail.this[0].enable_log_file_validation, aws_cloudtrail.this[0].enable_logging,
      aws_cloudtrail.this[0].kms_key_id == run.key.key_arn,
    ])
    error_message = "The trail is of one region, cannot be shown to be unchanged, is off, or has another key."
  }

  assert {
    condition = [
      for selector in aws_cloudtrail.this[0].advanced_event_selector :
      join(" ", sort(flatten(selector.field_selector[*].equals)))
    ] == ["Management", "NetworkActivity ec2.amazonaws.com", "NetworkActivity s3.amazonaws.com"]
    error_message = "The trail lacks what is done, or what passes endpoints."
  }

  assert {
    condition = alltrue([
      aws_config_configuration_recorder.this[0].recording_group[0].all_supported,
      aws_config_configuration_recorder_status.this[0].is_enabled,
      aws_config_delivery_channel.this[0].s3_kms_key_arn == run.key.key_arn,
    ])
    error_message = "AWS Config does not record everything, does not record, or encrypts with another key."
  }

  assert {
    condition = alltrue([
      aws_config_configuration_recorder.this[0].role_arn == aws_iam_role.config[0].arn, length(aws_iam_service_linked_role.config) == 0,
    ])
    error_message = "AWS Config records with another role than its own, or makes the account's."
  }

  assert {
    condition = alltrue([
      aws_guardduty_detector.this[0].enable, keys(aws_guardduty_detector_feature.this) == ["EKS_AUDIT_LOGS", "S3_DATA_EVENTS"],
      aws_securityhub_account.this[0].enable_default_standards,
      aws_securityhub_standards_subscription.nist[0].standards_arn == "arn:aws:securityhub:us-east-1::standards/nist-800-53/v/5.0.0",
    ])
    error_message = "GuardDuty does not look at EKS, or Security Hub lacks a standard."
  }
}

run "service_linked_role" {
  variables {
    logs   = { retention_days = 365, kms_key_arn = run.key.key_arn }
    config = { bucket = run.records.bucket, service_linked_role = "create" }
  }

  assert {
    condition = alltrue([
      aws_config_configuration_recorder.this[0].role_arn == aws_iam_service_linked_role.config[0].arn, length(aws_iam_role.config) == 0,
    ])
    error_message = "AWS Config does not record with the service-linked role, or has another one beside it."
  }
}

run "service_linked_role_of_the_account" {
  command = plan

  variables {
    logs   = { retention_days = 365, kms_key_arn = run.key.key_arn }
    config = { bucket = run.records.bucket, service_linked_role = "exists" }
  }

  assert {
    condition = alltrue([
      endswith(aws_config_configuration_recorder.this[0].role_arn, ":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"),
      length(aws_iam_service_linked_role.config) == 0, length(aws_iam_role.config) == 0,
    ])
    error_message = "AWS Config does not record with the role that the account has."
  }
}

run "mistakes" {
  command = plan

  variables {
    name   = "Coder"
    logs   = { retention_days = 364, kms_key_arn = run.key.key_arn }
    config = { bucket = run.records.bucket, service_linked_role = "default" }
  }

  expect_failures = [var.name, var.logs, var.config]
}
