variable "region" {
  description = "AWS region."
  type        = string
}

variable "name" {
  description = "Name of the deployment."
  type        = string
  default     = "two"
}

variable "domain" {
  description = "Domain of Coder."
  type        = string
}

variable "queues" {
  description = "How many queues."
  type        = number
  default     = 1
}
