# Who may use the key. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

variables {
  name        = "coder/storage"
  description = "EBS volumes of coder."
}

run "nobody_else" {
  assert {
    condition = jsondecode(aws_kms_key.this.policy).Statement == [{
      Sid       = "AccountControlsKey"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
    error_message = "Without grants, the policy lets more than the account itself decide."
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30
    error_message = "The key is not rotated, or is gone in less than 30 days."
  }

  assert {
    condition     = output.alias_name == "alias/coder/storage" && aws_kms_alias.this.target_key_id == aws_kms_key.this.key_id
    error_message = "The alias is not the name, or leads to another key."
  }
}

run "all" {
  variables {
    grants = { log_groups = true, volumes = true, publishers = ["cloudwatch", "budgets"], record_writers = ["cloudtrail.amazonaws.com", "config.amazonaws.com"] }
  }

  assert {
    condition = [for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Sid] == [
      "AccountControlsKey", "LogGroupsUseKey", "VolumesUseKeyThroughEC2", "PublishersUseKey", "RecordWritersUseKey"
    ]
    error_message = "Not each grant has its statement."
  }

  assert {
    condition = alltrue([
      jsondecode(aws_kms_key.this.policy).Statement[1].Principal.Service == "logs.us-east-1.amazonaws.com",
      jsondecode(aws_kms_key.this.policy).Statement[1].Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"]
      == "arn:aws:logs:us-east-1:${data.aws_caller_identity.current.account_id}:log-group:*",
    ])
    error_message = "CloudWatch Logs may use the key for log groups of other accounts or regions."
  }

  assert {
    condition = jsondecode(aws_kms_key.this.policy).Statement[2].Condition.StringEquals == {
      "kms:CallerAccount" = data.aws_caller_identity.current.account_id
      "kms:ViaService"    = "ec2.us-east-1.amazonaws.com"
    }
    error_message = "Volumes are opened from other accounts, or not through EC2 alone."
  }

  assert {
    condition = alltrue([
      jsondecode(aws_kms_key.this.policy).Statement[3].Principal.Service == ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"],
      jsondecode(aws_kms_key.this.policy).Statement[3].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id,
    ])
    error_message = "Other services publish, or these for other accounts."
  }

  assert {
    condition = alltrue([
      jsondecode(aws_kms_key.this.policy).Statement[4].Principal.Service == ["cloudtrail.amazonaws.com", "config.amazonaws.com"],
      jsondecode(aws_kms_key.this.policy).Statement[4].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id,
    ])
    error_message = "Other services write records, or these for other accounts."
  }
}

run "one" {
  command = plan

  variables {
    grants = { volumes = true }
  }

  assert {
    condition     = [for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Sid] == ["AccountControlsKey", "VolumesUseKeyThroughEC2"]
    error_message = "One grant brings another."
  }
}

run "refused" {
  command = plan

  variables {
    name                 = "aws/ebs"
    deletion_window_days = 6
    grants               = { publishers = ["cloudwatch.amazonaws.com"], record_writers = ["cloudtrail"] }
  }

  expect_failures = [var.name, var.deletion_window_days, var.grants]
}
