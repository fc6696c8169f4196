variable "name" {
  description = "Name of the key: its alias without the prefix alias/, and its Name tag."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9/_-]{0,199}$", var.name)) && !startswith(var.name, "aws/")
    error_message = "Write a name of letters, digits, '/', '_' and '-' that starts with a letter or digit and not with 'aws/', which AWS keeps for itself."
  }
}

variable "description" {
  description = "What the key encrypts."
  type        = string
  nullable    = false
}

variable "deletion_window_days" {
  description = "Days during which a deleted key can still be restored, 7 to 30. What it encrypted is unreadable afterwards."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30
    error_message = "Write a number of days from 7 to 30."
  }
}

variable "grants" {
  description = "Who may use the key besides principals of this account that IAM allows: log groups of this account and region; EBS volumes through EC2; services that publish to encrypted SNS topics, by the first label of their service principal, such as cloudwatch; services that write records into buckets, by their service principal, such as cloudtrail.amazonaws.com."
  type = object({
    log_groups     = optional(bool, false)
    volumes        = optional(bool, false)
    publishers     = optional(set(string), [])
    record_writers = optional(set(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for service in var.grants.publishers : can(regex("^[a-z][a-z0-9-]*$", service))])
    error_message = "Write each publisher as the first label of its service principal: cloudwatch, not cloudwatch.amazonaws.com."
  }

  validation {
    condition     = alltrue([for service in var.grants.record_writers : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com$", service))])
    error_message = "Write each writer of records as its service principal, such as cloudtrail.amazonaws.com."
  }
}
