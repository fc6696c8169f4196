variable "name" {
  description = "Prefix of the names of all repositories, before a slash."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]+([._-][a-z0-9]+)*$", var.name))
    error_message = "Write lower-case letters and digits with single dots, hyphens or underscores between them."
  }
}

variable "repositories" {
  description = "Names of the repositories below the prefix, by any name that stays the same."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in values(var.repositories) : can(regex("^[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*$", name))])
    error_message = "Write names of repositories in lower case without a registry and a tag, such as coder/coder."
  }
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the images. It cannot change later."
  type        = string
  nullable    = false
}

variable "untagged_days" {
  description = "Days after which an image without a tag is deleted. One that is pinned by its digest needs a tag, too."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.untagged_days >= 1 && floor(var.untagged_days) == var.untagged_days
    error_message = "Write a whole number of days from 1."
  }
}
