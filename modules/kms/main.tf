data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix
  region     = data.aws_region.current.id

  # The account keeps control of the key, so that IAM policies can grant its use. In a key policy, Resource "*" means this key.
  account_statement = {
    Sid       = "AccountControlsKey"
    Effect    = "Allow"
    Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }

  # CloudWatch Logs refuses to create a log group with a key that its regional service principal may not use.
  log_groups_statement = {
    Sid       = "LogGroupsUseKey"
    Effect    = "Allow"
    Principal = { Service = "logs.${local.region}.${local.dns_suffix}" }
    Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    Resource  = "*"
    Condition = {
      ArnLike = {
        "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:*"
      }
    }
  }

  # Volumes are attached by Auto Scaling's service-linked role, by the CSI driver and by operators, always through EC2. Naming
  # the service-linked role instead would fail in an account that has not made it yet. This is the rule of the key aws/ebs.
  volumes_statement = {
    Sid       = "VolumesUseKeyThroughEC2"
    Effect    = "Allow"
    Principal = { AWS = "*" }
    Action = [
      "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"
    ]
    Resource = "*"
    Condition = {
      StringEquals = {
        "kms:CallerAccount" = local.account_id
        "kms:ViaService"    = "ec2.${local.region}.${local.dns_suffix}"
      }
    }
  }

  # A service that publishes to an encrypted topic encrypts the message itself.
  publishers_statement = {
    Sid       = "PublishersUseKey"
    Effect    = "Allow"
    Principal = { Service = [for service in sort(tolist(var.grants.publishers)) : "${service}.amazonaws.com"] }
    Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
    Resource  = "*"
    Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
  }

  # A service that writes an object into a bucket encrypts it itself, and reads what a bucket key was made with.
  record_writers_statement = {
    Sid       = "RecordWritersUseKey"
    Effect    = "Allow"
    Principal = { Service = sort(tolist(var.grants.record_writers)) }
    Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    Resource  = "*"
    Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
  }
}

resource "aws_kms_key" "this" {
  description             = var.description
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.account_statement],
      var.grants.log_groups ? [local.log_groups_statement] : [],
      var.grants.volumes ? [local.volumes_statement] : [],
      length(var.grants.publishers) > 0 ? [local.publishers_statement] : [],
      length(var.grants.record_writers) > 0 ? [local.record_writers_statement] : [],
    )
  })

  tags = { Name = var.name }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}
