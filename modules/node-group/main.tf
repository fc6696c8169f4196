locals {
  # Bottlerocket keeps images and pods on a volume of its own, and itself on a small one (bottlerocket.dev, "block device mappings").
  volumes = startswith(var.ami_type, "BOTTLEROCKET_") ? { "/dev/xvda" = 4, "/dev/xvdb" = var.disk.gib } : { "/dev/xvda" = var.disk.gib }

  group = one(concat(aws_eks_node_group.static, aws_eks_node_group.autoscaled))
}

resource "aws_launch_template" "this" {
  name_prefix            = "${var.cluster.name}-${var.name}-"
  description            = "Nodes of group ${var.name} in EKS cluster ${var.cluster.name}."
  update_default_version = true

  # Without a security group EKS adds the cluster's own, which the database and the load balancer trust; with one it does not.
  vpc_security_group_ids = length(var.security_group_ids) > 0 ? var.security_group_ids : null

  # No image, no user data, no instance type: EKS chooses, updates and configures the image of the group's ami_type.

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"

    # One hop: pods cannot reach the node's credentials. What needs AWS has a pod identity of its own.
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }

  dynamic "block_device_mappings" {
    for_each = local.volumes

    content {
      device_name = block_device_mappings.key

      ebs {
        volume_type           = "gp3"
        volume_size           = block_device_mappings.value
        encrypted             = true
        kms_key_id            = var.disk.kms_key_arn
        delete_on_termination = true
      }
    }
  }

  # EKS passes tags of a node group to nothing that it launches. Without these, nodes are missing from every cost report.
  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume", "network-interface"])

    content {
      resource_type = tag_specifications.value
      tags          = merge(var.instance_tags, { Name = "${var.cluster.name}-${var.name}" })
    }
  }

  tags = { Name = "${var.cluster.name}-${var.name}" }
}

# The two resources differ in one line, which Terraform takes as a constant alone: who decides the size.

# Terraform decides, so that a new size takes effect.
resource "aws_eks_node_group" "static" {
  count = !var.autoscaled ? 1 : 0

  cluster_name           = var.cluster.name
  node_group_name_prefix = "${var.name}-"
  version                = var.cluster.version
  release_version        = var.release_version
  node_role_arn          = var.node_role_arn
  subnet_ids             = var.subnet_ids
  instance_types         = var.instance_types
  ami_type               = var.ami_type
  capacity_type          = var.capacity_type
  labels                 = var.labels

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  scaling_config {
    min_size     = var.size.min
    max_size     = var.size.max
    desired_size = var.size.min
  }

  update_config {
    max_unavailable = 1
  }

  dynamic "taint" {
    for_each = var.taints

    content {
      key    = taint.key
      value  = taint.value.value
      effect = taint.value.effect
    }
  }

  tags = { Name = "${var.cluster.name}-${var.name}" }

  # Nodes join as soon as they run.
  depends_on = [var.nodes_after]

  lifecycle {
    # A new instance type or image family replaces the group: its successor is there before its nodes drain.
    create_before_destroy = true
  }
}

# The cluster autoscaler decides, between the bounds. The lower bound belongs to who moves it by the hour; EKS refuses one above the
# current size, and a size below it stops nodes under running workspaces, so that Terraform sets both at the start alone.
resource "aws_eks_node_group" "autoscaled" {
  count = var.autoscaled ? 1 : 0

  cluster_name           = var.cluster.name
  node_group_name_prefix = "${var.name}-"
  version                = var.cluster.version
  release_version        = var.release_version
  node_role_arn          = var.node_role_arn
  subnet_ids             = var.subnet_ids
  instance_types         = var.instance_types
  ami_type               = var.ami_type
  capacity_type          = var.capacity_type
  labels                 = var.labels

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  scaling_config {
    min_size     = var.size.min
    max_size     = var.size.max
    desired_size = var.size.min
  }

  update_config {
    max_unavailable = 1
  }

  dynamic "taint" {
    for_each = var.taints

    content {
      key    = taint.key
      value  = taint.value.value
      effect = taint.value.effect
    }
  }

  tags = { Name = "${var.cluster.name}-${var.name}" }

  # Nodes join as soon as they run.
  depends_on = [var.nodes_after]

  lifecycle {
    # A new instance type or image family replaces the group: its successor is there before its nodes drain.
    create_before_destroy = true
    ignore_changes        = [scaling_config[0].min_size, scaling_config[0].desired_size]
  }
}
