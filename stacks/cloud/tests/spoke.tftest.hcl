# A region that serves the Coder of another one: what it has, what it lacks, and whom it lets in. Run: terraform init && terraform test

provider "aws" {
  region = "us-west-2"
}

variables {
  region              = "us-west-2"
  domain              = "coder-usw2.example.com"
  dns                 = { create_zone = true }
  deployment_features = { workspace_proxy = true }
  node_groups         = { workspace = { max_size = 40 } }
  max_workspaces      = 50
  hub = {
    region     = "us-east-2"
    name       = "coder"
    access_url = "https://coder.example.com"
    nat_cidrs  = ["203.0.113.7/32"]
  }
}

run "of_its_own" {
  command = plan

  assert {
    condition     = length(module.database) == 0 && output.platform.database == null && !contains(keys(module.kms), "database")
    error_message = "A spoke has no database, and no key for one."
  }

  assert {
    condition     = keys(aws_secretsmanager_secret.issued) == ["provisioner-key", "proxy-token"] && output.platform.secrets.owner_password == null
    error_message = "A spoke has a token for its proxy and a key for its provisioners, and no owner: ${join(", ", keys(aws_secretsmanager_secret.issued))}."
  }

  assert {
    condition     = keys(module.workload_identity) == ["cluster-autoscaler", "coderd", "provisioner"]
    error_message = "Nothing in a spoke acts for a database or an owner: ${join(", ", keys(module.workload_identity))}."
  }

  assert {
    condition     = flatten(local.workload_identities["coderd"].statements[*].Action) == ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret", "kms:Decrypt"]
    error_message = "A proxy reads its token, and may do nothing else."
  }

  # coderd and the database, which serve the workspaces of all regions, are the hub's.
  assert {
    condition     = output.capacity.database == null && toset(output.capacity.limits[*].setting) == toset(["network.cidr", "node_groups.provisioner.max_size", "node_groups.workspace.max_size"])
    error_message = "A spoke's workspaces are limited by ${join(", ", output.capacity.limits[*].setting)}."
  }

  assert {
    condition     = output.settled.fixed["deployment_features.workspace_proxy"] == "true" && keys(output.settled.rising) == ["cluster.version"]
    error_message = "A spoke stays one."
  }
}

# Everybody may come, and so may the other regions: a rule for them would be a change in each region for each new one.
run "open" {
  command = plan

  variables {
    peers = { us-east-2 = { nat_cidrs = ["203.0.113.7/32"] }, eu-west-2 = { nat_cidrs = ["198.51.100.7/32"] } }
  }

  assert {
    condition     = length(module.ingress.peer_cidrs) == 0
    error_message = "An open ingress has a rule for another region."
  }
}

run "restricted" {
  command = plan

  variables {
    ingress = { allowed_cidrs = ["198.51.100.0/24"] }
    peers   = { us-east-2 = { nat_cidrs = ["203.0.113.7/32", "203.0.113.8/32"] }, eu-west-2 = { nat_cidrs = ["198.51.100.7/32", "192.0.2.1/32"] } }
  }

  assert {
    condition     = toset(module.ingress.peer_cidrs) == toset(["203.0.113.7/32", "203.0.113.8/32", "192.0.2.1/32"])
    error_message = "Let in are ${join(", ", module.ingress.peer_cidrs)}: each of the other regions, once, where clients are not let in from there."
  }
}

run "mistakes_of_the_hub" {
  command = plan

  variables {
    # A spoke is in another region.
    hub = { region = "us-west-2", name = "coder", access_url = "https://coder.example.com", nat_cidrs = [] }
    # An address is a range.
    peers = { eu-west-2 = { nat_cidrs = ["198.51.100.7"] } }
  }

  expect_failures = [var.hub, var.peers]
}

run "below_the_hub" {
  command = plan

  variables {
    domain = "usw2.coder.example.com"
  }

  expect_failures = [var.hub]
}

run "above_the_hub" {
  command = plan

  variables {
    domain = "example.com"
  }

  expect_failures = [var.hub]
}

run "without_an_address" {
  command = plan

  variables {
    hub = { region = "us-east-2", name = "coder", access_url = "coder.example.com", nat_cidrs = ["203.0.113.7"] }
  }

  expect_failures = [var.hub]
}

# A region with a Coder of its own has no hub.
run "hub_of_a_hub" {
  command = plan

  variables {
    deployment_features = {}
  }

  expect_failures = [var.hub]
}

run "too_many_addresses" {
  command = plan

  variables {
    ingress = { allowed_cidrs = [for i in range(50) : "198.18.${i}.0/24"] }
    peers   = { us-east-2 = { nat_cidrs = [for i in range(8) : "203.0.113.${i}/32"] } }
  }

  expect_failures = [var.peers]
}

# What is the hub's is refused where it is written.
run "settings_of_a_hub" {
  command = plan

  variables {
    database = { max_acu = 16 }
    audit    = { database_statements = true }
    secrets  = { license = "arn:aws:secretsmanager:us-west-2:123456789012:secret:coder/license-AbCdEf" }
  }

  expect_failures = [var.deployment_features]
}
