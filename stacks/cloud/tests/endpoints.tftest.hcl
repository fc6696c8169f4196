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

# Of AI models: coderd alone, and of what it may call exactly the profiles and where they lead.
run "models" {
  command = plan

  variables {
    deployment_features = { private_egress = true, ai_gateway = true }
    ai = {
      gateway        = "coder"
      models         = { main = "us.anthropic.claude-sonnet-4-6", small = "us.anthropic.claude-haiku-4-5-20251001-v1:0" }
      daily_tokens   = 200000000
      retention_days = 90
      log_prompts    = false
      allow_own_keys = false
    }
  }

  assert {
    condition     = local.endpoint_callers["bedrock-runtime"][0].roles == ["${local.global_name}-coderd"] && length(local.endpoint_callers["bedrock-runtime"][0].resources) == 8
    error_message = "The endpoint lets others call, or other than the two profiles and the two models in three regions."
  }
}

run "models_of_another_place" {
  command = plan

  variables {
    deployment_features = { private_egress = true, ai_gateway = true }
    ai = {
      gateway        = "coder"
      models         = { main = "eu.anthropic.claude-sonnet-4-6", small = "us.anthropic.claude-haiku-4-5-20251001-v1:0" }
      daily_tokens   = 200000000
      retention_days = 90
      log_prompts    = false
      allow_own_keys = false
    }
  }

  expect_failures = [var.ai]
}
