variable "region" {
  description = "AWS region."
  type        = string
}

variable "name" {
  description = "Name of the deployment."
  type        = string
  default     = "mortal"
}

variable "domain" {
  description = "Domain of Coder."
  type        = string
}
