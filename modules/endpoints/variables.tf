variable "name" {
  description = "Prefix of the names of everything here."
  type        = string
  nullable    = false
}

variable "vpc_id" {
  description = "ID of the VPC, which must resolve names and give host names."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Subnets of the endpoints' network interfaces by zone, one a zone. Each endpoint costs by the hour and zone."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 1
    error_message = "Give the subnet of at least one zone."
  }
}

variable "client_cidrs" {
  description = "IPv4 ranges of callers, by any name that stays the same. Pods have addresses of the VPC."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in values(var.client_cidrs) : can(cidrnetmask(cidr)) && !endswith(cidr, "/0")])
    error_message = "Write IPv4 ranges of your own networks, such as 10.0.0.0/16."
  }
}

variable "services" {
  description = "Services by the last part of their endpoints' name, such as ecr.api, each with its endpoint's policy as JSON: who may do what through it. A service whose endpoints take no policy gets none."
  type = map(object({
    policy = string
  }))
  nullable = false

  validation {
    condition     = alltrue([for service in values(var.services) : can(jsondecode(service.policy).Statement)])
    error_message = "Write each policy as JSON with a Statement."
  }

  validation {
    condition     = length(setintersection(keys(var.services), ["s3", "dynamodb"])) == 0
    error_message = "Leave s3 and dynamodb out: they have gateway endpoints, which cost nothing."
  }
}
