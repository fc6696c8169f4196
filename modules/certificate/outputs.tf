output "certificate_arn" {
  description = "ARN of the certificate, known once it is issued."
  value       = aws_acm_certificate_validation.this.certificate_arn
}

output "zone_id" {
  description = "ID of the zone."
  value       = local.zone_id
}

output "name_servers" {
  description = "Name servers of a zone that was made here, to be entered as NS records in the parent zone. Empty for a zone that existed."
  value       = flatten([for zone in aws_route53_zone.this : zone.name_servers])
}
