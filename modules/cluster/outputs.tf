output "name" {
  description = "Name of the cluster, known once the cluster exists."
  value       = aws_eks_cluster.this.name
}

output "arn" {
  description = "ARN of the cluster, known before the cluster is: a policy that names it need not wait ten minutes."
  value       = local.cluster_arn
}

output "endpoint" {
  description = "URL of the Kubernetes API."
  value       = aws_eks_cluster.this.endpoint
}

output "certificate_authority_data" {
  description = "Certificate authority of the Kubernetes API, PEM in base64. It is public."
  value       = aws_eks_cluster.this.certificate_authority[0].data
}

output "version" {
  description = "Kubernetes minor version of the control plane."
  value       = aws_eks_cluster.this.version
}

output "service_cidr" {
  description = "Range of the addresses of Services in the cluster, among them that of the Kubernetes API. EKS chooses it apart from the VPC."
  value       = one(aws_eks_cluster.this.kubernetes_network_config[*].service_ipv4_cidr)
}

output "security_group_id" {
  description = "The cluster's own security group, which EKS makes and which all its nodes carry."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "node_role_name" {
  description = "Name of the role of the nodes, known before it is made."
  value       = aws_iam_role.node.name
}

output "node_role_arn" {
  description = "Role of the nodes, known once its policies are attached."
  value       = aws_iam_role.node.arn
  depends_on  = [aws_iam_role_policy_attachment.node, aws_iam_role_policy.session_manager]
}

output "session_manager_actions" {
  description = "What nodes may call for Session Manager."
  value       = local.session_manager_actions
}
