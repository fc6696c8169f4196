data "aws_region" "current" {}

locals {
  # A zone's place in the list decides its address ranges, whichever of its subnets have nodes. Ranges therefore stay where they
  # are when a deployment moves to high availability. Of a /16: workspace /18 x 3, system /20 x 3, public and database /24 x 3.
  zones = {
    for index, zone in var.availability_zones : zone => {
      workspace = cidrsubnet(var.cidr, 2, index)
      system    = cidrsubnet(var.cidr, 4, 12 + index)
      public    = cidrsubnet(var.cidr, 8, 240 + index)
      database  = cidrsubnet(var.cidr, 8, 244 + index)
    }
  }

  # Without a NAT gateway nothing here needs the internet, so that there is no way to it at all.
  internet = length(var.nat_gateway_zones) > 0

  # Zones without a NAT gateway of their own leave through the first one.
  nat_zone_of = {
    for zone in var.availability_zones :
    zone => contains(var.nat_gateway_zones, zone) ? zone : var.nat_gateway_zones[0] if local.internet
  }
}

# Nodes register, and interface endpoints resolve, only with both DNS attributes on.
resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }

  lifecycle {
    precondition {
      condition     = length(setsubtract(var.nat_gateway_zones, var.availability_zones)) == 0
      error_message = "nat_gateway_zones names ${join(", ", setsubtract(var.nat_gateway_zones, var.availability_zones))}, which availability_zones does not: a NAT gateway needs a public subnet in its zone."
    }
  }
}

# AWS makes this group with every VPC and attaches it to whatever names no other. Managed without rules, it lets nothing through.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-default-closed" }
}

resource "aws_internet_gateway" "this" {
  count = local.internet ? 1 : 0

  vpc_id = aws_vpc.this.id

  tags = { Name = var.name }
}
