# What the certificate covers, and which zone validates it. Run: terraform init && terraform test

provider "aws" {
  region = "us-east-1"
}

mock_provider "aws" {
  alias = "with_zone"

  mock_data "aws_route53_zone" {
    defaults = { zone_id = "ZFOUND" }
  }
}

variables {
  domain = "coder.example.com"
  dns    = { zone_name = "example.com" }
}

run "an_existing_zone_is_found_by_name" {
  command = plan

  providers = { aws = aws.with_zone }

  assert {
    condition     = output.zone_id == "ZFOUND" && length(aws_route53_zone.this) == 0
    error_message = "Without zone_id and create_zone, another zone is used than the one that is found."
  }

  assert {
    condition     = data.aws_route53_zone.this["this"].name == "example.com" && !data.aws_route53_zone.this["this"].private_zone
    error_message = "A private zone is looked for, or one of another name: ACM validates in public ones alone."
  }

  assert {
    condition     = length(output.name_servers) == 0
    error_message = "A zone that existed is to be delegated again."
  }
}

run "a_zone_that_is_given_is_taken_at_its_word" {
  command = plan

  variables {
    dns = { zone_id = "Z0123456789", zone_name = "another.example.org" }
  }

  assert {
    condition     = output.zone_id == "Z0123456789" && aws_route53_record.validation.zone_id == "Z0123456789"
    error_message = "A zone that is given is not the one that validates."
  }

  assert {
    condition     = length(aws_route53_zone.this) + length(data.aws_route53_zone.this) == 0
    error_message = "A zone that is given is made or looked for."
  }
}

run "a_zone_is_made" {
  variables {
    dns = { zone_name = "coder.example.com", create_zone = true }
  }

  assert {
    condition     = output.zone_id == aws_route53_zone.this["this"].zone_id && aws_route53_zone.this["this"].name == "coder.example.com"
    error_message = "The zone that is made is not the one that validates."
  }

  assert {
    condition     = length(output.name_servers) == 4
    error_message = "The name servers to delegate to are not those of the zone."
  }

  assert {
    condition     = aws_acm_certificate.this.domain_name == "coder.example.com" && aws_acm_certificate.this.subject_alternative_names == toset(["coder.example.com", "*.coder.example.com"])
    error_message = "The certificate does not cover the domain and its wildcard, or covers more."
  }

  # ACM lists an option for the domain and one for the wildcard, which are the same record.
  assert {
    condition = alltrue([
      for option in aws_acm_certificate.this.domain_validation_options :
      alltrue([
        trimsuffix(option.resource_record_name, ".") == aws_route53_record.validation.name,
        option.resource_record_value == one(aws_route53_record.validation.records),
      ])
    ])
    error_message = "A name of the certificate is not validated by the record."
  }

  assert {
    condition     = output.certificate_arn == aws_acm_certificate.this.arn
    error_message = "Another certificate is handed out than the one that was validated."
  }
}

run "a_domain_outside_of_its_zone" {
  command = plan

  variables {
    dns = { zone_name = "example.org", create_zone = true }
  }

  expect_failures = [aws_acm_certificate.this]
}

# The name ends alike, and is no part of the zone.
run "a_domain_of_a_neighbour" {
  command = plan

  variables {
    domain = "coder.badexample.com"
    dns    = { zone_name = "example.com", create_zone = true }
  }

  expect_failures = [aws_acm_certificate.this]
}

run "refused" {
  command = plan

  variables {
    domain = "https://coder.example.com"
    dns    = { zone_id = "Z0123456789", zone_name = "example.com", create_zone = true }
  }

  expect_failures = [var.domain, var.dns]
}

run "longer_than_a_certificate_takes" {
  command = plan

  variables {
    domain = "a23456789.a23456789.a23456789.a23456789.a23456789.a23456789.abcde"
    dns    = { zone_name = "abcde", create_zone = true }
  }

  expect_failures = [var.domain]
}
