output "vpc_id" {
  description = "ID of the VPC."
  value       = aws_vpc.this.id
}

output "load_balancer_subnet_ids" {
  description = "IDs of the subnets for load balancers by zone: public ones, unless there is no internet gateway."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }

  # A load balancer that faces the internet is refused while the VPC has no internet gateway.
  depends_on = [aws_route.public_internet]
}

output "load_balancer_cidr_blocks" {
  description = "Address ranges of the subnets for load balancers by zone, known before they are made."
  value       = { for zone, ranges in local.zones : zone => ranges.public }
}

output "system_subnet_ids" {
  description = "IDs of the system subnets by zone: control plane, control group, provisioners."
  value       = { for zone, subnet in aws_subnet.system : zone => subnet.id }
}

output "workspace_subnet_ids" {
  description = "IDs of the workspace subnets by zone."
  value       = { for zone, subnet in aws_subnet.workspace : zone => subnet.id }
}

output "workspace_cidr_blocks" {
  description = "Address ranges of the workspace subnets by zone, known before they are made."
  value       = { for zone, ranges in local.zones : zone => ranges.workspace }
}

output "database_subnet_ids" {
  description = "IDs of the database subnets by zone."
  value       = { for zone, subnet in aws_subnet.database : zone => subnet.id }
}

output "nat_public_ips" {
  description = "Public addresses of the NAT gateways by zone: the addresses that the internet sees nodes and workspaces come from."
  value       = { for zone, address in aws_eip.nat : zone => address.public_ip }
}
