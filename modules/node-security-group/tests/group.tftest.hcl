# What nodes with a group of their own reach, and who reaches them. Run: terraform init && terraform test

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
    nat_gateway_zones  = ["us-east-1a"]
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

variables {
  name                      = "coder-workspace"
  vpc_id                    = "vpc-1"
  cluster_security_group_id = "sg-1"
}

run "beside_the_cluster" {
  variables {
    vpc_id                    = run.network.vpc_id
    cluster_security_group_id = run.cluster.security_group_id
    cluster_ports             = { coderd = 8080 }
  }

  assert {
    condition = {
      for name, rule in aws_vpc_security_group_ingress_rule.cluster : name => "${rule.ip_protocol} ${rule.from_port}-${rule.to_port}"
      } == {
      kubernetes-api = "tcp 443-443"
      dns-tcp        = "tcp 53-53"
      dns-udp        = "udp 53-53"
      coderd         = "tcp 8080-8080"
    }
    error_message = "The cluster admits more or less than the Kubernetes API, DNS and the ports that are named."
  }

  assert {
    condition = alltrue([
      for rule in aws_vpc_security_group_ingress_rule.cluster :
      rule.security_group_id == run.cluster.security_group_id && rule.referenced_security_group_id == aws_security_group.this.id
    ])
    error_message = "The cluster admits others than these nodes, or others do."
  }

  assert {
    condition = alltrue([
      aws_vpc_security_group_ingress_rule.kubelet.security_group_id == aws_security_group.this.id,
      aws_vpc_security_group_ingress_rule.kubelet.referenced_security_group_id == run.cluster.security_group_id,
      aws_vpc_security_group_ingress_rule.kubelet.ip_protocol == "tcp",
      aws_vpc_security_group_ingress_rule.kubelet.from_port == 10250,
      aws_vpc_security_group_ingress_rule.kubelet.to_port == 10250,
    ])
    error_message = "Others reach the nodes than the cluster, or more of them than the kubelet."
  }

  assert {
    condition     = length(aws_security_group.this.ingress) == 0 && output.id != run.cluster.security_group_id && output.ready == output.id
    error_message = "The group admits something by itself, or another is told."
  }
}

run "nothing_but_what_eks_needs" {
  command = plan

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.cluster) == ["dns-tcp", "dns-udp", "kubernetes-api"]
    error_message = "The cluster admits what nobody named."
  }
}

run "no_port" {
  command = plan

  variables {
    cluster_ports = { coderd = 70000 }
  }

  expect_failures = [var.cluster_ports]
}

run "what_is_open_already" {
  command = plan

  variables {
    cluster_ports = { resolver = 53 }
  }

  expect_failures = [var.cluster_ports]
}
