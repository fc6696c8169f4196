variable "name" {
  description = "Name of the load balancer and prefix of the names of everything with it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[a-z0-9]){0,24}$", var.name)) && !startswith(var.name, "internal-")
    error_message = "Write up to 25 lower-case letters, digits and single hyphens, starting with a letter, not ending in a hyphen and not starting with internal-: a target group's name holds 32 characters."
  }
}

variable "vpc" {
  description = "ID and IPv4 range of the VPC, and the public addresses of its NAT gateways by zone."
  type = object({
    id             = string
    cidr           = string
    nat_public_ips = map(string)
  })
  nullable = false
}

variable "subnets" {
  description = "Subnets of the load balancer by zone, with their IPv4 ranges: public ones, unless it is internal. If it is, they should hold nothing else, as its addresses in them are fixed. Subnets can be added later; to take one away replaces it."
  type = map(object({
    id   = string
    cidr = string
  }))
  nullable = false

  validation {
    condition     = length(var.subnets) >= 1 && alltrue([for subnet in var.subnets : can(cidrhost(subnet.cidr, 8))])
    error_message = "Give a subnet of at least one zone with its range, such as { id = \"subnet-0123456789abcdef0\", cidr = \"10.0.240.0/24\" }."
  }
}

variable "internal" {
  description = "Whether the load balancer has private addresses alone, for clients that come through a VPN or Direct Connect."
  type        = bool
  default     = false
  nullable    = false
}

variable "allowed_cidrs" {
  description = "IPv4 ranges of clients. The deployment's own workspaces are always allowed."
  type        = set(string)
  default     = ["0.0.0.0/0"]
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.allowed_cidrs : can(cidrnetmask(cidr))]) && length(var.allowed_cidrs) <= 50
    error_message = "Write up to 50 IPv4 ranges, such as 203.0.113.0/24: a security group holds 60 rules."
  }
}

variable "peer_cidrs" {
  description = "Addresses that other regions of the same deployment come from, as ranges. What allowed_cidrs covers gets no rule of its own, and an internal load balancer has none: public addresses do not reach it."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.peer_cidrs : can(cidrnetmask(cidr))])
    error_message = "Write IPv4 ranges, such as 203.0.113.7/32."
  }
}

variable "certificate_arn" {
  description = "ARN of an issued ACM certificate for the domain and its wildcard, in this region."
  type        = string
  nullable    = false
}

variable "dns" {
  description = "Domain that leads to the load balancer, with its wildcard, and where its records are: public in the Route 53 zone with the ID, private in a zone that is made for this VPC alone, or none."
  type = object({
    domain  = string
    records = optional(string, "public")
    zone_id = optional(string)
  })
  nullable = false

  validation {
    condition     = contains(["public", "private", "none"], var.dns.records)
    error_message = "Write records as public, private or none."
  }

  validation {
    condition     = var.dns.records != "private" || var.internal
    error_message = "Private records lead to private addresses: set internal to true with them."
  }
}

variable "fips" {
  description = "Whether TLS ends in a module that NIST validates, with the ciphers that it has."
  type        = bool
  default     = false
  nullable    = false
}

variable "access_logs" {
  description = "Bucket of this region into which records of connections are written, below a prefix. Its policy lets delivery.logs.amazonaws.com write. null: none."
  type = object({
    bucket = string
    prefix = string
  })
  default = null
}

variable "target" {
  description = "What the load balancer forwards to: the node port, the security group that nodes carry, and the Auto Scaling groups whose nodes serve it, by any name that stays the same."
  type = object({
    node_port               = number
    security_group_id       = string
    autoscaling_group_names = map(string)
  })
  nullable = false

  validation {
    condition     = var.target.node_port >= 30000 && var.target.node_port <= 32767
    error_message = "Write a node port from 30000 to 32767, the range that Kubernetes gives out."
  }
}
