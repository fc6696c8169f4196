data "aws_caller_identity" "current" {}

locals {
  # Pod Identity passes these tags with every session, so the role answers to this service account of this cluster alone.
  trust_condition = {
    StringEquals = {
      "aws:SourceAccount"                         = data.aws_caller_identity.current.account_id
      "aws:RequestTag/eks-cluster-arn"            = var.cluster_arn
      "aws:RequestTag/kubernetes-namespace"       = var.service_account.namespace
      "aws:RequestTag/kubernetes-service-account" = var.service_account.name
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = var.role_name
  path                 = var.iam.path
  description          = var.description
  permissions_boundary = var.iam.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = local.trust_condition
    }]
  })

  tags = { Name = var.role_name }
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = var.managed_policy_arns

  role       = aws_iam_role.this.name
  policy_arn = each.value
}

resource "aws_iam_role_policy" "this" {
  for_each = var.policies

  name   = each.key
  role   = aws_iam_role.this.id
  policy = each.value
}

resource "aws_eks_pod_identity_association" "this" {
  cluster_name    = var.cluster_name
  namespace       = var.service_account.namespace
  service_account = var.service_account.name
  role_arn        = aws_iam_role.this.arn

  tags = { Name = var.role_name }

  # A pod that starts with a role still without rights fails and is not asked again for a while.
  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy_attachment.this]
}
