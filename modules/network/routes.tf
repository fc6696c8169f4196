resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-${local.outer}" }
}

resource "aws_route" "public_internet" {
  count = local.internet ? 1 : 0

  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route_table_association" "public" {
  for_each = local.zones

  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = aws_route_table.public.id
}

resource "aws_eip" "nat" {
  for_each = toset(var.nat_gateway_zones)

  domain = "vpc"

  tags = { Name = "${var.name}-nat-${each.key}" }

  # While an address is mapped, AWS refuses to detach the internet gateway.
  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  for_each = toset(var.nat_gateway_zones)

  subnet_id     = aws_subnet.public[each.key].id
  allocation_id = aws_eip.nat[each.key].id

  tags = { Name = "${var.name}-${each.key}" }

  # Nothing here names the internet gateway, yet without its route the NAT gateway ends in state failed.
  depends_on = [aws_internet_gateway.this, aws_route.public_internet]
}

# One table a zone, so that a NAT gateway in another zone later changes one route and no association.
resource "aws_route_table" "private" {
  for_each = local.zones

  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route" "private_internet" {
  for_each = local.nat_zone_of

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.value].id
}

resource "aws_route_table_association" "system" {
  for_each = local.zones

  subnet_id      = aws_subnet.system[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_route_table_association" "workspace" {
  for_each = local.zones

  subnet_id      = aws_subnet.workspace[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

# The database's subnets have no way to the internet, in or out.
resource "aws_route_table" "database" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-database" }
}

resource "aws_route_table_association" "database" {
  for_each = local.zones

  subnet_id      = aws_subnet.database[each.key].id
  route_table_id = aws_route_table.database.id
}

# Free, and most of what nodes pull (the layers of container images in ECR) comes from S3: it need not pass the NAT gateway. Without a
# policy of its own it leads to every bucket of the region, whoever owns it.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.current.id}.s3"
  route_table_ids   = concat([for table in aws_route_table.private : table.id], [aws_route_table.database.id])
  policy            = var.s3_policy

  tags = { Name = "${var.name}-s3" }
}
