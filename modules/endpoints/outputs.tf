output "ids" {
  description = "IDs of the endpoints by service, known once callers may use them."
  value       = { for service, endpoint in aws_vpc_endpoint.this : service => endpoint.id }
  depends_on  = [aws_vpc_security_group_ingress_rule.clients]
}

output "security_group_id" {
  description = "Security group of the endpoints."
  value       = aws_security_group.this.id
}
