locals {
  # Nodes of one kind carry it as a label. Provisioners and workspaces carry it as a taint as well, which keeps all else away.
  # Control nodes do not: CoreDNS, the CSI controller and metrics-server tolerate no taint of ours and must run somewhere.
  label_key = "coder.com/node-group"
  node_kinds = {
    for kind in keys(var.node_groups) : kind => {
      labels = { (local.label_key) = kind }
      taints = {
        for key in [local.label_key] : key => { value = kind, effect = "NO_SCHEDULE" } if kind != "control"
      }
    }
  }

  # coderd's group is static, whatever the hour. A workspace's volume stays in one zone: with a group in each zone, the autoscaler
  # starts the node where the volume is, and a further zone is a further group that leaves running workspaces alone. The bounds
  # are those of all zones together; the first zones get what does not divide.
  node_groups = merge(
    {
      control = {
        kind       = "control"
        size       = { min = var.node_groups.control.size, max = var.node_groups.control.size }
        subnet_ids = [for zone in local.active_zones : module.network.system_subnet_ids[zone]]
      }
      provisioner = {
        kind       = "provisioner"
        size       = { min = var.node_groups.provisioner.min_size, max = var.node_groups.provisioner.max_size }
        subnet_ids = [for zone in local.active_zones : module.network.system_subnet_ids[zone]]
      }
    },
    {
      for index, zone in local.active_zones : "workspace-${zone}" => {
        kind = "workspace"
        size = {
          for bound, total in { min = var.node_groups.workspace.min_size, max = var.node_groups.workspace.max_size } :
          bound => floor((total + length(local.active_zones) - 1 - index) / length(local.active_zones))
        }
        subnet_ids = [module.network.workspace_subnet_ids[zone]]
      }
    },
  )
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
  subnet_ids     = each.value.subnet_ids
  instance_types = var.node_groups[each.value.kind].instance_types
  ami_type       = var.node_groups[each.value.kind].ami_type
  autoscaled     = each.value.kind != "control"
  size           = each.value.size
  disk           = { gib = var.node_groups[each.value.kind].disk_gib, kms_key_arn = module.kms["storage"].key_arn }
  labels         = local.node_kinds[each.value.kind].labels
  taints         = local.node_kinds[each.value.kind].taints
  instance_tags  = local.tags

  # Nodes join only with a route to the internet and a configured network add-on.
  depends_on = [module.network, module.addons_before_nodes]
}
