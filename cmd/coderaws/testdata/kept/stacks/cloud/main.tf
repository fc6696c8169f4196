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
}

# Needed by the database alone.
resource "aws_kms_key" "database" {
  description = "Database of ${var.name}"
}

# Needed by nothing that is kept.
resource "aws_kms_key" "storage" {
  description = "Volumes of ${var.name}"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  for_each = { a = "10.0.0.0/24", b = "10.0.1.0/24" }

  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value
  availability_zone = "${var.region}${each.key}"
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = [for subnet in aws_subnet.this : subnet.id]
}

resource "aws_rds_cluster" "this" {
  cluster_identifier          = var.name
  engine                      = "aurora-postgresql"
  engine_version              = "17"
  master_username             = "coder"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.this.name
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.database.arn
  snapshot_identifier         = var.snapshot
  deletion_protection         = var.deletion_protection.database
  skip_final_snapshot         = false
  final_snapshot_identifier   = "${var.name}-final-${var.snapshot == null ? "first" : "second"}"
}
