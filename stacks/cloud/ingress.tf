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

module "certificate" {
  source = "../../modules/certificate"

  domain = var.domain
  dns = {
    zone_id     = var.dns.zone_id
    zone_name   = local.zone_name
    create_zone = var.dns.create_zone
  }
}

module "ingress" {
  source = "../../modules/ingress"

  name            = var.name
  internal        = var.ingress.internal
  allowed_cidrs   = var.ingress.allowed_cidrs
  certificate_arn = module.certificate.certificate_arn
  dns             = { domain = var.domain, zone_id = module.certificate.zone_id }

  vpc = {
    id             = module.network.vpc_id
    cidr           = var.network.cidr
    nat_public_ips = module.network.nat_public_ips
  }
  subnet_ids = [for zone in local.active_zones : module.network.load_balancer_subnet_ids[zone]]

  target = {
    node_port               = local.node_port
    security_group_id       = module.cluster.security_group_id
    autoscaling_group_names = { control = module.node_group["control"].autoscaling_group_name }
  }
}
