locals {
  # Workspaces reach coderd by its public name: from the internet's side they are the NAT gateways, from inside they are the VPC.
  vpc_source  = contains(var.allowed_cidrs, var.vpc.cidr) ? {} : { vpc = var.vpc.cidr }
  nat_sources = { for zone, ip in var.vpc.nat_public_ips : "nat-${zone}" => "${ip}/32" }
  own_sources = var.internal ? local.vpc_source : local.nat_sources

  # Nobody comes to private addresses from public ones. A is in B if B has no more fixed bits, and A's address has those of B.
  peer_sources = var.internal ? toset([]) : toset([
    for cidr in var.peer_cidrs : cidr if !anytrue([
      for allowed in var.allowed_cidrs : tonumber(split("/", allowed)[1]) <= tonumber(split("/", cidr)[1])
      && cidrhost("${split("/", cidr)[0]}/${split("/", allowed)[1]}", 0) == cidrhost(allowed, 0)
    ])
  ])

  # Of the load balancer in each zone, if it is internal: the first after those that AWS keeps in a subnet, and some to spare.
  private_addresses = { for zone, subnet in var.subnets : zone => cidrhost(subnet.cidr, 8) if var.internal }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-load-balancer"
  description = "Load balancer of ${var.name}: HTTPS in, node port out"
  vpc_id      = var.vpc.id

  tags = { Name = "${var.name}-load-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = var.allowed_cidrs

  security_group_id = aws_security_group.this.id
  description       = "HTTPS from clients"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.value

  tags = { Name = "${var.name}-load-balancer-clients" }
}

resource "aws_vpc_security_group_ingress_rule" "own" {
  for_each = local.own_sources

  security_group_id = aws_security_group.this.id
  description       = "HTTPS from workspaces"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.value

  tags = { Name = "${var.name}-load-balancer-${each.key}" }
}

# From other regions of the same deployment, unless clients are let in from there already.
resource "aws_vpc_security_group_ingress_rule" "peers" {
  for_each = local.peer_sources

  security_group_id = aws_security_group.this.id
  description       = "HTTPS from another region of the deployment"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.value

  tags = { Name = "${var.name}-load-balancer-peers" }
}

resource "aws_vpc_security_group_egress_rule" "nodes" {
  security_group_id            = aws_security_group.this.id
  description                  = "Traffic and health checks to the node port"
  ip_protocol                  = "tcp"
  from_port                    = var.target.node_port
  to_port                      = var.target.node_port
  referenced_security_group_id = var.target.security_group_id

  tags = { Name = "${var.name}-load-balancer-nodes" }
}

# A rule that names the load balancer's group also holds for packets that keep the client's address.
resource "aws_vpc_security_group_ingress_rule" "node_port" {
  security_group_id            = var.target.security_group_id
  description                  = "Node port from the load balancer of ${var.name}"
  ip_protocol                  = "tcp"
  from_port                    = var.target.node_port
  to_port                      = var.target.node_port
  referenced_security_group_id = aws_security_group.this.id

  tags = { Name = "${var.name}-node-port" }
}

resource "aws_lb" "this" {
  name               = var.name
  load_balancer_type = "network"
  internal           = var.internal
  subnets            = var.internal ? null : values(var.subnets)[*].id

  # AWS takes security groups of a network load balancer at its creation or never.
  security_groups = [aws_security_group.this.id]

  # Fixed addresses can be written into rules and records before there is anything.
  dynamic "subnet_mapping" {
    for_each = local.private_addresses

    content {
      subnet_id            = var.subnets[subnet_mapping.key].id
      private_ipv4_address = subnet_mapping.value
    }
  }

  # Of each TLS connection: who, when, how encrypted. AWS writes them as well as it can, and vouches for none.
  dynamic "access_logs" {
    for_each = var.access_logs == null ? [] : [var.access_logs]

    content {
      enabled = true
      bucket  = access_logs.value.bucket
      prefix  = access_logs.value.prefix
    }
  }

  # One node may have to serve clients that enter in any zone.
  enable_cross_zone_load_balancing = true

  tags = { Name = var.name }
}

resource "aws_lb_target_group" "this" {
  name        = "${var.name}-coderd"
  vpc_id      = var.vpc.id
  target_type = "instance"
  protocol    = "TCP"
  port        = var.target.node_port

  # coderd's audit log and rate limits need the client's address. Behind an internal load balancer it is given up: a pod that
  # calls the public name and is sent back to its own node would talk to itself, and AWS drops that.
  preserve_client_ip   = !var.internal
  deregistration_delay = 60

  health_check {
    protocol            = "HTTP"
    path                = "/healthz"
    port                = "traffic-port"
    matcher             = "200"
    interval            = 10
    timeout             = 6
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }

  tags = { Name = "${var.name}-coderd" }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "TLS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = var.fips ? "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04" : "ELBSecurityPolicy-TLS13-1-2-2021-06"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }

  tags = { Name = "${var.name}-https" }
}

# Every node that the group ever starts becomes a target. No controller in the cluster is needed for it.
resource "aws_autoscaling_attachment" "this" {
  for_each = var.target.autoscaling_group_names

  autoscaling_group_name = each.value
  lb_target_group_arn    = aws_lb_target_group.this.arn

  lifecycle {
    # When a node group is replaced, the new nodes answer before the old ones go.
    create_before_destroy = true
  }
}

locals {
  names = toset([var.dns.domain, "*.${var.dns.domain}"])
}

resource "aws_route53_record" "alias" {
  for_each = { for name in local.names : name => name if var.dns.records == "public" }

  zone_id = var.dns.zone_id
  name    = each.key
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = false
  }
}

# For who asks in this network alone. By addresses and not by an alias, which not every partition of AWS has.
resource "aws_route53_zone" "private" {
  count = var.dns.records == "private" ? 1 : 0

  name    = var.dns.domain
  comment = "Private zone of ${var.dns.domain}."

  vpc {
    vpc_id = var.vpc.id
  }

  tags = { Name = var.dns.domain }
}

resource "aws_route53_record" "address" {
  for_each = { for name in local.names : name => name if var.dns.records == "private" }

  zone_id = aws_route53_zone.private[0].zone_id
  name    = each.key
  type    = "A"
  ttl     = 60
  records = values(local.private_addresses)
}
