variable "bucket" {
  description = "Name of the bucket, of which there is one in all of AWS's partition. To change it replaces the bucket."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "Write 3 to 63 lower-case letters, digits and hyphens, such as coder-records-123456789012-us-east-1."
  }
}

variable "writers" {
  description = "Who writes into the bucket, by its service principal, such as delivery.logs.amazonaws.com, and the ARN, with wildcards, of what it acts for: nothing narrower than this account if empty. The key has to let it encrypt."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for service in keys(var.writers) : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com$", service))])
    error_message = "Write service principals, such as cloudtrail.amazonaws.com."
  }
}

variable "retention_days" {
  description = "Days after which a record is deleted."
  type        = number
  nullable    = false

  validation {
    condition     = var.retention_days >= 1 && floor(var.retention_days) == var.retention_days
    error_message = "Write a whole number of days, such as 913."
  }
}

variable "lock" {
  description = "Who can delete a record before its days are over: GOVERNANCE, whoever has s3:BypassGovernanceRetention; COMPLIANCE, nobody, not even the root user, so that the bucket stays until its last record may go; null, who may delete objects. A lock cannot be taken from a bucket that has one. AWS Config writes into no bucket that has one."
  type        = string
  default     = null

  validation {
    condition     = var.lock == null ? true : contains(["GOVERNANCE", "COMPLIANCE"], var.lock)
    error_message = "Write GOVERNANCE or COMPLIANCE, or leave it out."
  }

  validation {
    condition     = var.lock == null || !contains(keys(var.writers), "config.amazonaws.com")
    error_message = "Give config.amazonaws.com a bucket without lock: AWS Config delivers into none that has one."
  }
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the records."
  type        = string
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the bucket while there are records in it. If not, they are deleted with it, as far as their lock allows."
  type        = bool
  default     = true
  nullable    = false
}
