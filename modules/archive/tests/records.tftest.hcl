# Who may write records, and who may take them away. Run: terraform init && terraform test

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
    grants      = { record_writers = ["delivery.logs.amazonaws.com", "cloudtrail.amazonaws.com"] }
  }
}

variables {
  bucket         = "coder-records-123456789012-us-east-1"
  retention_days = 913
  writers = {
    "delivery.logs.amazonaws.com" = "arn:aws:logs:us-east-1:123456789012:*"
    "cloudtrail.amazonaws.com"    = ""
  }
}

run "records" {
  variables {
    kms_key_arn = run.key.key_arn
  }

  assert {
    condition = [for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : "${statement.Effect} ${statement.Sid}"] == [
      "Deny TLSAlone", "Allow CloudtrailLooks", "Allow CloudtrailWrites", "Allow DeliveryLogsLooks", "Allow DeliveryLogsWrites",
    ]
    error_message = "Others than the writers may write, or one of them may not."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement :
      statement.Condition.StringEquals["aws:SourceAccount"] == "123456789012" if statement.Effect == "Allow"
    ])
    error_message = "Services write for other accounts."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : try(statement.Condition.ArnLike["aws:SourceArn"], "")
    ] == ["", "", "", "arn:aws:logs:us-east-1:123456789012:*", "arn:aws:logs:us-east-1:123456789012:*"]
    error_message = "A writer acts for something else than it is told."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement :
      statement.Resource == ["arn:aws:s3:::coder-records-123456789012-us-east-1/*AWSLogs/123456789012/*"] if endswith(statement.Sid, "Writes")
    ])
    error_message = "Records of other accounts, or what is no record, can be written."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].days == 913 && length(aws_s3_bucket_object_lock_configuration.this) == 0
    error_message = "Records go before their days are over, or are locked where nobody asked for it."
  }

  assert {
    condition     = !aws_s3_bucket.this.force_destroy
    error_message = "The bucket goes with the records in it."
  }
}

run "locked" {
  variables {
    bucket              = "coder-trail-123456789012-us-east-1"
    kms_key_arn         = run.key.key_arn
    lock                = "GOVERNANCE"
    deletion_protection = false
  }

  assert {
    condition = alltrue([
      aws_s3_bucket.this.object_lock_enabled,
      aws_s3_bucket_object_lock_configuration.this[0].rule[0].default_retention[0].mode == "GOVERNANCE",
      aws_s3_bucket_object_lock_configuration.this[0].rule[0].default_retention[0].days == 913,
    ])
    error_message = "Records can be deleted before their days are over."
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy
    error_message = "Without protection the bucket stays all the same."
  }
}

run "mistakes" {
  command = plan

  variables {
    kms_key_arn    = run.key.key_arn
    bucket         = "Coder_records"
    writers        = { "cloudtrail" = "" }
    retention_days = 0
  }

  expect_failures = [var.bucket, var.writers, var.retention_days]
}

run "locked_for_ever" {
  command = plan

  variables {
    kms_key_arn = run.key.key_arn
    lock        = "FOREVER"
  }

  expect_failures = [var.lock]
}

run "config_behind_a_lock" {
  command = plan

  variables {
    kms_key_arn = run.key.key_arn
    writers     = { "config.amazonaws.com" = "" }
    lock        = "GOVERNANCE"
  }

  expect_failures = [var.lock]
}
