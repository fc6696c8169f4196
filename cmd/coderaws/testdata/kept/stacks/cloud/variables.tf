variable "region" {
  description = "AWS region."
  type        = string
}

variable "name" {
  description = "Name of the deployment."
  type        = string
}

variable "domain" {
  description = "Domain of Coder."
  type        = string
}

variable "snapshot" {
  description = "The snapshot that the database is made of; null makes an empty one."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "What refuses to be destroyed."
  type        = object({ database = optional(bool, true) })
  default     = {}
  nullable    = false
}
