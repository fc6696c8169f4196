output "platform" {
  description = "What the platform needs."
  value = {
    access_url = "https://${var.domain}"
    region     = var.region
    vpc_id     = module.network.vpc_id
  }
}

output "subnets" {
  description = "Ranges of the subnets."
  value       = module.network.subnets
}

output "secret" {
  description = "What must not be shown."
  value       = "hidden-${var.name}"
  sensitive   = true
}

output "settled" {
  description = "What cannot change once it is made."
  value = {
    fixed  = { cidr = var.cidr }
    rising = {}
  }
}
