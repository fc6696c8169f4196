locals {
  # Nodes of one kind carry it as a label. Provisioners and workspaces carry it as a taint as well, which keeps all else away.
  # Control nodes do not: CoreDNS, the CSI controller and metrics-server tolerate no taint of ours and must run somewhere.
  label_key = "coder.com/node-group"
  node_kinds = {
    for kind in keys(var.node_groups) : kind => {
      labels = { (local.label_key) = kind }
      taints = kind == "control" ? {} : { (local.label_key) = { value = kind, effect = "NO_SCHEDULE" } }
    }
  }

  # Of coderd's pods. The chart of Coder has it, and network policies of charts/foundation open it to workspaces.
  coderd_port = 8080

  zone_count = length(local.active_zones)

  # A managed node group is on demand or spot, and never falls back by itself. So there are two kinds of workspace groups: spot, up
  # to its share of the nodes, which the autoscaler prefers; and on demand, which has its share at least and may grow to all of
  # them when there is no spot capacity.
  spot_percentage = var.deployment_features.spot_workspaces ? 100 - var.node_groups.workspace.on_demand_percentage : 0
  workspace_capacity = {
    for name, capacity in {
      workspace = {
        type = "ON_DEMAND"
        min  = var.node_groups.workspace.min_size - floor(var.node_groups.workspace.min_size * local.spot_percentage / 100)
        max  = var.node_groups.workspace.max_size
      }
      workspace-spot = {
        type = "SPOT"
        min  = floor(var.node_groups.workspace.min_size * local.spot_percentage / 100)
        max  = floor(var.node_groups.workspace.max_size * local.spot_percentage / 100)
      }
    } : name => capacity if capacity.max > 0
  }

  # coderd's group is static, whatever the hour. A workspace's volume stays in one zone: with a group in each zone, the autoscaler
  # starts the node where the volume is, and a further zone is a further group that leaves running workspaces alone. The bounds
  # are those of all zones together; the first zones get what does not divide.
  node_groups = merge(
    {
      control = {
        kind          = "control"
        capacity_type = "ON_DEMAND"
        size          = { min = var.node_groups.control.size, max = var.node_groups.control.size }
        subnet_ids    = [for zone in local.active_zones : module.network.system_subnet_ids[zone]]
      }
      provisioner = {
        kind          = "provisioner"
        capacity_type = "ON_DEMAND"
        size          = { min = var.node_groups.provisioner.min_size, max = var.node_groups.provisioner.max_size }
        subnet_ids    = [for zone in local.active_zones : module.network.system_subnet_ids[zone]]
      }
    },
    [
      for name, capacity in local.workspace_capacity : {
        for index, zone in local.active_zones : "${name}-${zone}" => {
          kind          = "workspace"
          capacity_type = capacity.type
          size = {
            min = floor((capacity.min + local.zone_count - 1 - index) / local.zone_count)
            max = max(1, floor((capacity.max + local.zone_count - 1 - index) / local.zone_count))
          }
          subnet_ids = [module.network.workspace_subnet_ids[zone]]
        }
      }
    ]...
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
  iam                 = var.iam
  logs = {
    retention_days = var.cluster.log_retention_days
    kms_key_arn    = module.kms["observability"].key_arn
  }
}

# Workspaces are what others wrote. Of the VPC their nodes reach DNS, coderd by its Service, the Kubernetes API, which kubelets need, and by
# addresses of the VPC the load balancer and endpoints: not the database, no other node, no port of the control nodes besides.
module "workspace_security_group" {
  source = "../../modules/node-security-group"

  name                      = "${var.name}-workspace"
  vpc_id                    = module.network.vpc_id
  cluster_security_group_id = module.cluster.security_group_id
  cluster_ports             = { coderd = local.coderd_port }
}

module "node_group" {
  source   = "../../modules/node-group"
  for_each = local.node_groups

  name            = each.key
  cluster         = { name = module.cluster.name, version = var.cluster.version }
  node_role_arn   = module.cluster.node_role_arn
  subnet_ids      = each.value.subnet_ids
  capacity_type   = each.value.capacity_type
  instance_types  = var.node_groups[each.value.kind].instance_types
  ami_type        = coalesce(var.node_groups[each.value.kind].ami_type, var.fips ? "BOTTLEROCKET_x86_64_FIPS" : "AL2023_x86_64_STANDARD")
  autoscaled      = each.value.kind != "control"
  release_version = var.node_groups[each.value.kind].release_version
  size            = each.value.size
  disk            = { gib = var.node_groups[each.value.kind].disk_gib, kms_key_arn = module.kms["storage"].key_arn }
  labels          = local.node_kinds[each.value.kind].labels
  taints          = local.node_kinds[each.value.kind].taints
  instance_tags   = local.tags

  security_group_ids = each.value.kind == "workspace" ? [module.workspace_security_group.id] : []

  # Nodes join only with a way to what they call, by a route to the internet or by endpoints, let in by the control plane, and with a
  # configured network add-on.
  nodes_after = [module.network, module.endpoints, module.workspace_security_group.ready, module.addons_before_nodes]
}
