# Who may call AWS where there is no other way than endpoints. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

variables {
  region              = "us-east-1"
  domain              = "coder.example.com"
  dns                 = { create_zone = true }
  deployment_features = { private_egress = true, time_based_scaling = true }
  ingress             = { internal = true }
  max_workspaces      = 5
  secrets             = { env = { CODER_TRACE_HONEYCOMB_API_KEY = "arn:aws:secretsmanager:us-east-1:123456789012:secret:coder/key-AbCdEf" } }
}

run "readers_of_secrets" {
  command = plan

  assert {
    condition = toset(local.endpoint_callers.secretsmanager[0].roles) == toset([
      for name in ["coderd", "database-setup", "first-owner", "provisioner"] : "${local.global_name}-${name}"
    ])
    error_message = "Secrets are read by ${join(", ", local.endpoint_callers.secretsmanager[0].roles)} alone, and a workload that waits for one never starts."
  }
}

# Of images and charts that the platform itself does not name.
run "further_repositories" {
  command = plan

  variables {
    repositories = ["devcontainers/base", "charts/coder", "coder/coder"]
  }

  assert {
    condition     = toset([for name in ["devcontainers/base", "charts/coder"] : endswith(output.platform.images[name], "/coder/${name}")]) == toset([true])
    error_message = "Each is made below the deployment's name: ${join(", ", keys(output.platform.images))}."
  }

  assert {
    condition     = length(output.platform.images) == 6 && !contains(keys(output.platform.images), "coder/coder")
    error_message = "The platform's own are made once, whatever else is named."
  }
}

# Those of a shared network: none is made here, and what remains has its policies.
run "existing_endpoints" {
  command = plan

  variables {
    network = {
      endpoints = { existing = ["secretsmanager", "eks-auth"] }
      connections = {
        agency = {
          transit_gateway_id = "tgw-0123456789abcdef0"
          cidrs              = ["10.100.0.0/16"]
          names              = { "amazonaws.com" = "Z0123456789ABC", "eks-auth.us-east-1.api.aws" = "Z0123456789ABD" }
        }
      }
    }
  }

  assert {
    condition     = length(setintersection(keys(module.endpoints[0].ids), ["secretsmanager", "eks-auth"])) == 0 && contains(keys(module.endpoints[0].ids), "ec2")
    error_message = "An endpoint is made of a service that has one elsewhere, or none of one that has none."
  }
}
