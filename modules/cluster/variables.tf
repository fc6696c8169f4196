variable "name" {
  description = "Name of the cluster and prefix of the names of its roles."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,29}$", var.name))
    error_message = "Write 2 to 30 lower-case letters, digits and hyphens, starting with a letter."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes minor version. EKS upgrades one minor version at a time and never back."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "Write a minor version in quotes, such as \"1.36\"."
  }
}

variable "subnet_ids" {
  description = "Subnets of the control plane's network interfaces, in every zone that the cluster will ever use: EKS refuses a later change of zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "Give subnets in at least two availability zones."
  }
}

variable "public_access_cidrs" {
  description = "Ranges that may reach the Kubernetes API over the internet. Empty: the API answers inside the VPC alone."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : can(cidrnetmask(cidr))])
    error_message = "Write IPv4 ranges, such as 203.0.113.7/32 for one address."
  }
}

variable "admin_role_arns" {
  description = "IAM roles that administer the cluster, besides the one that creates it."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.admin_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "Write ARNs of IAM roles, such as arn:aws:iam::123456789012:role/platform-team."
  }
}

variable "secrets_kms_key_arn" {
  description = "KMS key that encrypts Kubernetes secrets. It cannot be taken away or changed later."
  type        = string
  nullable    = false
}

variable "logs" {
  description = "Retention of the control plane's logs in days, one of the values that CloudWatch Logs knows, and the ARN of the KMS key that encrypts them."
  type = object({
    retention_days = number
    kms_key_arn    = string
  })
  nullable = false

  validation {
    condition     = contains(module.log_retention.days, var.logs.retention_days)
    error_message = "Write a retention that CloudWatch Logs knows: ${join(", ", module.log_retention.days)} days."
  }
}

variable "iam" {
  description = "Path of the roles, and ARN of the policy that bounds what they may do (null: none). Another path replaces them."
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
