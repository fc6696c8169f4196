# What AWS says of each service here: its name, the zones that it has endpoints in, and whether those take policies. A service that the
# region lacks is so told by the plan.
data "aws_vpc_endpoint_service" "this" {
  for_each = var.services

  service      = each.key
  service_type = "Interface"
}

# AWS would take the VPC's default group, which lets nothing in.
resource "aws_security_group" "this" {
  name        = "${var.name}-endpoints"
  description = "Interface endpoints of ${var.name}: HTTPS in"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = var.client_cidrs

  security_group_id = aws_security_group.this.id
  description       = "HTTPS from callers"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.value

  tags = { Name = "${var.name}-endpoints-${each.key}" }
}

# With private DNS, callers need to know nothing of it: the name that they look up anyway leads here.
resource "aws_vpc_endpoint" "this" {
  for_each = var.services

  vpc_id              = var.vpc_id
  vpc_endpoint_type   = "Interface"
  service_name        = data.aws_vpc_endpoint_service.this[each.key].service_name
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.this.id]
  policy              = data.aws_vpc_endpoint_service.this[each.key].vpc_endpoint_policy_supported ? each.value.policy : null

  # Callers in a zone without the service use the endpoint in another.
  subnet_ids = [
    for zone, subnet in var.subnet_ids : subnet
    if contains(data.aws_vpc_endpoint_service.this[each.key].availability_zones, zone)
  ]

  tags = { Name = "${var.name}-${each.key}" }

  lifecycle {
    precondition {
      condition     = length(setintersection(keys(var.subnet_ids), data.aws_vpc_endpoint_service.this[each.key].availability_zones)) > 0
      error_message = "${each.key} has endpoints in ${join(", ", data.aws_vpc_endpoint_service.this[each.key].availability_zones)} alone, none of which is a zone of this deployment. Choose zones with it."
    }
  }
}
