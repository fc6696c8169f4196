# Aurora keeps its own backups 35 days at most. What must be kept longer is AWS Backup's job.
locals {
  long_term = var.long_term_backup.retention_days == null ? {} : { daily = var.long_term_backup.retention_days }
}

resource "aws_backup_vault" "this" {
  for_each = local.long_term

  name          = "${var.name}-database"
  kms_key_arn   = var.kms_key_arn
  force_destroy = !var.long_term_backup.deletion_protection

  tags = { Name = "${var.name}-database" }
}

resource "aws_backup_plan" "this" {
  for_each = local.long_term

  name = "${var.name}-database"

  rule {
    rule_name                = each.key
    target_vault_name        = aws_backup_vault.this[each.key].name
    schedule                 = "cron(0 5 ? * * *)"
    start_window             = 60
    completion_window        = 480
    enable_continuous_backup = false

    lifecycle {
      delete_after = each.value
    }
  }

  tags = { Name = "${var.name}-database" }
}

resource "aws_backup_selection" "this" {
  for_each = local.long_term

  name         = "${var.name}-database"
  plan_id      = aws_backup_plan.this[each.key].id
  iam_role_arn = aws_iam_role.backup[each.key].arn
  resources    = [aws_rds_cluster.this.arn]

  depends_on = [aws_iam_role_policy_attachment.backup]
}

resource "aws_iam_role" "backup" {
  for_each = local.long_term

  name                 = "${var.name}-${local.region}-database-backup"
  path                 = var.iam.path
  description          = "Lets AWS Backup snapshot the Aurora cluster of ${var.name}."
  permissions_boundary = var.iam.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "backup.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })

  tags = { Name = "${var.name}-database-backup" }
}

resource "aws_iam_role_policy_attachment" "backup" {
  for_each = local.long_term

  role       = aws_iam_role.backup[each.key].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}
