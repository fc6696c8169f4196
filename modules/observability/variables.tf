variable "name" {
  description = "Prefix of the names of alarms, topic and dashboard."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,100}$", var.name))
    error_message = "Write 1 to 100 letters, digits, hyphens and underscores."
  }
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the alarms' topic. CloudWatch and Budgets must be allowed to use it."
  type        = string
  nullable    = false
}

variable "alarm_emails" {
  description = "Addresses that alarms are sent to. Each must confirm the subscription once."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+$", email))])
    error_message = "Write e-mail addresses, such as platform-team@example.com."
  }
}

variable "database" {
  description = "Identifier of the Aurora cluster, and what thresholds derive from: its maximum capacity in ACU, and how many connections it allows. Null where there is no database."
  type = object({
    cluster_identifier = string
    max_acu            = number
    max_connections    = number
  })
}

variable "node_groups" {
  description = "Node groups by name: Auto Scaling group."
  type = map(object({
    autoscaling_group_name = string
  }))
  nullable = false
}

variable "availability_zones" {
  description = "Zones that Coder runs in. With more than one there is an alarm for the loss of each."
  type        = set(string)
  nullable    = false
}

variable "load_balancer" {
  description = "The parts of the ARNs of load balancer and target group that are dimensions of their metrics."
  type = object({
    arn_suffix              = string
    target_group_arn_suffix = string
  })
  nullable = false
}

variable "ai" {
  description = "Inference profiles of Amazon Bedrock whose use is watched, by their ids, and how many tokens of a day in all, in and out, are told of. Left out, none is."
  type = object({
    models       = set(string)
    daily_tokens = number
  })
  default = null

  validation {
    condition     = var.ai == null ? true : length(var.ai.models) >= 1 && length(var.ai.models) <= 4 && var.ai.daily_tokens >= 1
    error_message = "Name 1 to 4 models, and daily_tokens of at least 1: an alarm reckons with 10 metrics."
  }
}
