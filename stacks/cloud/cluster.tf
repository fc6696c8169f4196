locals {
  label_key = "coder.com/node-group"

  # The control group has no taint: CoreDNS, the CSI controller and metrics-server tolerate none of ours and must run somewhere.
  # It is static: coderd keeps its node whatever the hour.
  node_groups = {
    control = {
      settings = var.node_groups.control
      size     = { min = var.node_groups.control.size, max = var.node_groups.control.size }
      subnets  = module.network.system_subnet_ids
      tainted  = false
    }
    provisioner = {
      settings = var.node_groups.provisioner
      size     = { min = var.node_groups.provisioner.min_size, max = var.node_groups.provisioner.max_size }
      subnets  = module.network.system_subnet_ids
      tainted  = true
    }
    workspace = {
      settings = var.node_groups.workspace
      size     = { min = var.node_groups.workspace.min_size, max = var.node_groups.workspace.max_size }
      subnets  = module.network.workspace_subnet_ids
      tainted  = true
    }
  }
}

module "cluster" {
  source = "../../modules/cluster"

  name                = var.name
  kubernetes_version  = var.cluster.version
  subnet_ids          = values(module.network.system_subnet_ids)
  public_access_cidrs = var.cluster.public_access_cidrs
  admin_role_arns     = var.cluster.admin_role_arns
  secrets_kms_key_arn = module.kms["cluster"].key_arn
  logs = {
    retention_days = var.cluster.log_retention_days
    kms_key_arn    = module.kms["observability"].key_arn
  }
}

module "node_group" {
  source   = "../../modules/node-group"
  for_each = local.node_groups

  name           = each.key
  cluster        = { name = module.cluster.name, version = var.cluster.version }
  node_role_arn  = module.cluster.node_role_arn
  subnet_ids     = [for zone in local.active_zones : each.value.subnets[zone]]
  instance_types = each.value.settings.instance_types
  ami_type       = each.value.settings.ami_type
  size           = each.value.size
  disk           = { gib = each.value.settings.disk_gib, kms_key_arn = module.kms["storage"].key_arn }
  labels         = { (local.label_key) = each.key }
  taints = {
    for key, group in { (local.label_key) = each.key } : key => { value = group, effect = "NO_SCHEDULE" }
    if each.value.tainted
  }
  instance_tags = local.tags

  # Nodes join only with a route to the internet and a configured network add-on.
  depends_on = [module.network, module.addons_before_nodes]
}
