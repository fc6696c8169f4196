output "name" {
  description = "Name of the node group."
  value       = aws_eks_node_group.this.node_group_name
}

output "autoscaling_group_name" {
  description = "Name of the Auto Scaling group that EKS made for the node group."
  value       = aws_eks_node_group.this.resources[0].autoscaling_groups[0].name
}

output "size" {
  description = "Least and most nodes."
  value       = var.size
}

output "labels" {
  description = "Kubernetes labels of the nodes."
  value       = var.labels
}

output "taints" {
  description = "Kubernetes taints of the nodes by key."
  value       = var.taints
}
