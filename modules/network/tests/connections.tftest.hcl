# Ways to networks that are connected. Run: terraform init && terraform test

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:flow-logs" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/flow-logs" }
  }
}

variables {
  name               = "coder"
  cidr               = "10.0.0.0/16"
  availability_zones = ["a", "b", "c"]
  nat_gateway_zones  = []
  flow_logs          = { retention_days = 30, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
  connections = {
    agency = {
      transit_gateway_id = "tgw-0123456789abcdef0"
      cidrs              = ["10.100.0.0/16", "10.101.0.0/16"]
      names              = { "amazonaws.com" = "rslvr-rr-0123456789abcdef0" }
    }
    directory = {
      vpc_peering_connection_id = "pcx-0123456789abcdef0"
      cidrs                     = ["10.200.0.0/24"]
      names                     = { "login.example.gov" = "Z0123456789ABC" }
    }
  }
}

run "connected" {
  command = apply

  assert {
    condition     = length(aws_ec2_transit_gateway_vpc_attachment.this["agency"].subnet_ids) == 3 && length(aws_ec2_transit_gateway_vpc_attachment.this) == 1
    error_message = "The transit gateway is not attached to in each zone, or something else is."
  }

  # Three tables of nodes and one of the load balancer, for three ranges.
  assert {
    condition     = length(aws_route.connected) == 12 && !contains([for route in aws_route.connected : route.route_table_id], aws_route_table.database.id)
    error_message = "Not every table but the database's has a route to each range."
  }

  assert {
    condition     = alltrue([for route in aws_route.connected : startswith(route.destination_cidr_block, "10.200.") ? route.vpc_peering_connection_id == "pcx-0123456789abcdef0" && route.transit_gateway_id == null : route.transit_gateway_id == "tgw-0123456789abcdef0"])
    error_message = "A route leads to the other network."
  }

  assert {
    condition     = aws_route53_zone_association.connected["login.example.gov"].zone_id == "Z0123456789ABC" && length(aws_route53_zone_association.connected) == 1
    error_message = "The zone is not one of the network."
  }

  assert {
    condition     = aws_route53_resolver_rule_association.connected["amazonaws.com"].resolver_rule_id == "rslvr-rr-0123456789abcdef0" && length(aws_route53_resolver_rule_association.connected) == 1
    error_message = "The rule does not decide in the network."
  }
}

run "not_connected" {
  command = plan

  variables {
    connections = {}
  }

  assert {
    condition     = length(aws_route.connected) + length(aws_ec2_transit_gateway_vpc_attachment.this) == 0
    error_message = "There is a way out that nobody asked for."
  }
}

run "a_way_to_everywhere" {
  command = plan

  variables {
    connections = { all = { transit_gateway_id = "tgw-0123456789abcdef0", cidrs = ["0.0.0.0/0"] } }
  }

  expect_failures = [var.connections]
}

run "a_connection_by_nothing" {
  command = plan

  variables {
    connections = { agency = { cidrs = ["10.100.0.0/16"] } }
  }

  expect_failures = [var.connections]
}
