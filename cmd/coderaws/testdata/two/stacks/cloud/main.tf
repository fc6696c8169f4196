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

resource "aws_sqs_queue" "jobs" {
  count = var.queues

  name = "${var.name}-jobs-${count.index}"
}

# Its ARN is known only once it is made.
resource "aws_sns_topic" "alarms" {
  name = "${var.name}-alarms"
}
