variable "domain" {
  description = "Domain of the certificate, which covers its wildcard too."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$", var.domain)) && length(var.domain) <= 64
    error_message = "Write a domain in lower case without scheme and trailing dot, such as coder.example.com, of up to 64 characters: ACM takes no more."
  }
}

variable "dns" {
  description = "Public Route 53 zone of the domain: used by ID if zone_id is given, else made as zone_name with create_zone, else found as zone_name."
  type = object({
    zone_id     = optional(string)
    zone_name   = string
    create_zone = optional(bool, false)
  })
  nullable = false

  validation {
    condition     = var.dns.zone_id == null || !var.dns.create_zone
    error_message = "Give zone_id or create_zone, not both: a zone that has an ID exists already."
  }
}
