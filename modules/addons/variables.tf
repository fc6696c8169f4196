variable "cluster_name" {
  description = "Name of the cluster."
  type        = string
  nullable    = false
}

variable "addons" {
  description = "EKS add-ons by name: the exact version, such as v1.21.1-eksbuild.7, and the configuration as JSON that the add-on's schema allows (null: its defaults)."
  type = map(object({
    version       = string
    configuration = optional(string)
  }))
  nullable = false

  validation {
    condition     = alltrue([for addon in var.addons : addon.configuration == null || can(jsondecode(addon.configuration))])
    error_message = "Write each configuration as JSON, with jsonencode."
  }
}
