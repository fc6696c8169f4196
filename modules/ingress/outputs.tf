output "hostname" {
  description = "DNS name that AWS gave the load balancer."
  value       = aws_lb.this.dns_name
}

output "arn_suffix" {
  description = "Dimension LoadBalancer of the load balancer's metrics."
  value       = aws_lb.this.arn_suffix
}

output "target_group_arn_suffix" {
  description = "Dimension TargetGroup of the target group's metrics."
  value       = aws_lb_target_group.this.arn_suffix
}

output "private_addresses" {
  description = "Addresses of an internal load balancer, one a zone, known before it is made. Empty for one that faces the internet."
  value       = values(local.private_addresses)
}

output "peer_cidrs" {
  description = "Ranges of other regions of the deployment that are let in by rules of their own."
  value       = sort(local.peer_sources)
}
