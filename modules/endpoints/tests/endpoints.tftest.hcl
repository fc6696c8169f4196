# What is reached, from where, and what a region lacks. Run: terraform init && terraform test

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

run "network" {
  module {
    source = "../network"
  }

  variables {
    name               = "coder"
    cidr               = "10.0.0.0/16"
    availability_zones = ["us-east-1a", "us-east-1b"]
    nat_gateway_zones  = []
    flow_logs          = { retention_days = 30, kms_key_arn = run.key.key_arn }
  }
}

variables {
  name         = "coder"
  client_cidrs = { vpc = "10.0.0.0/16" }
  services = {
    "ecr.api" = { policy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
    eks-auth  = { policy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

run "in_each_zone" {
  variables {
    vpc_id     = run.network.vpc_id
    subnet_ids = run.network.system_subnet_ids
  }

  assert {
    condition     = { for service, endpoint in aws_vpc_endpoint.this : service => length(endpoint.subnet_ids) } == { "ecr.api" = 2, eks-auth = 2 }
    error_message = "An endpoint is missing in a zone, or where nobody asked for it."
  }

  assert {
    condition = alltrue([
      for endpoint in aws_vpc_endpoint.this :
      endpoint.private_dns_enabled && endpoint.security_group_ids == toset([aws_security_group.this.id])
    ])
    error_message = "Callers look up the name that they know, and AWS's default group lets nobody in."
  }

  assert {
    condition     = anytrue([for entry in aws_vpc_endpoint.this["eks-auth"].dns_entry : entry.dns_name == "eks-auth.us-east-1.api.aws"])
    error_message = "Pod identities are asked for by another name than those of other services."
  }

  assert {
    condition     = { for name, rule in aws_vpc_security_group_ingress_rule.clients : name => "${rule.cidr_ipv4}:${rule.from_port}" } == { vpc = "10.0.0.0/16:443" }
    error_message = "Endpoints answer on 443 to the ranges of callers alone."
  }

  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.this : jsondecode(endpoint.policy).Statement == []])
    error_message = "An endpoint has another policy than the one that it was given."
  }
}

run "gateways_are_elsewhere" {
  command = plan

  variables {
    vpc_id     = run.network.vpc_id
    subnet_ids = run.network.system_subnet_ids
    services   = { s3 = { policy = "{\"Statement\":[]}" } }
  }

  expect_failures = [var.services]
}

run "policies_are_json" {
  command = plan

  variables {
    vpc_id     = run.network.vpc_id
    subnet_ids = run.network.system_subnet_ids
    services   = { sts = { policy = "everything" } }
  }

  expect_failures = [var.services]
}

run "no_one_from_everywhere" {
  command = plan

  variables {
    vpc_id       = run.network.vpc_id
    subnet_ids   = {}
    client_cidrs = { all = "0.0.0.0/0" }
  }

  expect_failures = [var.client_cidrs, var.subnet_ids]
}
