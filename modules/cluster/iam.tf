locals {
  session_manager_actions = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
  ]
}

resource "aws_iam_role" "cluster" {
  name                 = "${var.name}-${local.region}-cluster"
  path                 = var.iam.path
  description          = "Control plane of EKS cluster ${var.name}."
  permissions_boundary = var.iam.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "eks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { ArnEquals = { "aws:SourceArn" = local.cluster_arn } }
    }]
  })

  tags = { Name = "${var.name}-cluster" }
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AmazonEKSClusterPolicy"
}

# One role for all node groups. The right to manage network interfaces is not here but in the VPC CNI's own pod identity, so that
# a node that is taken over cannot rewire its neighbours.
resource "aws_iam_role" "node" {
  name                 = "${var.name}-${local.region}-node"
  path                 = var.iam.path
  description          = "Nodes of EKS cluster ${var.name}."
  permissions_boundary = var.iam.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  tags = { Name = "${var.name}-node" }
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset(["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"])

  role       = aws_iam_role.node.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/${each.key}"
}

# Session Manager, in place of SSH, and nothing else of Systems Manager: AWS's policy for it, AmazonSSMManagedInstanceCore, lets nodes
# read each parameter of the account besides. The actions are those of "Verify or add instance permissions for Session Manager" in AWS's
# guide; the agent asks for more, is denied, and goes on.
resource "aws_iam_role_policy" "session_manager" {
  name = "session-manager"
  role = aws_iam_role.node.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = local.session_manager_actions, Resource = "*" }]
  })
}
