output "name" {
  description = "Name of the node group."
  value       = local.group.node_group_name
}

output "autoscaling_group_name" {
  description = "Name of the Auto Scaling group that EKS made for the node group."
  value       = local.group.resources[0].autoscaling_groups[0].name
}

output "arn" {
  description = "ARN of the node group."
  value       = local.group.arn
}
