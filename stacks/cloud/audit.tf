locals {
  # Who writes records, into which bucket of the deployment's own. Where an archive is named, its owner has made bucket and policy.
  record_writers = {
    for bucket, writers in {
      records = var.audit.load_balancer_logs ? { "delivery.logs.amazonaws.com" = format(local.own_arn, "logs", "*") } : {}
    } : bucket => writers if length(writers) > 0 && var.audit.archive.bucket == null
  }

  # Logs of the load balancer go below this, in whosever bucket.
  access_logs = !var.audit.load_balancer_logs ? null : {
    bucket = var.audit.archive.bucket == null ? module.archive["records"].bucket : var.audit.archive.bucket
    prefix = var.name
  }
}

# Names of buckets are one for all accounts of a partition.
module "archive" {
  source   = "../../modules/archive"
  for_each = local.record_writers

  bucket              = "${var.name}-${each.key}-${local.account_id}-${var.region}"
  writers             = each.value
  retention_days      = var.audit.archive.retention_days
  kms_key_arn         = module.kms["records"].key_arn
  deletion_protection = var.deletion_protection.records
}
