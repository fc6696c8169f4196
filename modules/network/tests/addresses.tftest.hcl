# The address plan, and what it keeps when a deployment grows. Run: terraform init && terraform test

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
  nat_gateway_zones  = ["a"]
  flow_logs          = { retention_days = 30, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
}

run "widest" {
  command = apply

  assert {
    condition = { for zone, subnet in aws_subnet.workspace : zone => subnet.cidr_block } == {
      a = "10.0.0.0/18", b = "10.0.64.0/18", c = "10.0.128.0/18"
    }
    error_message = "Workspace subnets moved."
  }

  assert {
    condition = { for zone, subnet in aws_subnet.system : zone => subnet.cidr_block } == {
      a = "10.0.192.0/20", b = "10.0.208.0/20", c = "10.0.224.0/20"
    }
    error_message = "System subnets moved."
  }

  assert {
    condition = { for zone, subnet in aws_subnet.public : zone => subnet.cidr_block } == {
      a = "10.0.240.0/24", b = "10.0.241.0/24", c = "10.0.242.0/24"
    }
    error_message = "Public subnets moved."
  }

  assert {
    condition = { for zone, subnet in aws_subnet.database : zone => subnet.cidr_block } == {
      a = "10.0.244.0/24", b = "10.0.245.0/24", c = "10.0.246.0/24"
    }
    error_message = "Database subnets moved."
  }

  assert {
    condition     = toset([for route in aws_route.private_internet : route.nat_gateway_id]) == toset([aws_nat_gateway.this["a"].id])
    error_message = "A zone does not leave through the only NAT gateway."
  }
}

run "a_nat_gateway_in_every_zone" {
  command = apply

  variables {
    nat_gateway_zones = ["a", "b", "c"]
  }

  assert {
    condition     = alltrue([for zone, route in aws_route.private_internet : route.nat_gateway_id == aws_nat_gateway.this[zone].id])
    error_message = "A zone leaves through another zone's NAT gateway."
  }

  assert {
    condition = alltrue([
      output.workspace_subnet_ids == run.widest.workspace_subnet_ids,
      output.system_subnet_ids == run.widest.system_subnet_ids,
      output.load_balancer_subnet_ids == run.widest.load_balancer_subnet_ids,
      output.database_subnet_ids == run.widest.database_subnet_ids,
    ])
    error_message = "More NAT gateways replaced subnets."
  }
}

run "no_way_to_the_internet" {
  variables {
    nat_gateway_zones = []
    s3_policy         = "{\"Statement\":[]}"
  }

  assert {
    condition     = length(aws_internet_gateway.this) + length(aws_nat_gateway.this) + length(aws_eip.nat) == 0
    error_message = "A gateway leads to the internet."
  }

  assert {
    condition     = length(aws_route.public_internet) + length(aws_route.private_internet) == 0
    error_message = "A route leads to the internet."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !strcontains(subnet.tags.Name, "public")])
    error_message = "Subnets are called public that are not."
  }

  assert {
    condition     = jsondecode(aws_vpc_endpoint.s3.policy).Statement == []
    error_message = "The gateway endpoint of S3 has another policy than the one that it was given."
  }

  assert {
    condition = alltrue([
      output.workspace_subnet_ids == run.widest.workspace_subnet_ids,
      output.load_balancer_subnet_ids == run.widest.load_balancer_subnet_ids,
      output.load_balancer_cidr_blocks == { a = "10.0.240.0/24", b = "10.0.241.0/24", c = "10.0.242.0/24" },
    ])
    error_message = "Without gateways subnets are others."
  }
}

run "narrowest" {
  command = plan

  variables {
    cidr               = "192.168.16.0/20"
    availability_zones = ["a", "b"]
  }

  assert {
    condition     = aws_subnet.workspace["b"].cidr_block == "192.168.20.0/22" && aws_subnet.system["b"].cidr_block == "192.168.29.0/24"
    error_message = "Workspace or system subnets of a /20 moved."
  }

  assert {
    condition     = aws_subnet.public["b"].cidr_block == "192.168.31.16/28" && aws_subnet.database["b"].cidr_block == "192.168.31.80/28"
    error_message = "Public or database subnets of a /20 moved."
  }
}

run "too_narrow" {
  command = plan

  variables {
    cidr = "10.0.0.0/21"
  }

  expect_failures = [var.cidr]
}

run "nat_gateway_without_subnet" {
  command = plan

  variables {
    nat_gateway_zones = ["a", "d"]
  }

  expect_failures = [aws_vpc.this]
}

run "queries_are_logged" {
  command = apply

  variables {
    query_logs = { retention_days = 365, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
  }

  assert {
    condition = alltrue([
      aws_cloudwatch_log_group.queries[0].retention_in_days == 365,
      aws_cloudwatch_log_group.queries[0].kms_key_id == var.query_logs.kms_key_arn,
      aws_route53_resolver_query_log_config.this[0].destination_arn == aws_cloudwatch_log_group.queries[0].arn,
      aws_route53_resolver_query_log_config_association.this[0].resource_id == aws_vpc.this.id,
    ])
    error_message = "What is looked up in the VPC is not kept for as long and with the key as was said."
  }
}

run "queries_kept_for_no_such_days" {
  command = plan

  variables {
    query_logs = { retention_days = 364, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
  }

  expect_failures = [var.query_logs]
}
