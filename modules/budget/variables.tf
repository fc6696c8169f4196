variable "name" {
  description = "Name of the budget. Budgets are global in an account: put the region in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^:\\\\]{1,100}$", var.name))
    error_message = "Write 1 to 100 characters without ':' and '\\'."
  }
}

variable "monthly_usd" {
  description = "Budget of a month in US dollars."
  type        = number
  nullable    = false

  validation {
    condition     = var.monthly_usd > 0
    error_message = "Write an amount above 0."
  }
}

variable "emails" {
  description = "Addresses that are told at 80 % and 100 % of the budget, and when the forecast exceeds it."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.emails) <= 10 && alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+$", email))])
    error_message = "Write up to 10 e-mail addresses, which is all that AWS Budgets takes for one notification."
  }
}

variable "topic_arn" {
  description = "SNS topic that is told as well."
  type        = string
  nullable    = false
}

variable "cost_tag" {
  description = "Cost allocation tag whose costs count."
  type = object({
    key   = string
    value = string
  })
  nullable = false
}
