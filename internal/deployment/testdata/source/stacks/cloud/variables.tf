variable "region" {
  type     = string
  nullable = false
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "region is an AWS region such as us-east-1."
  }
}

variable "name" {
  type     = string
  default  = "coder"
  nullable = false
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,19}$", var.name))
    error_message = "name has 3 to 20 lower-case letters, digits and hyphens; write for instance coder-dev."
  }
}

variable "domain" {
  type     = string
  nullable = false
  validation {
    condition     = !startswith(var.domain, "http") && !endswith(var.domain, ".")
    error_message = "domain is a name alone: write coder.example.com, not ${var.domain}."
  }
}

variable "deployment_features" {
  type = object({
    high_availability = optional(bool, false)
    spot_workspaces   = optional(bool, false)
  })
  default  = {}
  nullable = false
  validation {
    condition     = !(var.deployment_features.spot_workspaces && !var.deployment_features.high_availability)
    error_message = "spot_workspaces needs high_availability (ADR-004)."
  }
}

variable "network" {
  type = object({
    cidr               = optional(string, "10.0.0.0/16")
    availability_zones = optional(list(string))
  })
  default  = {}
  nullable = false
  validation {
    condition     = can(cidrhost(var.network.cidr, 0))
    error_message = "network.cidr is an address range such as 10.0.0.0/16."
  }
  validation {
    condition     = var.network.availability_zones == null ? true : length(var.network.availability_zones) >= 2
    error_message = "network.availability_zones has two zones at least."
  }
}

variable "cluster" {
  type = object({
    version             = optional(string, "1.35")
    public_access_cidrs = optional(list(string), [])
    addon_versions      = optional(map(string), {})
  })
  default  = {}
  nullable = false
  validation {
    condition     = alltrue([for c in var.cluster.public_access_cidrs : can(cidrhost(c, 0))])
    error_message = "cluster.public_access_cidrs are address ranges such as 198.51.100.0/24."
  }
}

variable "node_groups" {
  type = map(object({
    instance_types = list(string)
    size           = optional(number, 1)
  }))
  default  = {}
  nullable = false
}

variable "taints" {
  type     = list(object({ key = string, effect = optional(string, "NO_SCHEDULE") }))
  default  = []
  nullable = false
}

variable "database" {
  type = object({
    min_acu               = optional(number, 0.5)
    max_acu               = optional(number, 4)
    backup_retention_days = optional(number, 14)
    snapshot              = optional(bool, true)
  })
  default  = {}
  nullable = false
  validation {
    condition     = var.database.min_acu <= var.database.max_acu
    error_message = "database.min_acu is at most database.max_acu (${var.database.max_acu})."
  }
  validation {
    condition     = var.database.backup_retention_days >= 1 && var.database.backup_retention_days <= 35
    error_message = "database.backup_retention_days is 1 to 35; for longer, set long_term_backup_days."
  }
}

variable "budget" {
  type    = object({ monthly_usd = number, emails = list(string) })
  default = null
  validation {
    condition     = var.budget == null ? true : var.budget.monthly_usd > 0 && var.name != "free"
    error_message = "budget.monthly_usd is above 0."
  }
}

variable "tags" {
  type     = map(string)
  default  = {}
  nullable = false
}
