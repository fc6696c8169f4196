# A spoke has none: its people and workspaces are in the hub's.
module "database" {
  source = "../../modules/database"
  count  = local.spoke ? 0 : 1

  name       = var.name
  vpc_id     = module.network.vpc_id
  subnet_ids = values(module.network.database_subnet_ids)
  iam        = var.iam

  # The group that nodes really carry. EKS gives it to every node of a managed node group that has none of its own, as workspace nodes do.
  client_security_groups = { nodes = module.cluster.security_group_id }

  engine_version = var.database.engine_version
  upgrade = {
    allow_major_version = var.database.allow_major_version_upgrade
    apply_immediately   = var.database.apply_immediately
  }
  database_name   = "coder"
  master_username = local.database_users.master
  capacity        = { min_acu = var.database.min_acu, max_acu = var.database.max_acu }

  # A single instance shares the zone of the nodes, so that their traffic crosses none. Of two, AWS makes a writer of the one that is
  # ready first; if it is lost, the other takes over within about half a minute.
  instances = {
    for index, zone in local.active_zones : zone => { availability_zone = zone, promotion_tier = index } if index < 2
  }

  kms_key_arn           = module.kms["database"].key_arn
  backup_retention_days = var.database.backup_retention_days
  deletion_protection   = var.deletion_protection.database
  long_term_backup = {
    retention_days      = var.database.long_term_backup_days
    deletion_protection = var.deletion_protection.backups
  }
  logs = {
    retention_days = var.observability.log_retention_days
    kms_key_arn    = module.kms["observability"].key_arn
    statements     = var.audit.database_statements
  }
}

moved {
  from = module.database
  to   = module.database[0]
}
