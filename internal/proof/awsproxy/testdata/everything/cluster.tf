data "aws_iam_policy_document" "trust" {
  for_each = toset([
    "ec2.amazonaws.com", "eks.amazonaws.com", "monitoring.rds.amazonaws.com", "backup.amazonaws.com",
    "vpc-flow-logs.amazonaws.com", "pods.eks.amazonaws.com",
  ])
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.key]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name               = "${local.name}-cluster"
  assume_role_policy = data.aws_iam_policy_document.trust["eks.amazonaws.com"].json
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_cloudwatch_log_group" "cluster" {
  name              = "/aws/eks/${local.name}/cluster"
  retention_in_days = 30
}

resource "aws_eks_cluster" "this" {
  name                          = local.name
  version                       = "1.35"
  role_arn                      = aws_iam_role.cluster.arn
  enabled_cluster_log_types     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  bootstrap_self_managed_addons = false

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false
  }
  upgrade_policy {
    support_type = "STANDARD"
  }
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.this.arn
    }
  }
  vpc_config {
    subnet_ids              = [for s in aws_subnet.private : s.id]
    endpoint_private_access = true
    endpoint_public_access  = true
    public_access_cidrs     = ["203.0.113.0/24"]
  }
  kubernetes_network_config {
    service_ipv4_cidr = "172.20.0.0/16"
  }
  depends_on = [aws_cloudwatch_log_group.cluster, aws_iam_role_policy_attachment.cluster]
}

resource "aws_eks_access_entry" "admin" {
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = "arn:aws:iam::123456789012:role/admin"
  type          = "STANDARD"
}

resource "aws_eks_access_policy_association" "admin" {
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_eks_access_entry.admin.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
  access_scope {
    type = "cluster"
  }
}

data "aws_eks_addon_version" "this" {
  for_each           = toset(["vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", "eks-pod-identity-agent", "metrics-server"])
  addon_name         = each.key
  kubernetes_version = aws_eks_cluster.this.version
  most_recent        = true
}

resource "aws_eks_addon" "pinned" {
  for_each                    = data.aws_eks_addon_version.this
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = each.value.version
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  configuration_values        = each.key == "vpc-cni" ? jsonencode({ enableNetworkPolicy = "true", env = { ENABLE_PREFIX_DELEGATION = "true" } }) : null
  preserve                    = false

  dynamic "pod_identity_association" {
    for_each = each.key == "aws-ebs-csi-driver" ? [1] : []
    content {
      role_arn        = aws_iam_role.pod.arn
      service_account = "ebs-csi-controller-sa"
    }
  }
}

# No version: AWS takes the default for the cluster's version.
resource "aws_eks_addon" "default_version" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "snapshot-controller"
}

resource "aws_iam_role" "pod" {
  name               = "${local.name}-pod"
  assume_role_policy = data.aws_iam_policy_document.trust["pods.eks.amazonaws.com"].json
}

resource "aws_iam_policy" "pod" {
  name = "${local.name}-pod"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "rds-db:connect", Resource = "arn:aws:rds-db:us-east-1:123456789012:dbuser:${aws_rds_cluster.this.cluster_resource_id}/coder" }]
  })
}

resource "aws_iam_role_policy_attachment" "pod" {
  role       = aws_iam_role.pod.name
  policy_arn = aws_iam_policy.pod.arn
}

resource "aws_eks_pod_identity_association" "coderd" {
  cluster_name    = aws_eks_cluster.this.name
  namespace       = "coder"
  service_account = "coder"
  role_arn        = aws_iam_role.pod.arn
  tags            = { Name = "coderd" }
}

resource "aws_iam_role" "node" {
  name               = "${local.name}-node"
  assume_role_policy = data.aws_iam_policy_document.trust["ec2.amazonaws.com"].json
}

resource "aws_launch_template" "node" {
  name_prefix            = "${local.name}-"
  update_default_version = true
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size           = 50
      volume_type           = "gp3"
      encrypted             = true
      kms_key_id            = aws_kms_key.this.arn
      delete_on_termination = true
    }
  }
  monitoring {
    enabled = true
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${local.name}-node" }
  }
  tag_specifications {
    resource_type = "volume"
    tags          = { Name = "${local.name}-node" }
  }
}

resource "aws_eks_node_group" "this" {
  cluster_name           = aws_eks_cluster.this.name
  node_group_name_prefix = "control-"
  node_role_arn          = aws_iam_role.node.arn
  subnet_ids             = [values(aws_subnet.private)[0].id]
  ami_type               = "AL2023_x86_64_STANDARD"
  capacity_type          = "ON_DEMAND"
  instance_types         = ["m5.large"]
  labels                 = { "coder.com/node-group" = "control" }
  scaling_config {
    min_size     = 1
    max_size     = 2
    desired_size = 1
  }
  update_config {
    max_unavailable = 1
  }
  node_repair_config {
    enabled = true
  }
  launch_template {
    id      = aws_launch_template.node.id
    version = aws_launch_template.node.latest_version
  }
  taint {
    key    = "coder.com/node-group"
    value  = "control"
    effect = "NO_SCHEDULE"
  }
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [scaling_config[0].desired_size]
  }
}

resource "aws_autoscaling_group_tag" "name" {
  autoscaling_group_name = aws_eks_node_group.this.resources[0].autoscaling_groups[0].name
  tag {
    key                 = "k8s.io/cluster-autoscaler/enabled"
    value               = "true"
    propagate_at_launch = false
  }
}

resource "aws_autoscaling_schedule" "evening" {
  autoscaling_group_name = aws_eks_node_group.this.resources[0].autoscaling_groups[0].name
  scheduled_action_name  = "evening"
  min_size               = 0
  max_size               = -1
  desired_capacity       = -1
  recurrence             = "0 18 * * MON-FRI"
  time_zone              = "America/New_York"
}
