locals {
  # Who writes records, into which bucket of the deployment's own. Where an archive is named, its owner has made bucket and policy. AWS Config
  # writes as its role, which has its right by itself, or as the service if that is the service-linked one.
  record_writers = {
    for bucket, writers in {
      records = merge(
        var.audit.load_balancer_logs ? { "delivery.logs.amazonaws.com" = format(local.own_arn, "logs", "*") } : {},
        var.audit.config == "create" ? { "config.amazonaws.com" = "" } : {},
      )
      trail = var.audit.trail == "create" ? { "cloudtrail.amazonaws.com" = format(local.own_arn, "cloudtrail", "trail/${local.global_name}") } : {}
    } : bucket => writers if length(writers) > 0 && var.audit.archive.bucket == null
  }

  # What is written with whose key: in an archive of others, with theirs.
  archive_key_arn = var.audit.archive.bucket == null ? try(module.kms["records"].key_arn, null) : var.audit.archive.kms_key_arn

  archive_buckets = {
    for bucket in ["records", "trail"] : bucket =>
    var.audit.archive.bucket == null ? try(module.archive[bucket].bucket, null) : var.audit.archive.bucket
  }

  # Logs of the load balancer go below this, in whosever bucket.
  access_logs = var.audit.load_balancer_logs ? { bucket = local.archive_buckets["records"], prefix = var.name } : null

  # Services whose calls through endpoints CloudTrail can keep, of those whose events and endpoints have one name (CloudTrail user guide,
  # Logging network activity events, 2026): not ECR, EKS, STS, CloudWatch Logs, nor Auto Scaling. Of GovCloud it says nothing.
  network_event_sources = [
    for service in [
      "athena", "cloudformation", "cloudtrail", "config", "dynamodb", "ec2", "ecs", "elasticfilesystem", "elasticloadbalancing", "events",
      "glue", "kms", "lambda", "monitoring", "rds", "s3", "secretsmanager", "sns", "sqs", "ssm",
    ] : "${service}.amazonaws.com"
    if contains(keys(local.endpoint_policies), service) && var.deployment_features.private_egress && local.partition == "aws"
  ]
}

# Names of buckets are one for all accounts of a partition. The trail has one of its own, as nothing else may be locked: AWS Config writes into
# no bucket with a lock.
module "archive" {
  source   = "../../modules/archive"
  for_each = local.record_writers

  bucket              = "${var.name}-${each.key}-${local.account_id}-${var.region}"
  writers             = each.value
  retention_days      = var.audit.archive.retention_days
  lock                = each.key == "trail" ? var.audit.archive.lock : null
  kms_key_arn         = module.kms["records"].key_arn
  deletion_protection = var.deletion_protection.records
}

module "audit" {
  source = "../../modules/audit"
  count  = contains([var.audit.trail, var.audit.config, var.audit.guardduty, var.audit.security_hub], "create") ? 1 : 0

  name = local.global_name
  iam  = var.iam
  trail = var.audit.trail != "create" ? null : {
    bucket                = local.archive_buckets["trail"]
    kms_key_arn           = local.archive_key_arn
    network_event_sources = local.network_event_sources
  }
  config = var.audit.config != "create" ? null : {
    bucket              = local.archive_buckets["records"]
    kms_key_arn         = local.archive_key_arn
    service_linked_role = var.audit.config_role
  }
  guardduty    = var.audit.guardduty == "create"
  security_hub = var.audit.security_hub == "create"
  logs = {
    retention_days = var.observability.log_retention_days
    kms_key_arn    = module.kms["observability"].key_arn
  }
}
