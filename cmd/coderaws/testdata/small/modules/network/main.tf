variable "name" {
  type = string
}

variable "cidr" {
  type = string
}

variable "subnets" {
  type = map(string)
}

data "aws_region" "current" {}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
  tags       = { Name = var.name }
}

resource "aws_subnet" "this" {
  for_each = var.subnets

  vpc_id            = aws_vpc.this.id
  availability_zone = "${data.aws_region.current.name}${each.key}"
  cidr_block        = each.value
  tags              = { Name = "${var.name}-${each.key}" }
}

output "vpc_id" {
  value = aws_vpc.this.id
}

output "subnets" {
  value = sort([for subnet in aws_subnet.this : subnet.cidr_block])
}
