variable "region" {
  description = "AWS region."
  type        = string
}

variable "name" {
  description = "Name of the deployment."
  type        = string
  default     = "small"
}

variable "domain" {
  description = "Domain of Coder."
  type        = string
}

variable "cidr" {
  description = "Range of the VPC."
  type        = string
  default     = "10.0.0.0/16"
}

variable "subnets" {
  description = "Range of each subnet, by the letter of its zone."
  type        = map(string)
  default     = { a = "10.0.0.0/24", b = "10.0.1.0/24" }
}

variable "seconds" {
  description = "How long the slow resource takes; 0 for none."
  type        = number
  default     = 0
}
