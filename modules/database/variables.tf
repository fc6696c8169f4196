variable "name" {
  description = "Identifier of the Aurora cluster and prefix of the names of everything with it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[a-z0-9]){1,29}$", var.name))
    error_message = "Write 2 to 30 lower-case letters, digits and single hyphens, starting with a letter and not ending in a hyphen."
  }
}

variable "vpc_id" {
  description = "VPC of the cluster."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Subnets of the cluster, in two zones at least and in every zone that an instance may ever use."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "Give subnets in at least two availability zones: Aurora refuses a subnet group over one."
  }
}

variable "client_security_groups" {
  description = "Security groups that may connect, by any name that stays the same. For nodes of a managed node group without one of their own it is the EKS cluster's."
  type        = map(string)
  nullable    = false
}

variable "engine_version" {
  description = "PostgreSQL version: a major version such as 17 follows AWS's default and takes minor versions in the maintenance window, a full one such as 17.7 stays."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1[3-9](\\.[0-9]{1,2})?$", var.engine_version))
    error_message = "Write a PostgreSQL version from 13 in quotes, such as \"17\" or \"17.7\"."
  }
}

variable "upgrade" {
  description = "What AWS may do to a cluster that exists: go to another major version, which it refuses without allow_major_version, and change the version at once instead of in the maintenance window."
  type = object({
    allow_major_version = optional(bool, false)
    apply_immediately   = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = !var.upgrade.allow_major_version || var.upgrade.apply_immediately
    error_message = "Write apply_immediately = true with allow_major_version: the parameter group of the old version goes in the same run, and AWS deletes none that a cluster still has."
  }
}

variable "database_name" {
  description = "Name of the first database."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database_name))
    error_message = "Write 1 to 63 lower-case letters, digits and underscores, starting with a letter."
  }
}

variable "master_username" {
  description = "Name of the master user, whose password RDS keeps."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.master_username)) && !contains(["admin", "rdsadmin", "postgres_rds"], var.master_username)
    error_message = "Write 1 to 63 lower-case letters, digits and underscores, starting with a letter, and not a name that the engine reserves (admin, rdsadmin)."
  }
}

variable "capacity" {
  description = "Aurora Serverless v2 capacity in ACU (about 2 GiB of memory each), in steps of 0.5: minimum 0.5 to 256, maximum 1 to 256."
  type = object({
    min_acu = number
    max_acu = number
  })
  nullable = false

  validation {
    condition     = alltrue([for acu in values(var.capacity) : acu * 2 == floor(acu * 2)])
    error_message = "Write capacities in steps of 0.5 ACU."
  }

  validation {
    condition     = var.capacity.min_acu >= 0.5 && var.capacity.max_acu >= 1 && var.capacity.max_acu <= 256 && var.capacity.min_acu <= var.capacity.max_acu
    error_message = "Write a minimum of at least 0.5 ACU and a maximum from 1 to 256 ACU that is not below it."
  }
}

variable "instances" {
  description = "Instances by the name that ends their identifier: the zone of each, and its place in the order of promotion (0 first, 15 last)."
  type = map(object({
    availability_zone = string
    promotion_tier    = optional(number, 0)
  }))
  nullable = false

  validation {
    condition     = length(var.instances) >= 1 && length(var.instances) <= 16
    error_message = "Give 1 to 16 instances: a writer and at most 15 readers."
  }
}

variable "kms_key_arn" {
  description = "KMS key of storage, backups, Performance Insights and the master user's secret. Another key replaces the cluster."
  type        = string
  nullable    = false
}

variable "backup_retention_days" {
  description = "Days that Aurora keeps its own backups, for restores to any second."
  type        = number
  nullable    = false

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "Write a whole number of days from 1 to 35: Aurora keeps no backup longer. For more, set the long-term backup."
  }
}

variable "long_term_backup" {
  description = "Daily snapshots by AWS Backup, kept for retention_days (null: none). Without deletion_protection a destroy deletes them."
  type = object({
    retention_days      = optional(number)
    deletion_protection = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.long_term_backup.retention_days == null ? true : var.long_term_backup.retention_days > 35
    error_message = "Write more than 35 days, or null for none: up to 35 days Aurora's own backups do better."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the cluster."
  type        = bool
  default     = true
  nullable    = false
}

variable "logs" {
  description = "Retention of the database's log in days, one of the values that CloudWatch Logs knows, and the ARN of the KMS key that encrypts it. statements loads pgaudit as the database starts, for who makes the extension and says which statements are logged."
  type = object({
    retention_days = number
    kms_key_arn    = string
    statements     = optional(bool, false)
  })
  nullable = false

  validation {
    condition     = contains(module.log_retention.days, var.logs.retention_days)
    error_message = "Write a retention that CloudWatch Logs knows: ${join(", ", module.log_retention.days)} days."
  }
}

variable "iam" {
  description = "Path of the roles, and ARN of the policy that bounds what they may do (null: none). Another path replaces them."
  type = object({
    path                 = optional(string, "/")
    permissions_boundary = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^/([a-zA-Z0-9+=,.@_-]+/)*$", var.iam.path)) && length(var.iam.path) <= 512
    error_message = "Write a path with / at both ends, such as /coder/, of up to 512 letters, digits and the characters + = , . @ _ -."
  }

  validation {
    condition     = var.iam.permissions_boundary == null ? true : can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$", var.iam.permissions_boundary))
    error_message = "Write the ARN of a policy, such as arn:aws:iam::123456789012:policy/boundary."
  }
}
