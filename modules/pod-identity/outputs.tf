output "service_account" {
  description = "The service account and the role it takes, once the association exists."
  value = {
    namespace = aws_eks_pod_identity_association.this.namespace
    name      = aws_eks_pod_identity_association.this.service_account
    role_arn  = aws_iam_role.this.arn
  }
}
