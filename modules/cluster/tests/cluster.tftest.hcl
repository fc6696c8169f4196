# Who reaches the control plane, who administers it, and what its roles may do. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

run "key" {
  module {
    source = "../kms"
  }

  variables {
    name        = "coder/test"
    description = "All of this test."
    grants      = { log_groups = true }
  }
}

run "network" {
  module {
    source = "../network"
  }

  variables {
    name               = "coder"
    cidr               = "10.0.0.0/16"
    availability_zones = ["us-east-1a", "us-east-1b"]
    nat_gateway_zones  = ["us-east-1a"]
    flow_logs          = { retention_days = 30, kms_key_arn = run.key.key_arn }
  }
}

variables {
  name                = "coder"
  kubernetes_version  = "1.35"
  subnet_ids          = ["subnet-a", "subnet-b"]
  secrets_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1"
  logs                = { retention_days = 30, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
}

run "inside_of_the_vpc" {
  variables {
    subnet_ids          = values(run.network.system_subnet_ids)
    secrets_kms_key_arn = run.key.key_arn
    logs                = { retention_days = 90, kms_key_arn = run.key.key_arn }
    admin_role_arns     = ["arn:aws:iam::123456789012:role/platform-team", "arn:aws:iam::123456789012:role/on-call"]
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "The API answers over the internet without a range that may reach it, or not inside of the VPC."
  }

  assert {
    condition     = one(aws_eks_cluster.this.encryption_config).resources == toset(["secrets"]) && one(aws_eks_cluster.this.encryption_config).provider[0].key_arn == run.key.key_arn
    error_message = "Secrets are not encrypted with the key."
  }

  assert {
    condition     = aws_eks_cluster.this.enabled_cluster_log_types == toset(["api", "audit", "authenticator", "controllerManager", "scheduler"])
    error_message = "The control plane does not log all that it can."
  }

  assert {
    condition = alltrue([
      aws_cloudwatch_log_group.control_plane.name == "/aws/eks/${aws_eks_cluster.this.name}/cluster",
      aws_cloudwatch_log_group.control_plane.retention_in_days == 90,
      aws_cloudwatch_log_group.control_plane.kms_key_id == run.key.key_arn,
    ])
    error_message = "The control plane's logs go where EKS makes a group itself: unencrypted, and for ever."
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "Access is not by access entries alone, or whoever creates the cluster cannot install the platform."
  }

  assert {
    condition     = aws_eks_cluster.this.bootstrap_self_managed_addons == false && aws_eks_cluster.this.upgrade_policy[0].support_type == "STANDARD"
    error_message = "EKS installs add-ons of its own, or bills extended support."
  }

  assert {
    condition = { for arn, association in aws_eks_access_policy_association.admin : arn => [association.policy_arn, association.access_scope[0].type] } == {
      for arn in ["arn:aws:iam::123456789012:role/on-call", "arn:aws:iam::123456789012:role/platform-team"] :
      arn => ["arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", "cluster"]
    }
    error_message = "Not each role that is named administers the cluster, or another does."
  }

  # Policies name it, and roles trust it, before there is a cluster.
  assert {
    condition     = output.arn == aws_eks_cluster.this.arn
    error_message = "The ARN that is known beforehand is not the cluster's."
  }

  assert {
    condition     = jsondecode(aws_iam_role.cluster.assume_role_policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == aws_eks_cluster.this.arn
    error_message = "EKS takes the cluster's role for other clusters."
  }

  assert {
    condition     = toset([for attachment in aws_iam_role_policy_attachment.node : reverse(split("/", attachment.policy_arn))[0]]) == toset(["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"])
    error_message = "Nodes may do more or less than join and pull images by policies of AWS: network interfaces are the VPC CNI's own right."
  }

  assert {
    condition = toset(flatten(jsondecode(aws_iam_role_policy.session_manager.policy).Statement[*].Action)) == toset([
      "ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
    ])
    error_message = "Nodes are not reached by Session Manager, or may do more of Systems Manager, such as read the account's parameters."
  }
}

run "over_the_internet" {
  command = plan

  variables {
    public_access_cidrs = ["203.0.113.7/32"]
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_public_access && aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.7/32"])
    error_message = "Other ranges reach the API than those that are named."
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access
    error_message = "Nodes reach the API over the internet."
  }
}

run "refused" {
  command = plan

  variables {
    name                = "Coder"
    kubernetes_version  = "1.35.2"
    subnet_ids          = ["subnet-a"]
    public_access_cidrs = ["203.0.113.7"]
    admin_role_arns     = ["arn:aws:iam::123456789012:user/jo"]
    logs                = { retention_days = 31, kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1" }
  }

  expect_failures = [var.name, var.kubernetes_version, var.subnet_ids, var.public_access_cidrs, var.admin_role_arns, var.logs]
}
