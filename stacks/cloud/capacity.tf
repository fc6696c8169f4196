# How many workspaces can run at once with these settings, and which setting ends it. docs/reference/capacity.md explains the
# arithmetic and names the source of every figure here.

data "aws_ec2_instance_type" "node" {
  for_each = toset(flatten([for group in var.node_groups : group.instance_types]))

  instance_type = each.key
}

locals {
  # What each node runs beside workspaces: the add-ons' daemons, and room for an agent that ships logs and metrics.
  daemons = { cpu_millicores = 300, memory_mib = 256, pods = 10, addressed_pods = 6 }

  # A workspace's home is a volume. Root disk, network interface and instance store take some of the 28 attachments of a node.
  volumes_per_node = 24

  # VPC CNI gives out addresses in blocks of 16. A node that is not Nitro gets them one by one. EKS allows 110 pods below 30 vCPU,
  # and 250 above.
  address_block = 16
  machines = {
    for name, type in data.aws_ec2_instance_type.node : name => {
      vcpu       = type.default_vcpus
      memory_mib = type.memory_size
      pods = min(
        type.default_vcpus < 30 ? 110 : 250,
        type.maximum_network_interfaces * (type.maximum_ipv4_addresses_per_interface - 1) * (type.hypervisor == "xen" ? 1 : local.address_block) + 2,
      )
    }
  }

  # Any of a group's types may be what a node gets. So the smallest counts for what fits, the largest for quotas.
  group_machines = {
    for kind, group in var.node_groups : kind => {
      vcpu       = min([for name in group.instance_types : local.machines[name].vcpu]...)
      most_vcpu  = max([for name in group.instance_types : local.machines[name].vcpu]...)
      memory_mib = min([for name in group.instance_types : local.machines[name].memory_mib]...)
      pods       = min([for name in group.instance_types : local.machines[name].pods]...)
    }
  }

  # What is left for pods of ours: less what EKS's image reserves for the kubelet, what the hypervisor and the kernel keep (as
  # Karpenter reckons), the threshold of eviction, and the daemons.
  room = {
    for kind, machine in local.group_machines : kind => {
      cpu_millicores = max(1, floor(machine.vcpu * 1000 - local.daemons.cpu_millicores - sum([
        60, 10 * max(0, min(1, machine.vcpu - 1)), 5 * max(0, min(2, machine.vcpu - 2)), 2.5 * max(0, machine.vcpu - 4),
      ])))
      memory_mib = max(1, floor(
        machine.memory_mib * 0.925 - (255 + 11 * machine.pods) - 100 - local.daemons.memory_mib
      ))
      pods = max(1, machine.pods - local.daemons.pods)
    }
  }

  # What the cluster itself runs on control nodes beside their daemons, were it all on one of them: CoreDNS, metrics-server and the EBS
  # CSI controller twice, the cluster autoscaler, jobs of the platform, and the daemon that brings secrets.
  cluster_pods = { cpu_millicores = 720, memory_mib = 1536 }

  workspaces_per_node = min(local.room.workspace.pods, local.volumes_per_node)

  # The part of a node that a workspace takes: of its CPU, its memory or its places for pods and volumes, whichever is most.
  parts = {
    for name, profile in var.workspace_profiles : name => max(
      profile.cpu_request * 1000 / local.room.workspace.cpu_millicores,
      profile.memory_request_gib * 1024 / local.room.workspace.memory_mib,
      1 / local.workspaces_per_node,
    )
  }
  largest_part = max(values(local.parts)...)
  fit_alone    = { for name, part in local.parts : name => floor(1 / part + 0.000001) }

  # A node turns the largest workspace away only when more than the rest of it is taken. So a workspace counts as its part of that
  # rest, and never as more than a node: then all fit, in whatever order they come and go, and wherever the scheduler puts them.
  node_weights = {
    for name, part in local.parts : name => min(1, part / max(0.000001, 1 - local.largest_part))
  }
  nodes_per_workspace = sum([
    for name, profile in var.workspace_profiles : profile.share / 100 * local.node_weights[name]
  ])

  # Counts of profiles are whole numbers and the mix is not. These nodes in each zone are enough for the difference.
  spare_nodes = ceil(length(var.workspace_profiles) / 4)

  # A home stays in its zone. Chance puts more than its part of today's workspaces into one of three zones: two standard deviations
  # more are provided for.
  zone_workspaces = ceil(var.max_workspaces / local.zone_count + 2 * pow(var.max_workspaces * local.others, 0.5) / local.zone_count - 0.000001)
  nodes_per_zone  = ceil(local.zone_workspaces * local.nodes_per_workspace - 0.000001) + local.spare_nodes
  peak_nodes      = local.zone_count * local.nodes_per_zone

  # Blocks of addresses of a zone: those with the subnet's first four and its last address are not whole. A node takes blocks for as
  # many pods as it can have, one that is kept warm, and one that its own address breaks.
  zone_blocks = min([for cidr in values(module.network.workspace_cidr_blocks) : pow(2, 28 - tonumber(split("/", cidr)[1])) - 2]...)
  node_blocks = ceil((min(local.workspaces_per_node, max(values(local.fit_alone)...)) + local.daemons.addressed_pods) / local.address_block) + 2

  # The other way round: the workspaces that so many nodes in each zone hold, of one zone and of all.
  zone_holds = {
    for name, nodes in {
      nodes     = floor(var.node_groups.workspace.max_size / local.zone_count)
      addresses = floor(local.zone_blocks / local.node_blocks)
    } : name => max(0, floor((nodes - local.spare_nodes) / local.nodes_per_workspace + 0.000001))
  }
  others = local.zone_count - 1
  holds = {
    for name, count in local.zone_holds : name =>
    floor(pow(pow(local.others + local.zone_count * count, 0.5) - pow(local.others, 0.5), 2) + 0.000001)
  }

  # Coder's validated architecture for 1,000 users, of whom 600 have a workspace running: 6 vCPU and 24 GiB of coderd, and 60
  # builds at once with 1 vCPU and 1 GiB each.
  workspaces_per_control_node = floor(min(local.group_machines.control.vcpu * 100, local.group_machines.control.memory_mib / 1024 * 25))
  workspaces_per_build        = 10
  builds_per_node = floor(min(
    local.room.provisioner.cpu_millicores / 1000, local.room.provisioner.memory_mib / 1024, local.room.provisioner.pods
  ))
  builds = var.node_groups.provisioner.max_size * local.builds_per_node

  # Control nodes without a zone serve the workspaces of the other zones.
  zones_left   = max(1, local.zone_count - 1)
  control_left = var.node_groups.control.size - (local.zone_count > 1 ? ceil(var.node_groups.control.size / local.zone_count) : 0)
  control_need = ceil(
    ceil(var.max_workspaces * local.zones_left / local.zone_count / max(1, local.workspaces_per_control_node))
    * local.zone_count / local.zones_left
  )

  # Coder's validated architectures have 2 GiB of database memory, which is 1 ACU, for 40 running workspaces, and for 30 above 1,200.
  # Variable max_workspaces holds to the same.
  database_need = (
    var.max_workspaces <= 1200 ? ceil(var.max_workspaces / 20) / 2 : max(30, ceil(var.max_workspaces / 15) / 2)
  )

  # Aurora sets max_connections by the memory of max_acu: a line through AWS's table, which has 189 for 1 ACU, 823 for 4, 1,669 for 8,
  # 3,360 for 16, and 5,000 from 32 on. With min_acu below 1 it is 2,000 at most.
  max_connections = min(floor(211.4 * var.database.max_acu - 21.9), var.database.min_acu < 1 ? 2000 : 5000)

  # Each setting that could end it: its value, what max_workspaces needs, and how many workspaces it holds. In a spoke, neither coderd nor
  # the database is here: the hub's serve the workspaces of all regions.
  limits = merge(local.region_limits, local.spoke ? {} : local.hub_limits)
  region_limits = {
    "node_groups.workspace.max_size" = {
      value    = tostring(var.node_groups.workspace.max_size)
      needs    = tostring(local.peak_nodes)
      supports = local.holds.nodes
    }
    "network.cidr" = {
      value    = var.network.cidr
      needs    = "a /${tonumber(split("/", var.network.cidr)[1]) - max(0, ceil(log(local.nodes_per_zone * local.node_blocks / local.zone_blocks, 2)))}"
      supports = local.holds.addresses
    }
    "node_groups.provisioner.max_size" = {
      value    = tostring(var.node_groups.provisioner.max_size)
      needs    = tostring(ceil(ceil(var.max_workspaces / local.workspaces_per_build) / max(1, local.builds_per_node)))
      supports = local.builds * local.workspaces_per_build
    }
  }
  hub_limits = {
    "node_groups.control.size" = {
      value    = tostring(var.node_groups.control.size)
      needs    = tostring(local.control_need)
      supports = floor(local.control_left * local.workspaces_per_control_node * local.zone_count / local.zones_left)
    }
    "database.max_acu" = {
      value    = tostring(var.database.max_acu)
      needs    = tostring(local.database_need)
      supports = var.database.max_acu <= 30 ? floor(var.database.max_acu * 40) : max(1200, floor(var.database.max_acu * 30))
    }
  }

  supported_workspaces = min(values(local.limits)[*].supports...)
  short_limits         = { for setting, limit in local.limits : setting => limit if limit.supports < var.max_workspaces }
}
