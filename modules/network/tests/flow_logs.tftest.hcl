# What lets through, and what is written down. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

run "key" {
  module {
    source = "../kms"
  }

  variables {
    name        = "coder/test"
    description = "All of this test."
    grants      = { log_groups = true }
  }
}

variables {
  name               = "coder"
  cidr               = "10.0.0.0/16"
  availability_zones = ["us-east-1a", "us-east-1b"]
  nat_gateway_zones  = ["us-east-1a"]
  flow_logs          = { retention_days = 30, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
}

run "network" {
  variables {
    flow_logs = { retention_days = 90, kms_key_arn = run.key.key_arn }
  }

  assert {
    condition = alltrue([
      aws_flow_log.this.vpc_id == aws_vpc.this.id,
      aws_flow_log.this.traffic_type == "ALL",
      aws_flow_log.this.log_destination == aws_cloudwatch_log_group.flow_logs.arn,
    ])
    error_message = "Not all traffic of the VPC is logged."
  }

  assert {
    condition     = aws_cloudwatch_log_group.flow_logs.retention_in_days == 90 && aws_cloudwatch_log_group.flow_logs.kms_key_id == run.key.key_arn
    error_message = "Flow logs are kept otherwise than is said, or unencrypted."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.flow_logs.policy).Statement[0].Resource == [aws_cloudwatch_log_group.flow_logs.arn, "${aws_cloudwatch_log_group.flow_logs.arn}:log-stream:*"]
    error_message = "The role writes to other log groups."
  }

  assert {
    condition     = length(aws_default_security_group.this.ingress) + length(aws_default_security_group.this.egress) == 0
    error_message = "The VPC's default security group lets something through."
  }

  # The table is the subnets' only one, and no route is made in it.
  assert {
    condition     = alltrue([for association in aws_route_table_association.database : association.route_table_id == aws_route_table.database.id]) && length(aws_route_table.database.route) == 0
    error_message = "The database has a way to the internet."
  }

  assert {
    condition     = aws_vpc_endpoint.s3.route_table_ids == toset(concat([for table in aws_route_table.private : table.id], [aws_route_table.database.id]))
    error_message = "Traffic to S3 passes the NAT gateway."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "What is launched in a public subnet gets a public address."
  }
}

run "refused" {
  command = plan

  variables {
    name               = "Coder"
    availability_zones = ["us-east-1a"]
    flow_logs          = { retention_days = 0, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
  }

  expect_failures = [var.name, var.availability_zones, var.flow_logs]
}

run "a_zone_twice" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "us-east-1a"]
  }

  expect_failures = [var.availability_zones]
}
