locals {
  # A role of its own, unless the service-linked one is asked for: of that an account has one, which another region may have made.
  own_config_role    = var.config == null ? false : var.config.service_linked_role == null
  makes_service_role = try(var.config.service_linked_role == "create", false)
}

resource "aws_iam_service_linked_role" "config" {
  count = local.makes_service_role ? 1 : 0

  aws_service_name = "config.amazonaws.com"
}

resource "aws_iam_role" "config" {
  count = local.own_config_role ? 1 : 0

  name                 = "${var.name}-config"
  path                 = var.iam.path
  description          = "Records for AWS Config what changes in ${local.region}."
  permissions_boundary = var.iam.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "config.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account_id } }
    }]
  })

  tags = { Name = "${var.name}-config" }
}

resource "aws_iam_role_policy_attachment" "config" {
  count = local.own_config_role ? 1 : 0

  role       = aws_iam_role.config[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AWS_ConfigRole"
}

resource "aws_iam_role_policy" "config" {
  count = local.own_config_role ? 1 : 0

  name = "deliver"
  role = aws_iam_role.config[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Effect    = "Allow"
          Action    = ["s3:PutObject"]
          Resource  = ["arn:${local.partition}:s3:::${var.config.bucket}/AWSLogs/${local.account_id}/*"]
          Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control" } }
        },
        {
          Effect   = "Allow"
          Action   = ["s3:GetBucketAcl", "s3:ListBucket"]
          Resource = ["arn:${local.partition}:s3:::${var.config.bucket}"]
        },
      ],
      [
        for key in compact([var.config.kms_key_arn]) : {
          Effect   = "Allow"
          Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource = [key]
        }
      ],
    )
  })
}

# AWS takes one recorder and one channel in a region.
resource "aws_config_configuration_recorder" "this" {
  count = var.config == null ? 0 : 1

  name = "default"
  role_arn = (
    local.own_config_role ? aws_iam_role.config[0].arn :
    local.makes_service_role ? aws_iam_service_linked_role.config[0].arn :
    "arn:${local.partition}:iam::${local.account_id}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
  )

  # What is global, such as roles, is recorded once for each region that does so.
  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }

  depends_on = [aws_iam_role_policy_attachment.config]
}

resource "aws_config_delivery_channel" "this" {
  count = var.config == null ? 0 : 1

  name           = "default"
  s3_bucket_name = var.config.bucket
  s3_kms_key_arn = var.config.kms_key_arn

  snapshot_delivery_properties {
    delivery_frequency = "TwentyFour_Hours"
  }

  # AWS Config tries whether it may write.
  depends_on = [aws_config_configuration_recorder.this, aws_iam_role_policy.config]
}

resource "aws_config_configuration_recorder_status" "this" {
  count = var.config == null ? 0 : 1

  name       = aws_config_configuration_recorder.this[0].name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.this]
}
