# Searched and watched here, and kept in the bucket.
resource "aws_cloudwatch_log_group" "trail" {
  count = var.trail == null ? 0 : 1

  name              = "/aws/cloudtrail/${var.name}"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.logs.kms_key_arn

  tags = { Name = "${var.name}-trail" }
}

resource "aws_iam_role" "trail" {
  count = var.trail == null ? 0 : 1

  name                 = "${var.name}-trail"
  path                 = var.iam.path
  description          = "Writes trail ${var.name} into CloudWatch Logs."
  permissions_boundary = var.iam.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = local.account_id
          "aws:SourceArn"     = "arn:${local.partition}:cloudtrail:${local.region}:${local.account_id}:trail/${var.name}"
        }
      }
    }]
  })

  tags = { Name = "${var.name}-trail" }
}

resource "aws_iam_role_policy" "trail" {
  count = var.trail == null ? 0 : 1

  name = "write-trail"
  role = aws_iam_role.trail[0].id

  # CloudTrail names its streams by account and region.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.trail[0].arn}:log-stream:${local.account_id}_CloudTrail_*"
    }]
  })
}

resource "aws_cloudtrail" "this" {
  count = var.trail == null ? 0 : 1

  name                          = var.name
  s3_bucket_name                = var.trail.bucket
  kms_key_id                    = var.trail.kms_key_arn
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.trail[0].arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.trail[0].arn
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true

  advanced_event_selector {
    name = "Management events"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  # What endpoints of VPCs let through and what they turn away, whose credentials it ever was: nothing else shows that.
  dynamic "advanced_event_selector" {
    for_each = var.trail.network_event_sources

    content {
      name = "Network activity of ${advanced_event_selector.value}"

      field_selector {
        field  = "eventCategory"
        equals = ["NetworkActivity"]
      }

      field_selector {
        field  = "eventSource"
        equals = [advanced_event_selector.value]
      }
    }
  }

  tags = { Name = var.name }

  # CloudTrail tries whether it may write.
  depends_on = [aws_iam_role_policy.trail]
}
