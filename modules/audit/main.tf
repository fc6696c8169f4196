data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.id
}

# The days that validations of variables allow.
module "log_retention" {
  source = "../log-retention"
}

resource "aws_guardduty_detector" "this" {
  count = var.guardduty ? 1 : 0

  enable                       = true
  finding_publishing_frequency = "FIFTEEN_MINUTES"

  tags = { Name = var.name }
}

# Both from records that AWS has anyway. Runtime monitoring would bring an agent, and an endpoint that Terraform does not know of.
resource "aws_guardduty_detector_feature" "this" {
  for_each = toset(var.guardduty ? ["EKS_AUDIT_LOGS", "S3_DATA_EVENTS"] : [])

  detector_id = aws_guardduty_detector.this[0].id
  name        = each.key
  status      = "ENABLED"
}

resource "aws_securityhub_account" "this" {
  count = var.security_hub ? 1 : 0

  enable_default_standards = true

  # Most of its controls are rules of AWS Config.
  depends_on = [aws_config_configuration_recorder_status.this]
}

resource "aws_securityhub_standards_subscription" "nist" {
  count = var.security_hub ? 1 : 0

  standards_arn = "arn:${local.partition}:securityhub:${local.region}::standards/nist-800-53/v/5.0.0"

  depends_on = [aws_securityhub_account.this]
}
