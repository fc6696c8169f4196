locals {
  # What the outer subnets are called: without an internet gateway they are not public.
  outer = local.internet ? "public" : "load-balancer"
}

# Load balancers and NAT gateways, and nothing else, so that their ranges stand for them in rules. Nothing launched here gets a public
# address by default.
resource "aws_subnet" "public" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value.public

  tags = { Name = "${var.name}-${local.outer}-${each.key}" }
}

# The control plane's network interfaces, the control group and the provisioners.
resource "aws_subnet" "system" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value.system

  tags = { Name = "${var.name}-system-${each.key}" }
}

# Workspace nodes and pods. Three quarters of the VPC: prefix delegation takes addresses sixteen at a time.
resource "aws_subnet" "workspace" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value.workspace

  tags = { Name = "${var.name}-workspace-${each.key}" }
}

resource "aws_subnet" "database" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value.database

  tags = { Name = "${var.name}-database-${each.key}" }
}
