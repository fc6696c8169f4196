output "platform" {
  description = "All that the platform stack needs to know, exactly as its variable cloud takes it. It holds no secret, only where one is."

  value = {
    region          = var.region
    name            = var.name
    domain          = var.domain
    access_url      = "https://${var.domain}"
    wildcard_domain = "*.${var.domain}"

    cluster = {
      name                       = module.cluster.name
      endpoint                   = module.cluster.endpoint
      certificate_authority_data = module.cluster.certificate_authority_data
      version                    = module.cluster.version
    }

    database = {
      host              = module.database.endpoint
      port              = module.database.port
      name              = module.database.database_name
      user              = local.database_users.application
      resource_id       = module.database.resource_id
      master_secret_arn = module.database.master_secret_arn
    }

    node_groups = local.node_kinds

    load_balancer = {
      hostname  = module.ingress.hostname
      node_port = local.node_port
    }

    service_accounts = {
      for name, identity in module.workload_identity : name => identity.service_account
    }

    storage_kms_key_arn = module.kms["storage"].key_arn
    alarm_topic_arn     = module.observability.topic_arn
  }
}

output "name_servers" {
  description = "Name servers to enter in the parent zone, if this deployment made its zone."
  value       = module.certificate.name_servers
}
