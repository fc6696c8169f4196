# How many workspaces settings hold, with instance types as EC2 describes them. The arithmetic itself is held to a scheduler elsewhere;
# this holds Terraform to it. Run: terraform init && terraform test

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["us-east-1a", "us-east-1b", "us-east-1c"] }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_data "aws_eks_addon_version" {
    defaults = { version = "v1.0.0-eksbuild.1" }
  }

  # m5.2xlarge, for all groups.
  mock_data "aws_ec2_instance_type" {
    defaults = { default_vcpus = 8, memory_size = 32768, maximum_network_interfaces = 4, maximum_ipv4_addresses_per_interface = 15 }
  }
}

variables {
  region              = "us-east-1"
  domain              = "coder.example.com"
  dns                 = { create_zone = true }
  deployment_features = { high_availability = true }
  node_groups = {
    control     = { size = 2 }
    provisioner = { max_size = 9 }
    workspace   = { max_size = 108 }
  }
  database = { max_acu = 16 }
}

run "five_hundred" {
  command = plan

  variables {
    max_workspaces = 500
  }

  assert {
    condition     = output.capacity.supported == 512 && output.capacity.limited_by == "node_groups.workspace.max_size"
    error_message = "Supported are ${output.capacity.supported}, limited by ${output.capacity.limited_by}."
  }

  assert {
    condition     = output.capacity.node.cpu_millicores == 7610 && output.capacity.node.memory_mib == 28489 && output.capacity.nodes.per_zone == 36
    error_message = "A node has ${output.capacity.node.cpu_millicores} m and ${output.capacity.node.memory_mib} MiB, and a zone ${output.capacity.nodes.per_zone} nodes."
  }

  assert {
    condition     = jsonencode({ for name, profile in output.capacity.profiles : name => profile.per_node }) == jsonencode({ small = 13, medium = 6, large = 3 })
    error_message = "A node holds ${jsonencode({ for name, profile in output.capacity.profiles : name => profile.per_node })}."
  }
}

run "too_many" {
  command = plan

  variables {
    max_workspaces = 513
  }

  expect_failures = [output.capacity]
}

run "larger_than_a_node" {
  command = plan

  variables {
    workspace_profiles = {
      huge = { share = 100, cpu_request = 8, cpu_limit = 8, memory_request_gib = 2, memory_limit_gib = 4, home_gib = 10 }
    }
  }

  expect_failures = [output.capacity]
}
