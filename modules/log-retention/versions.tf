# Terraform is proven from 1.11 and OpenTofu from 1.10; both read this one constraint.
terraform {
  required_version = ">= 1.10.0"
}
