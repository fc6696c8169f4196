locals {
  # The chart of the platform opens coderd on this port of every control node.
  node_port = 30080

  # Without another word, a zone is made for the domain itself and looked up for its parent. The parent of two labels is a
  # top-level domain, which is nobody's.
  domain_labels = split(".", var.domain)
  parent_domain = join(".", slice(local.domain_labels, 1, length(local.domain_labels)))
  zone_name = coalesce(
    var.dns.zone_name,
    var.dns.create_zone || length(local.domain_labels) == 2 ? var.domain : local.parent_domain,
  )
}

# Where nobody asks Route 53, or only this network does, a certificate that ACM would validate by DNS is never issued: it is given then.
module "certificate" {
  source = "../../modules/certificate"
  count  = var.dns.records == "public" ? 1 : 0

  domain = var.domain
  dns = {
    zone_id     = var.dns.zone_id
    zone_name   = local.zone_name
    create_zone = var.dns.create_zone
  }
}

moved {
  from = module.certificate
  to   = module.certificate[0]
}

module "ingress" {
  source = "../../modules/ingress"

  name            = var.name
  internal        = var.ingress.internal
  allowed_cidrs   = var.ingress.allowed_cidrs
  peer_cidrs      = local.peer_cidrs
  access_logs     = local.access_logs
  fips            = var.fips
  certificate_arn = var.dns.records == "public" ? module.certificate[0].certificate_arn : var.certificate_arn
  dns = {
    domain  = var.domain
    records = var.dns.records
    zone_id = var.dns.records == "public" ? module.certificate[0].zone_id : null
  }

  vpc = {
    id             = module.network.vpc_id
    cidr           = var.network.cidr
    nat_public_ips = module.network.nat_public_ips
  }
  subnets = {
    for zone in local.active_zones :
    zone => { id = module.network.load_balancer_subnet_ids[zone], cidr = module.network.load_balancer_cidr_blocks[zone] }
  }

  target = {
    node_port               = local.node_port
    security_group_id       = module.cluster.security_group_id
    autoscaling_group_names = { control = module.node_group["control"].autoscaling_group_name }
  }
}
