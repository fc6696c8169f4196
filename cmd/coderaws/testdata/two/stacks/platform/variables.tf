variable "region" {
  description = "AWS region."
  type        = string
}

variable "cloud" {
  description = "What the cloud says."

  type = object({
    region          = string
    access_url      = string
    alarm_topic_arn = string
    queues          = number
  })

  validation {
    condition     = can(regex("^arn:aws:sns:[a-z0-9-]+:[0-9]{12}:", var.cloud.alarm_topic_arn))
    error_message = "The alarms need a topic."
  }
}

variable "oidc_proven" {
  description = "Whether somebody has signed in."
  type        = bool
  default     = false
}

variable "coder" {
  description = "What runs."

  type = object({
    image  = optional(string, "coder")
    broken = optional(string, "/nonexistent")
  })

  default = {}
}
