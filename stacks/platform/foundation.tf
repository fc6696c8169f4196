locals {
  # What no range of yours opens to workspaces: the VPC, with the database, the nodes and the Kubernetes API in it; the cluster's Services,
  # where that API has another address; and link-local addresses, where a node has its metadata and credentials. A range around one of them
  # is cut, and one inside is refused. A is in B if B has no more fixed bits, and A's address has those of B.
  closed_ranges = [var.cloud.network.cidr, var.cloud.network.service_cidr, "169.254.0.0/16"]
  open_ranges = {
    for cidr in var.workspaces.egress.allowed_cidrs : cidr => {
      inside = [
        for closed in local.closed_ranges : closed
        if tonumber(split("/", closed)[1]) <= tonumber(split("/", cidr)[1])
        && cidrhost("${split("/", cidr)[0]}/${split("/", closed)[1]}", 0) == cidrhost(closed, 0)
      ]
      around = [
        for closed in local.closed_ranges : closed
        if tonumber(split("/", cidr)[1]) < tonumber(split("/", closed)[1])
        && cidrhost("${split("/", closed)[0]}/${split("/", cidr)[1]}", 0) == cidrhost(cidr, 0)
      ]
    }
  }

  # Where each edge of a window leads: the least number of provisioners, and whether holidays are heeded, on which nothing starts.
  provisioner_schedule = !local.provisioners_scale || var.cloud.provisioners.schedule == null ? [] : flatten([
    for window, times in var.cloud.provisioners.schedule.windows : [
      { name = "${window}-start", schedule = times.start_time, replicas = var.cloud.provisioners.peak, heedsHolidays = true },
      { name = "${window}-stop", schedule = times.stop_time, replicas = var.cloud.provisioners.off_peak, heedsHolidays = false },
    ]
  ])

  smallest_profile = [
    for profile in values(var.cloud.workspaces.profiles) : profile
    if profile.cpu_request == min(values(var.cloud.workspaces.profiles)[*].cpu_request...)
  ][0]
}

# What no chart of others does: namespaces, storage, network policies, limits, secrets, the database user, and the hours of provisioners.
resource "helm_release" "foundation" {
  name      = "foundation"
  namespace = "kube-system"
  chart     = "${path.module}/../../charts/foundation"
  timeout   = 600

  # The provider leaves a release whose installation failed out of the state. With this, the next run goes on with it; without, it
  # would say that the name is in use. The version must be given then: else the one that is installed is planned.
  upgrade_install = true
  version         = yamldecode(file("${path.module}/../../charts/foundation/Chart.yaml")).version

  values = [yamlencode({
    region = var.cloud.region

    coder = {
      namespace  = local.namespaces.control
      name       = local.names.coder
      secretName = local.names.coder_secrets
      secrets    = local.coder_secrets
    }

    owner = local.spoke ? null : {
      serviceAccount      = var.cloud.service_accounts["first-owner"].name
      secretProviderClass = local.names.first_owner
      secretArn           = var.cloud.secrets.owner_password
    }

    provisioners = {
      namespace  = local.namespaces.provisioners
      enabled    = local.licensed
      name       = local.names.provisioner
      secretName = local.names.provisioner_key
      secretKey  = local.names.provisioner_key_in_file
      keyArn     = var.cloud.secrets.provisioner_key
      scaling    = local.provisioners_scale ? { min = var.cloud.provisioners.peak, max = var.cloud.provisioners.max } : null
      timezone   = try(var.cloud.provisioners.schedule.timezone, "UTC")
      holidays   = try(var.cloud.provisioners.schedule.holidays, [])
      schedule   = local.provisioner_schedule
    }

    workspaces = {
      namespace   = local.namespaces.workspaces
      podSecurity = var.workspaces.pod_security

      # Who builds workspaces, and may do there what templates need.
      builder = {
        name      = var.cloud.service_accounts[local.licensed ? "provisioner" : "coderd"].name
        namespace = var.cloud.service_accounts[local.licensed ? "provisioner" : "coderd"].namespace
      }

      nodes = {
        label  = one(keys(var.cloud.node_groups["workspace"].labels))
        groups = concat(values(var.cloud.node_groups["workspace"].labels), var.workspaces.extra_node_groups)
      }

      quota = {
        for resource, limit in {
          pods                     = coalesce(var.workspaces.quota.pods, var.cloud.workspaces.supported)
          persistentvolumeclaims   = var.workspaces.quota.volumes
          "requests.storage"       = var.workspaces.quota.storage_gib == null ? null : "${var.workspaces.quota.storage_gib}Gi"
          "services.loadbalancers" = 0
          "services.nodeports"     = 0
        } : resource => tostring(limit) if limit != null
      }

      # What a container gets that asks for nothing, and the most that one may ask for: the smallest and the largest profile.
      limits = {
        defaultRequest = {
          cpu    = "${floor(local.smallest_profile.cpu_request * 1000)}m"
          memory = "${floor(local.smallest_profile.memory_request_gib * 1024)}Mi"
        }
        default = {
          cpu    = "${floor(local.smallest_profile.cpu_limit * 1000)}m"
          memory = "${floor(local.smallest_profile.memory_limit_gib * 1024)}Mi"
        }
        max = {
          cpu    = "${floor(max(values(var.cloud.workspaces.profiles)[*].cpu_limit...) * 1000)}m"
          memory = "${floor(max(values(var.cloud.workspaces.profiles)[*].memory_limit_gib...) * 1024)}Mi"
        }
      }

      egress = {
        internet      = !var.deployment_features.private_egress
        internetPorts = coalesce(var.workspaces.egress.internet_ports, [])
        podIdentity   = var.workspaces.egress.pod_identity

        # An internal load balancer has addresses in the VPC, which is closed otherwise. Its subnets hold nothing else.
        ranges = concat(
          [for cidr, range in local.open_ranges : { cidr = cidr, except = range.around, ports = [] }],
          [for cidr in var.cloud.load_balancer.cidrs : { cidr = cidr, except = [], ports = [443] } if var.cloud.load_balancer.internal],
        )
      }
    }

    database = local.spoke ? null : {
      host            = var.cloud.database.host
      port            = var.cloud.database.port
      name            = var.cloud.database.name
      user            = var.cloud.database.user
      masterSecretArn = var.cloud.database.master_secret_arn
      tls             = local.database_tls
      authorities = local.database_authorities == null ? null : {
        configMap = local.names.database_authorities
        file      = local.names.database_authorities_file
        pem       = local.database_authorities
      }
      serviceAccount = var.cloud.service_accounts["database-setup"].name
    }

    network       = { cidr = var.cloud.network.cidr }
    storageClass  = { name = local.names.storage_class, kmsKeyId = var.cloud.storage_kms_key_arn }
    priorityClass = { workspace = local.names.workspace_priority }
    nodeSelector  = local.placement.control.node_selector
    logs = {
      group          = try(var.cloud.logs.group, "")
      serviceAccount = try(var.cloud.service_accounts["logs"].name, "coder-logs")
      tolerations    = local.placement.provisioner.tolerations
    }

    images = {
      coder     = "${local.images.coder}:${local.image_tags.coder}"
      postgres  = "${local.images.postgres}:${local.image_tags.postgres}"
      fluentBit = "${local.images.fluent_bit}:${local.image_tags.fluent_bit}"
    }
  })]

  lifecycle {
    precondition {
      condition     = length(var.images.digests) == 0 || alltrue([for digest in values(local.image_digests) : digest != ""])
      error_message = "images.digests has no digest of ${join(" and ", [for name, digest in local.image_digests : "${local.image_names[name]}:${local.image_versions[name]}" if digest == ""])}: with digests, every image has one. Save and push a bundle of these versions, which writes them, or leave digests out."
    }

    precondition {
      condition     = !var.deployment_features.private_egress || alltrue([for image in values(local.images) : strcontains(image, ".${var.cloud.region}.")])
      error_message = "images names registries of other regions than ${var.cloud.region}, and endpoints lead to that region's alone: ${join(", ", [for image in values(local.images) : image if !strcontains(image, ".${var.cloud.region}.")])}. Copy them there, or leave them out of images for the repositories that are made."
    }

    precondition {
      condition     = length([for range in local.open_ranges : range if length(range.inside) > 0]) == 0
      error_message = "workspaces.egress.allowed_cidrs opens ${join(" and ", [for cidr, range in local.open_ranges : "${cidr}, which is in ${range.inside[0]}" if length(range.inside) > 0])}: there are the database, the nodes, the Kubernetes API and other Services, and the credentials of nodes (169.254.0.0/16). Name ranges of other networks; one that is around these, such as 10.0.0.0/8, leaves them out by itself."
    }
  }
}
