# Add-ons are what the caller says, whatever somebody changed by hand. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

variables {
  cluster_name = "coder"
  addons = {
    vpc-cni    = { version = "v1.21.1-eksbuild.7", configuration = "{\"enableNetworkPolicy\":\"true\"}" }
    kube-proxy = { version = "v1.35.0-eksbuild.2" }
  }
}

run "as_written" {
  command = plan

  assert {
    condition     = { for name, addon in aws_eks_addon.this : name => addon.addon_version } == { vpc-cni = "v1.21.1-eksbuild.7", kube-proxy = "v1.35.0-eksbuild.2" }
    error_message = "An add-on has another version than the caller's."
  }

  assert {
    condition     = aws_eks_addon.this["vpc-cni"].configuration_values == "{\"enableNetworkPolicy\":\"true\"}"
    error_message = "An add-on has another configuration than the caller's."
  }

  assert {
    condition = alltrue([
      for addon in aws_eks_addon.this :
      addon.resolve_conflicts_on_create == "OVERWRITE" && addon.resolve_conflicts_on_update == "OVERWRITE"
    ])
    error_message = "A change by hand survives an update."
  }

  assert {
    condition     = output.versions == { vpc-cni = "v1.21.1-eksbuild.7", kube-proxy = "v1.35.0-eksbuild.2" }
    error_message = "The versions that are told are not those that are installed."
  }
}

run "no_json" {
  command = plan

  variables {
    addons = { vpc-cni = { version = "v1.21.1-eksbuild.7", configuration = "enableNetworkPolicy: true" } }
  }

  expect_failures = [var.addons]
}
