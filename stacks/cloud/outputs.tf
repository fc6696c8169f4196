output "platform" {
  description = "All that the platform stack needs to know, exactly as its variable cloud takes it. It holds no secret, only where one is."

  value = {
    region            = var.region
    name              = var.name
    domain            = var.domain
    access_url        = "https://${var.domain}"
    wildcard_domain   = "*.${var.domain}"
    high_availability = var.deployment_features.high_availability
    zones             = local.active_zones

    cluster = {
      name                       = module.cluster.name
      endpoint                   = module.cluster.endpoint
      certificate_authority_data = module.cluster.certificate_authority_data
      version                    = module.cluster.version
    }

    network = {
      cidr         = var.network.cidr
      service_cidr = module.cluster.service_cidr
    }

    # The hub's alone.
    database = local.spoke ? null : {
      host              = module.database[0].endpoint
      port              = module.database[0].port
      name              = module.database[0].database_name
      user              = local.database_users.application
      resource_id       = module.database[0].resource_id
      master_secret_arn = module.database[0].master_secret_arn
    }

    node_groups = local.node_kinds

    # What each control node has for coderd, or for a workspace proxy.
    control = {
      nodes          = var.node_groups.control.size
      cpu_millicores = max(1, local.room.control.cpu_millicores - local.cluster_pods.cpu_millicores)
      memory_mib     = max(1, local.room.control.memory_mib - local.cluster_pods.memory_mib)
    }

    # How many provisioners their nodes hold at their least sizes, within and outside of working hours, and at most. Each does one build at
    # a time.
    provisioners = {
      peak     = var.node_groups.provisioner.min_size * max(1, local.builds_per_node)
      off_peak = var.node_groups.provisioner.off_peak_min_size * max(1, local.builds_per_node)
      max      = var.node_groups.provisioner.max_size * max(1, local.builds_per_node)
      schedule = !var.deployment_features.time_based_scaling ? null : {
        timezone = var.scaling_schedule.timezone
        holidays = var.scaling_schedule.holidays
        windows  = local.windows
      }
    }

    workspaces = {
      supported = local.supported_workspaces
      profiles = {
        for name, profile in var.workspace_profiles : name => { for key, value in profile : key => value if key != "share" }
      }
    }

    # What the cluster autoscaler is told: never more nodes than this in all, and spot before on demand. The patterns fit the
    # names of Auto Scaling groups, which EKS begins with eks- and the name of the node group.
    autoscaler = {
      max_nodes  = var.node_groups.control.size + var.node_groups.provisioner.max_size + var.node_groups.workspace.max_size
      priorities = { "20" = ["^eks-workspace-spot-.*"], "10" = [".*"] }
    }

    load_balancer = {
      hostname  = module.ingress.hostname
      node_port = local.node_port
      internal  = var.ingress.internal
      cidrs     = [for address in module.ingress.private_addresses : "${address}/32"]
    }

    service_accounts = {
      for name, identity in module.workload_identity : name => identity.service_account
    }

    # Of secrets that coderaws gives their values: a hub has an owner, and a spoke a proxy.
    secrets = {
      owner_password  = one([for name, secret in aws_secretsmanager_secret.issued : secret.arn if name == "owner-password"])
      provisioner_key = aws_secretsmanager_secret.issued["provisioner-key"].arn
      proxy_token     = one([for name, secret in aws_secretsmanager_secret.issued : secret.arn if name == "proxy-token"])
    }

    # Repositories of the deployment's own. Without any, images come from where they are published.
    images = length(module.registry) == 0 ? {} : module.registry[0].repository_urls

    logs = one([for group in values(aws_cloudwatch_log_group.coder) : { group = group.name }])

    storage_kms_key_arn = module.kms["storage"].key_arn
    alarm_topic_arn     = module.observability.topic_arn
  }
}

output "settled" {
  description = "What the settings are held to once everything exists, by the names of settings: fixed cannot change, whatever the order of a list, and rising never goes back. coderaws refuses settings that ask for something else before it touches anything."

  value = {
    fixed = {
      "name"                       = var.name
      "domain"                     = var.domain
      "network.cidr"               = var.network.cidr
      "network.availability_zones" = local.zones
      "iam.path"                   = var.iam.path

      # A hub that becomes a spoke would lose its database.
      "deployment_features.workspace_proxy" = tostring(local.spoke)
    }
    rising = merge(
      { "cluster.version" = module.cluster.version },
      local.spoke ? {} : { "database.engine_version" = module.database[0].engine_version },
    )
  }
}

output "exists_elsewhere" {
  description = "Types of resources that others are said to have made for the whole account, which nothing here shows. `coderaws compliance` says so of what it looks for."
  value = flatten([
    for what, types in {
      trail        = ["aws_cloudtrail"]
      config       = ["aws_config_configuration_recorder"]
      guardduty    = ["aws_guardduty_detector"]
      security_hub = ["aws_securityhub_account"]
    } : types if var.audit[what] == "exists"
  ])
}

output "name_servers" {
  description = "Name servers to enter in the parent zone, if this deployment made its zone."
  value       = flatten(module.certificate[*].name_servers)
}

output "scaling" {
  description = "What each schedule sets, by its name: the least sizes of node groups, except on holidays. A plan knows it before the schedules themselves, which name groups that AWS names."
  value       = module.scaling.schedules
}

output "working_hours" {
  description = "What deployment_features.time_based_scaling follows, or would follow: the windows of scaling_schedule in cron of five fields, and the least sizes of node groups outside of them. `coderaws cost --advise` reckons from it what that saves."

  value = {
    timezone           = var.scaling_schedule.timezone
    holidays           = var.scaling_schedule.holidays
    windows            = local.windows
    off_peak_min_sizes = local.off_peak_min_sizes
  }
}

output "models" {
  description = "Inference profiles of the AI models that people are given, if there are any. `coderaws cost` prices them."
  value       = try({ main = var.ai.models.main, small = var.ai.models.small }, null)
}

output "capacity" {
  description = "How many workspaces may run at once (supported), the setting that ends it (limited_by), and how that is reckoned. docs/reference/capacity.md explains each figure."

  value = {
    max_workspaces = var.max_workspaces
    supported      = local.supported_workspaces
    limited_by     = [for setting, limit in local.limits : setting if limit.supports == local.supported_workspaces][0]
    limits         = [for setting, limit in local.limits : merge({ setting = setting }, limit)]

    profiles = {
      for name, profile in var.workspace_profiles : name => merge(profile, {
        per_node   = local.fit_alone[name]
        workspaces = ceil(var.max_workspaces * profile.share / 100)
        nodes      = var.max_workspaces * profile.share / 100 * local.node_weights[name]
      })
    }

    # What one workspace node has for workspaces.
    node = {
      instance_types = var.node_groups.workspace.instance_types
      cpu_millicores = local.room.workspace.cpu_millicores
      memory_mib     = local.room.workspace.memory_mib
      workspaces     = local.workspaces_per_node
    }

    zones           = local.zone_count
    zone_workspaces = local.zone_workspaces
    nodes = {
      workspace       = local.peak_nodes
      per_zone        = local.nodes_per_zone
      spare_per_zone  = local.spare_nodes
      provisioner_max = var.node_groups.provisioner.max_size
      control         = var.node_groups.control.size
    }

    addresses = {
      per_node           = local.node_blocks * local.address_block
      needed_per_zone    = local.nodes_per_zone * local.node_blocks * local.address_block
      available_per_zone = local.zone_blocks * local.address_block
    }

    # At the busiest hour. All workspace nodes may be on demand while there is no spot capacity.
    vcpus = {
      # Types of these families count in the two quotas of standard instances; others have quotas of their own.
      standard = alltrue([
        for name in keys(local.machines) : length(regexall("^(a|c|d|h|i|im|is|m|r|t|z)[0-9]", name)) > 0
      ])
      on_demand = (
        var.node_groups.control.size * local.group_machines.control.most_vcpu
        + var.node_groups.provisioner.max_size * local.group_machines.provisioner.most_vcpu
        + local.peak_nodes * local.group_machines.workspace.most_vcpu
      )
      spot = ceil(local.peak_nodes * local.spot_percentage / 100) * local.group_machines.workspace.most_vcpu
    }

    # Minutes in which all workspaces can be started, with a minute for a build.
    builds = {
      at_once       = local.builds
      per_node      = local.builds_per_node
      start_minutes = ceil(var.max_workspaces / max(1, local.builds))
    }

    # Not of a spoke, whose workspaces are in the hub's database.
    database = local.spoke ? null : {
      acu             = local.database_need
      max_acu         = var.database.max_acu
      connections     = var.node_groups.control.size * 12
      max_connections = local.max_connections
    }

    homes_gib = sum([for profile in values(var.workspace_profiles) : ceil(var.max_workspaces * profile.share / 100) * profile.home_gib])
  }

  precondition {
    condition     = min(values(local.fit_alone)...) >= 1
    error_message = "A workspace of profile ${join(", ", [for name, fit in local.fit_alone : name if fit < 1])} does not fit on an empty workspace node of ${join(" or ", var.node_groups.workspace.instance_types)}, which has ${local.room.workspace.cpu_millicores / 1000} vCPU and ${floor(local.room.workspace.memory_mib / 102.4) / 10} GiB for workspaces. Choose larger instance types in node_groups.workspace.instance_types, or lower its requests in workspace_profiles."
  }

  precondition {
    condition     = length(local.short_limits) == 0
    error_message = "max_workspaces is ${var.max_workspaces}, and these settings hold ${local.supported_workspaces} at once. Raise ${join("; ", [for setting, limit in local.short_limits : "${setting} from ${limit.value} to ${limit.needs} (now it holds ${limit.supports})"])}; or lower max_workspaces.${contains(keys(local.short_limits), "network.cidr") ? " A network keeps its range, so that another network.cidr takes a new deployment." : ""}${local.peak_nodes > 450 || local.control_need > 10 ? " For more than 450 workspace nodes or 10 control nodes choose larger instance types." : ""}"
  }
}
