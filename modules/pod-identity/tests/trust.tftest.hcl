# Who may take the role. Run: terraform init && terraform test

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
}

variables {
  cluster_name    = "coder"
  cluster_arn     = "arn:aws:eks:us-east-1:123456789012:cluster/coder"
  role_name       = "coder-us-east-1-coderd"
  description     = "coderd signs in to its database."
  service_account = { namespace = "coder", name = "coderd" }
}

run "one_service_account" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:SourceAccount"                         = "123456789012"
          "aws:RequestTag/eks-cluster-arn"            = "arn:aws:eks:us-east-1:123456789012:cluster/coder"
          "aws:RequestTag/kubernetes-namespace"       = "coder"
          "aws:RequestTag/kubernetes-service-account" = "coderd"
        }
      }
    }]
    error_message = "The role trusts more or less than one service account of one cluster."
  }

  assert {
    condition     = length(aws_iam_role_policy.this) + length(aws_iam_role_policy_attachment.this) == 0
    error_message = "A role that is given no policy has rights."
  }
}

run "no_kubernetes_name" {
  command = plan

  variables {
    service_account = { namespace = "coder", name = "*" }
  }

  expect_failures = [var.service_account]
}

run "name_too_long_for_a_role" {
  command = plan

  variables {
    role_name = "a123456789a123456789a123456789a123456789a123456789a123456789a1234"
  }

  expect_failures = [var.role_name]
}
