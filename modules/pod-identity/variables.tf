variable "cluster_name" {
  description = "Name of the cluster. The role does not wait for it."
  type        = string
  nullable    = false
}

variable "cluster_arn" {
  description = "ARN of the cluster, which need not exist yet: the role is made beside it."
  type        = string
  nullable    = false
}

variable "role_name" {
  description = "Name of the role. Roles are global in an account: put the region in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "Write 1 to 64 letters, digits and the characters + = , . @ _ -."
  }
}

variable "description" {
  description = "What the workload uses the role for."
  type        = string
  nullable    = false
}

variable "service_account" {
  description = "The one service account that may take the role. Neither it nor its namespace need exist yet."
  type = object({
    namespace = string
    name      = string
  })
  nullable = false

  validation {
    condition     = alltrue([for part in values(var.service_account) : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", part))])
    error_message = "Write namespace and name as Kubernetes does: up to 63 lower-case letters, digits and inner hyphens."
  }
}

variable "managed_policy_arns" {
  description = "AWS managed policies of the role, by any name that stays the same."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "policies" {
  description = "Inline policies of the role as JSON, by name."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "iam" {
  description = "Path of the role, and ARN of the policy that bounds what it may do (null: none). Another path replaces it."
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
