variable "name" {
  description = "Start of the names of everything here, unique in the account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,47}[a-z0-9]$", var.name))
    error_message = "Write up to 49 lower-case letters, digits and inner hyphens, starting with a letter, such as coder-us-east-1."
  }
}

variable "trail" {
  description = "A trail of what is done in the account, in all regions: the bucket that its files go to, whose policy lets CloudTrail write there, the key that encrypts them, and services whose calls through endpoints of VPCs are kept as well (network activity), by the names that CloudTrail has for them, such as kms.amazonaws.com. null: none."
  type = object({
    bucket                = string
    kms_key_arn           = string
    network_event_sources = optional(list(string), [])
  })
  default = null
}

variable "config" {
  description = "AWS Config, which records what changes in the region: the bucket that its files go to, and the key that encrypts them, or null for the bucket's own. The bucket has no object lock: AWS Config writes into none that has one. It records with a role of its own, or with the account's one service-linked role, which Security Hub's control Config.1 wants and the policy of the bucket has to let in as config.amazonaws.com: create makes it, exists says that the account has it. null: none."
  type = object({
    bucket              = string
    kms_key_arn         = optional(string)
    service_linked_role = optional(string)
  })
  default = null

  validation {
    condition     = try(var.config.service_linked_role, null) == null ? true : contains(["create", "exists"], var.config.service_linked_role)
    error_message = "Write config.service_linked_role as create or exists, or leave it out."
  }
}

variable "guardduty" {
  description = "Whether GuardDuty looks for threats in the region, in the audit logs of EKS as well."
  type        = bool
  default     = false
  nullable    = false
}

variable "security_hub" {
  description = "Whether Security Hub is on in the region, with AWS's own standard and NIST SP 800-53. It looks at what AWS Config records."
  type        = bool
  default     = false
  nullable    = false
}

variable "logs" {
  description = "Days that the trail is kept in CloudWatch Logs, where alarms and searches read it, and the ARN of the KMS key that encrypts it."
  type = object({
    retention_days = number
    kms_key_arn    = string
  })
  nullable = false

  validation {
    condition     = contains(module.log_retention.days, var.logs.retention_days)
    error_message = "Write logs.retention_days as CloudWatch Logs knows it: ${join(", ", module.log_retention.days)}."
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
