# What the cloud stack made. A file of its own: it is no setting, and its type is that stack's output to the letter.
variable "cloud" {
  description = "Output platform of the cloud stack, as it is. coderaws hands it over by itself."
  type = object({
    region            = string
    name              = string
    domain            = string
    access_url        = string
    wildcard_domain   = string
    high_availability = bool
    zones             = list(string)

    cluster = object({
      name                       = string
      endpoint                   = string
      certificate_authority_data = string
      version                    = string
    })

    network = object({
      cidr         = string
      service_cidr = string
    })

    database = optional(object({
      host              = string
      port              = number
      name              = string
      user              = string
      resource_id       = string
      master_secret_arn = string
    }))

    node_groups = map(object({
      labels = map(string)
      taints = map(object({ value = string, effect = string }))
    }))

    control = object({
      nodes          = number
      cpu_millicores = number
      memory_mib     = number
    })

    provisioners = object({
      peak     = number
      off_peak = number
      max      = number
      schedule = optional(object({
        timezone = string
        holidays = list(string)
        windows  = map(object({ start_time = string, stop_time = string }))
      }))
    })

    workspaces = object({
      supported = number
      profiles = map(object({
        cpu_request        = number
        cpu_limit          = number
        memory_request_gib = number
        memory_limit_gib   = number
        home_gib           = number
      }))
    })

    autoscaler = object({
      max_nodes  = number
      priorities = map(list(string))
    })

    load_balancer = object({
      hostname  = string
      node_port = number
      internal  = bool
      cidrs     = list(string)
    })

    service_accounts = map(object({
      namespace = string
      name      = string
      role_arn  = string
    }))

    secrets = object({
      owner_password  = optional(string)
      provisioner_key = string
      proxy_token     = optional(string)
    })

    images = map(string)

    logs = optional(object({
      group = string
    }))

    storage_kms_key_arn = string
    alarm_topic_arn     = string
  })
  nullable = false
}

variable "cluster_access" {
  description = "The way to the Kubernetes API from where Terraform runs, if its own address does not lead there: host, a URL such as https://127.0.0.1:8443, at whose end the certificate of tls_server_name is, the host of the cluster's endpoint. coderaws sets it once it has opened a way through Session Manager."
  type = object({
    host            = string
    tls_server_name = string
  })
  default = null

  validation {
    condition     = var.cluster_access == null ? true : can(regex("^https://[^/]+$", var.cluster_access.host)) && can(regex("^[a-zA-Z0-9.-]+$", var.cluster_access.tls_server_name))
    error_message = "Write cluster_access.host with https:// and a port, such as https://127.0.0.1:8443, and cluster_access.tls_server_name as the host of the cluster's endpoint, without https://."
  }
}

variable "oidc_proven" {
  description = "Whether an owner has signed in by OIDC. coderaws sets it once it has seen that; from then on passwords are off, for owners as well."
  type        = bool
  default     = false
  nullable    = false
}
