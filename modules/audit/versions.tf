# Terraform is proven from 1.11 and OpenTofu from 1.10; both read this one constraint.
terraform {
  required_version = ">= 1.10.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}
