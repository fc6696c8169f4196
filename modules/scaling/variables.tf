variable "name" {
  description = "Name of the deployment. It starts the names of the state machine, the group of schedules and the alarm."
  type        = string
  nullable    = false
}

variable "role_name" {
  description = "Start of the names of the two roles, unique in the account."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.role_name) <= 47
    error_message = "Write up to 47 characters: -scaling-schedule is added, and a role's name has up to 64."
  }
}

variable "cluster_name" {
  description = "Name of the EKS cluster of the node groups."
  type        = string
  nullable    = false
}

variable "groups" {
  description = "Node groups: name and ARN, and the least number of nodes within working hours and outside of them. Most and desired numbers are the user's and the cluster autoscaler's."
  type = map(object({
    name         = string
    arn          = string
    peak_min     = number
    off_peak_min = number
  }))
  nullable = false

  validation {
    condition     = alltrue([for group in var.groups : group.off_peak_min >= 0 && group.off_peak_min <= group.peak_min])
    error_message = "Write 0 <= off_peak_min <= peak_min."
  }
}

variable "schedule" {
  description = "Working hours by the clock of an IANA time zone: windows by name, each from start_time to stop_time in cron of five fields; and dates as 2026-12-25 on which no window starts. null holds peak_min at all hours."
  type = object({
    timezone = string
    windows = map(object({
      start_time = string
      stop_time  = string
    }))
    holidays = optional(list(string), [])
  })
  default = null

  validation {
    condition     = alltrue([for name in keys(try(var.schedule.windows, {})) : can(regex("^[a-z][a-z0-9-]{0,39}$", name))])
    error_message = "Write names of windows with up to 40 lower-case letters, digits and hyphens, starting with a letter."
  }
}

variable "alarm_topic_arn" {
  description = "SNS topic that is told when sizes could not be set."
  type        = string
  nullable    = false
}

variable "logs" {
  description = "Days that the state machine's log is kept, and the ARN of the KMS key that encrypts it."
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
