variable "name" {
  description = "Name of the VPC and prefix of the names of everything in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,29}$", var.name))
    error_message = "Write 2 to 30 lower-case letters, digits and hyphens, starting with a letter."
  }
}

variable "cidr" {
  description = "IPv4 range of the VPC, /16 to /20. All subnets derive from it."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrsubnet(var.cidr, 8, 255)) && can(regex("/(1[6-9]|20)$", var.cidr))
    error_message = "Write an IPv4 range with a prefix of /16 to /20, such as 10.0.0.0/16."
  }
}

variable "availability_zones" {
  description = "Names of the two or three zones that get subnets, in the order that decides their address ranges. Neither members nor order may change later: EKS refuses it."
  type        = list(string)
  nullable    = false

  validation {
    condition     = contains([2, 3], length(var.availability_zones))
    error_message = "Name two or three availability zones: EKS and Aurora need subnets in two, and the address plan holds three."
  }

  validation {
    condition     = length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "Name each availability zone once."
  }
}

variable "nat_gateway_zones" {
  description = "Zones that get a NAT gateway. The private subnets of other zones route through the first of them. With none there is no internet gateway either, and no way to the internet: nodes then need endpoints of the services that they call."
  type        = list(string)
  nullable    = false
}

variable "s3_policy" {
  description = "Policy of the gateway endpoint for S3 as JSON: what may be done through it. Null: everything, with every bucket of the region."
  type        = string
  default     = null
}

variable "connections" {
  description = "Networks that are connected, by name: the transit gateway, which the VPC is attached to, or the VPC peering connection; the ranges that it leads to; and, by domain, who answers for names there: IDs of private hosted zones, which their owners authorize for this VPC, or of resolver rules, which they share."
  type = map(object({
    transit_gateway_id        = optional(string)
    vpc_peering_connection_id = optional(string)
    cidrs                     = list(string)
    names                     = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for connection in values(var.connections) : (connection.transit_gateway_id == null) != (connection.vpc_peering_connection_id == null)])
    error_message = "Give each connection a transit_gateway_id or a vpc_peering_connection_id, not both."
  }

  validation {
    condition     = alltrue(flatten([for connection in values(var.connections) : [for cidr in connection.cidrs : can(cidrnetmask(cidr)) && try(tonumber(split("/", cidr)[1]) >= 8, false)]]))
    error_message = "Write IPv4 ranges of /8 or less as cidrs of a connection, such as 10.100.0.0/16: a wider one would be a way to everywhere."
  }

  validation {
    condition     = alltrue(flatten([for connection in values(var.connections) : [for cidr in connection.cidrs : !can(regex("^(0|127|169\\.254|22[4-9]|2[3-5][0-9])\\.", cidr))]]))
    error_message = "Write ranges of another network into cidrs of connections: those of this machine, of this link (169.254.0.0/16), multicast and reserved ones lead to none."
  }

  validation {
    condition     = length(flatten(values(var.connections)[*].cidrs)) == length(distinct(flatten(values(var.connections)[*].cidrs)))
    error_message = "Write each range once, into the cidrs of one of connections: a route table has one route to it."
  }
}

variable "flow_logs" {
  description = "Retention of the VPC's flow logs in days, one of the values that CloudWatch Logs knows, and the ARN of the KMS key that encrypts them."
  type = object({
    retention_days = number
    kms_key_arn    = string
  })
  nullable = false

  validation {
    condition     = contains(module.log_retention.days, var.flow_logs.retention_days)
    error_message = "Write a retention that CloudWatch Logs knows: ${join(", ", module.log_retention.days)} days."
  }
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

variable "query_logs" {
  description = "Days that is kept what is looked up by name in the VPC, and the ARN of the KMS key that encrypts it. null: it is not kept."
  type = object({
    retention_days = number
    kms_key_arn    = string
  })
  default = null

  validation {
    condition     = var.query_logs == null ? true : contains(module.log_retention.days, var.query_logs.retention_days)
    error_message = "Write query_logs.retention_days as CloudWatch Logs knows it: ${join(", ", module.log_retention.days)}."
  }
}
