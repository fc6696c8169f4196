variable "cloud" {
  type = any
}

variable "region" {
  type     = string
  nullable = false
}

variable "helm" {
  type     = object({ timeout = optional(number, 600) })
  default  = {}
  nullable = false
}
