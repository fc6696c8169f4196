terraform {
  required_version = ">= 1.10.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { "coderaws:deployment" = var.name }
  }
}

module "network" {
  source = "../../modules/network"

  name    = var.name
  cidr    = var.cidr
  subnets = var.subnets
}

resource "aws_security_group" "nodes" {
  name        = "${var.name}-nodes"
  description = "Nodes of ${var.domain}"
  vpc_id      = module.network.vpc_id
}

# Holds data, so that the gates have something to guard.
resource "aws_secretsmanager_secret" "token" {
  name                    = "${var.name}-token"
  description             = "Token of ${var.domain}"
  recovery_window_in_days = 0
}

# Takes as long as the test wants.
resource "terraform_data" "slow" {
  count = var.seconds > 0 ? 1 : 0

  depends_on = [module.network]

  provisioner "local-exec" {
    command = "sleep ${var.seconds}"
  }
}
