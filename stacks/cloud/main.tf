# Zones that EKS can use: no local zones, and not the three in which it has no control planes.
data "aws_availability_zones" "supported" {
  state            = "available"
  exclude_zone_ids = ["use1-az3", "usw1-az2", "cac1-az3"]

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  lifecycle {
    postcondition {
      condition     = length(setsubtract(coalesce(var.network.availability_zones, []), self.names)) == 0
      error_message = "network.availability_zones names zones that ${var.region} does not have or EKS cannot use. Choose from ${join(", ", self.names)}, or leave it out."
    }

    postcondition {
      condition     = !var.deployment_features.high_availability || length(self.names) >= 3
      error_message = "deployment_features.high_availability needs three zones, and ${var.region} has ${length(self.names)} that EKS can use. Choose another region, or set it to false."
    }
  }
}

locals {
  # Names of what is global in an account carry the region, so that one name can be deployed in several.
  global_name = "${var.name}-${var.region}"

  cost_tag = { key = "coderaws:deployment", value = var.name }
  tags = merge(var.tags, {
    (local.cost_tag.key) = local.cost_tag.value
    ManagedBy            = "coderaws"
  })

  # Network, control plane and database span these zones for good: AWS refuses to change it later. They are a set: what order they are
  # written in decides nothing, or the same zones in another order would move ranges, nodes and the database.
  zones = sort(coalescelist(
    coalesce(var.network.availability_zones, []),
    slice(
      data.aws_availability_zones.supported.names, 0, min(3, length(data.aws_availability_zones.supported.names))
    ),
  ))

  # Nodes, NAT gateways, load balancer and database instances are in these, which may grow in place.
  active_zones = var.deployment_features.high_availability ? local.zones : slice(local.zones, 0, 1)
}

# One key for each kind of data, so that none opens another.
module "kms" {
  source = "../../modules/kms"

  for_each = merge(
    {
      cluster       = { description = "Kubernetes secrets of ${var.name}.", grants = {} }
      storage       = { description = "EBS volumes of ${var.name}.", grants = { volumes = true } }
      observability = { description = "Logs and alarms of ${var.name}.", grants = { log_groups = true, publishers = concat(["cloudwatch"], var.budget == null ? [] : ["budgets"]) } }
    },
    local.spoke ? {} : { database = { description = "Database, its backups and its master secret of ${var.name}.", grants = {} } },
    var.deployment_features.private_egress ? { images = { description = "Container images of ${var.name}.", grants = {} } } : {},
    length(local.record_writers) == 0 ? {} : {
      records = { description = "Audit records of ${var.name}.", grants = { record_writers = flatten([for writers in values(local.record_writers) : keys(writers)]) } }
    },
  )

  name        = "${var.name}/${each.key}"
  description = each.value.description
  grants      = each.value.grants
}

module "network" {
  source = "../../modules/network"

  name               = var.name
  cidr               = var.network.cidr
  availability_zones = local.zones
  nat_gateway_zones  = var.deployment_features.private_egress ? [] : local.active_zones
  iam                = var.iam
  connections        = var.network.connections
  s3_policy          = var.deployment_features.private_egress ? local.endpoint_policies["s3"] : null
  query_logs = !var.audit.resolver_queries ? null : {
    retention_days = var.network.flow_logs_retention_days
    kms_key_arn    = module.kms["observability"].key_arn
  }
  flow_logs = {
    retention_days = var.network.flow_logs_retention_days
    kms_key_arn    = module.kms["observability"].key_arn
  }
}
