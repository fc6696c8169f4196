# Ways to networks of yours and to nowhere else: each connection leads to its own ranges. Whoever owns the other side accepts it there, and
# routes the range of this VPC back.
locals {
  # Nodes and workspaces, and the load balancer, which answers people there. The database has no way out at all.
  connected_tables = merge(
    { for zone, table in aws_route_table.private : "private-${zone}" => table.id },
    { (local.outer) = aws_route_table.public.id },
  )

  connected_routes = merge([
    for name, connection in var.connections : merge([
      for cidr in connection.cidrs : {
        for table, id in local.connected_tables : "${name}-${table}-${cidr}" => merge(connection, { cidr = cidr, table = id })
      }
    ]...)
  ]...)

  # Who answers for names of the other side, by domain.
  connected_names = merge(values(var.connections)[*].names...)
}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  for_each = { for name, connection in var.connections : name => connection.transit_gateway_id if connection.transit_gateway_id != null }

  transit_gateway_id = each.value
  vpc_id             = aws_vpc.this.id

  # What is in a zone without one of these does not reach the gateway.
  subnet_ids = [for zone in var.availability_zones : aws_subnet.system[zone].id]

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_route" "connected" {
  for_each = local.connected_routes

  route_table_id            = each.value.table
  destination_cidr_block    = each.value.cidr
  transit_gateway_id        = each.value.transit_gateway_id
  vpc_peering_connection_id = each.value.vpc_peering_connection_id

  # AWS knows no transit gateway that this VPC is not attached to.
  depends_on = [aws_ec2_transit_gateway_vpc_attachment.this]
}

# The zone's owner authorizes this VPC before.
resource "aws_route53_zone_association" "connected" {
  for_each = { for domain, id in local.connected_names : domain => id if startswith(id, "Z") }

  zone_id = each.value
  vpc_id  = aws_vpc.this.id
}

# A rule that its owner shares with this account sends questions to that owner's resolver.
resource "aws_route53_resolver_rule_association" "connected" {
  for_each = { for domain, id in local.connected_names : domain => id if !startswith(id, "Z") }

  name             = "${var.name}-${replace(each.key, ".", "-")}"
  resolver_rule_id = each.value
  vpc_id           = aws_vpc.this.id
}
