# What a user may write wrong, and the variable that answers. Each run holds one mistake of each variable, because a run plans the
# whole stack and takes seconds. Run: terraform init && terraform test

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] }
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

  mock_data "aws_ec2_instance_type" {
    defaults = { default_vcpus = 8, memory_size = 32768, maximum_network_interfaces = 4, maximum_ipv4_addresses_per_interface = 15 }
  }
}

variables {
  region = "us-east-1"
  domain = "coder.example.com"
  dns    = { create_zone = true }
}

run "mistakes_1" {
  command = plan

  variables {
    # A region is a code.
    region = "Virginia"
    # A name has three characters.
    name = "ab"
    # A domain has no scheme.
    domain = "https://coder.example.com"
    # A zone exists or is made.
    dns = { zone_id = "Z0123456789", create_zone = true }
    # A VPC is a /16 at most.
    network = { cidr = "10.0.0.0/15" }
    # A Kubernetes version is a minor one.
    cluster = { version = "1.35.2" }
    # A control node is always there.
    node_groups = { control = { size = 0 } }
    # A PostgreSQL version is a number.
    database = { engine_version = "latest" }
    # Somebody may reach Coder.
    ingress = { allowed_cidrs = [] }
    # Alarms go to addresses.
    observability = { alarm_emails = ["on-call"] }
    # A budget is above nothing.
    budget = { monthly_usd = 0 }
    # A tag is not of AWS.
    tags = { "aws:name" = "x" }
  }

  expect_failures = [var.region, var.name, var.domain, var.dns, var.network, var.cluster, var.node_groups, var.database, var.ingress, var.observability, var.budget, var.tags]
}

run "mistakes_2" {
  command = plan

  variables {
    # A name has twenty characters at most.
    name = "a23456789012345678901"
    # A domain has no trailing dot.
    domain = "coder.example.com."
    # A zone has an ID or a name.
    dns = { zone_id = "Z0123456789", zone_name = "example.com" }
    # AWS counts weekdays otherwise than Unix.
    scaling_schedule = { start_time = "45 6 * * 1-5" }
    # A VPC is a /20 at least.
    network = { cidr = "10.0.0.0/21" }
    # The Kubernetes API is not open to all.
    cluster = { public_access_cidrs = ["0.0.0.0/0"] }
    # A provisioner is always there.
    node_groups = { provisioner = { min_size = 0 } }
    # Capacity has half steps.
    database = { min_acu = 0.7 }
    # Clients are ranges.
    ingress = { allowed_cidrs = ["office"] }
    # The database log is kept for days that CloudWatch knows.
    observability = { log_retention_days = 8 }
    # A budget tells addresses.
    budget = { monthly_usd = 1, emails = ["boss"] }
    # A tag is not of this stack.
    tags = { ManagedBy = "us" }
  }

  expect_failures = [var.name, var.domain, var.dns, var.scaling_schedule, var.network, var.cluster, var.node_groups, var.database, var.ingress, var.observability, var.budget, var.tags]
}

run "mistakes_3" {
  command = plan

  variables {
    # A name starts with a letter.
    name = "1coder"
    # A domain has no wildcard.
    domain = "*.coder.example.com"
    # A zone ID has no path.
    dns = { zone_id = "/hostedzone/Z0123456789" }
    # A VPC is private.
    network = { cidr = "11.0.0.0/16" }
    # The Kubernetes API takes public ranges.
    cluster = { public_access_cidrs = ["10.1.0.0/16"] }
    # A maximum is not below the minimum.
    node_groups = { workspace = { min_size = 3, max_size = 2 } }
    # Capacity does not pause.
    database = { min_acu = 0 }
  }

  expect_failures = [var.name, var.domain, var.dns, var.network, var.cluster, var.node_groups, var.database]
}

run "mistakes_4" {
  command = plan

  variables {
    # A name has no capitals.
    name = "Coder"
    # A domain has two labels.
    domain = "coder"
    # A zone name has no trailing dot.
    dns = { zone_name = "example.com." }
    # A VPC starts with its first address.
    network = { cidr = "10.0.1.0/16" }
    # The Kubernetes API takes ranges.
    cluster = { public_access_cidrs = ["203.0.113.7"] }
    # A node group has 450 nodes at most.
    node_groups = { workspace = { max_size = 451 } }
    # Capacity has a maximum not below its minimum.
    database = { min_acu = 8, max_acu = 4 }
  }

  expect_failures = [var.name, var.domain, var.dns, var.network, var.cluster, var.node_groups, var.database]
}

run "mistakes_5" {
  command = plan

  variables {
    # A name ends in no hyphen.
    name = "coder-"
    # A domain fits a certificate.
    domain = "a23456789.a23456789.a23456789.a23456789.a23456789.a23456789.example"
    # A VPC has IPv4 addresses.
    network = { cidr = "fd00::/16" }
    # An administrator is a role.
    cluster = { admin_role_arns = ["arn:aws:iam::123456789012:user/jo"] }
    # A node group names an instance type.
    node_groups = { workspace = { instance_types = [] } }
    # Capacity ends at 256.
    database = { max_acu = 256.5 }
  }

  expect_failures = [var.name, var.domain, var.network, var.cluster, var.node_groups, var.database]
}

run "mistakes_6" {
  command = plan

  variables {
    # A name has no double hyphen.
    name = "co--der"
    # A VPC spans two zones.
    network = { availability_zones = ["us-east-1a"] }
    # A pinned add-on is an installed one.
    cluster = { addon_versions = { vpc-cn = "v1.21.1-eksbuild.7" } }
    # A disk holds the images.
    node_groups = { workspace = { disk_gib = 19 } }
    # Backups are kept for a day.
    database = { backup_retention_days = 0 }
  }

  expect_failures = [var.name, var.network, var.cluster, var.node_groups, var.database]
}

run "mistakes_7" {
  command = plan

  variables {
    # A name is none of the load balancers.
    name = "internal-coder"
    # A VPC spans three zones at most.
    network = { availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] }
    # A pinned add-on has a version of AWS.
    cluster = { addon_versions = { vpc-cni = "1.21.1" } }
    # An image family is current.
    node_groups = { workspace = { ami_type = "AL2_x86_64" } }
    # Backups are kept for 35 days at most.
    database = { backup_retention_days = 36 }
  }

  expect_failures = [var.name, var.network, var.cluster, var.node_groups, var.database]
}

run "mistakes_8" {
  command = plan

  variables {
    # A zone is named once.
    network = { availability_zones = ["us-east-1a", "us-east-1a"] }
    # Control plane logs are kept for days that CloudWatch knows.
    cluster = { log_retention_days = 0 }
    # Long-term backups are kept longer.
    database = { long_term_backup_days = 35 }
  }

  expect_failures = [var.network, var.cluster, var.database]
}

run "mistakes_9" {
  command = plan

  variables {
    # Flow logs are kept for days that CloudWatch knows.
    network = { flow_logs_retention_days = 31 }
  }

  expect_failures = [var.network]
}

# A rule over several variables is applied when the others are right.
run "mistakes_10" {
  command = plan

  variables {
    # 4 ACU hold 160 workspaces.
    max_workspaces = 500
    # Shares are percent.
    workspace_profiles = {
      small = { share = 90, cpu_request = 1, cpu_limit = 1, memory_request_gib = 1, memory_limit_gib = 1, home_gib = 1 }
    }
  }

  expect_failures = [var.max_workspaces, var.workspace_profiles]
}

run "mistakes_11" {
  command = plan

  variables {
    # High availability takes two control nodes, and without a way to the internet nothing faces it.
    deployment_features = { high_availability = true, private_egress = true }
    # A limit is no less than the request.
    workspace_profiles = {
      small = { share = 100, cpu_request = 2, cpu_limit = 1, memory_request_gib = 1, memory_limit_gib = 1, home_gib = 1 }
    }
  }

  expect_failures = [var.deployment_features, var.workspace_profiles]
}

run "mistakes_12" {
  command = plan

  variables {
    # The AI gateway is the hub's.
    deployment_features = { workspace_proxy = true, ai_gateway = true }
    # A home is a whole number of GiB.
    workspace_profiles = {
      small = { share = 100, cpu_request = 1, cpu_limit = 1, memory_request_gib = 1, memory_limit_gib = 1, home_gib = 1.5 }
    }
  }

  expect_failures = [var.deployment_features, var.workspace_profiles]
}

run "mistakes_13" {
  command = plan

  variables {
    # Somebody works. Where a feature is wrong, Terraform keeps quiet about it, as a region without a database has another rule.
    max_workspaces = 0
  }

  expect_failures = [var.max_workspaces]
}

run "records_somewhere" {
  command = plan

  variables {
    # Records are public, private or none.
    dns             = { records = "hidden" }
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  expect_failures = [var.dns]
}

run "no_zone_for_no_records" {
  command = plan

  variables {
    # Records that are not public are in no zone that one names.
    dns             = { records = "none", zone_id = "Z0123456789" }
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  expect_failures = [var.dns]
}

run "no_certificate_without_public_records" {
  command = plan

  variables {
    # ACM validates by public records alone.
    dns = { records = "none" }
  }

  expect_failures = [var.certificate_arn]
}

run "certificate_of_elsewhere" {
  command = plan

  variables {
    # A certificate serves its own region.
    dns             = { records = "none" }
    certificate_arn = "arn:aws:acm:us-west-2:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  expect_failures = [var.certificate_arn]
}
