data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id

  # "17" follows AWS's default minor version and takes new ones in the maintenance window; "17.7" stays.
  engine_major = split(".", var.engine_version)[0]
  engine_pins  = length(split(".", var.engine_version)) > 1

  port = 5432
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Database subnets of ${var.name}, in every zone that it may ever use."
  subnet_ids  = var.subnet_ids

  tags = { Name = var.name }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-database"
  description = "Aurora cluster of ${var.name}: PostgreSQL from the nodes alone"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-database" }
}

# No egress rule: the database opens no connections.
resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = var.client_security_groups

  security_group_id            = aws_security_group.this.id
  description                  = "PostgreSQL from ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = each.value

  tags = { Name = "${var.name}-database-from-${each.key}" }
}

resource "aws_rds_cluster_parameter_group" "this" {
  name        = "${var.name}-postgresql${local.engine_major}"
  family      = "aurora-postgresql${local.engine_major}"
  description = "Aurora cluster of ${var.name}: no connection without TLS."

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # Loaded as the database starts; charts/foundation then says what it logs.
  dynamic "parameter" {
    for_each = var.logs.statements ? ["pg_stat_statements,pgaudit"] : []

    content {
      name         = "shared_preload_libraries"
      value        = parameter.value
      apply_method = "pending-reboot"
    }
  }

  tags = { Name = "${var.name}-postgresql${local.engine_major}" }

  lifecycle {
    # A group is of one major version, and AWS deletes none that a cluster has: that of another version is made first.
    create_before_destroy = true
  }
}

# The days that validations of variables allow.
module "log_retention" {
  source = "../log-retention"
}

# Made before the cluster: RDS would otherwise make the group itself, unencrypted and kept for ever.
resource "aws_cloudwatch_log_group" "postgresql" {
  name              = "/aws/rds/cluster/${var.name}/postgresql"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.logs.kms_key_arn

  tags = { Name = "${var.name}-postgresql" }
}

# The suffix of the final snapshot's name: a snapshot outlives its cluster, and a second one of the same name is refused.
resource "terraform_data" "final_snapshot" {
  triggers_replace = [var.name, var.kms_key_arn]
}

resource "aws_rds_cluster" "this" {
  cluster_identifier = var.name
  engine             = "aurora-postgresql"
  engine_mode        = "provisioned"
  engine_version     = var.engine_version
  database_name      = var.database_name
  port               = local.port

  # Of what can change here, the version alone waits for the maintenance window.
  allow_major_version_upgrade = var.upgrade.allow_major_version
  apply_immediately           = var.upgrade.apply_immediately

  # RDS makes, keeps and rotates the password. Nobody signs in with it after the first set-up: coderd signs in with IAM.
  master_username                     = var.master_username
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.kms_key_arn
  iam_database_authentication_enabled = true

  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = [aws_security_group.this.id]
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this.name
  storage_encrypted               = true
  kms_key_id                      = var.kms_key_arn
  enabled_cloudwatch_logs_exports = ["postgresql"]

  backup_retention_period   = var.backup_retention_days
  copy_tags_to_snapshot     = true
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-final-${terraform_data.final_snapshot.id}"

  serverlessv2_scaling_configuration {
    min_capacity = var.capacity.min_acu
    max_capacity = var.capacity.max_acu
  }

  tags = { Name = var.name }

  depends_on = [aws_cloudwatch_log_group.postgresql]

  lifecycle {
    # Both are said when the cluster is made, and never again. The provider reads neither back, so that it would send them to a cluster that
    # was imported, where RDS takes the key only while it does not manage the password yet (API reference, ModifyDBCluster). What decides
    # the key, kms_key_id, replaces the cluster.
    ignore_changes = [manage_master_user_password, master_user_secret_kms_key_id]
  }
}

resource "aws_rds_cluster_instance" "this" {
  for_each = var.instances

  identifier         = "${var.name}-${each.key}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  instance_class     = "db.serverless"
  availability_zone  = each.value.availability_zone
  promotion_tier     = each.value.promotion_tier

  db_subnet_group_name       = aws_db_subnet_group.this.name
  publicly_accessible        = false
  auto_minor_version_upgrade = !local.engine_pins
  copy_tags_to_snapshot      = true

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = 7
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring.arn

  tags = { Name = "${var.name}-${each.key}" }

  depends_on = [aws_iam_role_policy_attachment.monitoring]
}

resource "aws_iam_role" "monitoring" {
  name                 = "${var.name}-${local.region}-database-monitoring"
  path                 = var.iam.path
  description          = "Lets RDS write the enhanced monitoring of ${var.name}."
  permissions_boundary = var.iam.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })

  tags = { Name = "${var.name}-database-monitoring" }
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
