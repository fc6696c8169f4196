# Who reaches the load balancer, and what it forwards to. Run: terraform init && terraform test

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
    nat_gateway_zones  = ["us-east-1a", "us-east-1b"]
    flow_logs          = { retention_days = 30, kms_key_arn = run.key.key_arn }
  }
}

run "cluster" {
  module {
    source = "../cluster"
  }

  variables {
    name                = "coder"
    kubernetes_version  = "1.35"
    subnet_ids          = values(run.network.system_subnet_ids)
    secrets_kms_key_arn = run.key.key_arn
    logs                = { retention_days = 30, kms_key_arn = run.key.key_arn }
  }
}

run "certificate" {
  module {
    source = "../certificate"
  }

  variables {
    domain = "coder.example.com"
    dns    = { zone_name = "coder.example.com", create_zone = true }
  }
}

variables {
  name            = "coder"
  vpc             = { id = "vpc-1", cidr = "10.0.0.0/16", nat_public_ips = { us-east-1a = "198.51.100.1" } }
  subnets         = { us-east-1a = { id = "subnet-a", cidr = "10.0.240.0/24" }, us-east-1b = { id = "subnet-b", cidr = "10.0.241.0/24" } }
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
  dns             = { domain = "coder.example.com", zone_id = "Z0123456789" }
  target          = { node_port = 30080, security_group_id = "sg-1", autoscaling_group_names = {} }
}

run "on_the_internet" {
  variables {
    vpc = { id = run.network.vpc_id, cidr = "10.0.0.0/16", nat_public_ips = run.network.nat_public_ips }
    subnets = {
      for zone, id in run.network.load_balancer_subnet_ids : zone => { id = id, cidr = run.network.load_balancer_cidr_blocks[zone] }
    }
    allowed_cidrs   = ["203.0.113.0/24"]
    certificate_arn = run.certificate.certificate_arn
    dns             = { domain = "coder.example.com", zone_id = run.certificate.zone_id }
    target          = { node_port = 30080, security_group_id = run.cluster.security_group_id, autoscaling_group_names = {} }
  }

  assert {
    condition = toset(concat(
      [for rule in aws_vpc_security_group_ingress_rule.clients : "${rule.cidr_ipv4} ${rule.from_port}-${rule.to_port}"],
      [for rule in aws_vpc_security_group_ingress_rule.own : "${rule.cidr_ipv4} ${rule.from_port}-${rule.to_port}"],
    )) == toset(concat(["203.0.113.0/24 443-443"], [for ip in values(run.network.nat_public_ips) : "${ip}/32 443-443"]))
    error_message = "Others reach Coder than clients and the deployment's own NAT gateways, or another port."
  }

  # By group, both ways: addresses of nodes come and go.
  assert {
    condition = alltrue([
      aws_vpc_security_group_ingress_rule.node_port.security_group_id == run.cluster.security_group_id,
      aws_vpc_security_group_ingress_rule.node_port.referenced_security_group_id == aws_security_group.this.id,
      aws_vpc_security_group_egress_rule.nodes.security_group_id == aws_security_group.this.id,
      aws_vpc_security_group_egress_rule.nodes.referenced_security_group_id == run.cluster.security_group_id,
    ])
    error_message = "The load balancer does not reach the nodes, or others do."
  }

  assert {
    condition = alltrue([
      for rule in [aws_vpc_security_group_ingress_rule.node_port, aws_vpc_security_group_egress_rule.nodes] :
      rule.ip_protocol == "tcp" && rule.from_port == 30080 && rule.to_port == 30080
    ])
    error_message = "More than the node port is open."
  }

  assert {
    condition     = !aws_lb.this.internal && aws_lb.this.security_groups == toset([aws_security_group.this.id]) && aws_lb.this.enable_cross_zone_load_balancing
    error_message = "The load balancer is internal, guarded by no group of its own, or one node does not serve all zones."
  }

  assert {
    condition = alltrue([
      aws_lb_listener.https.protocol == "TLS",
      aws_lb_listener.https.port == 443,
      aws_lb_listener.https.certificate_arn == run.certificate.certificate_arn,
      aws_lb_listener.https.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06",
    ])
    error_message = "TLS is not ended here with the certificate, from version 1.2 on."
  }

  assert {
    condition = alltrue([
      aws_lb_target_group.this.preserve_client_ip == "true",
      aws_lb_target_group.this.port == 30080,
      aws_lb_target_group.this.health_check[0].path == "/healthz",
    ])
    error_message = "coderd does not see its clients' addresses, or is not asked for its health."
  }

  assert {
    condition = { for name, record in aws_route53_record.alias : name => one(record.alias).name } == {
      for name in ["coder.example.com", "*.coder.example.com"] : name => aws_lb.this.dns_name
    }
    error_message = "The domain or its wildcard does not lead to the load balancer."
  }
}

run "inside_of_the_vpc" {
  command = plan

  variables {
    internal      = true
    allowed_cidrs = ["10.20.0.0/16"]
  }

  assert {
    condition     = { for name, rule in aws_vpc_security_group_ingress_rule.own : name => rule.cidr_ipv4 } == { vpc = "10.0.0.0/16" }
    error_message = "Workspaces do not reach an internal load balancer, or addresses of the internet do."
  }

  # A pod that is sent back to its own node would talk to itself.
  assert {
    condition     = aws_lb.this.internal && aws_lb_target_group.this.preserve_client_ip == "false"
    error_message = "An internal load balancer keeps clients' addresses."
  }

  assert {
    condition     = output.private_addresses == ["10.0.240.8", "10.0.241.8"] && toset(aws_lb.this.subnet_mapping[*].private_ipv4_address) == toset(output.private_addresses)
    error_message = "The load balancer has other addresses than those that rules name."
  }
}

run "found_in_the_vpc_alone" {
  command = plan

  variables {
    internal = true
    dns      = { domain = "coder.example.com", records = "private" }
  }

  assert {
    condition = { for name, record in aws_route53_record.address : name => record.records } == {
      for name in ["coder.example.com", "*.coder.example.com"] : name => toset(["10.0.240.8", "10.0.241.8"])
    }
    error_message = "The domain or its wildcard does not lead to the load balancer."
  }

  assert {
    condition     = one(aws_route53_zone.private[0].vpc).vpc_id == "vpc-1" && length(aws_route53_record.alias) == 0
    error_message = "The zone is public, or an alias is made that not every partition has."
  }
}

run "found_by_other_means" {
  command = plan

  variables {
    internal = true
    dns      = { domain = "coder.example.com", records = "none" }
  }

  assert {
    condition     = length(aws_route53_record.alias) + length(aws_route53_record.address) + length(aws_route53_zone.private) == 0
    error_message = "Something is made in Route 53."
  }
}

run "private_records_of_public_addresses" {
  command = plan

  variables {
    dns = { domain = "coder.example.com", records = "private" }
  }

  expect_failures = [var.dns]
}

# Other regions of the deployment come in where clients from there may not, and never from the internet to private addresses.
run "other_regions" {
  command = plan

  variables {
    allowed_cidrs = ["203.0.113.0/24"]
    peer_cidrs    = ["203.0.113.7/32", "198.51.100.1/32"]
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.peers) == ["198.51.100.1/32"]
    error_message = "There is a rule for ${join(", ", keys(aws_vpc_security_group_ingress_rule.peers))}, and only 198.51.100.1 is not let in already."
  }
}

run "other_regions_of_an_open_one" {
  command = plan

  variables {
    allowed_cidrs = ["0.0.0.0/0"]
    peer_cidrs    = ["198.51.100.1/32"]
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.peers) == 0
    error_message = "Everybody is let in, and another region has a rule of its own."
  }
}

run "an_address_that_is_no_range" {
  command = plan

  variables {
    peer_cidrs = ["198.51.100.1"]
  }

  expect_failures = [var.peer_cidrs]
}

run "the_vpc_is_allowed_already" {
  command = plan

  variables {
    internal      = true
    allowed_cidrs = ["10.0.0.0/16"]
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.own) == 0 && length(aws_vpc_security_group_ingress_rule.clients) == 1
    error_message = "The same rule is made twice, which AWS refuses."
  }
}

run "refused" {
  command = plan

  variables {
    name          = "internal-coder"
    allowed_cidrs = ["office"]
    target        = { node_port = 443, security_group_id = "sg-1", autoscaling_group_names = {} }
  }

  expect_failures = [var.name, var.allowed_cidrs, var.target]
}

run "more_ranges_than_a_group_holds" {
  command = plan

  variables {
    allowed_cidrs = [for i in range(51) : "203.0.${i}.0/24"]
  }

  expect_failures = [var.allowed_cidrs]
}

run "validated_cryptography" {
  command = plan

  variables {
    fips = true
  }

  assert {
    condition     = aws_lb_listener.https.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04"
    error_message = "TLS ends in a module that NIST does not validate, or takes versions before 1.2."
  }
}

run "connections_are_logged" {
  command = plan

  variables {
    access_logs = { bucket = "coder-records", prefix = "coder" }
  }

  assert {
    condition     = aws_lb.this.access_logs[0].enabled && aws_lb.this.access_logs[0].bucket == "coder-records" && aws_lb.this.access_logs[0].prefix == "coder"
    error_message = "Who connects is not written into the bucket, below its prefix."
  }
}
