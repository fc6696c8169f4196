output "id" {
  description = "ID of the security group, for the launch templates of the nodes. Its rules may not be there yet."
  value       = aws_security_group.this.id
}

output "ready" {
  description = "Same ID, known once nodes with it can join."
  value       = aws_security_group.this.id
  depends_on = [
    aws_vpc_security_group_ingress_rule.cluster, aws_vpc_security_group_ingress_rule.kubelet, aws_vpc_security_group_egress_rule.everywhere,
  ]
}
