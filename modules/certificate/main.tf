locals {
  # A zone that is given by ID is taken at its word. Otherwise one is made, or an existing public one is found by name.
  given = var.dns.zone_id != null
  zone_id = one(concat(
    local.given ? [var.dns.zone_id] : [],
    [for zone in aws_route53_zone.this : zone.zone_id],
    [for zone in data.aws_route53_zone.this : zone.zone_id],
  ))

  validation = one([
    for option in aws_acm_certificate.this.domain_validation_options : option if option.domain_name == var.domain
  ])
}

resource "aws_route53_zone" "this" {
  for_each = var.dns.create_zone ? { this = var.dns.zone_name } : {}

  name    = each.value
  comment = "Public zone of ${var.domain}."

  tags = { Name = each.value }
}

data "aws_route53_zone" "this" {
  for_each = !local.given && !var.dns.create_zone ? { this = var.dns.zone_name } : {}

  name         = each.value
  private_zone = false
}

resource "aws_acm_certificate" "this" {
  domain_name               = var.domain
  subject_alternative_names = ["*.${var.domain}"]
  validation_method         = "DNS"

  tags = { Name = var.domain }

  lifecycle {
    # A listener cannot be without a certificate for a moment.
    create_before_destroy = true

    precondition {
      condition     = var.dns.zone_id != null || var.domain == var.dns.zone_name || endswith(var.domain, ".${var.dns.zone_name}")
      error_message = "The domain ${var.domain} is not in the zone ${var.dns.zone_name}. Name the zone that holds it, such as ${var.domain} itself or a parent of it."
    }
  }
}

# A domain and its wildcard are validated by one and the same record, so there is one, and nothing hangs on a set that only ACM
# can fill. ACM gives an account that record anew for every certificate of the domain, hence allow_overwrite.
resource "aws_route53_record" "validation" {
  zone_id         = local.zone_id
  name            = local.validation.resource_record_name
  type            = local.validation.resource_record_type
  records         = [local.validation.resource_record_value]
  ttl             = 60
  allow_overwrite = true
}

# Waits until ACM has seen the record. It never does while the zone is not delegated from its parent.
resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [aws_route53_record.validation.fqdn]
}
