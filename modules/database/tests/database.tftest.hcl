# Who reaches the database, what is kept of it, and which versions it takes. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

run "key" {
  module {
    source = "../kms"
  }

  variables {
    name        = "coder/test"
    description = "All of this test."
    grants      = { log_groups = true }
  }
}

run "network" {
  module {
    source = "../network"
  }

  variables {
    name               = "coder"
    cidr               = "10.0.0.0/16"
    availability_zones = ["us-east-1a", "us-east-1b"]
    nat_gateway_zones  = ["us-east-1a"]
    flow_logs          = { retention_days = 30, kms_key_arn = run.key.key_arn }
  }
}

run "cluster" {
  module {
    source = "../cluster"
  }

  variables {
    name                = "coder"
    kubernetes_version  = "1.35"
    subnet_ids          = values(run.network.system_subnet_ids)
    secrets_kms_key_arn = run.key.key_arn
    logs                = { retention_days = 30, kms_key_arn = run.key.key_arn }
  }
}

variables {
  name                   = "coder"
  vpc_id                 = "vpc-1"
  subnet_ids             = ["subnet-a", "subnet-b"]
  client_security_groups = { nodes = "sg-1" }
  engine_version         = "17"
  database_name          = "coder"
  master_username        = "coder_admin"
  capacity               = { min_acu = 0.5, max_acu = 4 }
  kms_key_arn            = "arn:aws:kms:us-east-1:123456789012:key/1"
  backup_retention_days  = 7
  logs                   = { retention_days = 30, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
  instances = {
    us-east-1a = { availability_zone = "us-east-1a" }
    us-east-1b = { availability_zone = "us-east-1b", promotion_tier = 1 }
  }
}

run "small" {
  variables {
    vpc_id                 = run.network.vpc_id
    subnet_ids             = values(run.network.database_subnet_ids)
    client_security_groups = { nodes = run.cluster.security_group_id }
    kms_key_arn            = run.key.key_arn
    logs                   = { retention_days = 60, kms_key_arn = run.key.key_arn }

    # Or the end of this test could not remove it.
    deletion_protection = false
  }

  assert {
    condition = alltrue([
      aws_rds_cluster.this.manage_master_user_password,
      aws_rds_cluster.this.master_user_secret_kms_key_id == run.key.key_arn,
      aws_rds_cluster.this.iam_database_authentication_enabled,
    ])
    error_message = "Somebody has to know a password."
  }

  assert {
    condition     = [for parameter in aws_rds_cluster_parameter_group.this.parameter : "${parameter.name}=${parameter.value}"] == ["rds.force_ssl=1"]
    error_message = "Connections without TLS are let in, or more is loaded than was asked for."
  }

  assert {
    condition = { for client, rule in aws_vpc_security_group_ingress_rule.clients : client => [rule.referenced_security_group_id, rule.from_port, rule.to_port] } == {
      nodes = [run.cluster.security_group_id, 5432, 5432]
    }
    error_message = "Others connect than the groups that are named, or to another port."
  }

  assert {
    condition = alltrue(concat(
      [aws_rds_cluster.this.storage_encrypted, aws_rds_cluster.this.kms_key_id == run.key.key_arn],
      [for instance in aws_rds_cluster_instance.this : instance.performance_insights_kms_key_id == run.key.key_arn],
    ))
    error_message = "Something of the database is not encrypted with the key."
  }

  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : !instance.publicly_accessible])
    error_message = "The database has a public address."
  }

  assert {
    condition = { for name, instance in aws_rds_cluster_instance.this : name => [instance.identifier, instance.availability_zone, instance.promotion_tier] } == {
      us-east-1a = ["coder-us-east-1a", "us-east-1a", 0]
      us-east-1b = ["coder-us-east-1b", "us-east-1b", 1]
    }
    error_message = "Instances are elsewhere, or take over in another order."
  }

  assert {
    condition = alltrue([
      aws_cloudwatch_log_group.postgresql.name == "/aws/rds/cluster/${aws_rds_cluster.this.cluster_identifier}/postgresql",
      aws_cloudwatch_log_group.postgresql.retention_in_days == 60,
      aws_cloudwatch_log_group.postgresql.kms_key_id == run.key.key_arn,
    ])
    error_message = "The log goes where RDS makes a group itself: unencrypted, and for ever."
  }

  assert {
    condition     = aws_rds_cluster.this.backup_retention_period == 7 && !aws_rds_cluster.this.skip_final_snapshot && startswith(aws_rds_cluster.this.final_snapshot_identifier, "coder-final-")
    error_message = "Backups are kept otherwise than is said, or nothing is left of a deleted database."
  }

  assert {
    condition     = length(aws_backup_vault.this) + length(aws_backup_plan.this) + length(aws_iam_role.backup) == 0
    error_message = "AWS Backup keeps something that nobody asked for."
  }

  assert {
    condition     = aws_rds_cluster_parameter_group.this.family == "aurora-postgresql17" && alltrue([for instance in aws_rds_cluster_instance.this : instance.auto_minor_version_upgrade])
    error_message = "A major version does not take minor ones."
  }

  assert {
    condition     = output.master_secret_arn == aws_rds_cluster.this.master_user_secret[0].secret_arn && output.resource_id == aws_rds_cluster.this.cluster_resource_id
    error_message = "Policies name another secret or another cluster."
  }
}

run "kept_for_years" {
  command = plan

  variables {
    long_term_backup = { retention_days = 365 }
  }

  assert {
    condition     = one(aws_backup_plan.this["daily"].rule).lifecycle[0].delete_after == 365 && !aws_backup_vault.this["daily"].force_destroy
    error_message = "Snapshots are kept otherwise than is said, or a destroy deletes them."
  }

  assert {
    condition     = aws_iam_role_policy_attachment.backup["daily"].policy_arn == "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
    error_message = "AWS Backup may do more or less than back up: to restore is another policy."
  }

  assert {
    condition     = aws_rds_cluster.this.deletion_protection
    error_message = "The cluster is deleted without having been asked twice."
  }
}

run "kept_until_a_destroy" {
  command = plan

  variables {
    long_term_backup = { retention_days = 365, deletion_protection = false }
  }

  assert {
    condition     = aws_backup_vault.this["daily"].force_destroy
    error_message = "A vault stands in the way of a destroy that was asked for."
  }
}

run "a_pinned_version_stays" {
  command = plan

  variables {
    engine_version = "16.6"
  }

  assert {
    condition     = aws_rds_cluster_parameter_group.this.family == "aurora-postgresql16" && alltrue([for instance in aws_rds_cluster_instance.this : !instance.auto_minor_version_upgrade])
    error_message = "A pinned version is upgraded, or has another version's parameters."
  }
}

run "an_upgrade_is_asked_for" {
  command = plan

  assert {
    condition     = !aws_rds_cluster.this.allow_major_version_upgrade && !aws_rds_cluster.this.apply_immediately
    error_message = "Another major version is taken without a word, or the database is away outside of its maintenance window."
  }
}

run "a_major_upgrade" {
  command = plan

  variables {
    upgrade = { allow_major_version = true, apply_immediately = true }
  }

  assert {
    condition     = aws_rds_cluster.this.allow_major_version_upgrade && aws_rds_cluster.this.apply_immediately
    error_message = "AWS refuses the upgrade, or lets it wait while its parameter group goes."
  }
}

run "refused" {
  command = plan

  variables {
    name                  = "coder-"
    subnet_ids            = ["subnet-a"]
    engine_version        = "12"
    upgrade               = { allow_major_version = true }
    database_name         = "Coder"
    master_username       = "rdsadmin"
    capacity              = { min_acu = 0.7, max_acu = 4 }
    instances             = {}
    backup_retention_days = 36
    long_term_backup      = { retention_days = 35 }
    logs                  = { retention_days = 31, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
  }

  expect_failures = [
    var.name, var.subnet_ids, var.engine_version, var.upgrade, var.database_name, var.master_username, var.capacity, var.instances,
    var.backup_retention_days, var.long_term_backup, var.logs,
  ]
}

run "a_minimum_above_the_maximum" {
  command = plan

  variables {
    capacity = { min_acu = 8, max_acu = 4 }
  }

  expect_failures = [var.capacity]
}

run "statements_are_logged" {
  command = plan

  variables {
    logs = { retention_days = 60, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1", statements = true }
  }

  assert {
    condition = {
      for parameter in aws_rds_cluster_parameter_group.this.parameter : parameter.name => "${parameter.value} ${parameter.apply_method}"
    } == { "rds.force_ssl" = "1 immediate", "shared_preload_libraries" = "pg_stat_statements,pgaudit pending-reboot" }
    error_message = "pgaudit is not loaded as the database starts, or takes the place of what Aurora loads by itself."
  }
}
