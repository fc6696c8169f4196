# What a repository promises, and when it forgets. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

run "key" {
  module {
    source = "../kms"
  }

  variables {
    name        = "coder/images"
    description = "Images of this test."
  }
}

variables {
  name         = "coder"
  repositories = { coder = "coder/coder", postgres = "docker/library/postgres" }
}

run "repositories" {
  variables {
    kms_key_arn = run.key.key_arn
  }

  assert {
    condition = output.repository_urls == {
      coder    = "123456789012.dkr.ecr.us-east-1.amazonaws.com/coder/coder/coder"
      postgres = "123456789012.dkr.ecr.us-east-1.amazonaws.com/coder/docker/library/postgres"
    }
    error_message = "Repositories are below the deployment's name."
  }

  assert {
    condition = alltrue([
      for repository in aws_ecr_repository.this :
      repository.image_tag_mutability == "IMMUTABLE" && repository.image_scanning_configuration[0].scan_on_push
    ])
    error_message = "A tag can be moved to another image, or an image is not scanned."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.encryption_configuration[0].kms_key == run.key.key_arn])
    error_message = "Images are encrypted with another key."
  }

  assert {
    condition     = alltrue([for policy in aws_ecr_lifecycle_policy.this : jsondecode(policy.policy).rules[0].selection.tagStatus == "untagged"])
    error_message = "What has a tag is in use, and stays."
  }
}

run "mistakes" {
  command = plan

  variables {
    kms_key_arn   = run.key.key_arn
    name          = "Coder"
    repositories  = { coder = "ghcr.io/coder/coder:v2" }
    untagged_days = 0
  }

  expect_failures = [var.name, var.repositories, var.untagged_days]
}
