output "platform" {
  description = "What the platform needs."
  value = {
    access_url = "https://${var.domain}"
    region     = var.region
    vpc_id     = module.network.vpc_id
  }
}
